//! A segment: a file of records behind a header, named by the sequence of its first.
//!
//! The header, 64 bytes, little-endian: magic (8), version (4), its own length (4), epoch (8),
//! first sequence (8), created (8), 20 zero bytes, CRC-32 of all that (4).

use std::ffi::OsStr;
use std::fs;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use clock::Nanos;
use market::Sequence;

use crate::Error;

const MAGIC: [u8; 8] = *b"TRIADJNL";
const VERSION: u32 = 1;
const WHAT: &str = "journal segment";
const ENDING: &str = ".journal";
/// Digits of the greatest sequence, so that names sort as their numbers do.
const DIGITS: usize = 20;

/// The greatest sequence: the ring keeps two bits of its own beside one, and no file can hold so
/// many records that counting on from it overflows.
pub(crate) const LAST: Sequence = Sequence((1 << 62) - 1);

/// Bytes before the first record.
pub(crate) const HEADER: usize = 64;

/// Which journal, or which run of a ring: whatever is of another epoch is not continued or read
/// together. Chosen by whoever begins one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u64);

/// What a segment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) epoch: Epoch,
    pub(crate) first: Sequence,
    pub(crate) created: Nanos,
}

impl Header {
    pub(crate) fn bytes(&self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        out[..8].copy_from_slice(&MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&(HEADER as u32).to_le_bytes());
        out[16..24].copy_from_slice(&self.epoch.0.to_le_bytes());
        out[24..32].copy_from_slice(&self.first.0.to_le_bytes());
        out[32..40].copy_from_slice(&self.created.0.to_le_bytes());
        let crc = crc32fast::hash(&out[..60]);
        out[60..].copy_from_slice(&crc.to_le_bytes());
        out
    }
}

/// Reads the header of the segment that should begin with `first`; none where the file ends before
/// the header does and is what a writer leaves when it is killed there.
///
/// # Errors
/// [`Error::Foreign`], [`Error::OtherVersion`], [`Error::OtherEpoch`], [`Error::Corrupt`],
/// [`Error::Gap`] for a segment under another's name.
pub(crate) fn read_header(
    file: &File,
    path: &Path,
    first: Sequence,
    epoch: Option<Epoch>,
) -> Result<Option<Header>, Error> {
    let mut bytes = [0; HEADER];
    let mut have = 0;
    while have < HEADER {
        match file.read_at(&mut bytes[have..], have as u64).map_err(Error::io("read", path))? {
            0 => break,
            more => have += more,
        }
    }
    let there = &bytes[..have];
    if there.iter().zip(MAGIC).any(|(found, magic)| *found != magic) {
        let found = there[..have.min(MAGIC.len())].to_vec();
        return Err(Error::Foreign { path: path.to_owned(), what: WHAT, found });
    }
    if have < HEADER {
        return Ok(None);
    }
    let header = decode(&bytes, path, first)?;
    if header.first != first {
        return Err(Error::Gap { path: path.to_owned(), expected: first, found: header.first });
    }
    if let Some(expected) = epoch.filter(|expected| *expected != header.epoch) {
        let found = header.epoch;
        return Err(Error::OtherEpoch { path: path.to_owned(), found, expected });
    }
    Ok(Some(header))
}

fn decode(bytes: &[u8; HEADER], path: &Path, first: Sequence) -> Result<Header, Error> {
    let four = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let eight = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let found = four(8);
    if found != VERSION {
        return Err(Error::OtherVersion { path: path.to_owned(), found, known: VERSION });
    }
    // The length is part of the version; the checksum tells any other damage.
    if crc32fast::hash(&bytes[..60]) != four(60) {
        let what = "the checksum of its header does not match";
        return Err(Error::Corrupt { path: path.to_owned(), sequence: first, offset: 0, what });
    }
    Ok(Header {
        epoch: Epoch(eight(16)),
        first: Sequence(eight(24)),
        created: Nanos(eight(32).cast_signed()),
    })
}

/// The file of the segment that begins with `first`.
pub(crate) fn path_of(folder: &Path, first: Sequence) -> PathBuf {
    folder.join(format!("{:0DIGITS$}{ENDING}", first.0))
}

fn first_of(name: &OsStr) -> Option<Sequence> {
    let digits = name.to_str()?.strip_suffix(ENDING)?;
    let exact = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    let first = digits.parse().ok().map(Sequence).filter(|_| exact)?;
    (first <= LAST).then_some(first)
}

/// The first sequences of all segments in a folder, in order. Files of other names are not ours.
///
/// # Errors
/// [`Error::Missing`] where there is no such folder.
pub(crate) fn list(folder: &Path) -> Result<Vec<Sequence>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::missing("journal", "list", folder))? {
        let entry = entry.map_err(Error::io("list", folder))?;
        found.extend(first_of(&entry.file_name()));
    }
    found.sort_unstable();
    Ok(found)
}

/// Makes what was renamed or created in a folder outlast a power cut.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(Error::io("sync", folder))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use market::Sequence;

    use super::{LAST, first_of, path_of};

    #[test]
    fn a_name_is_its_first_sequence_and_nothing_else_is_a_segment() {
        for sequence in [0, 7, LAST.0] {
            let path = path_of(Path::new("/a"), Sequence(sequence));
            assert_eq!(first_of(path.file_name().unwrap()), Some(Sequence(sequence)));
        }
        for other in ["1.journal", "writer.lock", ".00000000000000000000.journal", "x.journal"] {
            assert_eq!(first_of(other.as_ref()), None);
        }
        assert_eq!(first_of("99999999999999999999.journal".as_ref()), None);
    }
}
