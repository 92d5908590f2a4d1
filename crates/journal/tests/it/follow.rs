//! Readers that follow a writer: in the same process, step by step, and in another.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clock::Nanos;
use journal::{Reader, ReaderOptions, Start, SyncPolicy, Tail, Writer, WriterOptions};
use proptest::prelude::{prop_assert_eq, proptest};

use crate::folder::{KIND, append, folder, open, options, payload, read_on, segment, segments};

const FOLDER: &str = "JOURNAL_TEST_FOLLOW";
const RECORDS: u64 = 60_000;

proptest! {
    #[test]
    fn a_reader_sees_what_is_written_and_no_more(
        steps in proptest::collection::vec((0..30_u64, 0..3_u8), 1..40),
        segment_bytes in 100..2_000_u64,
    ) {
        let folder = folder();
        let mut writer = Writer::open(folder.path(), options(segment_bytes)).unwrap();
        let mut reader = open(folder.path(), Start::Oldest);
        let mut seen = 0;
        for (count, then) in steps {
            for _ in 0..count {
                let number = writer.next().0;
                writer.append(Nanos(0), KIND, &payload(number)).unwrap();
            }
            match then {
                0 => writer.flush().unwrap(),
                1 => {
                    drop(writer);
                    writer = Writer::open(folder.path(), options(segment_bytes)).unwrap();
                }
                _ => continue,
            }
            prop_assert_eq!(read_on(&mut reader), seen..writer.next().0);
            seen = writer.next().0;
            prop_assert_eq!(reader.tail(), Tail::Whole);
        }
    }
}

#[test]
fn a_torn_tail_is_waited_on_until_the_next_writer_has_cut_it() {
    let folder = folder();
    append(folder.path(), 1 << 20, 5);
    let path = segment(folder.path(), 0);
    let whole = std::fs::read(&path).unwrap();
    let mut torn = whole.clone();
    torn.extend([7; 11]);
    std::fs::write(&path, torn).unwrap();
    let mut reader = open(folder.path(), Start::Oldest);
    assert_eq!(read_on(&mut reader), 0..5);
    assert_eq!(reader.tail(), Tail::Torn { offset: whole.len() as u64, bytes: 11 });
    assert!(reader.poll().unwrap().is_none());
    append(folder.path(), 1 << 20, 5);
    assert_eq!(read_on(&mut reader), 5..10);
    assert_eq!(reader.tail(), Tail::Whole);
}

#[test]
fn a_record_that_comes_byte_by_byte_is_read_when_it_is_whole() {
    let folder = folder();
    append(folder.path(), 1 << 20, 5);
    let path = segment(folder.path(), 0);
    let whole = std::fs::read(&path).unwrap();
    let mut reader = open(folder.path(), Start::Oldest);
    let mut read = 0;
    for length in 64..=whole.len() {
        std::fs::write(&path, &whole[..length]).unwrap();
        read = read_on(&mut reader).end.max(read);
    }
    assert_eq!(read, 5);
}

/// Between a reader's look at the unfinished end and its look behind it the writer may go on: that
/// was once taken for damage.
#[test]
fn what_is_written_while_the_end_is_judged_is_no_damage() {
    let folder = folder();
    let mut writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    let mut reader = open(folder.path(), Start::Oldest);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while writer.next().0 < RECORDS {
                let number = writer.next().0;
                writer.append(Nanos(0), KIND, &payload(number)).unwrap();
                writer.flush().unwrap();
            }
        });
        while reader.next().0 < RECORDS {
            read_on(&mut reader);
        }
    });
}

/// Runs as the child of the tests below: writes records, and goes on where another was killed.
#[test]
fn child_that_writes() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let options = WriterOptions { segment_bytes: 100_000, ..options(0) };
    let mut writer = Writer::open(folder.as_ref(), options).unwrap();
    while writer.next().0 < RECORDS {
        let number = writer.next().0;
        writer.append(Nanos(0), KIND, &payload(number)).unwrap();
        if number.is_multiple_of(7) {
            writer.flush().unwrap();
        }
    }
    writer.close().unwrap();
}

fn spawn_writer(folder: &std::path::Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "follow::child_that_writes"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads on until so many records are read.
fn follow(reader: &mut Reader, until: u64) {
    // Far more than it takes: ends the test should the writer have died.
    for _ in 0..20_000 {
        read_on(reader);
        if reader.next().0 >= until {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("only {} records came", reader.next().0);
}

fn open_when_there(folder: &std::path::Path) -> Reader {
    for _ in 0..10_000 {
        match Reader::open(folder, ReaderOptions::default()) {
            Ok(reader) => return reader,
            Err(journal::Error::Missing { .. }) => std::thread::sleep(Duration::from_millis(1)),
            Err(other) => panic!("{other}"),
        }
    }
    panic!("no journal came");
}

#[test]
fn a_writer_in_another_process_is_followed_through_all_its_segments() {
    let folder = folder();
    let mut child = spawn_writer(folder.path());
    let mut reader = open_when_there(folder.path());
    follow(&mut reader, RECORDS);
    assert!(child.wait().unwrap().success());
    assert_eq!(reader.next().0, RECORDS);
    assert!(segments(folder.path()).len() > 10);
}

#[test]
fn a_killed_writer_leaves_whole_records_and_the_next_goes_on() {
    let folder = folder();
    let mut reader = None;
    for kills in 1..=5 {
        let mut child = spawn_writer(folder.path());
        let reader = reader.get_or_insert_with(|| open_when_there(folder.path()));
        follow(reader, kills * RECORDS / 10);
        child.kill().unwrap();
        child.wait().unwrap();
        // What one reader has seen is there for every other.
        assert!(read_on(&mut open(folder.path(), Start::Oldest)).end >= reader.next().0);
    }
    let mut child = spawn_writer(folder.path());
    let mut reader = reader.unwrap();
    follow(&mut reader, RECORDS);
    assert!(child.wait().unwrap().success());
    assert_eq!(read_on(&mut open(folder.path(), Start::Oldest)), 0..RECORDS);
}

const CONFIRMED: &str = "JOURNAL_TEST_CONFIRMED";

/// Runs as the child of the test below: says of each record that it is on the disk.
#[test]
fn child_that_confirms() {
    let Some(folder) = std::env::var_os(CONFIRMED) else { return };
    let options = WriterOptions { sync: SyncPolicy::EveryRecord, ..options(5_000) };
    let mut writer = Writer::open(folder.as_ref(), options).unwrap();
    loop {
        let number = writer.next().0;
        writer.append(Nanos(0), KIND, &payload(number)).unwrap();
        println!("\nconfirmed {number}");
    }
}

#[test]
fn what_was_confirmed_before_a_kill_is_there_after_it() {
    let folder = folder();
    for _ in 0..5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "follow::child_that_confirms", "--nocapture"])
            .env(CONFIRMED, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let number = |line: String| line.strip_prefix("confirmed ")?.parse::<u64>().ok();
        let begun = said.by_ref().map_while(Result::ok).filter_map(number).nth(300).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        // A last line that the kill cut short claims less, never more.
        let confirmed = said.map_while(Result::ok).filter_map(number).max().unwrap_or(begun);
        assert!(confirmed >= begun);
        let there = read_on(&mut open(folder.path(), Start::Oldest));
        assert!(there.end > confirmed, "{there:?}, {confirmed} confirmed");
    }
}
