//! `auralis`: a library of music, served; music as it came, analysed, mastered and compared, with proof.
//!
//! Holds: the command line, its settings, its words to the person at it, exit codes. Must never
//! know: how anything is done; that is `studio`'s.

mod analyst;
mod analyze;
mod batch;
mod care;
mod cli;
mod compare;
mod keys;
mod master;
mod premises;
mod scan;
mod schema;
mod serve;
mod settings;
mod similar;
mod terms;
mod users;

use std::process::ExitCode;

use clap::Parser;

/// Hours of listeners who come, seek and go leave no holes in the memory of this one (docs/decisions/0021).
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let json = cli.json;
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}
