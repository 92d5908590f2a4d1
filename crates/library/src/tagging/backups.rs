//! The folder of originals: one folder a batch, named by its number.

use std::fs;
use std::path::Path;

use super::BatchId;
use super::journal::{Journal, State, own};
use crate::Error;

/// Digits of a batch in the name of its folder: they sort as they count.
const DIGITS: usize = 10;

/// Every batch, the first one first.
pub(super) fn all(folder: &Path) -> Result<Vec<BatchId>, Error> {
    let read = || -> std::io::Result<Vec<BatchId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let number = name.to_str().filter(|name| name.len() == DIGITS);
            found.extend(number.and_then(|name| name.parse().ok()).map(BatchId));
        }
        found.sort_unstable();
        Ok(found)
    };
    read().map_err(Error::io("read", folder))
}

/// A number above all others.
pub(super) fn next(folder: &Path) -> Result<BatchId, Error> {
    Ok(BatchId(all(folder)?.last().map_or(1, |last| last.0 + 1)))
}

/// Forgets the oldest originals until no more bytes are kept than `most`; never those of `but`, nor of
/// a batch that is not at its end.
pub(super) fn prune(folder: &Path, but: BatchId, most: u64) -> Result<(), Error> {
    let mut kept = Vec::new();
    for batch in all(folder)? {
        kept.push((batch, bytes(&own(folder, batch))?));
    }
    let mut sum: u64 = kept.iter().map(|(_, bytes)| bytes).sum();
    for (batch, bytes) in kept {
        if sum <= most {
            break;
        }
        let is_done = Journal::load(folder, batch)?.is_some_and(|j| j.state == State::Done);
        if batch != but && is_done {
            let own = own(folder, batch);
            fs::remove_dir_all(&own).map_err(Error::io("remove", &own))?;
            sum -= bytes;
        }
    }
    Ok(())
}

fn bytes(folder: &Path) -> Result<u64, Error> {
    let sum = || -> std::io::Result<u64> {
        let mut sum = 0;
        for entry in fs::read_dir(folder)? {
            sum += entry?.metadata()?.len();
        }
        Ok(sum)
    };
    sum().map_err(Error::io("read", folder))
}
