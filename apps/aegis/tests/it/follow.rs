//! A market played by one process and followed by another.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::time::Duration;

use clock::Nanos;
use journal::ring::{RingOptions, Writer as Ring};
use journal::{Epoch, Writer, WriterOptions, events};
use market::{Bar, Event, Lots, Sequence, SymbolId, Ticks, Timeframe};

use crate::bench::{Bench, Ended, minutes};

/// A bench with a journal of so many minutes.
fn bench(count: i64) -> Bench {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(count));
    let import = ["import", "--out", "market", "--bars", "BTCUSDT-1m.csv"];
    assert_eq!(bench.run(&import).code, 0);
    bench
}

/// A ring of this process for a child to read.
fn ring(bench: &Bench, epoch: u64, events: i64) -> (PathBuf, Ring) {
    let path = bench.path("ring");
    let options = RingOptions { epoch: Epoch(epoch), first: Sequence(1), slots: 16 };
    let mut ring = Ring::create(&path, options).unwrap();
    for number in 0..events {
        ring.publish_event(&bar(number));
    }
    (path, ring)
}

fn bar(number: i64) -> Event {
    let open_time = Nanos(1_746_372_780_000_000_000 + number * 60_000_000_000);
    let price = Ticks(950_000 + number);
    let (open, high, low, close, volume) = (price, price, price, price, Lots(5));
    let timeframe = Timeframe::M1;
    let bar = Bar { timeframe, open_time, open, high, low, close, volume, flow: None };
    Event::closed_bar(SymbolId(0), bar)
}

fn refused(ended: &Ended, code: i32, said: &str) {
    assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
}

