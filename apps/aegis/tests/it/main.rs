//! `aegis` as its users meet it.
#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

mod backtest;
mod bench;
mod download;
mod follow;
mod import;
mod inspect;
mod refusals;
mod sweep;
mod why;
