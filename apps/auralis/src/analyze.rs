use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Failure};
use studio::analyse::analyse;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis analyze song.flac
  auralis analyze --json album/*.mp3 | jq '.[].character.key.name'
  auralis analyze song.ogg --report song.html

A figure of silence, or of too short a sound, reads \"not measurable\" and is null in JSON.";

#[derive(Debug, Args)]
pub(crate) struct AnalyzeArgs {
    /// The files: WAV, FLAC, MP3, Ogg Vorbis, Opus, AAC/M4A, ALAC, AIFF or AU
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write a page with pictures: a file .html for one sound, or a folder with a page for each
    #[arg(long, value_name = "DIR_OR_FILE")]
    report: Option<PathBuf>,
}

/// Analyses each file; the first that cannot be read ends the run.
pub(crate) fn run(args: &AnalyzeArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let mut all = Vec::new();
    for file in &args.files {
        let analysed = analyse(file, cancel)?;
        if let Some(report) = &args.report {
            analysed.write_page(report, args.files.len())?;
        }
        let described = &analysed.described;
        if json {
            all.push(serde_json::json!(described));
            continue;
        }
        let mut lines = vec![described.file.clone()];
        for (title, figures) in described.groups() {
            lines.push(format!("  {title}"));
            lines.extend(figures.iter().map(|(name, value)| format!("    {name:<24} {value}")));
        }
        console::say(&lines)?;
    }
    if json {
        console::say_json(&serde_json::Value::Array(all))?;
    }
    Ok(())
}