#[test]
fn a_replay_says_what_it_played_and_the_same_number_each_time() {
    let bench = bench(500);
    let first = bench.run(&["replay", "market"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stdout.starts_with("500 events in "), "{}", first.stdout);
    assert!(first.stdout.contains("500 of 1m, 0 gaps with 0 missing"), "{}", first.stdout);
    // The prices of a second market differ in one place.
    bench.file("BTCUSDT-1m.csv", &minutes(500).replacen("95001.0", "95001.1", 1));
    let import = ["import", "--out", "other", "--bars", "BTCUSDT-1m.csv"];
    assert_eq!(bench.run(&import).code, 0);
    let hash = |folder: &str| {
        let ended = bench.run(&["replay", folder, "--json"]);
        let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!(
            (&json["events"], &json["contracts"][0]["bars"]["accepted"]),
            (&500.into(), &500.into())
        );
        json["hash"].as_str().unwrap().to_owned()
    };
    assert_eq!(hash("market").len(), 64);
    assert_eq!(hash("market"), hash("market"));
    assert_ne!(hash("market"), hash("other"));
    assert!(first.stdout.contains(&hash("market")));
}

#[test]
fn another_process_reads_the_ring_of_a_replay_as_the_journal_has_it() {
    let bench = bench(120);
    let ring = bench.path("ring").display().to_string();
    let follow = ["tail", "--ring", &ring, "--wait", "60", "--contracts", "market"];
    let tail = bench.start(&follow);
    // Two hours in two seconds: the other process comes while it is played.
    let mut play = vec!["replay", "market", "--speed", "3600", "--ring", &ring];
    let replay = bench.start(&play);
    let (tail, replay) = (tail.wait(), replay.wait());
    assert_eq!((tail.code, replay.code), (0, 0), "{}{}", tail.stderr, replay.stderr);
    let journal = bench.run(&["tail", "--journal", "market", "--once"]);
    let lines = |ended: &Ended| -> Vec<String> {
        let mut lines: Vec<String> = ended.stdout.lines().map(str::to_owned).collect();
        lines.pop();
        lines
    };
    assert_eq!(lines(&journal).len(), 120);
    assert_eq!(lines(&tail), lines(&journal));
    let bar = "BTCUSDT bar 1m: 95000.0 95006.0 94995.0 95001.0, volume 1.500";
    assert!(lines(&tail)[0].ends_with(bar), "{}", lines(&tail)[0]);
    assert!(tail.stdout.ends_with("120 read, 0 lost: closed by its writer\n"), "{}", tail.stdout);
    assert!(!bench.path("ring").exists(), "a ring goes with its writer");
    // At the speed of the recording there would be nothing after two seconds; as fast as possible
    // there is everything at once.
    play.truncate(2);
    assert!(bench.run(&play).stdout.contains("120 events"));
}

#[test]
fn a_writer_that_was_killed_is_told_from_one_that_is_done() {
    let bench = bench(120);
    let ring = bench.path("ring").display().to_string();
    let mut replay = bench.start(&["replay", "market", "--speed", "60", "--ring", &ring]);
    let first = bench.run(&["tail", "--ring", &ring, "--wait", "60", "--count", "2", "--json"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let json: Vec<serde_json::Value> =
        first.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json.len(), 3);
    assert_eq!((&json[0]["sequence"], &json[1]["sequence"]), (&1.into(), &2.into()));
    // Nobody named the contracts, so numbers are what they are in the ring.
    assert_eq!(
        (&json[0]["contract"], &json[0]["bar"]["open"]),
        (&"#0".into(), &"950000 ticks".into())
    );
    assert_eq!(json[2]["end"]["read"], 2);
    let tail = bench.start(&["tail", "--ring", &ring]);
    replay.kill();
    let tail = tail.wait();
    refused(&tail, 3, "is gone");
    // Now it is stale from the beginning, and a new writer replaces it.
    refused(&bench.run(&["tail", "--ring", &ring]), 3, "is gone");
    let again = bench.run(&["replay", "market", "--ring", &ring]);
    assert_eq!(again.code, 0, "{}", again.stderr);
}

#[test]
fn what_a_slow_reader_lost_is_counted() {
    let bench = bench(60);
    let (path, mut ring) = ring(&bench, 1, 1);
    let path = path.display().to_string();
    let tail = bench.start(&["tail", "--ring", &path, "--json", "--count", "300"]);
    // A bar takes two slots of sixteen: whoever looks every other millisecond is lapped.
    let tail = std::thread::scope(|scope| {
        let reading = scope.spawn(|| tail.wait());
        for number in 1.. {
            ring.publish_event(&bar(number));
            if number % 100 == 0 {
                std::thread::sleep(Duration::from_millis(5));
                if reading.is_finished() {
                    break;
                }
            }
        }
        reading.join().unwrap()
    });
    assert_eq!(tail.code, 0, "{}", tail.stderr);
    let lines: Vec<serde_json::Value> =
        tail.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (mut next, mut all) = (None, 0);
    for line in &lines {
        if let Some(lost) = line["lost"].as_u64() {
            next = next.map(|next: u64| next + lost);
            all += lost;
        } else if let Some(sequence) = line["sequence"].as_u64() {
            assert_eq!(sequence, next.unwrap_or(sequence), "each one that is missing is counted");
            next = Some(sequence + 1);
        }
    }
    let end = &lines.last().unwrap()["end"];
    assert_eq!((end["lost"].as_u64(), end["read"].as_u64()), (Some(all), Some(300)));
    assert!(all > 0, "{}", tail.stdout);
}

#[test]
fn a_journal_is_followed_while_somebody_else_writes_it() {
    let bench = bench(10);
    let follow = ["tail", "--journal", "market", "--from", "now", "--count", "3"];
    let tail = bench.start(&follow);
    let first = bar(0).receive;
    let options = WriterOptions::new(Epoch(first.0.cast_unsigned()), first);
    let mut writer = Writer::open(&bench.path("market"), options).unwrap();
    assert_eq!(writer.next(), Sequence(11));
    // However late the other process comes, three more come after it.
    let ended = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| tail.wait());
        for number in 10.. {
            events::append(&mut writer, &bar(number)).unwrap();
            writer.flush().unwrap();
            std::thread::sleep(Duration::from_millis(10));
            if waiting.is_finished() {
                break;
            }
        }
        waiting.join().unwrap()
    });
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(ended.stdout.lines().count(), 4, "{}", ended.stdout);
    assert!(ended.stdout.ends_with("3 read, 0 lost: as many as were asked for\n"));
}

