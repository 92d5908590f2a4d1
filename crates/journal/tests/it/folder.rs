//! Folders in memory where the system has such, so that synchronising costs nothing.

use std::fs;
use std::path::{Path, PathBuf};

use clock::Nanos;
use journal::{Epoch, Kind, Reader, ReaderOptions, Start, SyncPolicy, Writer, WriterOptions};
use market::Sequence;
use tempfile::TempDir;

pub(crate) const EPOCH: Epoch = Epoch(0xA1);
pub(crate) const KIND: Kind = Kind(9);

pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::Builder::new().prefix("triad-journal-").tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub(crate) fn options(segment_bytes: u64) -> WriterOptions {
    WriterOptions {
        segment_bytes,
        sync: SyncPolicy::OnDemand,
        ..WriterOptions::new(EPOCH, Nanos(7))
    }
}

/// The payload of a record that says which it is.
pub(crate) fn payload(number: u64) -> Vec<u8> {
    (0..number % 41).map(|at| (number.wrapping_mul(31) + at) as u8).collect()
}

pub(crate) fn append(folder: &Path, segment_bytes: u64, count: u64) {
    let mut writer = Writer::open(folder, options(segment_bytes)).unwrap();
    for _ in 0..count {
        let number = writer.next().0;
        writer.append(Nanos(8), KIND, &payload(number)).unwrap();
    }
    writer.close().unwrap();
}

pub(crate) fn open(folder: &Path, start: Start) -> Reader {
    let options = ReaderOptions { epoch: Some(EPOCH), start, ..ReaderOptions::default() };
    Reader::open(folder, options).unwrap()
}

/// Reads on to the present end and checks each record; the sequences read.
pub(crate) fn read_on(reader: &mut Reader) -> std::ops::Range<u64> {
    let first = reader.next().0;
    while let Some(record) = reader.poll().unwrap() {
        assert_eq!(record.kind, KIND);
        assert_eq!(record.payload, payload(record.sequence.0));
    }
    first..reader.next().0
}

pub(crate) fn segment(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.journal"))
}

/// The first sequences of the segments there are.
pub(crate) fn segments(folder: &Path) -> Vec<u64> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut firsts: Vec<u64> =
        names.filter_map(|name| name.to_str()?.strip_suffix(".journal")?.parse().ok()).collect();
    firsts.sort_unstable();
    firsts
}

/// Copies a journal's segments.
pub(crate) fn copy(from: &Path, to: &Path) {
    for first in segments(from) {
        fs::copy(segment(from, first), segment(to, first)).unwrap();
    }
}

pub(crate) fn sequence(number: u64) -> Start {
    Start::At(Sequence(number))
}
