use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use clock::Nanos;
use market::{Contracts, Event, FrameKind, Reason, ScanCounts, Scanner, SymbolId};

use super::{Quarantine, packed};
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

/// A capture being read.
pub(super) struct Frames {
    path: Arc<Path>,
    lines: BufReader<Box<dyn Read>>,
    scanner: Scanner,
    symbol: SymbolId,
    line: Vec<u8>,
    number: u64,
    /// The events of one frame, last first.
    ready: Vec<Event>,
    kinds: BTreeMap<&'static str, u64>,
}

impl Frames {
    pub(super) fn open(
        path: &Path,
        symbol: SymbolId,
        contracts: &Contracts,
    ) -> Result<Self, Error> {
        Ok(Self {
            lines: BufReader::new(packed::open(path)?),
            path: path.into(),
            scanner: Scanner::new(contracts.clone()),
            symbol,
            line: Vec::new(),
            number: 0,
            ready: Vec::new(),
            kinds: BTreeMap::new(),
        })
    }

    pub(super) fn poll(&mut self, quarantine: &mut Quarantine) -> Result<Option<Event>, Error> {
        loop {
            if let Some(event) = self.ready.pop() {
                return Ok(Some(event));
            }
            self.number += 1;
            self.line.clear();
            let number = self.number;
            let mut limited = (&mut self.lines).take(MAX_LINE);
            let read = limited.read_until(b'\n', &mut self.line).map_err(|error| Error::File {
                path: self.path.to_path_buf(),
                reason: format!("line {number}: {error}"),
            })?;
            if read == 0 {
                return Ok(None);
            }
            let line = self.line.trim_ascii();
            match frame(line, self.symbol, &mut self.scanner, &mut self.ready) {
                Ok(kind) => *self.kinds.entry(name(kind)).or_default() += 1,
                Err(reason) => quarantine.put(&self.path, number, reason, line),
            }
            self.ready.reverse();
        }
    }

    /// How many frames of each kind, and what became of them in the scanner.
    pub(super) fn counts(self) -> (BTreeMap<&'static str, u64>, ScanCounts) {
        (self.kinds, self.scanner.counts().clone())
    }
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
