use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use studio::compare::{CompareOrder, Compared, compare};

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis compare song.flac song-mastered.flac
  auralis compare cd.wav stream.m4a --html blind.html
  auralis compare --json a.wav b.wav | jq .null_db

B is looked for within 2 s of A, to the frame, and made as loud as A. The page is one file that
needs no network: it switches at once between A, B and an unknown X, counts right answers and says
how likely they are by guessing. Of sounds over 30 s it holds the loudest 30.";

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The first sound
    a: PathBuf,
    /// The one held against it
    b: PathBuf,
    /// Write a page with a blind test and pictures: a file .html, or a folder for index.html
    #[arg(long, value_name = "DIR_OR_FILE")]
    html: Option<PathBuf>,
}

pub(crate) fn run(args: &CompareArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let order = CompareOrder { a: args.a.clone(), b: args.b.clone(), page: args.html.clone() };
    let display = Display::stderr();
    let compared = compare(&order, &display, cancel);
    display.finish();
    Ok(print(&compared?, json)?)
}

fn print(compared: &Compared, json: bool) -> Result<(), ops::Error> {
    if json {
        return console::say_json(&serde_json::json!(compared));
    }
    let (figures, found) = compared.lines();
    let mut lines = vec![
        format!("A  {}", compared.a.file),
        format!("B  {}", compared.b.file),
        format!("  {:<16} {:<32} {}", "", "A", "B"),
    ];
    lines.extend(figures.iter().map(|[name, a, b]| format!("  {name:<16} {a:<32} {b}")));
    lines.extend(found);
    console::say(&lines)
}
