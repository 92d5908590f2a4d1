use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use ops::settings::Settings;
use studio::batch::{BatchOrder, STATE_FILE, SUMMARY_FILE, Summary, batch};

use crate::settings::Resolved;
use crate::terms::{KNOWN, TermsArgs};

/// Examples, then what there is to choose from.
pub(crate) fn help() -> String {
    format!(
        "\
Examples:
  auralis batch music --out mastered
  auralis batch music --out mastered --album --loudness -18 --format flac
  auralis batch music --out mastered --preset gentle --threads 2 --report

Originals are never touched: nothing is written outside --out, which may not lie among them. Files
are known by their content. What was done on the same terms is not done again: {STATE_FILE} beside
the masters remembers it, so a run that was stopped goes on where it was. {SUMMARY_FILE} shows all.
The exit code is 4 if any file failed or missed its target.

{KNOWN}"
    )
}

#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// The folder with the originals
    #[arg(value_name = "DIR")]
    input: PathBuf,
    /// The folder for the masters: the same tree
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    terms: TermsArgs,
    /// What each master is: wav, flac or mp3
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Master the files of each folder as one sound: one chain and one gain for the album
    #[arg(long)]
    album: bool,
    /// Write a page with pictures beside each master
    #[arg(long)]
    report: bool,
    /// Replace files that stand where masters go and that no batch made; originals never are
    #[arg(long)]
    force: bool,
    /// Files worked on at a time, 0 for one per processor
    #[arg(long, value_name = "COUNT")]
    threads: Option<String>,
}

impl BatchArgs {
    /// Flags win over every other origin.
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        self.terms
            .lay_over(settings)
            .with_flag("batch.format", self.format.clone())
            .with_flag("batch.threads", self.threads.clone())
    }
}

pub(crate) fn run(
    args: &BatchArgs,
    settings: &Resolved,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let order = BatchOrder {
        input: args.input.clone(),
        out: args.out.clone(),
        terms: args.terms.resolve(settings, cancel)?,
        format: settings.batch.format,
        album: args.album,
        report: args.report,
        replace: args.force,
        threads: settings.batch.threads,
    };
    let display = Display::stderr();
    let summary = batch(&order, &display, cancel);
    display.finish();
    let summary = summary?;
    print(&summary, json)?;
    match summary.failed {
        0 => Ok(()),
        _ => Err(Failure::verdict(summary.words())),
    }
}

/// A table whose columns are as wide as what is in them.
fn print(summary: &Summary, json: bool) -> Result<(), ops::Error> {
    if json {
        return console::say_json(&serde_json::json!(summary));
    }
    let heading = ["File", "Before", "After", "Done", ""].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(heading).chain(summary.rows()).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: [usize; 5] = std::array::from_fn(|column| width(column).unwrap_or(0));
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect();
    lines.push(summary.words());
    console::say(&lines)
}
