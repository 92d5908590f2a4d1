use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use clock::Nanos;
use market::{Contracts, Event, FrameKind, Reason, ScanCounts, Scanner, SymbolId};

use super::Quarantine;
use crate::Error;

/// Frames of a venue as they were received, one a line: the moment in nanoseconds since 1970, a
/// space, the frame.
#[derive(Debug, Clone, Default)]
pub struct Capture {
    /// What they say, in the order of the file.
    pub events: Vec<Event>,
    /// Lines that were not taken.
    pub quarantine: Quarantine,
    /// How many frames of each kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// What became of the frames in the scanner.
    pub counts: ScanCounts,
}

/// A line that is longer has lost its end.
const MAX_LINE: u64 = 16 << 20;

pub(super) fn read(
    path: &Path,
    bytes: &mut dyn Read,
    symbol: SymbolId,
    contracts: &Contracts,
) -> Result<Capture, Error> {
    let mut lines = BufReader::new(bytes);
    let mut scanner = Scanner::new(contracts.clone());
    let (mut capture, source): (Capture, Arc<Path>) = (Capture::default(), path.into());
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut line).map_err(|error| {
            Error::File { path: path.to_owned(), reason: format!("line {number}: {error}") }
        })?;
        if read == 0 {
            break;
        }
        match frame(line.trim_ascii(), symbol, &mut scanner, &mut capture.events) {
            Ok(kind) => *capture.kinds.entry(name(kind)).or_default() += 1,
            Err(reason) => capture.quarantine.put(&source, number, reason, line.trim_ascii()),
        }
    }
    capture.counts = scanner.counts().clone();
    Ok(capture)
}

fn frame(
    line: &[u8],
    symbol: SymbolId,
    scanner: &mut Scanner,
    events: &mut Vec<Event>,
) -> Result<FrameKind, &'static str> {
    let space = line.iter().position(|byte| *byte == b' ').ok_or("no moment before the frame")?;
    let (moment, frame) = (&line[..space], &line[space + 1..]);
    let moment = std::str::from_utf8(moment).ok().and_then(|text| text.parse().ok());
    let receive = Nanos(moment.ok_or("the moment is no whole number of nanoseconds")?);
    let scanned = match scanner.scan(frame, receive, events) {
        // The answer to a request does not say whose book it is; the file does.
        Err(Reason::NamelessSnapshot) => scanner.snapshot(symbol, frame, receive, events),
        scanned => scanned,
    };
    scanned.map(|scanned| scanned.kind).map_err(Reason::name)
}

fn name(kind: FrameKind) -> &'static str {
    match kind {
        FrameKind::BookTicker => "book tickers",
        FrameKind::Depth => "book changes",
        FrameKind::Snapshot => "whole books",
        FrameKind::Trade => "trades",
        FrameKind::AggregateTrade => "aggregate trades",
        FrameKind::Kline => "bars",
        FrameKind::MarkPrice => "mark prices",
        FrameKind::Liquidation => "liquidations",
    }
}
