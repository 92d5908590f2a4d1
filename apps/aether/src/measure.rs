use std::path::PathBuf;

use clap::Args;
use studio::measured::{Measured, measure_file};

use crate::failure::Failure;

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
#[expect(clippy::print_stdout, reason = "the answer to the command")]
pub(crate) fn run(args: &MeasureArgs, json: bool) -> Result<(), Failure> {
    let mut all = Vec::new();
    for file in &args.files {
        let measured = measure_file(file)?;
        if json {
            all.push(serde_json::json!({ "file": file, "figures": measured }));
        } else {
            println!("{}", file.display());
            print(&measured);
        }
    }
    if json {
        println!("{}", serde_json::Value::Array(all));
    }
    Ok(())
}

/// The figures, one a line.
#[expect(clippy::print_stdout, reason = "the answer to the command")]
pub(crate) fn print(measured: &Measured) {
    for (name, value) in measured.lines() {
        println!("  {name:<16} {value}");
    }
}
