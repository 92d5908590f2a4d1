//! Recorded markets, from the files they come in.

mod capture;
mod funding;
mod ohlcv;
mod time;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

pub use capture::Capture;
use flate2::read::MultiGzDecoder;
use market::{Contract, Contracts, Event, SymbolId, Timeframe};

use crate::Error;

/// Lines that are told one by one; the others are only counted.
const TOLD: usize = 20;
/// The most bytes a file may unpack to: ten years of minutes of one contract are a twentieth.
const MAX_BYTES: u64 = 8 << 30;

/// What was read from a file.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Its events, in the order of the file.
    pub events: Vec<Event>,
    /// What was not taken.
    pub quarantine: Quarantine,
}

/// Lines that were not taken, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quarantine {
    /// How many, by reason.
    pub counts: BTreeMap<&'static str, u64>,
    /// The first of them: line number and reason.
    pub first: Vec<(u64, &'static str)>,
}

impl Quarantine {
    fn put(&mut self, line: u64, reason: &'static str) {
        *self.counts.entry(reason).or_default() += 1;
        if self.first.len() < TOLD {
            self.first.push((line, reason));
        }
    }

    /// How many in all.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Takes another's in.
    pub fn absorb(&mut self, other: &Self) {
        for (reason, count) in &other.counts {
            *self.counts.entry(reason).or_default() += count;
        }
        let room = TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.iter().take(room));
    }
}

impl Import {
    /// Reads bars from a CSV file with a header, packed by gzip or not: columns `open_time` (or
    /// `time`, `timestamp`, `date`), `open`, `high`, `low`, `close`, `volume`, in any order among
    /// others.
    ///
    /// # Errors
    /// [`Error::File`] for a file that is no such table, by the column that is missing;
    /// [`Error::Ops`] for one that cannot be read. Lines that cannot be bars are in quarantine.
    pub fn bars(
        path: &Path,
        symbol: SymbolId,
        contract: &Contract,
        timeframe: Timeframe,
    ) -> Result<Self, Error> {
        ohlcv::read(path, unpacked(path)?, symbol, contract, timeframe)
    }

    /// Reads settled funding from a CSV file with a header, packed by gzip or not: columns
    /// `funding_time` and `funding_rate`.
    ///
    /// # Errors
    /// As [`Import::bars`].
    pub fn funding(path: &Path, symbol: SymbolId) -> Result<Self, Error> {
        funding::read(path, unpacked(path)?, symbol)
    }

    /// Reads frames of a venue as they were received, packed by gzip or not: a line each, the
    /// moment in nanoseconds since 1970, a space, the frame. A whole book that does not say whose
    /// it is is of `symbol`.
    ///
    /// # Errors
    /// [`Error::Ops`] and [`Error::File`] for a file that cannot be read. Lines that say nothing
    /// this system uses are in quarantine.
    pub fn frames(path: &Path, symbol: SymbolId, contracts: &Contracts) -> Result<Capture, Error> {
        capture::read(path, unpacked(path)?, symbol, contracts)
    }
}

/// The file's bytes, unpacked if they are gzip, whatever the name says.
fn unpacked(path: &Path) -> Result<Box<dyn Read>, Error> {
    let mut file = BufReader::new(ops::open(path)?);
    let is_gzip = file.fill_buf().map_err(ops::Error::io("read", path))?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_gzip {
        Box::new(Bounded { from: MultiGzDecoder::new(file), left: MAX_BYTES })
    } else {
        Box::new(Bounded { from: file, left: MAX_BYTES })
    })
}

/// Bytes that come to an error, and not to an end, where there are too many of them.
struct Bounded<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other(format!("more than {MAX_BYTES} bytes when unpacked"))
        })?;
        Ok(read)
    }
}
