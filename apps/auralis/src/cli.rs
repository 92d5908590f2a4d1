use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use fault::Cancel;
use ops::console::{self, Failure};
use ops::settings::{Origin, Settings};

use crate::{analyze, batch, compare, master, schema, settings, similar};

/// Music as it came: analysed, mastered and compared, with proof of what was done.
#[derive(Debug, Parser)]
#[command(name = "auralis", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// Print results as JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Read settings from this TOML file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell everything that can be read from sound files
    #[command(after_help = analyze::EXAMPLES)]
    Analyze(analyze::AnalyzeArgs),
    /// Master a sound file by what it is, and measure what was written
    #[command(after_help = master::help())]
    Master(Box<master::MasterArgs>),
    /// Master every sound file of a folder into another folder
    #[command(after_help = batch::help())]
    Batch(Box<batch::BatchArgs>),
    /// Hold two sounds against each other, aligned and equally loud, with a blind test
    #[command(after_help = compare::EXAMPLES)]
    Compare(compare::CompareArgs),
    /// Find the tracks that are most like one, and say in what they differ
    #[command(after_help = similar::EXAMPLES)]
    Similar(similar::SimilarArgs),
    /// Print the JSON Schema of a file we write or read
    Schema(schema::SchemaArgs),
    /// Show settings
    Config(ConfigArgs),
}

#[derive(Debug, Args)]
struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print every setting, its value, and where the value came from
    Show,
}

impl Cli {
    /// Settings, logging, the interrupt signal, then the command.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let gathered = settings::gather(self.config)?;
        let flagged = match &self.command {
            Command::Master(args) => args.lay_over(gathered),
            Command::Batch(args) => args.lay_over(gathered),
            Command::Analyze(_)
            | Command::Compare(_)
            | Command::Similar(_)
            | Command::Schema(_)
            | Command::Config(_) => gathered,
        };
        let resolved = settings::resolve(&flagged)?;
        ops::telemetry::start(resolved.logging.level, resolved.logging.format)?;
        let cancel = Cancel::new();
        ops::cancel_on_interrupt(&cancel)?;
        match self.command {
            Command::Analyze(args) => analyze::run(&args, self.json, &cancel),
            Command::Master(args) => master::run(&args, &resolved, self.json, &cancel),
            Command::Batch(args) => batch::run(&args, &resolved, self.json, &cancel),
            Command::Compare(args) => compare::run(&args, self.json, &cancel),
            Command::Similar(args) => similar::run(&args, &resolved, self.json, &cancel),
            Command::Schema(args) => Ok(schema::run(&args)?),
            Command::Config(ConfigArgs { command: ConfigCommand::Show }) => {
                Ok(show(&flagged, self.json)?)
            }
        }
    }
}

fn show(settings: &Settings, json: bool) -> Result<(), ops::Error> {
    if json {
        let entries = settings.entries().map(|(key, value, origin)| {
            (key.to_owned(), serde_json::json!({ "value": value, "origin": origin.to_string() }))
        });
        return console::say_json(&serde_json::Value::Object(entries.collect()));
    }
    let line = |(key, value, origin): (&str, &str, &Origin)| {
        let meaning = settings::KEYS.iter().find(|k| k.name == key).map_or("", |k| k.meaning);
        format!("{key} = \"{value}\"  ({origin})\n    {meaning}")
    };
    console::say(&settings.entries().map(line).collect::<Vec<_>>())
}
