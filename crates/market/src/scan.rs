//! Frames of the venue, byte by byte, into events.
//!
//! A frame in a known order of keys is read in one pass, straight into integers. On any surprise
//! (a new field, another order, white space, an escape) the same frame is read by a general parser,
//! which alone decides what is refused and why. So the fast reader can be wrong in one way only:
//! by accepting what the general one would read otherwise; tests and a fuzz target hold them
//! together.

mod cursor;
mod fast;
mod general;
mod reason;

use clock::Nanos;

pub use reason::Reason;

use crate::{Body, Contracts, Event, Flags, Level, Sequence, SymbolId};

/// Longest frame that is looked at. The longest seen, a snapshot of 1,000 levels a side, has 42 kB.
pub const MAX_FRAME_BYTES: usize = 4 << 20;

/// What a frame was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FrameKind {
    /// Best bid and ask.
    BookTicker,
    /// A change of the book.
    Depth,
    /// A whole book, the answer to a request.
    Snapshot,
    /// One trade.
    Trade,
    /// Trades put together by the venue.
    AggregateTrade,
    /// A bar, closed or not.
    Kline,
    /// Mark price, index and funding rate.
    MarkPrice,
    /// A liquidation.
    Liquidation,
}

/// What came of a frame that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scanned {
    /// What it was.
    pub kind: FrameKind,
    /// Whether the fast reader knew its form.
    pub fast: bool,
}

/// How many frames came to what end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScanCounts {
    /// Accepted by the fast reader.
    pub fast: u64,
    /// Accepted by the general one.
    pub general: u64,
    refused: [u64; Reason::ALL.len()],
}

impl ScanCounts {
    /// Refused frames by reason, every reason by name, in one order.
    pub fn refused(&self) -> impl Iterator<Item = (Reason, u64)> {
        Reason::ALL.into_iter().zip(self.refused)
    }

    /// All refused frames.
    pub fn refused_total(&self) -> u64 {
        self.refused.iter().sum()
    }
}

/// Turns frames into events, and counts what became of each.
#[derive(Debug, Clone)]
pub struct Scanner {
    contracts: Contracts,
    counts: ScanCounts,
}

impl Scanner {
    /// Reads frames of these contracts; others are refused by name.
    pub fn new(contracts: Contracts) -> Self {
        Self { contracts, counts: ScanCounts::default() }
    }

    /// The contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// What became of the frames so far.
    pub fn counts(&self) -> &ScanCounts {
        &self.counts
    }

    /// Reads one frame of a stream, raw or wrapped in `{"stream":..,"data":..}`, and appends its
    /// events to `out`; their sequence is 0. Allocates nothing where the form is known and `out`
    /// has room.
    ///
    /// # Errors
    /// The [`Reason`] the frame was refused for; `out` is as it was before.
    pub fn scan(
        &mut self,
        frame: &[u8],
        receive: Nanos,
        out: &mut Vec<Event>,
    ) -> Result<Scanned, Reason> {
        let mut sheet = Sheet::new(receive, out);
        if let Some(kind) = fast::frame(frame, &self.contracts, &mut sheet) {
            self.counts.fast += 1;
            return Ok(Scanned { kind, fast: true });
        }
        sheet.wipe();
        let read = general::frame(frame, &self.contracts, &mut sheet);
        self.settle(read, sheet)
    }

    /// Reads the answer of `GET /fapi/v1/depth`, which does not name its contract.
    ///
    /// # Errors
    /// The [`Reason`] the answer was refused for; `out` is as it was before.
    pub fn snapshot(
        &mut self,
        symbol: SymbolId,
        answer: &[u8],
        receive: Nanos,
        out: &mut Vec<Event>,
    ) -> Result<Scanned, Reason> {
        let mut sheet = Sheet::new(receive, out);
        if fast::snapshot(answer, symbol, &self.contracts, &mut sheet).is_some() {
            self.counts.fast += 1;
            return Ok(Scanned { kind: FrameKind::Snapshot, fast: true });
        }
        sheet.wipe();
        let read = general::snapshot(answer, symbol, &self.contracts, &mut sheet);
        self.settle(read, sheet)
    }

    /// As [`Scanner::scan`] by the general reader alone: the judge of the fast one.
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub fn scan_generally(
        &mut self,
        frame: &[u8],
        receive: Nanos,
        out: &mut Vec<Event>,
    ) -> Result<Scanned, Reason> {
        let mut sheet = Sheet::new(receive, out);
        let read = general::frame(frame, &self.contracts, &mut sheet);
        self.settle(read, sheet)
    }

    fn settle(
        &mut self,
        read: Result<FrameKind, Reason>,
        mut sheet: Sheet<'_>,
    ) -> Result<Scanned, Reason> {
        match read {
            Ok(kind) => {
                self.counts.general += 1;
                Ok(Scanned { kind, fast: false })
            }
            Err(reason) => {
                sheet.wipe();
                self.counts.refused[reason as usize] += 1;
                Err(reason)
            }
        }
    }
}

/// Where the events of one frame are written.
struct Sheet<'a> {
    out: &'a mut Vec<Event>,
    start: usize,
    receive: Nanos,
}

impl<'a> Sheet<'a> {
    fn new(receive: Nanos, out: &'a mut Vec<Event>) -> Self {
        let start = out.len();
        Self { out, start, receive }
    }

    /// Takes back what this frame has written.
    fn wipe(&mut self) {
        self.out.truncate(self.start);
    }

    fn put(&mut self, symbol: SymbolId, exchange: Nanos, flags: Flags, body: Body) {
        let (sequence, receive) = (Sequence(0), self.receive);
        self.out.push(Event { sequence, exchange, receive, symbol, flags, body });
    }

    fn level(&mut self, symbol: SymbolId, exchange: Nanos, side: crate::Side, level: Level) {
        self.put(symbol, exchange, Flags::NONE, Body::DepthLevel { side, level });
    }

    /// Completes a change or snapshot: its first event learns how many levels followed, its last
    /// one that it is the last.
    fn close_book(&mut self) -> Option<()> {
        let events = self.out.get_mut(self.start..)?;
        let count = u32::try_from(events.len().checked_sub(1)?).ok()?;
        match &mut events.first_mut()?.body {
            Body::DepthStart { levels, .. } | Body::SnapshotStart { levels, .. } => *levels = count,
            _ => return None,
        }
        let last = events.last_mut()?;
        last.flags = last.flags.with(Flags::LAST);
        Some(())
    }
}

/// A time of the venue, milliseconds between 2001 and 2286; none for any other number, which is
/// in another unit or no time.
fn time(millis: u64) -> Option<Nanos> {
    const YEARS_2001_TO_2286: std::ops::Range<u64> = 1_000_000_000_000..10_000_000_000_000;
    let in_range = YEARS_2001_TO_2286.contains(&millis);
    in_range.then_some(millis).and_then(|ms| i64::try_from(ms).ok()).and_then(Nanos::from_millis)
}
