//! The bytes of a file, unpacked if they are gzip or a zip of one member, whatever its name says.

use std::fs::File;
use std::io::{BufRead, BufReader, Error as IoError, Read, Seek, SeekFrom};
use std::path::Path;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use flate2::read::MultiGzDecoder;
use zip::{CompressionMethod, ZipArchive};

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

/// Opens a file.
///
/// # Errors
/// [`Error::Ops`] for a file that cannot be read, [`Error::File`] for a zip that is no archive of
/// one table. What is damaged further on is an error when it is read.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Error> {
    let file = ops::open(path)?;
    let packed = file.metadata().map_err(ops::Error::io("read", path))?.len();
    let mut file = BufReader::new(file);
    let magic = file.fill_buf().map_err(ops::Error::io("read", path))?;
    Ok(if magic.starts_with(&GZIP) {
        Box::new(Bounded::new(MultiGzDecoder::new(file), packed))
    } else if ZIP.iter().any(|zip| magic.starts_with(zip)) {
        Box::new(Bounded::new(member(path, file)?, packed))
    } else {
        Box::new(Bounded::new(file, packed))
    })
}

/// The one member of a zip, unpacked and held to its checksum.
fn member(path: &Path, file: BufReader<File>) -> Result<Checked, Error> {
    let wrong = |reason: String| Error::File { path: path.to_owned(), reason };
    let mut archive =
        ZipArchive::new(file).map_err(|error| wrong(format!("no whole zip: {error}")))?;
    if archive.len() != 1 {
        let members = archive.len();
        return Err(wrong(format!("a zip of {members} members, where the archive's have one")));
    }
    // Says by itself that a member is encrypted.
    let member = archive.by_index(0).map_err(|error| wrong(format!("no readable zip: {error}")))?;
    if !member.is_file() {
        return Err(wrong("a zip of a folder, where the archive's have a table".to_owned()));
    }
    let method = member.compression();
    let (expected, packed) = (member.crc32(), member.compressed_size());
    let start = member.data_start().ok_or_else(|| wrong("a zip without its member".to_owned()))?;
    drop(member);
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start)).map_err(ops::Error::io("read", path))?;
    let bytes = file.take(packed);
    let from: Box<dyn Read> = match method {
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(bytes)),
        CompressionMethod::Stored => Box::new(bytes),
        other => return Err(wrong(format!("packed by {other:?}; accepted are deflate and store"))),
    };
    Ok(Checked { from, crc: Crc::new(), expected })
}

/// Bytes that come to an error where they are not what their checksum says.
struct Checked {
    from: Box<dyn Read>,
    crc: Crc,
    expected: u32,
}

impl Read for Checked {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.crc.update(&into[..read]);
        if read == 0 && !into.is_empty() && self.crc.sum() != self.expected {
            return Err(IoError::other("its checksum does not match"));
        }
        Ok(read)
    }
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
