//! What is not this journal is refused by name, and a second writer too.

use std::fs;

use fault::{Class, Fault};
use journal::{Epoch, Error, Reader, ReaderOptions, Start, Writer, WriterOptions};
use market::Sequence;

use crate::folder::{EPOCH, append, folder, open, options, read_on, segment, sequence};

#[test]
fn files_of_others_are_refused_by_name() {
    let folder = folder();
    let path = segment(folder.path(), 0);
    fs::write(
        &path,
        b"PK\x03\x04 an archive that was given the name of a segment, long enough to be one",
    )
    .unwrap();
    let error = Reader::open(folder.path(), ReaderOptions::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Foreign { path: named, found, .. }
        if *named == path && found.starts_with(b"PK")),
        "{error}"
    );
    assert!(matches!(Writer::open(folder.path(), options(1_000)), Err(Error::Foreign { .. })));
    assert!(error.to_string().contains("00000000000000000000.journal"));
}

#[test]
fn a_journal_of_another_epoch_is_refused() {
    let folder = folder();
    append(folder.path(), 1 << 20, 3);
    let other = Epoch(EPOCH.0 + 1);
    let wanted = ReaderOptions { epoch: Some(other), ..ReaderOptions::default() };
    for error in [
        Reader::open(folder.path(), wanted).unwrap_err(),
        Writer::open(folder.path(), WriterOptions { epoch: other, ..options(1_000) }).unwrap_err(),
    ] {
        assert!(
            matches!(error, Error::OtherEpoch { found: EPOCH, expected, .. } if expected == other)
        );
    }
    let any = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    assert_eq!(any.epoch(), Some(EPOCH));
}

#[test]
fn a_segment_of_another_epoch_among_ours_is_refused() {
    let (ours, theirs) = (folder(), folder());
    append(ours.path(), 1 << 20, 3);
    let other = WriterOptions { epoch: Epoch(5), first: Sequence(3), ..options(1_000) };
    Writer::open(theirs.path(), other).unwrap().close().unwrap();
    fs::copy(segment(theirs.path(), 3), segment(ours.path(), 3)).unwrap();
    let mut reader = Reader::open(ours.path(), ReaderOptions::default()).unwrap();
    let error = std::iter::repeat_with(|| reader.poll().map(|_| ())).find_map(Result::err).unwrap();
    assert!(matches!(error, Error::OtherEpoch { found: Epoch(5), .. }), "{error}");
}

#[test]
fn a_segment_under_another_name_is_refused() {
    let folder = folder();
    append(folder.path(), 1 << 20, 3);
    fs::rename(segment(folder.path(), 0), segment(folder.path(), 1)).unwrap();
    let error = Reader::open(folder.path(), ReaderOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Gap { expected: Sequence(1), found: Sequence(0), .. }));
}

#[test]
fn a_second_writer_is_told_who_is_first() {
    let folder = folder();
    let first = Writer::open(folder.path(), options(1_000)).unwrap();
    let error = Writer::open(folder.path(), options(1_000)).unwrap_err();
    assert!(
        matches!(&error, Error::Busy { holder, .. }
        if *holder == std::process::id().to_string()),
        "{error}"
    );
    assert_eq!(error.class(), Class::Transient);
    drop(first);
    Writer::open(folder.path(), options(1_000)).unwrap();
}

#[test]
fn a_folder_without_a_journal_says_so() {
    let folder = folder();
    for path in [folder.path().to_owned(), folder.path().join("not there")] {
        let error = Reader::open(&path, ReaderOptions::default()).unwrap_err();
        assert!(matches!(&error, Error::Missing { path: named, .. } if *named == path), "{error}");
    }
}

#[test]
fn reading_begins_where_it_is_told_to() {
    let folder = folder();
    append(folder.path(), 300, 60);
    for first in 0..=60 {
        assert_eq!(read_on(&mut open(folder.path(), sequence(first))), first..60);
    }
    assert_eq!(read_on(&mut open(folder.path(), Start::Latest)), 60..60);
    let options = ReaderOptions { start: sequence(61), ..ReaderOptions::default() };
    let error = Reader::open(folder.path(), options).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { wanted: Sequence(61), next: Sequence(60), .. }));
    fs::remove_file(segment(folder.path(), 0)).unwrap();
    let options = ReaderOptions { start: sequence(0), ..ReaderOptions::default() };
    let error = Reader::open(folder.path(), options).unwrap_err();
    assert!(matches!(&error, Error::OutOfRange { first, .. } if first.0 > 0), "{error}");
}
