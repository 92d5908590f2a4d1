//! Cut at every byte, turned at every byte: what was whole before the damage is read, nothing else.

use std::fs;
use std::ops::Range;
use std::path::Path;

use journal::{Error, Reader, ReaderOptions, Start, Tail, Writer};
use market::Sequence;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::folder::{append, copy, folder, open, options, payload, read_on, segment, segments};

const HEADER: usize = 64;
const FRAME: usize = 20;
const RECORDS: u64 = 12;

/// Where each of the records of a segment stands in it.
fn places(records: Range<u64>) -> Vec<Range<usize>> {
    let mut end = HEADER;
    let place = |number| {
        let begin = end;
        end += FRAME + payload(number).len();
        begin..end
    };
    records.map(place).collect()
}

/// A journal of one segment: its bytes.
fn small() -> Vec<u8> {
    let folder = folder();
    append(folder.path(), 1 << 20, RECORDS);
    let bytes = fs::read(segment(folder.path(), 0)).unwrap();
    assert_eq!(bytes.len(), places(0..RECORDS).last().unwrap().end);
    bytes
}

#[test]
fn a_journal_cut_at_any_byte_has_the_records_before_it_and_goes_on() {
    let bytes = small();
    let folder = folder();
    let path = segment(folder.path(), 0);
    for length in 0..=bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        let whole = places(0..RECORDS).iter().filter(|place| place.end <= length).count() as u64;
        let mut reader = open(folder.path(), Start::Oldest);
        assert_eq!(read_on(&mut reader), 0..whole, "cut to {length}");
        let end = if whole == 0 { HEADER } else { places(0..RECORDS)[whole as usize - 1].end };
        let torn = match reader.tail() {
            Tail::Whole => 0,
            Tail::Torn { bytes, .. } => bytes,
        };
        assert_eq!(torn, if length < HEADER { length } else { length - end } as u64);
        let writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
        assert_eq!((writer.next().0, writer.recovered().cut_bytes), (whole, torn));
        drop(writer);
        append(folder.path(), 1 << 20, 3);
        let mut reader = open(folder.path(), Start::Oldest);
        assert_eq!(read_on(&mut reader), 0..whole + 3);
        assert_eq!(reader.tail(), Tail::Whole);
    }
}