#[test]
fn each_ring_that_cannot_be_read_has_its_own_error() {
    let bench = bench(10);
    let tail = |path: &str| bench.run(&["tail", "--ring", path, "--once"]);
    refused(&tail("nowhere"), 2, "there is no ring here");
    let (path, _ring) = ring(&bench, 5, 3);
    let good = tail(&path.display().to_string());
    assert!(good.stdout.ends_with("3 read, 0 lost: no more for now\n"), "{}", good.stdout);
    let bytes = fs::read(&path).unwrap();
    let altered = |name: &str, alter: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        alter(&mut bytes);
        fs::write(bench.path(name), bytes).unwrap();
        tail(name)
    };
    refused(&altered("short", &|ring| ring.truncate(5_000)), 4, "5000 bytes, 5120 were expected");
    refused(&altered("newer", &|ring| ring[8] = 9), 2, "version 9; this program knows version 1");
    refused(&altered("foreign", &|ring| ring[0] = b'X'), 2, "is no ring");
    refused(&altered("damaged", &|ring| ring[40] ^= 1), 4, "checksum of its header");
    // A file of nobody's: its writer is gone.
    refused(&altered("left", &|_| ()), 3, "is gone");
    let stale = ["tail", "--ring", "ring", "--contracts", "market"];
    refused(&bench.run(&stale), 2, "epoch 5; epoch");
    refused(&bench.run(&["tail", "--journal", "nowhere"]), 2, "there is no journal here");
    for odd in [&["tail"][..], &["tail", "--ring", "a", "--journal", "b"]] {
        assert_eq!(bench.run(odd).code, 2);
    }
}

#[test]
fn a_ring_one_may_not_read_is_forbidden() {
    const NOBODY: u32 = 65_534;
    let bench = bench(10);
    let (path, _ring) = ring(&bench, 5, 1);
    fs::set_permissions(bench.path("."), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bench.command(&["tail", "--ring", "ring"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Root is let in everywhere, so the child is somebody else, and starts its own program by a
    // name that somebody else may follow.
    if fs::File::open(&path).is_ok() {
        let program = bench.path("aegis");
        // By another process: a program that this one holds open for writing, even in a child that
        // another test has just forked, cannot be started.
        let copied = std::process::Command::new("cp")
            .arg(env!("CARGO_BIN_EXE_aegis"))
            .arg(&program)
            .status()
            .unwrap();
        assert!(copied.success());
        command = std::process::Command::new(program);
        command.args(["tail", "--ring", "ring"]).current_dir(bench.path("."));
        command.uid(NOBODY).gid(NOBODY);
    }
    refused(&Ended::of(command.output().unwrap()), 4, "may not read");
}

#[test]
fn a_replay_at_no_speed_and_a_ring_of_no_size_are_refused() {
    let bench = bench(10);
    for (arguments, said) in [
        (&["--speed", "0"][..], "--speed 0: accepted is 0.001 to"),
        (&["--speed", "NaN"], "--speed NaN"),
        (&["--ring", "r", "--slots", "100"], "--slots 100: accepted is a power of two"),
        (&["--ring", "nowhere/r"], "nowhere/r"),
    ] {
        refused(&bench.run(&[&["replay", "market"], arguments].concat()), 2, said);
    }
    refused(&bench.run(&["replay", "nowhere"]), 2, "there is no journal here");
}

#[test]
fn what_is_no_ring_is_the_callers_to_name_better() {
    let bench = Bench::new();
    let (empty, short) = (bench.file("empty", ""), bench.file("short", "root:x:0:0\n"));
    for path in ["/dev/null", &empty, &short, "/dev/zero"] {
        let ended = bench.run(&["tail", "--ring", path]);
        assert_eq!(ended.code, 2, "{path}: {}", ended.stderr);
    }
}
