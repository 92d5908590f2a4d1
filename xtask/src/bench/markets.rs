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

const CONTESTS: [Held; 8] = [
    (indicators::TITLE, indicators::table),
    (structure::TITLE, structure::table),
    (cross::TITLE, cross::table),
    (replay::TITLE, replay::table),
    (scanner::TITLE, scanner::table),
    (order::TITLE, order::table),
    (ring::TITLE, ring::table),
    (ring::BACK, ring::there_and_back),
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

/// Where half of them, 99 and 99.9 of a hundred are.
fn shares(mut nanos: Vec<u64>) -> String {
    nanos.sort_unstable();
    let at = |share: f64| nanos.get((nanos.len() as f64 * share) as usize).copied().unwrap_or(0);
    format!("p50 {} ns, p99 {} ns, p99.9 {} ns", at(0.5), at(0.99), at(0.999))
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_are_those_of_the_sorted_whole() {
        assert_eq!(shares((0..1_000).rev().collect()), "p50 500 ns, p99 990 ns, p99.9 999 ns");
        assert_eq!(shares(Vec::new()), "p50 0 ns, p99 0 ns, p99.9 0 ns");
    }
}
