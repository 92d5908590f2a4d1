use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use fault::Cancel;
use ops::console::{self, Failure};
use ops::settings::{Origin, Settings};

use crate::{
    analyze, batch, care, compare, keys, master, scan, schema, serve, settings, similar, users,
};

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
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the library to browsers and to every player that speaks Subsonic (what is done when no
    /// command is given)
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::ServeArgs),
    /// Look for new, changed and moved files, and say what was found
    #[command(after_help = scan::EXAMPLES)]
    Scan(scan::ScanArgs),
    /// Make, list, change and remove users
    #[command(after_help = users::EXAMPLES)]
    User(users::UserArgs),
    /// Make, list and revoke the keys with which players come in
    #[command(after_help = keys::EXAMPLES)]
    Key(keys::KeyArgs),
    /// Check that everything the server needs is there and sound
    Doctor,
    /// Copy the database to a file, while the server runs or not
    #[command(after_help = care::BACKUP_EXAMPLES)]
    Backup(care::BackupArgs),
    /// Put a copy in the place of the database; what stood there is kept beside it
    Restore(care::RestoreArgs),
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

impl Command {
    /// What is done when nothing is said.
    fn usual() -> Self {
        Self::Serve(serve::ServeArgs::default())
    }
}

impl Cli {
    /// Settings, logging, the interrupt signal, then the command.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let gathered = settings::gather(self.config)?;
        let command = self.command.unwrap_or_else(Command::usual);
        let flagged = match &command {
            Command::Serve(args) => args.lay_over(gathered),
            Command::Master(args) => args.lay_over(gathered),
            Command::Batch(args) => args.lay_over(gathered),
            Command::Analyze(_)
            | Command::Compare(_)
            | Command::Similar(_)
            | Command::Schema(_)
            | Command::Scan(_)
            | Command::User(_)
            | Command::Key(_)
            | Command::Doctor
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::Config(_) => gathered,
        };
        let resolved = settings::resolve(&flagged, &settings::Folders::of_environment())?;
        let warnings = ops::telemetry::start(resolved.logging.level, resolved.logging.format)?;
        if let Command::Serve(_) = command {
            return serve::run(&resolved.serving, warnings, self.json);
        }
        let cancel = Cancel::new();
        ops::cancel_on_interrupt(&cancel)?;
        let serving = &resolved.serving;
        match command {
            // Served above: the server hears the signals itself.
            Command::Serve(_) => Ok(()),
            Command::Scan(args) => scan::run(&args, serving, self.json, &cancel),
            Command::User(args) => users::run(&args, serving, self.json),
            Command::Key(args) => keys::run(&args, serving, self.json),
            Command::Doctor => care::doctor(serving, self.json),
            Command::Backup(args) => care::backup(&args, serving, self.json),
            Command::Restore(args) => care::restore(&args, serving, self.json),
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
        let meaning = settings::keys().iter().find(|k| k.name == key).map_or("", |k| k.meaning);
        format!("{key} = \"{value}\"  ({origin})\n    {meaning}")
    };
    console::say(&settings.entries().map(line).collect::<Vec<_>>())
}
