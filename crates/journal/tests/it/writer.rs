//! Writing: sequences, segments, stamps, policies.

use std::fs;

use clock::Nanos;
use journal::{Error, MAX_PAYLOAD, Start, SyncPolicy, Writer, WriterOptions};
use market::Sequence;

use crate::folder::{
    KIND, append, folder, open, options, payload, read_on, segment, segments, sequence,
};

#[test]
fn a_journal_goes_on_where_it_ended() {
    let folder = folder();
    for round in 0..7 {
        append(folder.path(), 500, 10);
        assert_eq!(read_on(&mut open(folder.path(), Start::Oldest)), 0..(round + 1) * 10);
    }
    assert!(segments(folder.path()).len() > 3);
}

#[test]
fn a_segment_is_stamped_by_the_record_that_begins_it() {
    let folder = folder();
    let mut writer = Writer::open(folder.path(), options(100)).unwrap();
    for stamp in 100..110 {
        writer.append(Nanos(stamp), KIND, &payload(40)).unwrap();
    }
    writer.close().unwrap();
    for first in segments(folder.path()) {
        let bytes = fs::read(segment(folder.path(), first)).unwrap();
        let stamp = i64::from_le_bytes(bytes[32..40].try_into().unwrap());
        assert_eq!(stamp, if first == 0 { 7 } else { 100 + first.cast_signed() });
        assert_eq!(open(folder.path(), sequence(first)).created(), Some(Nanos(stamp)));
    }
}

#[test]
fn every_policy_writes_the_same_bytes() {
    let policies = [SyncPolicy::OnDemand, SyncPolicy::EveryRecord, SyncPolicy::EveryBytes(64)];
    let written = policies.map(|sync| {
        let folder = folder();
        let mut writer =
            Writer::open(folder.path(), WriterOptions { sync, ..options(700) }).unwrap();
        for number in 0..50 {
            writer.append(Nanos(1), KIND, &payload(number)).unwrap();
            if sync == SyncPolicy::EveryRecord {
                assert_eq!(read_on(&mut open(folder.path(), Start::Oldest)), 0..number + 1);
            }
        }
        writer.close().unwrap();
        let bytes = |first| fs::read(segment(folder.path(), first)).unwrap();
        segments(folder.path()).into_iter().map(bytes).collect::<Vec<_>>()
    });
    assert!(written.iter().all(|one| *one == written[0]));
}

#[test]
fn the_longest_payload_is_read_and_a_longer_one_refused() {
    let folder = folder();
    let mut writer = Writer::open(folder.path(), options(1 << 30)).unwrap();
    let long: Vec<u8> = (0..MAX_PAYLOAD).map(|at| (at % 251) as u8).collect();
    for length in [0, 1, MAX_PAYLOAD, 300_000, MAX_PAYLOAD - 1, 3] {
        writer.append(Nanos(0), KIND, &long[..length]).unwrap();
    }
    let refused = writer.append(Nanos(0), KIND, &vec![0; MAX_PAYLOAD + 1]);
    assert!(matches!(refused, Err(Error::Limit { .. })));
    assert_eq!(writer.next(), Sequence(6));
    writer.close().unwrap();
    let mut reader = open(folder.path(), Start::Oldest);
    for length in [0, 1, MAX_PAYLOAD, 300_000, MAX_PAYLOAD - 1, 3] {
        assert_eq!(reader.poll().unwrap().unwrap().payload, &long[..length]);
    }
    assert!(reader.poll().unwrap().is_none());
}

#[test]
fn a_first_sequence_beyond_the_last_is_refused() {
    let folder = folder();
    let options = WriterOptions { first: Sequence(1 << 62), ..options(1_000) };
    assert!(matches!(Writer::open(folder.path(), options), Err(Error::Limit { .. })));
}
