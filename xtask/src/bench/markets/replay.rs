use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use backtest::{Capture, Feed, Import, run};
use clock::Nanos;
use fault::{Cancel, Silent};
use journal::{Checksums, Epoch, Reader, ReaderOptions, SyncPolicy, Writer, WriterOptions, events};
use market::{Bar, Book, Event, Flags, Timeframe};
use trading::strategy::{Strategy, View, Wishes};

use super::Ground;
use super::cross::drive;
use super::recorded::{BTCUSDT, Recorded};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::guest::Guest;

pub(super) const TITLE: &str = "Replay of a capture";
/// So often the capture stands in the journal: half a gigabyte, far more than any cache.
const COPIES: usize = 10;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let contracts = Recorded::contracts()?;
    let (scanning, capture) =
        cpu::of_this(|| Ok(Import::frames(&ground.recorded.capture(), BTCUSDT, &contracts)?))?;
    let Capture { events, quarantine, .. } = capture;
    ensure!(quarantine.total() == 0, "{quarantine:?}");
    let (writing, journal) = cpu::of_this(|| write(&events, ground.folder))?;
    let once = Journal { folder: journal, events: events.len() };
    let feed = Feed::merge([events]);
    let hft = Guest::invite("hftbacktest", "replay_hftbacktest.py", &[], ground.folder)?;
    let theirs = hft.said("events").unwrap_or(0.0);
    let converted = hft.said("converting").map_or(String::new(), |seconds| {
        format!(" hftbacktest's converter makes {theirs} events of it in {seconds:.2} s.")
    });
    let row = |told: &'static str, job| hft.row(|name| format!("{name}, {told}"), job).work(theirs);
    let all = (once.events * COPIES) as f64;
    let contest = Contest {
        title: TITLE,
        about: format!(
            "The raw capture of BTCUSDT of 8 August 2024: 345 s, 93,954 frames. Triad's journal \
             holds its {} events, book tickers among them, {COPIES} times; every event is read \
             from the file, which the system has in memory, checked and decoded. hftbacktest has \
             its array in memory, without book tickers, as its converter makes it; it moves a \
             venue and a local side, each with a book, in a loop compiled by numba. So two rows of \
             Triad stand beside it: with one book kept, and with venue and core of a whole \
             backtest, whose events are in memory as well. Each counts its own events; what one capture takes is told beside. Conversion \
             is apart: Triad unpacks and scans the capture in {scanning:.2} s and writes {COPIES} \
             copies into the journal in {writing:.2} s.{converted}",
            once.events
        ),
        unit: Unit::Millions("events"),
        work: all,
        contestants: vec![
            Contestant::new("Triad, journal", || once.read(Checksums::Verified)),
            Contestant::new("Triad, journal, checksums trusted", || once.read(Checksums::Trusted)),
            Contestant::new("Triad, journal, the book kept", || once.keep_the_book()),
            Contestant::new("Triad, venue and core", || backtest(&feed)).work(once.events as f64),
            row("steps of 1 s, book as a vector", "steps"),
            row("steps of 1 s, book as a map", "steps, map"),
            row("waiting for each feed, book as a vector", "feed"),
        ],
    };
    contest.run(ground.runs)
}

/// The capture as a journal, over and over.
struct Journal {
    folder: PathBuf,
    /// Of one copy.
    events: usize,
}

fn write(events: &[Event], folder: &Path) -> Result<PathBuf> {
    let folder = folder.join("journal");
    let sync = SyncPolicy::OnDemand;
    let options = WriterOptions { sync, ..WriterOptions::new(Epoch(1), Nanos(0)) };
    let mut writer = Writer::open(&folder, options)?;
    for event in std::iter::repeat_n(events, COPIES).flatten() {
        events::append(&mut writer, event)?;
    }
    writer.close()?;
    Ok(folder)
}

impl Journal {
    fn open(&self, checksums: Checksums) -> Result<Reader> {
        Ok(Reader::open(&self.folder, ReaderOptions { checksums, ..ReaderOptions::default() })?)
    }

    fn read(&self, checksums: Checksums) -> Result<Turn> {
        let mut reader = self.open(checksums)?;
        let (seconds, read) = cpu::of_this(|| {
            let mut read = 0;
            while let Some(event) = events::poll(&mut reader)? {
                black_box(&event);
                read += 1;
            }
            Ok(read)
        })?;
        ensure!(read == self.events * COPIES, "{read} events");
        Ok((seconds, format!("{read} events, {}", pace(seconds / COPIES as f64))))
    }

    fn keep_the_book(&self) -> Result<Turn> {
        let mut reader = self.open(Checksums::Verified)?;
        let mut book = Book::new(BTCUSDT);
        let (seconds, applied) = cpu::of_this(|| {
            let mut applied = 0;
            for _ in 0..COPIES {
                // Each copy begins before its own whole book.
                book = Book::new(BTCUSDT);
                for _ in 0..self.events {
                    let event = events::poll(&mut reader)?.context("the journal is too short")?;
                    black_box(book.apply(&event));
                }
                applied += book.counts().applied;
            }
            Ok(applied)
        })?;
        let top = book.best_bid().zip(book.best_ask()).context("an empty book")?;
        let [bid, ask] = [top.0, top.1].map(|level| level.price.0 as f64 / 10.0);
        let pace = pace(seconds / COPIES as f64);
        Ok((seconds, format!("{applied} changes, {pace}, book at {bid:.1} / {ask:.1}")))
    }
}

/// What can be compared whatever is counted as an event.
fn pace(seconds: f64) -> String {
    format!("{:.1} ms a capture", seconds * 1e3)
}

/// Looks and wants nothing.
struct Idle;

impl Strategy for Idle {
    fn name(&self) -> String {
        "idle".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, _: &View<'_>, _: &mut Wishes) {}
}

fn backtest(feed: &Feed) -> Result<Turn> {
    let drive = drive()?;
    let (seconds, outcome) =
        cpu::of_this(|| Ok(run(feed, &drive, Idle, &Silent, &Cancel::new())?))?;
    Ok((seconds, format!("{} events, {}", outcome.events, pace(seconds))))
}
