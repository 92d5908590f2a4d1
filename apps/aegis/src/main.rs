//! `aegis`: a trading engine for USD-M futures. Recorded markets through the core that also
//! trades live.
//!
//! Holds: the command line, its words to the person at it, exit codes. Must never know: how
//! anything is done; that is `backtest`'s and `venues`'.

mod backtest;
mod cli;
mod delivery;
mod demo;
mod download;
mod import;
mod inspect;
mod lookahead;
mod order;
mod piece;
mod recording;
mod replay;
mod source;
mod strategy;
mod sweep;
mod tail;
mod why;

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
