//! Runs over real minutes, and over files that are none.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its run has failed")]

mod archive;
mod bad_files;
mod choosing;
mod ended;
mod golden;
mod hostile_zips;
mod limits;
mod margin;
mod null;
mod parity;
mod period;
mod real;
mod repair;
mod sight;
mod ticks;
