use std::hint::spin_loop;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use journal::ring::{Reader, RingOptions, Writer};
use journal::{Epoch, Start};
use market::{HOT_BYTES, Sequence, WIDE_BYTES};
use tempfile::TempDir;

use super::{Ground, shares};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};

pub(super) const TITLE: &str = "Ring between threads";
pub(super) const BACK: &str = "Ring there and back";
/// Slots that are written in a turn.
const COUNT: u64 = 20_000_000;
/// Slots of the ring: as much memory as is spent on it.
const SLOTS: u64 = 1 << 20;
/// Between two words of the reader on how far it is.
const WORD: u64 = 1_024;
const TRIPS: usize = 500_000;

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

/// A ring in memory, with its two ends; the folder is removed with them.
struct Ring {
    writer: Writer,
    reader: Reader,
    _folder: TempDir,
}

impl Ring {
    fn new(slots: u64, folder: &Path) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let folder = tempfile::tempdir_in(if memory.is_dir() { memory } else { folder })?;
        let path = folder.path().join("ring");
        let options = RingOptions { epoch: Epoch(1), first: Sequence(0), slots };
        let writer = Writer::create(&path, options)?;
        let reader = Reader::open(&path, Some(Epoch(1)), Start::Oldest)?;
        Ok(Self { writer, reader, _folder: folder })
    }
}

/// Records of `WIDTH` slots.
#[expect(clippy::disallowed_methods, reason = "two threads that wait for each other: by the clock")]
fn ours<const WIDTH: u64>(folder: &Path) -> Result<Turn> {
    let Ring { mut writer, mut reader, _folder } = Ring::new(SLOTS, folder)?;
    let (records, far) = (COUNT / WIDTH, AtomicU64::new(0));
    let begin = Instant::now();
    let unordered = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut seen = 0;
            for number in 0..records {
                // Looked at only when it must be: the reader's cursor is another processor's line.
                while (number - seen) * WIDTH >= SLOTS / 2 {
                    seen = far.load(Ordering::Relaxed);
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

/// From one thread through a ring to the other, and back through another.
pub(super) fn there_and_back(ground: &Ground<'_>) -> Result<String> {
    let contest = Contest {
        title: BACK,
        about: format!(
            "{TRIPS} times a record through one ring to another thread, which answers through a \
             second one; each trip in the time of a clock, two processors busy as above."
        ),
        unit: Unit::Nanos("there and back"),
        work: TRIPS as f64,
        contestants: vec![Contestant::new("Triad", || trips(ground.folder))],
    };
    contest.run(ground.runs)
}

#[expect(clippy::disallowed_methods, reason = "two threads that wait for each other: by the clock")]
fn trips(folder: &Path) -> Result<Turn> {
    let Ring { writer: mut out, reader: mut ask, _folder: _out } = Ring::new(1 << 10, folder)?;
    let Ring { writer: mut home, reader: mut answer, _folder: _home } = Ring::new(1 << 10, folder)?;
    let mut nanos = Vec::with_capacity(TRIPS);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..TRIPS {
                while ask.poll().is_none() {
                    spin_loop();
                }
                home.publish(&[1; HOT_BYTES]);
            }
        });
        for _ in 0..TRIPS {
            let begin = Instant::now();
            out.publish(&[2; HOT_BYTES]);
            while answer.poll().is_none() {
                spin_loop();
            }
            nanos.push(begin.elapsed().as_nanos() as u64);
        }
    });
    let seconds = nanos.iter().sum::<u64>() as f64 * 1e-9;
    Ok((seconds, shares(nanos)))
}
