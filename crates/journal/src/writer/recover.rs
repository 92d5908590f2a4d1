//! Finds where a journal ends, and cuts off what a crash left of an unfinished record.

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};

use market::Sequence;

use super::{WriterOptions, begin_segment};
use crate::segment::{self, HEADER, Header};
use crate::{Checksums, Error, Reader, ReaderOptions, Start, Tail};

/// Ends the names of files that are being made.
const UNFINISHED: &str = ".partial";

/// What opening a journal to write found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// The first record that is there; the next one in an empty journal.
    pub first: Sequence,
    /// The next record.
    pub next: Sequence,
    /// Bytes of an unfinished record that were cut off the end.
    pub cut_bytes: u64,
}

/// Where to go on.
pub(super) struct End {
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) written: u64,
    pub(super) next: Sequence,
}

pub(crate) fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// Removes what a killed writer left unfinished. The caller holds the lock.
pub(super) fn remove_unfinished(folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::io("list", folder))? {
        let path = entry.map_err(Error::io("list", folder))?.path();
        if path.as_os_str().as_encoded_bytes().ends_with(UNFINISHED.as_bytes()) {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        }
    }
    Ok(())
}

/// Finds the end, or begins the journal. Only the last segment is read: those before it were whole
/// and on the disk before it was begun.
pub(super) fn end_of(folder: &Path, options: &WriterOptions) -> Result<(End, Recovered), Error> {
    let segments = segment::list(folder)?;
    let (Some(oldest), Some(newest)) = (segments.first(), segments.last()) else {
        let end = begin(folder, options, options.first)?;
        return Ok((end, Recovered { first: options.first, next: options.first, cut_bytes: 0 }));
    };
    let reader = Reader::open(
        folder,
        ReaderOptions {
            epoch: Some(options.epoch),
            start: Start::Latest,
            checksums: Checksums::Verified,
        },
    )?;
    let next = reader.next();
    let cut_bytes = match reader.tail() {
        Tail::Whole => 0,
        Tail::Torn { bytes, .. } => bytes,
    };
    let recovered = Recovered { first: *oldest, next, cut_bytes };
    let Some((first, written)) = reader.place() else {
        // Not even its header is whole, so it holds no record: it is begun again.
        return Ok((begin(folder, options, *newest)?, recovered));
    };
    let path = segment::path_of(folder, first);
    let file = File::options().write(true).open(&path).map_err(Error::io("open", &path))?;
    if cut_bytes > 0 {
        file.set_len(written).and_then(|()| file.sync_all()).map_err(Error::io("cut", &path))?;
    }
    Ok((End { path, file, written, next }, recovered))
}

fn begin(folder: &Path, options: &WriterOptions, first: Sequence) -> Result<End, Error> {
    let header = Header { epoch: options.epoch, first, created: options.created };
    let (path, file) = begin_segment(folder, &header)?;
    Ok(End { path, file, written: HEADER as u64, next: first })
}
