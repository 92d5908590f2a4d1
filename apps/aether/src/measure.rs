use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Failure};
use studio::measured::{Measured, measure_file};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aether measure song.wav
  aether measure --json album/*.flac | jq '.[].integrated_lufs'

A figure of silence, or of less than 400 ms, reads \"not measurable\".";

#[derive(Debug, Args)]
pub(crate) struct MeasureArgs {
    /// The files: WAV, FLAC, MP3, Ogg Vorbis, Opus, AAC/M4A, ALAC, AIFF or AU
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Measures each file; the first that cannot be read ends the run.
pub(crate) fn run(args: &MeasureArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let mut all = Vec::new();
    for file in &args.files {
        let measured = measure_file(file, cancel)?;
        let name = file.display().to_string();
        if json {
            all.push(serde_json::json!({ "file": name, "figures": measured }));
        } else {
            console::say(&[vec![name], lines(&measured)].concat())?;
        }
    }
    if json {
        console::say_json(&serde_json::Value::Array(all))?;
    }
    Ok(())
}

/// The figures, one a line.
pub(crate) fn lines(measured: &Measured) -> Vec<String> {
    measured.lines().iter().map(|(name, value)| format!("  {name:<16} {value}")).collect()
}
