//! Looking after the server's folder: `doctor`, `backup`, `restore`.

use std::path::PathBuf;

use clap::Args;
use ops::console::{self, Failure};

use crate::premises::{DATABASE, Premises};
use crate::settings::Serving;

pub(crate) const BACKUP_EXAMPLES: &str = "\
Examples:
  auralis backup /backups/auralis.db

The copy is one file and appears whole or not at all. It holds accounts, plays, ratings, playlists and
what is known of every track; not the music, not composed songs.";

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The copy
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

pub(crate) fn backup(args: &BackupArgs, serving: &Serving, json: bool) -> Result<(), Failure> {
    let premises = Premises::open(serving)?;
    premises.store.backup(&args.to)?;
    said(&format!("{} is a copy of the database", args.to.display()), json)
}

pub(crate) fn restore(args: &RestoreArgs, serving: &Serving, json: bool) -> Result<(), Failure> {
    crate::premises::private_folder(&serving.data)?;
    let database = serving.data.join(DATABASE);
    store::restore(&args.from, &database)?;
    // What was put there must be one of ours, and grows to today's schema.
    drop(Premises::open(serving)?);
    said(&format!("{} is the database now", args.from.display()), json)
}

fn said(line: &str, json: bool) -> Result<(), Failure> {
    if json {
        return Ok(console::say_json(&serde_json::json!({ "done": line }))?);
    }
    Ok(console::say(&[line])?)
}

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    /// What is wrong with it; none where it is well.
    wrong: Option<String>,
}

impl Finding {
    fn of<T, E: std::fmt::Display>(what: &'static str, found: Result<T, E>) -> Self {
        Self { what, wrong: found.err().map(|error| error.to_string()) }
    }
}

pub(crate) fn doctor(serving: &Serving, json: bool) -> Result<(), Failure> {
    let mut findings = Vec::new();
    let premises = Premises::open(serving);
    match &premises {
        Err(error) => findings.push(Finding::of("data folder", Err::<(), _>(error))),
        Ok(premises) => {
            findings.push(Finding::of("data folder", Ok::<_, Failure>(())));
            findings.push(Finding::of("database", premises.store.check()));
            findings.push(Finding::of("roots", premises.open_roots(serving)));
            findings.push(folders(premises));
            let admins = premises
                .accounts
                .users()
                .map(|users| users.iter().filter(|user| user.role == gateway::Role::Admin).count());
            let wrong = match admins {
                Ok(0) => Some("there is none: auralis user add NAME --admin".to_owned()),
                Ok(_) => None,
                Err(error) => Some(error.to_string()),
            };
            findings.push(Finding { what: "admin", wrong });
        }
    }
    let presets = instruments::Bank::embedded().presets().len();
    let bank = if presets > 0 { Ok(()) } else { Err("it is empty") };
    findings.push(Finding::of("bank of sounds", bank));
    let port = std::net::TcpListener::bind(serving.shell.listen);
    findings.push(Finding::of("port", port.map(drop)));
    let wrong = findings.iter().filter(|finding| finding.wrong.is_some()).count();
    if json {
        let told = findings.iter().map(|finding| {
            serde_json::json!({ "what": finding.what, "well": finding.wrong.is_none(), "wrong": finding.wrong })
        });
        console::say_json(&serde_json::Value::Array(told.collect()))?;
    } else {
        let line = |finding: &Finding| match &finding.wrong {
            None => format!("well   {}", finding.what),
            Some(wrong) => format!("wrong  {}: {wrong}", finding.what),
        };
        console::say(&findings.iter().map(line).collect::<Vec<_>>())?;
    }
    if wrong > 0 {
        return Err(Failure::verdict(format!("{wrong} of {} things are wrong", findings.len())));
    }
    Ok(())
}

/// Whether every root is there.
fn folders(premises: &Premises) -> Finding {
    let roots = premises.library.roots();
    let wrong = match roots {
        Err(error) => Some(error.to_string()),
        Ok(roots) => {
            let gone = roots.iter().filter(|root| std::fs::read_dir(&root.path).is_err());
            let gone: Vec<String> = gone.map(|root| root.path.display().to_string()).collect();
            (!gone.is_empty()).then(|| format!("not to be read: {}", gone.join(", ")))
        }
    };
    Finding { what: "folders of music", wrong }
}
