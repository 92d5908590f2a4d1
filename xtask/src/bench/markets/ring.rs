use std::hint::spin_loop;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use journal::ring::{Reader, RingOptions, Writer};
use journal::{Epoch, Start};
use market::{HOT_BYTES, Sequence, WIDE_BYTES};

use super::Ground;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};

pub(super) const TITLE: &str = "Ring between threads";
/// Slots that are written in a turn.
const COUNT: u64 = 20_000_000;
/// Slots of the ring: as much memory as is spent on it.
const SLOTS: u64 = 1 << 20;
/// Between two words of the reader on how far it is.
const WORD: u64 = 1_024;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let contest = Contest {
        title: TITLE,
        about: format!(
            "{COUNT} slots of 64 bytes from one thread to another through shared memory, in the \
             seconds of a clock: both threads are busy all the time, so this wants two processors \
             that nobody else uses. The writer waits only where the reader is half a ring of \
             {SLOTS} slots behind, so that nothing may be lost; order and contents of every \
             record are checked. Beside it the bounded channel of the standard library with as \
             many places, which stays in one process and makes its sender wait."
        ),
        unit: Unit::Millions("slots"),
        work: COUNT as f64,
        contestants: vec![
            Contestant::new("Triad, a record a slot", || ours::<1>(ground.folder)),
            Contestant::new("Triad, a record two slots", || ours::<2>(ground.folder)),
            Contestant::new("std sync_channel, 56 bytes", channel),
        ],
    };
    contest.run(ground.runs)
}

/// Records of `WIDTH` slots.
#[expect(clippy::disallowed_methods, reason = "two threads that wait for each other: by the clock")]
fn ours<const WIDTH: u64>(folder: &Path) -> Result<Turn> {
    let memory = Path::new("/dev/shm");
    let folder = tempfile::tempdir_in(if memory.is_dir() { memory } else { folder })?;
    let path = folder.path().join("ring");
    let options = RingOptions { epoch: Epoch(1), first: Sequence(0), slots: SLOTS };
    let mut writer = Writer::create(&path, options)?;
    let mut reader = Reader::open(&path, Some(Epoch(1)), Start::Oldest)?;
    let (records, far) = (COUNT / WIDTH, AtomicU64::new(0));
    let begin = Instant::now();
    let unordered = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..records {
                while (number - far.load(Ordering::Relaxed)) * WIDTH >= SLOTS / 2 {
                    spin_loop();
                }
                if WIDTH == 2 {
                    writer.publish_wide(&[number as u8; WIDE_BYTES]);
                } else {
                    writer.publish(&[number as u8; HOT_BYTES]);
                }
            }
        });
        let (mut unordered, mut expected) = (0_u64, 0);
        while reader.next().0 < records {
            let Some(message) = reader.poll() else {
                spin_loop();
                continue;
            };
            let number = message.sequence.0;
            let is_it = number == expected && message.payload[0] == number as u8;
            unordered += u64::from(!is_it);
            expected = number + 1;
            if number.is_multiple_of(WORD) {
                far.store(number, Ordering::Relaxed);
            }
        }
        unordered
    });
    let seconds = begin.elapsed().as_secs_f64();
    let (read, lost) = (reader.read(), reader.lost());
    ensure!((read, lost, unordered) == (records, 0, 0), "{read} read, {lost} lost, {unordered}");
    Ok((seconds, format!("{read} records, {lost} lost, {unordered} out of order")))
}

#[expect(clippy::disallowed_methods, reason = "two threads that wait for each other: by the clock")]
fn channel() -> Result<Turn> {
    let (sender, receiver) = sync_channel::<[u8; HOT_BYTES]>(SLOTS as usize);
    let begin = Instant::now();
    let read = std::thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0..COUNT {
                if sender.send([number as u8; HOT_BYTES]).is_err() {
                    return;
                }
            }
        });
        let mut read = 0_u64;
        for record in receiver {
            if record[0] != read as u8 {
                return None;
            }
            read += 1;
        }
        Some(read)
    });
    let read = read.context("out of order")?;
    Ok((begin.elapsed().as_secs_f64(), format!("{read} records")))
}
