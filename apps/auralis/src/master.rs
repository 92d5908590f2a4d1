use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use ops::settings::Settings;
use studio::master::{Mastered, Order, master};

use crate::settings::Resolved;
use crate::terms::{KNOWN, TermsArgs};

const WORDS: &str = "\
Examples:
  auralis master song.flac -o song-mastered.flac
  auralis master song.mp3 -o warm.wav --preset warm --intensity 0.6 --loudness -16
  auralis master mine.wav -o like.flac --reference theirs.flac
  auralis master mix.wav -o master.wav --chain mine.toml --report master.html

A chain is a TOML file of stages; what is left out is bypassed, level and ceiling are the target's
where it has none, and what has no effect is refused:
  eq = [{ shape = \"high_shelf\", hz = 8000, gain_db = 1.5 }]
  limiter = { ceiling_dbtp = -1.5 }

The file that was written is decoded and measured; the exit code is 0 only if it is at its target.";

/// Examples, then what there is to choose from.
pub(crate) fn help() -> String {
    format!("{WORDS}\n\n{KNOWN}")
}

#[derive(Debug, Args)]
pub(crate) struct MasterArgs {
    /// The sound to master
    input: PathBuf,
    /// Where to write: .wav, .flac or .mp3
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    terms: TermsArgs,
    /// Write a page with pictures: a file .html, or a folder for report.html
    #[arg(long, value_name = "DIR_OR_FILE")]
    report: Option<PathBuf>,
    /// Replace the output if it exists; the input is never replaced
    #[arg(long)]
    force: bool,
}

impl MasterArgs {
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        self.terms.lay_over(settings)
    }
}

pub(crate) fn run(
    args: &MasterArgs,
    settings: &Resolved,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let order = Order {
        input: args.input.clone(),
        output: args.output.clone(),
        terms: args.terms.resolve(settings, cancel)?,
        report: args.report.clone(),
        replace: args.force,
    };
    let display = Display::stderr();
    let mastered = master(&order, &display, cancel);
    display.finish();
    let mastered = mastered?;
    print(&mastered, json)?;
    mastered.verdict().map_err(Failure::verdict)
}

fn print(mastered: &Mastered, json: bool) -> Result<(), ops::Error> {
    if json {
        return console::say_json(&serde_json::json!(mastered));
    }
    let mut lines = mastered.lines();
    let figures = mastered.before.lines().into_iter().zip(mastered.after.lines());
    lines.push(format!("  {:<16} {:<32} {}", "", "Before", "After, measured on the file"));
    lines.extend(figures.map(|((name, a), (_, b))| format!("  {name:<16} {a:<32} {b}")));
    console::say(&lines)
}
