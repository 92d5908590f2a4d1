//! The bytes of a file, unpacked if they are gzip or a zip of one member, whatever its name says.

use std::fs::File;
use std::io::{BufRead, BufReader, Error as IoError, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::Error;

/// The most bytes a file may unpack to: ten years of minutes of one contract are a twentieth.
const MAX_BYTES: u64 = 8 << 30;
/// How often larger than its file a recording may be. Tables of a market pack to a tenth; what
/// packs to less than this has been made to.
const MAX_RATIO: u64 = 200;
/// Unpacked bytes whose ratio is not asked: small files may be as regular as they like.
const FREE: u64 = 16 << 20;

const GZIP: [u8; 2] = [0x1f, 0x8b];
/// A member, and the end of an archive without any.
const ZIP: [[u8; 4]; 2] = [*b"PK\x03\x04", *b"PK\x05\x06"];

/// Hands a file's bytes to `take`.
///
/// # Errors
/// [`Error::Ops`] for a file that cannot be read, [`Error::File`] for a zip that is no archive of
/// one table; whatever `take` says of bytes that come to an error.
pub(super) fn read<T>(
    path: &Path,
    take: impl FnOnce(&mut dyn Read) -> Result<T, Error>,
) -> Result<T, Error> {
    let file = ops::open(path)?;
    let packed = file.metadata().map_err(ops::Error::io("read", path))?.len();
    let mut file = BufReader::new(file);
    let magic = file.fill_buf().map_err(ops::Error::io("read", path))?;
    if magic.starts_with(&GZIP) {
        take(&mut Bounded::new(MultiGzDecoder::new(file), packed))
    } else if ZIP.iter().any(|zip| magic.starts_with(zip)) {
        member(path, file, packed, take)
    } else {
        take(&mut Bounded::new(file, packed))
    }
}

fn member<T>(
    path: &Path,
    file: BufReader<File>,
    packed: u64,
    take: impl FnOnce(&mut dyn Read) -> Result<T, Error>,
) -> Result<T, Error> {
    let wrong = |reason: String| Error::File { path: path.to_owned(), reason };
    let mut archive =
        ZipArchive::new(file).map_err(|error| wrong(format!("no whole zip: {error}")))?;
    if archive.len() != 1 {
        let members = archive.len();
        return Err(wrong(format!("a zip of {members} members, where the archive's have one")));
    }
    let member = archive.by_index(0).map_err(|error| wrong(format!("no readable zip: {error}")))?;
    if !member.is_file() {
        return Err(wrong("a zip of a folder, where the archive's have a table".to_owned()));
    }
    take(&mut Bounded::new(member, packed))
}

/// Bytes that come to an error, and not to an end, where there are too many of them.
struct Bounded<R> {
    from: R,
    packed: u64,
    read: u64,
}

impl<R: Read> Bounded<R> {
    fn new(from: R, packed: u64) -> Self {
        Self { from, packed, read: 0 }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.read += read as u64;
        if self.read > MAX_BYTES {
            return Err(IoError::other(format!("more than {MAX_BYTES} bytes when unpacked")));
        }
        if self.read > FREE && self.read / MAX_RATIO > self.packed {
            return Err(IoError::other(format!(
                "more than {MAX_RATIO} times as large when unpacked"
            )));
        }
        Ok(read)
    }
}
