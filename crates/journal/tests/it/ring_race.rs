//! The ring between threads and between processes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use journal::ring::{Reader, Writer};
use journal::{Error, Start};
use market::HOT_BYTES;

use crate::folder::{EPOCH, folder};
use crate::ring_steps::{check, options, publish};

const RING: &str = "JOURNAL_TEST_RING";
const COUNT: &str = "JOURNAL_TEST_RING_COUNT";
const GATE: &str = "JOURNAL_TEST_RING_GATE";

/// Runs as the child of the tests below: waits until a reader is there, then writes as fast as it
/// can, or, with a gate, never further ahead than the reader lets it.
#[test]
fn child_that_writes() {
    let Some(path) = std::env::var_os(RING) else { return };
    let path = Path::new(&path);
    let count: u64 = std::env::var(COUNT).unwrap().parse().unwrap();
    let gate = std::env::var_os(GATE);
    let mut writer = Writer::create(path, options(0, 1 << 10)).unwrap();
    // The reader writes a ring of its own: how far it has come.
    let back = path.with_extension("back");
    let mut back = attach(&back);
    let mut read = 0;
    wait_for(|| back.poll().is_some());
    while writer.next().0 < count {
        if gate.is_some() && writer.next().0 >= read + 400 {
            while let Some(message) = back.poll() {
                read = u64::from_le_bytes(*message.payload.first_chunk().unwrap());
            }
            std::thread::yield_now();
            continue;
        }
        let wide = writer.next().0.is_multiple_of(5);
        publish(&mut writer, wide);
    }
    // Closed once the reader has said that it has it all.
    wait_for(|| back.poll().is_some_and(|message| message.payload[..8] == count.to_le_bytes()));
}

fn attach(path: &Path) -> Reader {
    let mut reader = None;
    wait_for(|| match Reader::open(path, None, Start::Oldest) {
        Ok(found) => reader.replace(found).is_none(),
        Err(Error::Missing { .. }) => false,
        Err(other) => panic!("{other}"),
    });
    reader.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test does not wait for ever")]
fn wait_for(mut happened: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < Duration::from_secs(60), "the other process is silent");
        std::thread::yield_now();
    }
}

/// Reads what a writer in another process publishes: read, lost.
fn read_from_another_process(count: u64, gate: bool, pause: Option<Duration>) -> (u64, u64) {
    let folder = folder();
    let path = folder.path().join("ring");
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "ring_race::child_that_writes"]).stdout(Stdio::null());
    child.env(RING, &path).env(COUNT, count.to_string());
    if gate {
        child.env(GATE, "1");
    }
    let mut back = Writer::create(&path.with_extension("back"), options(0, 1 << 12)).unwrap();
    let mut say = |read: u64| {
        let mut bytes = [0; HOT_BYTES];
        bytes[..8].copy_from_slice(&read.to_le_bytes());
        back.publish(&bytes);
    };
    let mut child = child.spawn().unwrap();
    let mut reader = attach(&path);
    say(0);
    let mut polls = 0_u64;
    wait_for(|| {
        let before = reader.next();
        if let Some(message) = reader.poll() {
            check(message);
            assert!(message.sequence >= before, "out of order");
        } else {
            reader.check_writer().unwrap();
            std::thread::yield_now();
        }
        let next = reader.next().0;
        if gate && next.is_multiple_of(64) && next != before.0 {
            say(next);
        }
        polls += 1;
        if let Some(pause) = pause.filter(|_| polls.is_multiple_of(2_000)) {
            std::thread::sleep(pause);
        }
        assert_eq!(reader.read() + reader.lost(), next);
        next == count
    });
    say(count);
    assert!(child.wait().unwrap().success());
    assert!(matches!(reader.check_writer(), Err(Error::Closed(_))));
    assert!(!path.exists());
    (reader.read(), reader.lost())
}

#[test]
fn between_processes_a_reader_that_keeps_up_loses_nothing() {
    assert_eq!(read_from_another_process(200_000, true, None), (200_000, 0));
}

