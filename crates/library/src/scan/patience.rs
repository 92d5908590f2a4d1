//! How long one file may keep a scan: each read asks whether it still has time.
//!
//! A read that a disk never answers is not cut off; it keeps one reader, and the others go on.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use clock::Nanos;

/// Seconds for one file: a thousand times what a healthy one takes, an hour of sound whose length has
/// to be counted included.
const MOST_S: i64 = 10;

/// The time a file has left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    until: Nanos,
    now: fn() -> Nanos,
}

impl Patience {
    pub(super) fn new(now: fn() -> Nanos) -> Self {
        Self { until: now().plus(MOST_S * 1_000_000_000), now }
    }

    /// Opens a file that is read for no longer.
    pub(super) fn open(self, place: &Path) -> io::Result<BufReader<Patient>> {
        Ok(BufReader::new(Patient { file: File::open(place)?, patience: self }))
    }

    pub(super) fn check(&self) -> io::Result<()> {
        if (self.now)() <= self.until {
            return Ok(());
        }
        let why = format!("reading it took more than {MOST_S} s");
        Err(io::Error::new(io::ErrorKind::TimedOut, why))
    }
}

/// A file that is read for so long and no longer.
#[derive(Debug)]
pub(super) struct Patient {
    file: File,
    patience: Patience,
}

impl Read for Patient {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.patience.check()?;
        self.file.read(into)
    }
}

impl Seek for Patient {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
