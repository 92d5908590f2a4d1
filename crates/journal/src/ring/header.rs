//! What a ring's file says of itself, written before anybody can see it and never changed.
//!
//! 64 bytes, little-endian: magic (8), version (4), bytes of a slot (4), slots (8), epoch (8),
//! sequence of the first record (8), process of the writer (4), 16 zero bytes, CRC-32 of all that
//! (4).

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

use market::Sequence;

use crate::{Epoch, Error};

const MAGIC: [u8; 8] = *b"TRIADRNG";
const VERSION: u32 = 1;
const WHAT: &str = "ring";
const BYTES: usize = 64;

/// Bytes before the first slot: a page, so that slots lie on cache lines.
pub(super) const HEADER_BYTES: usize = 4096;
/// Where the writer's cursor is: far enough from anything else that nothing else shares its line
/// or the one the processor fetches with it.
pub(super) const WRITTEN_AT: usize = 1024;
/// Where the writer says that it is done.
pub(super) const CLOSED_AT: usize = 2048;
/// Bytes of a slot: a cache line.
pub(super) const SLOT_BYTES: usize = 64;
/// Fewer are lapped before anybody wakes.
pub(super) const MIN_SLOTS: u64 = 16;
/// One GiB: a greater number in a file is damage.
pub(super) const MAX_SLOTS: u64 = 1 << 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) slots: u64,
    pub(super) epoch: Epoch,
    pub(super) first: Sequence,
    pub(super) pid: u32,
}

impl Header {
    pub(super) fn bytes(&self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&(SLOT_BYTES as u32).to_le_bytes());
        out[16..24].copy_from_slice(&self.slots.to_le_bytes());
        out[24..32].copy_from_slice(&self.epoch.0.to_le_bytes());
        out[32..40].copy_from_slice(&self.first.0.to_le_bytes());
        out[40..44].copy_from_slice(&self.pid.to_le_bytes());
        let crc = crc32fast::hash(&out[..60]);
        out[60..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Bytes of the whole file.
    pub(super) fn file_bytes(&self) -> u64 {
        HEADER_BYTES as u64 + self.slots * SLOT_BYTES as u64
    }
}

/// Reads and checks the header of a file and its size.
///
/// # Errors
/// [`Error::WrongSize`], [`Error::Foreign`], [`Error::OtherVersion`], [`Error::Corrupt`],
/// [`Error::Io`].
pub(super) fn read(file: &File, path: &Path) -> Result<Header, Error> {
    let path = path.to_owned();
    let metadata = file.metadata().map_err(Error::io("read", &path))?;
    if metadata.is_dir() {
        return Err(Error::Foreign { path, what: WHAT, found: Vec::new() });
    }
    let found = metadata.len();
    if found < HEADER_BYTES as u64 {
        // A ring that was cut begins as one.
        let mut begins = [0; MAGIC.len()];
        let read = file.read_at(&mut begins, 0).map_err(Error::io("read", &path))?;
        if !MAGIC.starts_with(&begins[..read]) {
            let found = begins[..read].to_vec();
            return Err(Error::Foreign { path, what: WHAT, found });
        }
        return Err(Error::WrongSize { path, found, expected: HEADER_BYTES as u64 });
    }
    let mut bytes = [0; BYTES];
    file.read_exact_at(&mut bytes, 0).map_err(Error::io("read", &path))?;
    let four = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let eight = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    if bytes[..8] != MAGIC {
        return Err(Error::Foreign { path, what: WHAT, found: bytes[..8].to_vec() });
    }
    if four(8) != VERSION {
        return Err(Error::OtherVersion { path, found: four(8), known: VERSION });
    }
    let slots = eight(16);
    let sound = four(12) == SLOT_BYTES as u32
        && slots.is_power_of_two()
        && (MIN_SLOTS..=MAX_SLOTS).contains(&slots);
    let (epoch, first, pid) = (Epoch(eight(24)), Sequence(eight(32)), four(40));
    if crc32fast::hash(&bytes[..60]) != four(60) || !sound {
        let what = "the checksum of its header does not match";
        return Err(Error::Corrupt { path, sequence: first, offset: 0, what });
    }
    let header = Header { slots, epoch, first, pid };
    if found != header.file_bytes() {
        return Err(Error::WrongSize { path, found, expected: header.file_bytes() });
    }
    Ok(header)
}
