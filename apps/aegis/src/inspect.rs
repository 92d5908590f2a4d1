use std::path::{Path, PathBuf};

use backtest::{Capture, Damage, Import, Inspection, Playback, Quarantine, Recorded};
use clap::Args;
use ops::console::{self, Failure};

use crate::recording::{self, Recording};
use crate::source;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis inspect --bars BTCUSDT-1m.csv.gz
  aegis inspect --frames BTCUSDT=capture.gz --json
  aegis inspect --journal market

A capture has a frame of the venue a line: the moment of receipt in nanoseconds since 1970, a space,
the frame. It is read as the live engine reads: every frame scanned, the book followed as documented.";

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct InspectArgs {
    /// Bars of a contract: BTCUSDT-1m.csv.gz, or BTCUSDT-1m=PATH
    #[arg(long, value_name = "FILE")]
    bars: Vec<Recording>,

    /// Frames of a contract as they were received: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    frames: Vec<(String, PathBuf)>,

    /// A journal that aegis import wrote
    #[arg(long, value_name = "DIR")]
    journal: Option<PathBuf>,

    /// Read a damaged journal up to the damage, where else it is refused
    #[arg(long, requires = "journal")]
    up_to_damage: bool,
}

pub(crate) fn run(args: &InspectArgs, json: bool) -> Result<(), Failure> {
    let assumptions = backtest::assumptions()?;
    let mut found = Vec::new();
    for recording in &args.bars {
        let contracts = assumptions.contracts([recording.symbol.as_str()])?;
        for (symbol, contract) in contracts.iter() {
            let import = Import::bars(&recording.path, symbol, contract, recording.timeframe)?;
            let inspection = Inspection::of(&import.events, &contracts)?;
            found.push((Some(inspection), import.quarantine, None));
        }
    }
    for (name, path) in &args.frames {
        let contracts = assumptions.contracts([name.as_str()])?;
        for (symbol, _) in contracts.iter() {
            let capture = Import::frames(path, symbol, &contracts)?;
            let inspection = Inspection::of(&capture.events, &contracts)?;
            found.push((Some(inspection), capture.quarantine.clone(), Some(capture)));
        }
    }
    if let Some(folder) = &args.journal {
        found.extend(journal(folder, source::damage(args.up_to_damage))?);
    }
    if json {
        let all: Vec<serde_json::Value> = found.iter().map(as_json).collect();
        return Ok(console::say_json(&serde_json::Value::Array(all))?);
    }
    let lines: Vec<String> = found.iter().flat_map(lines).collect();
    Ok(console::say(&lines)?)
}

/// Each contract of a journal that has events; what was not read stands with the first, and by
/// itself where there is none.
fn journal(folder: &Path, damage: Damage) -> Result<Vec<Found>, Failure> {
    let mut recorded = Recorded::open(folder)?;
    let mut playback = Playback::new(recorded.listed());
    let mut quarantine = Quarantine::default();
    recorded.read_on(damage, &mut quarantine, |event| playback.push(event))?;
    let found = playback.finish().contracts;
    if found.is_empty() {
        return Ok(vec![(None, quarantine, None)]);
    }
    let found = found.into_iter();
    Ok(found.map(|found| (Some(found), std::mem::take(&mut quarantine), None)).collect())
}

/// What is in a recording, if anything; what was not taken; the frames it came in.
type Found = (Option<Inspection>, Quarantine, Option<Capture>);

fn as_json((inspection, quarantine, capture): &Found) -> serde_json::Value {
    serde_json::json!({
        "recording": inspection,
        "refused": quarantine.counts,
        "frames": capture.as_ref().map(|capture| &capture.kinds),
        "read_fast": capture.as_ref().map(|capture| capture.counts.fast),
    })
}

fn lines((inspection, quarantine, capture): &Found) -> Vec<String> {
    let mut lines = match inspection {
        Some(inspection) => found(inspection),
        None => vec!["No events".to_owned()],
    };
    if let Some(capture) = capture {
        let kinds: Vec<String> =
            capture.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let all: u64 = capture.kinds.values().sum();
        let frames = [
            format!("  Frames  {all}: {}", kinds.join(", ")),
            format!(
                "          {} of a known form, {} read by the general reader",
                capture.counts.fast, capture.counts.general
            ),
        ];
        lines.splice(1..1, frames);
    }
    lines.extend(refused(quarantine));
    lines
}

/// What was not taken.
pub(crate) fn refused(quarantine: &Quarantine) -> Vec<String> {
    let counted = quarantine.counts.iter();
    let mut lines: Vec<String> =
        counted.map(|(reason, count)| format!("  Not taken: {count} lines, {reason}")).collect();
    lines.extend(quarantine.told().map(|held| format!("    {held}")));
    lines
}

/// What the events of a contract are.
pub(crate) fn found(inspection: &Inspection) -> Vec<String> {
    let seconds = (inspection.to_ms - inspection.from_ms) as f64 / 1_000.0;
    let mut lines = vec![format!(
        "{}: {} events in {seconds:.1} s, {} of another contract",
        inspection.contract, inspection.events, inspection.foreign
    )];
    if let Some((least, most)) = inspection.clock_behind_ms {
        lines.push(format!("  Clock   {least} to {most} ms behind the venue's"));
    }
    if let Some(book) = &inspection.book {
        lines.push(format!(
            "  Book    {} changes applied ({} of them buffered), {} stale, {} gaps, {} crossed",
            book.applied, book.from_buffer, book.stale, book.gaps, book.crossed
        ));
        let state = if book.live { "in step" } else { "not in step" };
        lines.push(format!(
            "          at the end {} bids and {} asks, {state} with the venue",
            book.bids, book.asks
        ));
    }
    if let Some(bars) = &inspection.bars {
        lines.push(format!(
            "  Bars    {} of {}, {} gaps with {} missing, {} twice, {} late, {} foreign",
            bars.accepted,
            bars.timeframe,
            bars.gaps,
            bars.missing,
            bars.duplicate,
            bars.late,
            bars.foreign
        ));
    }
    lines
}