/// What reading to the end says of a journal in which a byte of the record `damaged`, at `place` in
/// the segment `first`, was turned.
fn check_turned(folder: &Path, first: u64, damaged: u64, place: &Range<usize>) {
    let mut reader = open(folder, Start::Oldest);
    let mut read = 0;
    let error = loop {
        match reader.poll() {
            Ok(Some(record)) => {
                assert_eq!(record.payload, payload(read));
                read += 1;
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert_eq!(read, damaged);
    match error {
        None if damaged == RECORDS - 1 => {
            let torn = Tail::Torn { offset: place.start as u64, bytes: place.len() as u64 };
            assert_eq!(reader.tail(), torn);
            let writer = Writer::open(folder, options(1 << 20)).unwrap();
            assert_eq!(writer.next().0, damaged);
        }
        Some(Error::Corrupt { path, sequence, offset, .. }) if damaged < RECORDS - 1 => {
            assert_eq!(path, segment(folder, first));
            assert_eq!((sequence.0, offset), (damaged, place.start as u64));
            // Neither is it cut off, nor is it skipped by asking again.
            assert!(matches!(reader.poll(), Err(Error::Corrupt { .. })));
            let opened = Writer::open(folder, options(1 << 20));
            if Some(&first) == segments(folder).last() {
                assert!(matches!(opened, Err(Error::Corrupt { .. })), "{opened:?}");
            } else {
                // What is appended goes behind it; the damage is still where it was.
                assert_eq!(opened.unwrap().recovered().cut_bytes, 0);
                assert!(matches!(reader.poll(), Err(Error::Corrupt { .. })));
            }
        }
        other => panic!("record {damaged}: {other:?}"),
    }
}

#[test]
fn any_turned_byte_is_named_by_record_and_place_or_is_the_torn_tail() {
    for segment_bytes in [1 << 20, 150] {
        let folder = folder();
        append(folder.path(), segment_bytes, RECORDS);
        let mut firsts = segments(folder.path());
        assert_eq!(firsts.len() > 2, segment_bytes == 150);
        firsts.push(RECORDS);
        for pair in firsts.windows(2) {
            let (first, path) = (pair[0], segment(folder.path(), pair[0]));
            let bytes = fs::read(&path).unwrap();
            for (record, place) in (first..).zip(places(first..pair[1])) {
                for (at, turn) in place.clone().flat_map(|at| [(at, 0x01), (at, 0x80), (at, 0xFF)])
                {
                    let mut damaged = bytes.clone();
                    damaged[at] ^= turn;
                    fs::write(&path, &damaged).unwrap();
                    check_turned(folder.path(), first, record, &place);
                }
            }
            fs::write(&path, &bytes).unwrap();
        }
    }
}

#[test]
fn any_turned_byte_of_a_header_is_refused() {
    let bytes = small();
    let folder = folder();
    let path = segment(folder.path(), 0);
    for at in 0..HEADER {
        for turn in [0x01, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at] ^= turn;
            fs::write(&path, &damaged).unwrap();
            let refused = Reader::open(folder.path(), ReaderOptions::default()).unwrap_err();
            let opened = Writer::open(folder.path(), options(1 << 20)).unwrap_err();
            for error in [refused, opened] {
                match (at, error) {
                    (0..8, Error::Foreign { .. }) | (8..12, Error::OtherVersion { .. }) => {}
                    (12.., Error::Corrupt { offset: 0, .. }) => {}
                    (_, other) => panic!("byte {at}: {other:?}"),
                }
            }
            assert_eq!(fs::read(&path).unwrap(), damaged);
        }
    }
}

#[test]
fn damage_at_the_end_of_a_segment_before_the_last_is_no_torn_tail() {
    let original = folder();
    append(original.path(), 300, 60);
    let firsts = segments(original.path());
    assert!(firsts.len() > 4, "{firsts:?}");
    for pair in firsts.windows(2) {
        let [first, after] = *pair else { continue };
        let damaged = folder();
        copy(original.path(), damaged.path());
        let path = segment(damaged.path(), first);
        let bytes = fs::read(&path).unwrap();
        for cut in 1..FRAME + payload(after - 1).len() {
            fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
            let mut reader = open(damaged.path(), Start::Oldest);
            let error = std::iter::repeat_with(|| reader.poll().map(|_| ())).find_map(Result::err);
            assert!(
                matches!(&error, Some(Error::Corrupt { sequence, .. }) if sequence.0 == after - 1),
                "{error:?}"
            );
        }
        let last = FRAME + payload(after - 1).len();
        fs::write(&path, &bytes[..bytes.len() - last]).unwrap();
        let mut reader = open(damaged.path(), Start::Oldest);
        let error = std::iter::repeat_with(|| reader.poll().map(|_| ())).find_map(Result::err);
        assert!(
            matches!(&error, Some(Error::Gap { expected, found, .. })
                if expected.0 == after - 1 && found.0 == after),
            "{error:?}"
        );
    }
}

#[test]
fn a_last_segment_cut_within_its_header_is_begun_again() {
    let original = folder();
    append(original.path(), 300, 60);
    let last = *segments(original.path()).last().unwrap();
    let bytes = fs::read(segment(original.path(), last)).unwrap();
    for length in 0..HEADER {
        let folder = folder();
        copy(original.path(), folder.path());
        fs::write(segment(folder.path(), last), &bytes[..length]).unwrap();
        let mut reader = open(folder.path(), Start::Oldest);
        assert_eq!(read_on(&mut reader), 0..last);
        assert_eq!(reader.tail(), Tail::Torn { offset: 0, bytes: length as u64 });
        append(folder.path(), 300, 5);
        // The reader that waited there sees it come.
        assert_eq!(read_on(&mut reader), last..last + 5);
    }
}

#[test]
fn a_headless_segment_before_the_last_is_damage_and_no_torn_tail() {
    let folder = folder();
    fs::write(segment(folder.path(), 0), b"").unwrap();
    fs::write(segment(folder.path(), 1), b"").unwrap();
    let error = Reader::open(folder.path(), ReaderOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Corrupt { sequence: Sequence(0), offset: 0, .. }), "{error}");
}

#[test]
fn a_missing_segment_is_a_gap() {
    let folder = folder();
    append(folder.path(), 300, 60);
    let firsts = segments(folder.path());
    fs::remove_file(segment(folder.path(), firsts[2])).unwrap();
    let mut reader = open(folder.path(), Start::Oldest);
    let error = std::iter::repeat_with(|| reader.poll().map(|_| ())).find_map(Result::err).unwrap();
    assert!(
        matches!(&error, Error::Gap { expected, found, .. }
            if expected.0 == firsts[2] && found.0 == firsts[3]),
        "{error}"
    );
}

#[test]
fn zeros_at_the_end_are_a_torn_tail_and_in_the_middle_are_damage() {
    let bytes = small();
    let folder = folder();
    let path = segment(folder.path(), 0);
    let mut padded = bytes.clone();
    padded.resize(bytes.len() + 5_000, 0);
    fs::write(&path, &padded).unwrap();
    let writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    assert_eq!((writer.next().0, writer.recovered().cut_bytes), (RECORDS, 5_000));
    drop(writer);
    let mut holed = bytes;
    holed[places(0..RECORDS)[3].clone()].fill(0);
    fs::write(&path, &holed).unwrap();
    let error = Writer::open(folder.path(), options(1 << 20)).unwrap_err();
    assert!(matches!(&error, Error::Corrupt { sequence, .. } if sequence.0 == 3), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_behind_a_header_are_read_or_refused(
        tail in proptest::collection::vec(any::<u8>(), 0..400),
        sound in 0..4_u64,
    ) {
        let folder = folder();
        append(folder.path(), 1 << 20, sound);
        let path = segment(folder.path(), 0);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(&tail);
        fs::write(&path, &bytes).unwrap();
        let mut reader = open(folder.path(), Start::Oldest);
        prop_assert_eq!(read_on(&mut reader), 0..sound);
        let writer = Writer::open(folder.path(), options(1 << 20));
        prop_assert!(writer.is_ok());
        prop_assert_eq!(fs::read(&path).unwrap().len(), bytes.len() - tail.len());
    }
}
