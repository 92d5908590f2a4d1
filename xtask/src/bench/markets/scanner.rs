use std::hint::black_box;

use anyhow::{Result, anyhow};
use market::{Event, FrameKind, Reason, Scanner};

use super::Ground;
use super::recorded::{BTCUSDT, Frame, Recorded};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;

pub(super) const TITLE: &str = "Scanner";
/// Frames of a kind in a turn, about: a kind that is rare is read more often.
const FRAMES: usize = 200_000;
const BOOKS: usize = 1_000;
/// Of one frame: room for more than any has.
const MOST_EVENTS: usize = 1 << 14;

/// By which of the scanner's ways frames are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As a stream brings them; the one answer among them, which does not say whose book it is, as
    /// the answer to a request.
    Stream,
    /// All as the answers to requests.
    Answer,
    /// By the general reader alone.
    General,
}

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let frames = ground.recorded.frames()?;
    let all: Vec<&Frame> = frames.iter().collect();
    let kinds = [
        ("Triad, book tickers", FrameKind::BookTicker, Way::Stream, FRAMES),
        ("Triad, trades", FrameKind::Trade, Way::Stream, FRAMES),
        ("Triad, book changes", FrameKind::Depth, Way::Stream, FRAMES / 10),
        ("Triad, a whole book", FrameKind::Snapshot, Way::Answer, BOOKS),
    ];
    let mut contestants = vec![row("Triad, the capture as it came", all.clone(), 1, Way::Stream)];
    for (name, kind, way, count) in kinds {
        let of_kind = of(kind, &frames)?;
        let passes = count.div_ceil(of_kind.len().max(1));
        contestants.push(row(name, of_kind, passes, way));
    }
    let general = "Triad's general reader, the capture as it came";
    contestants.push(row(general, all, 1, Way::General));
    let contest = Contest {
        title: TITLE,
        about: "Frames of the capture, in memory, to events in ticks and lots. The general reader \
                is what any frame in an unknown form goes through: a parser of JSON, then the same \
                checks. The capture holds one whole book, 1,000 levels a side; it is read over and \
                over."
            .to_owned(),
        unit: Unit::Nanos("a frame"),
        work: frames.len() as f64,
        contestants,
    };
    contest.run(ground.runs)
}

fn scanner() -> Result<Scanner> {
    Ok(Scanner::new(Recorded::contracts()?))
}

/// The frames of one kind.
fn of(kind: FrameKind, frames: &[Frame]) -> Result<Vec<&Frame>> {
    let (mut scanner, mut out) = (scanner()?, Vec::new());
    let mut found = Vec::new();
    for frame in frames {
        out.clear();
        if read(&mut scanner, frame, Way::Stream, &mut out)? == kind {
            found.push(frame);
        }
    }
    Ok(found)
}

fn row<'a>(name: &str, frames: Vec<&'a Frame>, passes: usize, way: Way) -> Contestant<'a> {
    let work = (frames.len() * passes) as f64;
    Contestant::new(name, move || scan(&frames, passes, way)).work(work)
}

fn scan(frames: &[&Frame], passes: usize, way: Way) -> Result<Turn> {
    let mut scanner = scanner()?;
    let mut out = Vec::with_capacity(MOST_EVENTS);
    let (seconds, events) = cpu::of_this(|| {
        let mut events = 0;
        for _ in 0..passes {
            for frame in frames {
                out.clear();
                read(&mut scanner, frame, way, &mut out)?;
                events += black_box(&out).len();
            }
        }
        Ok(events / passes)
    })?;
    let bytes: usize = frames.iter().map(|frame| frame.bytes.len()).sum();
    let (count, mean) = (frames.len(), bytes / frames.len().max(1));
    let general = scanner.counts().general as usize / passes;
    let by = format!("{general} by the general reader");
    Ok((seconds, format!("{count} frames of {mean} bytes on average, {events} events; {by}")))
}

/// The events of a frame into `out`, and what it was.
fn read(
    scanner: &mut Scanner,
    Frame { receive, bytes }: &Frame,
    way: Way,
    out: &mut Vec<Event>,
) -> Result<FrameKind> {
    let scanned = match way {
        Way::Stream => scanner.scan(bytes, *receive, out),
        Way::General => scanner.scan_generally(bytes, *receive, out),
        Way::Answer => Err(Reason::NamelessSnapshot),
    };
    let scanned = match scanned {
        Err(Reason::NamelessSnapshot) => scanner.snapshot(BTCUSDT, bytes, *receive, out),
        scanned => scanned,
    };
    Ok(scanned.map_err(|reason| anyhow!(reason.name()))?.kind)
}
