use clock::Nanos;
use market::{
    Bar, BarSeries, Body, Book, BookState, ClosedBar, Contracts, Event, Flags, SymbolId, Timeframe,
};
use serde::Serialize;

use crate::Error;

/// What a recording of one contract holds, found by reading it as the engine would.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// The contract.
    pub contract: String,
    /// Events.
    pub events: usize,
    /// First and last moment of receipt, in milliseconds since 1970.
    pub from_ms: i64,
    /// See `from_ms`.
    pub to_ms: i64,
    /// Events that carry another contract's number: the recording is not of one.
    pub foreign: usize,
    /// How far our clock was behind the venue's, in milliseconds: the least and the most.
    pub clock_behind_ms: Option<(i64, i64)>,
    /// Its order book, if it has one.
    pub book: Option<BookInspection>,
    /// Its closed bars, if it has any.
    pub bars: Option<BarInspection>,
}

/// An order book followed from its first event to its last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BookInspection {
    /// Changes that were applied, buffered ones included.
    pub applied: u64,
    /// Those of them that had been buffered before the whole book came.
    pub from_buffer: u64,
    /// Changes that the whole book already had.
    pub stale: u64,
    /// Times changes were missing.
    pub gaps: u64,
    /// Changes after which the best bid was not below the best ask.
    pub crossed: u64,
    /// Whether it was in step with the venue at the end.
    pub live: bool,
    /// Levels at the end.
    pub bids: usize,
    /// See `bids`.
    pub asks: usize,
}

/// Closed bars put into a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarInspection {
    /// Their length.
    pub timeframe: &'static str,
    /// Those that were accepted.
    pub accepted: u64,
    /// There twice.
    pub duplicate: u64,
    /// Too late.
    pub late: u64,
    /// Of another length or off its grid.
    pub foreign: u64,
    /// Holes.
    pub gaps: u64,
    /// Bars missing in them.
    pub missing: u64,
}

impl Inspection {
    /// Of the events of a recording that is to be of the first contract of a table.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::Market`].
    pub fn of(events: &[Event], contracts: &Contracts) -> Result<Self, Error> {
        let (symbol, contract) = contracts.iter().next().ok_or(Error::Empty)?;
        let mut inspector = Inspector::new(symbol, &contract.name);
        for event in events {
            inspector.push(event)?;
        }
        inspector.finish().ok_or(Error::Empty)
    }
}

/// Looks at the events of one contract as they come.
#[derive(Debug)]
pub struct Inspector {
    symbol: SymbolId,
    contract: String,
    events: usize,
    /// Receipt of the first event and of the last.
    times: Option<(Nanos, Nanos)>,
    foreign: usize,
    clock_behind_ms: Option<(i64, i64)>,
    book: Book,
    crossed: u64,
    bars: Option<Bars>,
}

impl Inspector {
    /// Before the first event.
    pub fn new(symbol: SymbolId, contract: &str) -> Self {
        Self {
            symbol,
            contract: contract.to_owned(),
            events: 0,
            times: None,
            foreign: 0,
            clock_behind_ms: None,
            book: Book::new(symbol),
            crossed: 0,
            bars: None,
        }
    }

    /// Takes the next event.
    ///
    /// # Errors
    /// [`Error::Market`].
    pub fn push(&mut self, event: &Event) -> Result<(), Error> {
        self.events += 1;
        self.foreign += usize::from(event.symbol != self.symbol);
        let first = self.times.map_or(event.receive, |(first, _)| first);
        self.times = Some((first, event.receive));
        match event.body {
            Body::Bar(bar) if event.flags.has(Flags::CLOSED) => {
                if self.bars.is_none() {
                    self.bars = Some(Bars::new(bar.timeframe)?);
                }
                if let Some(bars) = &mut self.bars {
                    bars.push(bar, event.flags);
                }
            }
            Body::Bar(_) => {}
            _ => {
                let lag = event.exchange.since(event.receive) / 1_000_000;
                let (least, most) = self.clock_behind_ms.unwrap_or((lag, lag));
                self.clock_behind_ms = Some((least.min(lag), most.max(lag)));
            }
        }
        self.book.apply(event);
        let is_whole = event.flags.has(Flags::LAST) && self.book.state() == BookState::Live;
        let best = (self.book.best_bid(), self.book.best_ask());
        if let (true, (Some(bid), Some(ask))) = (is_whole, best) {
            self.crossed += u64::from(bid.price >= ask.price);
        }
        Ok(())
    }

    /// What was found; none where nothing was there.
    pub fn finish(self) -> Option<Inspection> {
        let (first, last) = self.times?;
        Some(Inspection {
            book: self.book_found(),
            contract: self.contract,
            events: self.events,
            from_ms: first.millis(),
            to_ms: last.millis(),
            foreign: self.foreign,
            clock_behind_ms: self.clock_behind_ms,
            bars: self.bars.map(|bars| bars.found()),
        })
    }

    fn book_found(&self) -> Option<BookInspection> {
        let (book, counts) = (&self.book, self.book.counts());
        (counts.applied + counts.snapshots + counts.stale > 0).then(|| BookInspection {
            applied: counts.applied,
            from_buffer: counts.from_buffer,
            stale: counts.stale,
            gaps: counts.gaps,
            crossed: self.crossed,
            live: book.state() == BookState::Live,
            bids: book.bids().len(),
            asks: book.asks().len(),
        })
    }
}

/// Closed bars of one length, and what is missing between them.
#[derive(Debug)]
struct Bars {
    timeframe: Timeframe,
    series: BarSeries,
    closed: Vec<ClosedBar>,
    end: Option<Nanos>,
    missing: u64,
}

impl Bars {
    fn new(timeframe: Timeframe) -> Result<Self, Error> {
        // No gap is waited for: nobody can be asked.
        let series = BarSeries::new(timeframe, &[], 0)?;
        Ok(Self { timeframe, series, closed: Vec::new(), end: None, missing: 0 })
    }

    fn push(&mut self, bar: Bar, flags: Flags) {
        self.series.push(bar, flags, &mut self.closed);
        for (bar, _) in self.closed.drain(..) {
            let hole = self.end.map_or(0, |end| bar.open_time.since(end));
            self.missing += u64::try_from(hole / self.timeframe.nanos()).unwrap_or(0);
            self.end = Some(bar.end());
        }
    }

    fn found(&self) -> BarInspection {
        let counts = self.series.counts();
        BarInspection {
            timeframe: self.timeframe.name(),
            accepted: counts.accepted,
            duplicate: counts.duplicate,
            late: counts.late,
            foreign: counts.foreign,
            gaps: counts.gaps,
            missing: self.missing,
        }
    }
}
