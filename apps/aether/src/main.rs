//! `aether`: an autonomous band. A sentence becomes a finished song.
//!
//! Holds: the command line, its settings, its words to the person at it, exit codes. Must never
//! know: how anything is done; that is `studio`'s.

mod answer;
mod cli;
mod failure;
mod make;
mod master;
mod measure;
mod progress;
mod regenerate;
mod settings;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let json = cli.json;
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}
