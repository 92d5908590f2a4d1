//! A snapshot and the records since are the same as all records.

use std::fs;
use std::path::Path;

use clock::Nanos;
use journal::{Error, Reader, Start, Writer, snapshot};
use market::Sequence;
use proptest::prelude::{prop_assert_eq, proptest};

use crate::folder::{EPOCH, KIND, append, folder, open, options, payload, segment, segments};

const SCHEMA: u32 = 3;

/// A state that depends on every byte of every record and on their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct State(u64);

impl State {
    fn apply(&mut self, record: journal::Record<'_>) {
        for byte in record.payload.iter().chain(&record.sequence.0.to_le_bytes()) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn read_on(mut self, reader: &mut Reader) -> Self {
        while let Some(record) = reader.poll().unwrap() {
            self.apply(record);
        }
        self
    }
}

fn full(folder: &Path) -> State {
    State::default().read_on(&mut open(folder, Start::Oldest))
}

fn restored(folder: &Path) -> (State, usize) {
    let mut restored = snapshot::restore(folder, EPOCH, SCHEMA, Sequence(0)).unwrap();
    let state = restored.snapshot.map_or(State::default(), |snapshot| {
        State(u64::from_le_bytes(snapshot.state.try_into().unwrap()))
    });
    (state.read_on(&mut restored.tail), restored.refused.len())
}

fn write(folder: &Path, records: u64, snapshots: &[u64]) -> State {
    let mut writer = Writer::open(folder, options(600)).unwrap();
    let mut state = State::default();
    for number in 0..records {
        let payload = payload(number);
        let sequence = writer.append(Nanos(0), KIND, &payload).unwrap();
        state.apply(journal::Record { sequence, kind: KIND, payload: &payload });
        if snapshots.contains(&number) {
            writer.snapshot(SCHEMA, &state.0.to_le_bytes()).unwrap();
        }
    }
    writer.close().unwrap();
    state
}

proptest! {
    #[test]
    fn a_snapshot_and_the_tail_are_the_full_replay(
        records in 1..120_u64,
        snapshots in proptest::collection::vec(0..120_u64, 0..5),
        damaged in proptest::option::of((0..5_usize, 0..72_usize)),
    ) {
        let folder = folder();
        let state = write(folder.path(), records, &snapshots);
        let taken = snapshot::list(folder.path()).unwrap();
        let mut unsound = 0;
        if let Some((which, at)) = damaged && let Some(sequence) = taken.iter().rev().nth(which) {
            let path = folder.path().join(format!("{:020}.snapshot", sequence.0));
            let mut bytes = fs::read(&path).unwrap();
            bytes[at] ^= 0x10;
            fs::write(path, bytes).unwrap();
            // Older ones are not looked at once a newer is sound.
            unsound = usize::from(which == 0);
        }
        prop_assert_eq!(full(folder.path()), state);
        prop_assert_eq!(restored(folder.path()), (state, unsound));
    }
}

#[test]
fn a_snapshot_cut_at_any_byte_is_passed_over_and_named() {
    let folder = folder();
    let state = write(folder.path(), 40, &[10, 20]);
    let path = folder.path().join(format!("{:020}.snapshot", 21));
    let bytes = fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        assert_eq!(restored(folder.path()), (state, 1));
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(restored(folder.path()), (state, 0));
}

#[test]
fn a_snapshot_of_another_schema_or_epoch_is_passed_over() {
    let folder = folder();
    let state = write(folder.path(), 40, &[10]);
    snapshot::store(folder.path(), EPOCH, Sequence(30), SCHEMA + 1, b"newer").unwrap();
    snapshot::store(folder.path(), journal::Epoch(0), Sequence(31), SCHEMA, b"theirs").unwrap();
    assert_eq!(restored(folder.path()), (state, 2));
    let newer = snapshot::load(folder.path(), EPOCH, SCHEMA + 1, Sequence(30)).unwrap();
    assert_eq!(newer.state, b"newer");
}

#[test]
fn a_snapshot_of_records_that_are_not_there_is_passed_over() {
    let folder = folder();
    let state = write(folder.path(), 40, &[10]);
    snapshot::store(folder.path(), EPOCH, Sequence(41), SCHEMA, &[0; 8]).unwrap();
    assert_eq!(restored(folder.path()), (state, 1));
}

#[test]
fn without_a_snapshot_a_journal_that_lost_its_beginning_is_refused() {
    let folder = folder();
    let state = write(folder.path(), 60, &[50]);
    for first in segments(folder.path()).into_iter().take(2) {
        fs::remove_file(segment(folder.path(), first)).unwrap();
    }
    assert_eq!(restored(folder.path()), (state, 0));
    snapshot::prune(folder.path(), 0).unwrap();
    let error = snapshot::restore(folder.path(), EPOCH, SCHEMA, Sequence(0)).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { wanted: Sequence(0), .. }), "{error}");
}

#[test]
fn pruning_keeps_the_newest() {
    let folder = folder();
    write(folder.path(), 60, &[10, 20, 30, 40]);
    append(folder.path(), 600, 1);
    snapshot::prune(folder.path(), 2).unwrap();
    assert_eq!(snapshot::list(folder.path()).unwrap(), [Sequence(31), Sequence(41)]);
}
