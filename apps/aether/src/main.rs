//! `aether`: an autonomous band. A sentence becomes a finished song.
//!
//! Holds: the command line, its settings, its words to the person at it, exit codes. Must never
//! know: how anything is done; that is `studio`'s.

mod cli;
mod make;
mod master;
mod measure;
mod regenerate;
mod schema;
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
