use std::hint::black_box;

use anyhow::Result;
use market::{FrameKind, Reason, Scanner};

use super::Ground;
use super::recorded::{BTCUSDT, Frame, Recorded};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;

pub(super) const TITLE: &str = "Scanner";
/// Frames of a kind in a turn, about: a kind that is rare is read more often.
const FRAMES: usize = 200_000;
const SNAPSHOTS: usize = 1_000;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let frames = ground.recorded.frames()?;
    let kinds = [
        ("book tickers", FrameKind::BookTicker, FRAMES),
        ("trades", FrameKind::Trade, FRAMES),
        ("book changes", FrameKind::Depth, FRAMES / 10),
        ("a whole book", FrameKind::Snapshot, SNAPSHOTS),
    ];
    let all: Vec<&Frame> = frames.iter().collect();
    let mut contestants = vec![row("Triad, the capture as it came", all.clone(), 1, false)];
    for (name, kind, count) in kinds {
        let of_kind = of(kind, &frames)?;
        let passes = count.div_ceil(of_kind.len().max(1));
        contestants.push(row(&format!("Triad, {name}"), of_kind, passes, false));
    }
    contestants.push(row("Triad's general reader, the capture as it came", all, 1, true));
    let contest = Contest {
        title: TITLE,
        about: "Frames of the capture, in memory, to events in ticks and lots. The general reader \
                is what any frame in an unknown form goes through: a parser of JSON, then the same \
                checks."
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
    let mut scanner = scanner()?;
    let mut out = Vec::new();
    let mut is_it = |frame: &&Frame| {
        out.clear();
        let scanned = match scanner.scan(&frame.bytes, frame.receive, &mut out) {
            Err(Reason::NamelessSnapshot) => return kind == FrameKind::Snapshot,
            scanned => scanned,
        };
        scanned.is_ok_and(|scanned| scanned.kind == kind)
    };
    Ok(frames.iter().filter(|frame| is_it(frame)).collect())
}

fn row<'a>(name: &str, frames: Vec<&'a Frame>, passes: usize, general: bool) -> Contestant<'a> {
    let work = (frames.len() * passes) as f64;
    Contestant::new(name, move || scan(&frames, passes, general)).work(work)
}

fn scan(frames: &[&Frame], passes: usize, general: bool) -> Result<Turn> {
    let mut scanner = scanner()?;
    let mut out = Vec::with_capacity(1 << 14);
    let (seconds, events) = cpu::of_this(|| {
        let mut events = 0;
        for _ in 0..passes {
            for Frame { receive, bytes } in frames {
                out.clear();
                let scanned = if general {
                    scanner.scan_generally(bytes, *receive, &mut out)
                } else {
                    scanner.scan(bytes, *receive, &mut out)
                };
                match scanned {
                    Err(Reason::NamelessSnapshot) => {
                        scanner.snapshot(BTCUSDT, bytes, *receive, &mut out)
                    }
                    scanned => scanned,
                }
                .map_err(|reason| anyhow::anyhow!(reason.name()))?;
                events += black_box(&out).len();
            }
        }
        Ok(events / passes)
    })?;
    let bytes: usize = frames.iter().map(|frame| frame.bytes.len()).sum();
    let (count, mean) = (frames.len(), bytes / frames.len().max(1));
    let counts = scanner.counts();
    let slow = if general || counts.general == 0 {
        String::new()
    } else {
        format!(", {} by the general reader", counts.general)
    };
    Ok((seconds, format!("{count} frames of {mean} bytes on average, {events} events{slow}")))
}
