//! The side of markets: recorded bars and frames through readings, structure, backtests, replay,
//! scanner and core, beside those who do the same.

mod cross;
mod indicators;
mod order;
mod recorded;
mod replay;
mod ring;
mod scanner;
mod structure;

use std::path::Path;

use anyhow::Result;

use super::Wanted;
use recorded::Recorded;

/// A contest of this side: its title, and how its table is made.
type Held = (&'static str, fn(&Ground) -> Result<String>);

const CONTESTS: [Held; 7] = [
    (indicators::TITLE, indicators::table),
    (structure::TITLE, structure::table),
    (cross::TITLE, cross::table),
    (replay::TITLE, replay::table),
    (scanner::TITLE, scanner::table),
    (order::TITLE, order::table),
    (ring::TITLE, ring::table),
];

/// What every contest is held on.
struct Ground<'a> {
    recorded: Recorded,
    runs: usize,
    /// For what is written on the way.
    folder: &'a Path,
}

/// The tables of the contests that are wanted; in their place a line, where there is no data.
pub(super) fn tables(wanted: &Wanted, folder: &Path) -> Result<Vec<String>> {
    let mut asked = CONTESTS.into_iter().filter(|(title, _)| wanted.names(title)).peekable();
    if asked.peek().is_none() {
        return Ok(Vec::new());
    }
    let Some(recorded) = Recorded::found() else {
        let titles: Vec<&str> = asked.map(|(title, _)| title).collect();
        let line = format!("Not run, for want of the folder TRIAD_DATA: {}.\n", titles.join("; "));
        super::progress(line.trim_end());
        return Ok(vec![line]);
    };
    let ground = Ground { recorded, runs: wanted.runs, folder };
    asked.map(|(_, table)| table(&ground)).collect()
}
