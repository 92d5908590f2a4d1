//! Every failure of the disk at every step: what was accepted is there, what was refused is not.

use std::path::Path;

use clock::Nanos;
use market::Sequence;

use super::{SyncPolicy, Writer, WriterOptions};
use crate::disk::faults::{self, Act};
use crate::{Epoch, Error, Kind, Reader, ReaderOptions};

const RECORDS: u64 = 40;
const POLICIES: [SyncPolicy; 3] =
    [SyncPolicy::OnDemand, SyncPolicy::EveryRecord, SyncPolicy::EveryBytes(100)];

fn options(sync: SyncPolicy) -> WriterOptions {
    WriterOptions { segment_bytes: 400, sync, ..WriterOptions::new(Epoch(1), Nanos(0)) }
}

fn payload(number: u64) -> Vec<u8> {
    vec![number as u8; (number % 23) as usize]
}

fn read_all(folder: &Path) -> Vec<Vec<u8>> {
    let mut reader = Reader::open(folder, ReaderOptions::default()).unwrap();
    let mut found = Vec::new();
    while let Some(record) = reader.poll().unwrap() {
        found.push(record.payload.to_vec());
    }
    found
}

/// What a caller knows of a journal while its disk fails.
struct Caller {
    writer: Option<Writer>,
    accepted: Vec<Vec<u8>>,
    /// How many of them the disk has confirmed.
    confirmed: usize,
    /// A record whose fate the writer could not tell.
    doubtful: Option<Vec<u8>>,
}

impl Caller {
    fn append(&mut self, folder: &Path, sync: SyncPolicy, payload: Vec<u8>) {
        let writer = self.writer.as_mut().unwrap();
        match writer.append(Nanos(1), Kind(3), &payload) {
            Ok(sequence) => {
                assert_eq!(sequence, Sequence(self.accepted.len() as u64));
                self.accepted.push(payload);
            }
            Err(Error::Full { next, .. }) => assert_eq!(next.0, self.accepted.len() as u64),
            Err(Error::Unsynced { since, .. }) => {
                assert!(since.0 >= self.confirmed as u64);
                self.doubtful = Some(payload);
            }
            Err(Error::Stopped(_)) => self.reopen(folder, sync),
            Err(other) => panic!("{other}"),
        }
    }

    fn sync(&mut self, folder: &Path, sync: SyncPolicy) {
        match self.writer.as_mut().unwrap().sync() {
            Ok(()) => self.confirmed = self.accepted.len(),
            Err(Error::Full { .. } | Error::Unsynced { .. }) => {}
            Err(Error::Stopped(_)) => self.reopen(folder, sync),
            Err(other) => panic!("{other}"),
        }
    }

    fn reopen(&mut self, folder: &Path, sync: SyncPolicy) {
        self.writer = None;
        let writer = Writer::open(folder, options(sync)).unwrap();
        let there = writer.next().0 as usize;
        assert!(there >= self.confirmed, "{there} of {} confirmed", self.confirmed);
        self.accepted.extend(self.doubtful.take());
        assert!(there <= self.accepted.len());
        self.accepted.truncate(there);
        self.writer = Some(writer);
    }
}

/// Makes one act fail, at each place where it happens in turn, until it happens no more.
fn every_failure_of(act: Act, sync: SyncPolicy) {
    for spared in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let writer = Some(Writer::open(folder.path(), options(sync)).unwrap());
        let mut caller = Caller { writer, accepted: vec![], confirmed: 0, doubtful: None };
        faults::fail(act, spared);
        for number in 0..RECORDS {
            caller.append(folder.path(), sync, payload(number));
            if number % 5 == 0 {
                caller.sync(folder.path(), sync);
            }
        }
        let never_came = faults::take_back();
        caller.sync(folder.path(), sync);
        caller.writer.take().unwrap().close().unwrap();
        assert_eq!(read_all(folder.path()), caller.accepted, "{act:?} {sync:?} after {spared}");
        if never_came {
            assert_eq!(caller.accepted.len() as u64, RECORDS);
            return;
        }
    }
}

#[test]
fn a_disk_that_fills_at_any_write_loses_nothing_that_was_accepted() {
    POLICIES.into_iter().for_each(|sync| every_failure_of(Act::Write, sync));
}

#[test]
fn a_disk_that_confirms_nothing_stops_the_writer_and_loses_nothing_it_had_confirmed() {
    POLICIES.into_iter().for_each(|sync| every_failure_of(Act::Sync, sync));
}

#[test]
fn a_failed_write_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(folder.path(), options(SyncPolicy::EveryRecord)).unwrap();
    writer.append(Nanos(0), Kind(3), b"kept").unwrap();
    faults::fail(Act::Write, 0);
    let refused = writer.append(Nanos(0), Kind(3), b"refused, and long enough to be half there");
    assert!(matches!(refused, Err(Error::Full { next: Sequence(1), .. })), "{refused:?}");
    assert_eq!(read_all(folder.path()), [b"kept"]);
    writer.append(Nanos(0), Kind(3), b"next").unwrap();
    assert_eq!(read_all(folder.path()), [b"kept", b"next"]);
}

#[test]
fn a_failed_write_that_cannot_be_taken_back_stops_the_writer() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(folder.path(), options(SyncPolicy::EveryRecord)).unwrap();
    writer.append(Nanos(0), Kind(3), b"kept").unwrap();
    faults::fail_twice(Act::Write, Act::Cut);
    let refused = writer.append(Nanos(0), Kind(3), b"refused, and long enough to be half there");
    assert!(matches!(refused, Err(Error::Full { .. })), "{refused:?}");
    assert!(matches!(writer.append(Nanos(0), Kind(3), b"next"), Err(Error::Stopped(_))));
    assert!(matches!(writer.flush(), Err(Error::Stopped(_))));
    drop(writer);
    let writer = Writer::open(folder.path(), options(SyncPolicy::EveryRecord)).unwrap();
    assert!(writer.recovered().cut_bytes > 0);
    assert_eq!(writer.next(), Sequence(1));
    assert_eq!(read_all(folder.path()), [b"kept"]);
}