#[test]
fn between_processes_a_slow_reader_counts_exactly_what_it_lost() {
    let count = 400_000;
    let (read, lost) = read_from_another_process(count, false, Some(Duration::from_millis(2)));
    assert_eq!(read + lost, count);
    assert!(lost > 0 && read > 0, "{read} read, {lost} lost");
}

/// From one thread through a ring to the other and back through another ring. On two processors of
/// its own: `cargo xtask bench --only "there and back"`.
#[expect(clippy::disallowed_methods, reason = "a speed is measured by the clock")]
#[test]
fn figures_of_a_round_trip() {
    let count = 2_000;
    let folder = folder();
    let (there, back) = (folder.path().join("there"), folder.path().join("back"));
    let mut out = Writer::create(&there, options(0, 1 << 10)).unwrap();
    let mut home = Writer::create(&back, options(0, 1 << 10)).unwrap();
    let mut ask = Reader::open(&there, None, Start::Oldest).unwrap();
    let mut answer = Reader::open(&back, None, Start::Oldest).unwrap();
    let mut nanos = Vec::with_capacity(count);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..count {
                while ask.poll().is_none() {
                    std::thread::yield_now();
                }
                home.publish(&[1; HOT_BYTES]);
            }
        });
        for _ in 0..count {
            let begin = Instant::now();
            out.publish(&[2; HOT_BYTES]);
            while answer.poll().is_none() {
                std::thread::yield_now();
            }
            nanos.push(begin.elapsed().as_nanos());
        }
    });
    nanos.sort_unstable();
    let part = |share: f64| nanos[(count as f64 * share) as usize];
    let (p50, p99, p999) = (part(0.5), part(0.99), part(0.999));
    eprintln!("ring: there and back in {p50} ns (p50), {p99} ns (p99), {p999} ns (p99.9)");
}

/// A bound a tenth of what is promised, so that a busy machine does not fail it. The figure itself:
/// `cargo xtask bench --only "between threads"`.
#[expect(clippy::disallowed_methods, reason = "a speed is measured by the clock")]
#[test]
fn figures_between_threads() {
    let count = 500_000;
    for wide in [false, true] {
        let folder = folder();
        let path = folder.path().join("ring");
        // As long as all that is written, or as much as memory is spent on: what the reader
        // falls behind must not be lost, and waiting for it would be another measurement.
        let slots = 1_u64 << 20;
        let mut writer = Writer::create(&path, options(0, slots)).unwrap();
        let mut reader = Reader::open(&path, Some(EPOCH), Start::Oldest).unwrap();
        let width = if wide { 2 } else { 1 };
        let far = std::sync::atomic::AtomicU64::new(0);
        let begin = Instant::now();
        let (read, lost) = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut seen = 0;
                for number in 0..count {
                    // Back-pressure, looked at rarely: only so that nothing is lost.
                    while number * width >= seen * width + slots / 2 {
                        seen = far.load(std::sync::atomic::Ordering::Relaxed);
                        std::hint::spin_loop();
                    }
                    if wide {
                        writer.publish_wide(&[number as u8; 112]);
                    } else {
                        writer.publish(&[number as u8; 56]);
                    }
                }
            });
            while reader.next().0 < count {
                if let Some(message) = reader.poll() {
                    let number = message.sequence.0;
                    assert_eq!(message.payload[0], number as u8);
                    if number.is_multiple_of(1_024) {
                        far.store(number, std::sync::atomic::Ordering::Relaxed);
                    }
                } else {
                    std::hint::spin_loop();
                }
            }
            (reader.read(), reader.lost())
        });
        let rate = (count * width) as f64 / begin.elapsed().as_secs_f64() / 1e6;
        eprintln!("ring: {rate:.1} M slots/s between threads, {width} a record");
        assert_eq!((read, lost), (count, 0));
        assert!(rate > 0.5, "{rate} M slots/s");
    }
}
