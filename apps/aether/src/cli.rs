use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use fault::Cancel;
use ops::console::{self, Failure};

use crate::{make, master, measure, regenerate, schema, settings};

/// An autonomous band: a sentence becomes a finished song.
#[derive(Debug, Parser)]
#[command(name = "aether", version, max_term_width = 100)]
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
    /// Make a song from a sentence
    #[command(after_help = make::EXAMPLES)]
    Make(Box<make::MakeArgs>),
    /// Make a song again from its recipe, and prove that it is the same
    #[command(after_help = regenerate::EXAMPLES)]
    Regenerate(regenerate::RegenerateArgs),
    /// Bring a sound file to a loudness target
    #[command(after_help = master::EXAMPLES)]
    Master(Box<master::MasterArgs>),
    /// Measure loudness, peaks and dynamics of sound files
    #[command(after_help = measure::EXAMPLES)]
    Measure(measure::MeasureArgs),
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
            Command::Make(args) => args.lay_over(gathered),
            Command::Regenerate(_)
            | Command::Measure(_)
            | Command::Schema(_)
            | Command::Config(_) => gathered,
        };
        let resolved = settings::resolve(&flagged)?;
        // A command tells what goes wrong when it ends.
        drop(ops::telemetry::start(resolved.logging.level, resolved.logging.format)?);
        let cancel = Cancel::new();
        ops::cancel_on_interrupt(&cancel)?;
        match self.command {
            Command::Make(args) => make::run(&args, resolved, self.json, &cancel),
            Command::Regenerate(args) => {
                regenerate::run(&args, resolved.making.threads, self.json, &cancel)
            }
            Command::Master(args) => master::run(&args, resolved.delivery, self.json, &cancel),
            Command::Measure(args) => measure::run(&args, self.json, &cancel),
            Command::Schema(args) => Ok(schema::run(&args)?),
            Command::Config(ConfigArgs { command: ConfigCommand::Show }) => {
                Ok(show(&flagged, self.json)?)
            }
        }
    }
}

fn show(settings: &ops::settings::Settings, json: bool) -> Result<(), ops::Error> {
    if json {
        let entries = settings.entries().map(|(key, value, origin)| {
            (key.to_owned(), serde_json::json!({ "value": value, "origin": origin.to_string() }))
        });
        return console::say_json(&serde_json::Value::Object(entries.collect()));
    }
    let line = |(key, value, origin): (&str, &str, &ops::settings::Origin)| {
        let meaning = settings::KEYS.iter().find(|k| k.name == key).map_or("", |k| k.meaning);
        format!("{key} = \"{value}\"  ({origin})\n    {meaning}")
    };
    console::say(&settings.entries().map(line).collect::<Vec<_>>())
}
