//! Snapshots: what was made of all records before one, so that not all must be read again.
//!
//! A snapshot is a file in the journal's folder, named by the sequence it stands for, that appears
//! whole or not at all. Header, 64 bytes, little-endian: magic (8), version (4), the caller's
//! schema (4), epoch (8), sequence (8), bytes of the state (8), CRC-32 of the state (4), 16 zero
//! bytes, CRC-32 of all that (4). Then the state.

use std::fs;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use market::Sequence;

use crate::error::is_full;
use crate::writer::unfinished;
use crate::{Epoch, Error, Reader, ReaderOptions, Start, segment};

const MAGIC: [u8; 8] = *b"TRIADSNP";
const VERSION: u32 = 1;
const WHAT: &str = "snapshot";
const ENDING: &str = ".snapshot";
const DIGITS: usize = 20;
const HEADER: usize = 64;

/// The largest state, in bytes: a greater length in a file is damage.
pub const MAX_STATE: u64 = 1 << 30;

/// What was made of all records before `sequence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The first record that is not in it.
    pub sequence: Sequence,
    /// The version of what `state` holds, as it was stored.
    pub schema: u32,
    /// What was stored.
    pub state: Vec<u8>,
}

/// Where to begin after a start: the newest sound snapshot and the records since.
#[derive(Debug)]
pub struct Restored {
    /// The snapshot; none where there is none that can be used, so that the journal is read from
    /// its first record.
    pub snapshot: Option<Snapshot>,
    /// Reads the records since.
    pub tail: Reader,
    /// Newer snapshots that could not be used, and why: worth a warning.
    pub refused: Vec<Error>,
}

/// Finds the newest snapshot in `folder` that is sound and of this schema, and opens the journal
/// behind it. Without one the journal must still begin with its first record, `first`.
///
/// # Errors
/// [`Error::OutOfRange`] where neither a snapshot nor the journal reaches back to `first`; what
/// [`Reader::open`] says.
pub fn restore(
    folder: &Path,
    epoch: Epoch,
    schema: u32,
    first: Sequence,
) -> Result<Restored, Error> {
    let open = |sequence| {
        let start = Start::At(sequence);
        Reader::open(folder, ReaderOptions { epoch: Some(epoch), start, ..Default::default() })
    };
    let mut refused = Vec::new();
    for sequence in list(folder)?.into_iter().rev() {
        match load(folder, epoch, schema, sequence) {
            Ok(snapshot) => match open(sequence) {
                Ok(tail) => return Ok(Restored { snapshot: Some(snapshot), tail, refused }),
                // It stands for records the journal does not have: not of this journal's truth.
                Err(error @ Error::OutOfRange { .. }) => refused.push(error),
                Err(error) => return Err(error),
            },
            Err(error) => refused.push(error),
        }
    }
    Ok(Restored { snapshot: None, tail: open(first)?, refused })
}

/// Stores `state` as what was made of all records before `sequence`; its file. One for the same
/// sequence is replaced. [`crate::Writer::snapshot`] also sees to it that the journal reaches it.
///
/// # Errors
/// [`Error::Full`], [`Error::Io`]: snapshots that were there still are. [`Error::Limit`] for a
/// state beyond [`MAX_STATE`].
pub fn store(
    folder: &Path,
    epoch: Epoch,
    sequence: Sequence,
    schema: u32,
    state: &[u8],
) -> Result<PathBuf, Error> {
    let given = state.len() as u64;
    if given > MAX_STATE {
        let accepted = "at most MAX_STATE are taken";
        return Err(Error::Limit { what: "a state in bytes", given, accepted });
    }
    let mut header = [0; HEADER];
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].copy_from_slice(&schema.to_le_bytes());
    header[16..24].copy_from_slice(&epoch.0.to_le_bytes());
    header[24..32].copy_from_slice(&sequence.0.to_le_bytes());
    header[32..40].copy_from_slice(&given.to_le_bytes());
    header[40..44].copy_from_slice(&crc32fast::hash(state).to_le_bytes());
    let crc = crc32fast::hash(&header[..60]);
    header[60..].copy_from_slice(&crc.to_le_bytes());
    let path = path_of(folder, sequence);
    let staged = unfinished(&path);
    let written = File::create(&staged).and_then(|mut file| {
        file.write_all(&header)?;
        file.write_all(state)?;
        file.sync_all()
    });
    if let Err(source) = written.and_then(|()| fs::rename(&staged, &path)) {
        // The error that counts is the first; opening the journal removes what is left.
        drop(fs::remove_file(&staged));
        return Err(if is_full(&source) {
            Error::Full { path, next: sequence, source }
        } else {
            Error::io("write", &path)(source)
        });
    }
    segment::sync_folder(folder)?;
    Ok(path)
}

/// Reads the snapshot for `sequence`.
///
/// # Errors
/// [`Error::Missing`], [`Error::Foreign`], [`Error::OtherVersion`] (ours or the caller's schema),
/// [`Error::OtherEpoch`], [`Error::WrongSize`], [`Error::Corrupt`].
pub fn load(
    folder: &Path,
    epoch: Epoch,
    schema: u32,
    sequence: Sequence,
) -> Result<Snapshot, Error> {
    let path = path_of(folder, sequence);
    let mut file = File::open(&path).map_err(Error::missing(WHAT, "open", &path))?;
    let size = file.metadata().map_err(Error::io("read", &path))?.len();
    let mut header = [0; HEADER];
    if size < HEADER as u64 {
        return Err(Error::WrongSize { path, found: size, expected: HEADER as u64 });
    }
    file.read_exact(&mut header).map_err(Error::io("read", &path))?;
    let bytes = check(&header, &path, epoch, schema, sequence)?;
    let expected = HEADER as u64 + bytes;
    if size != expected {
        return Err(Error::WrongSize { path, found: size, expected });
    }
    let mut state = Vec::new();
    file.take(bytes).read_to_end(&mut state).map_err(Error::io("read", &path))?;
    let crc = u32::from_le_bytes(std::array::from_fn(|i| header[40 + i]));
    if crc32fast::hash(&state) != crc {
        let what = "the checksum of its state does not match";
        return Err(Error::Corrupt { path, sequence, offset: HEADER as u64, what });
    }
    Ok(Snapshot { sequence, schema, state })
}

/// Checks a header; the bytes of the state behind it.
fn check(
    header: &[u8; HEADER],
    path: &Path,
    epoch: Epoch,
    schema: u32,
    sequence: Sequence,
) -> Result<u64, Error> {
    let path = path.to_owned();
    let four = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| header[at + i]));
    let eight = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| header[at + i]));
    if header[..8] != MAGIC {
        return Err(Error::Foreign { path, what: WHAT, found: header[..8].to_vec() });
    }
    if four(8) != VERSION {
        return Err(Error::OtherVersion { path, found: four(8), known: VERSION });
    }
    if crc32fast::hash(&header[..60]) != four(60) || eight(32) > MAX_STATE {
        let what = "the checksum of its header does not match";
        return Err(Error::Corrupt { path, sequence, offset: 0, what });
    }
    if eight(16) != epoch.0 {
        return Err(Error::OtherEpoch { path, found: Epoch(eight(16)), expected: epoch });
    }
    if eight(24) != sequence.0 {
        return Err(Error::Gap { path, expected: sequence, found: Sequence(eight(24)) });
    }
    if four(12) != schema {
        return Err(Error::OtherVersion { path, found: four(12), known: schema });
    }
    Ok(eight(32))
}

/// The sequences for which there are snapshots in `folder`, in order, sound or not.
///
/// # Errors
/// [`Error::Missing`] where there is no such folder.
pub fn list(folder: &Path) -> Result<Vec<Sequence>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::missing("journal", "list", folder))? {
        let name = entry.map_err(Error::io("list", folder))?.file_name();
        let digits = name.to_str().and_then(|name| name.strip_suffix(ENDING));
        let exact = |digits: &&str| {
            digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        found.extend(digits.filter(exact).and_then(|digits| digits.parse().ok()).map(Sequence));
    }
    found.sort_unstable();
    Ok(found)
}

/// Removes all but the newest `keep` snapshots.
///
/// # Errors
/// [`Error::Missing`], [`Error::Io`].
pub fn prune(folder: &Path, keep: usize) -> Result<(), Error> {
    let all = list(folder)?;
    for sequence in &all[..all.len().saturating_sub(keep)] {
        let path = path_of(folder, *sequence);
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    }
    Ok(())
}

fn path_of(folder: &Path, sequence: Sequence) -> PathBuf {
    folder.join(format!("{:0DIGITS$}{ENDING}", sequence.0))
}
