use market::{BarSeries, Body, Book, BookState, Contracts, Event, Flags, Timeframe};
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
        let (Some(first), Some(last), Some((symbol, contract))) =
            (events.first(), events.last(), contracts.iter().next())
        else {
            return Err(Error::Empty);
        };
        let lags = events
            .iter()
            .filter(|event| !matches!(event.body, Body::Bar(_)))
            .map(|event| event.exchange.since(event.receive) / 1_000_000);
        let clock_behind_ms = lags.fold(None, |range: Option<(i64, i64)>, lag| {
            Some(range.map_or((lag, lag), |(low, high)| (low.min(lag), high.max(lag))))
        });
        Ok(Self {
            contract: contract.name.clone(),
            events: events.len(),
            from_ms: first.receive.millis(),
            to_ms: last.receive.millis(),
            foreign: events.iter().filter(|event| event.symbol != symbol).count(),
            clock_behind_ms,
            book: book(events, Book::new(symbol)),
            bars: bars(events)?,
        })
    }
}

fn book(events: &[Event], mut book: Book) -> Option<BookInspection> {
    let mut crossed = 0;
    for event in events {
        book.apply(event);
        let is_whole = event.flags.has(Flags::LAST) && book.state() == BookState::Live;
        if let (true, Some(bid), Some(ask)) = (is_whole, book.best_bid(), book.best_ask()) {
            crossed += u64::from(bid.price >= ask.price);
        }
    }
    let counts = book.counts();
    (counts.applied + counts.snapshots + counts.stale > 0).then(|| BookInspection {
        applied: counts.applied,
        from_buffer: counts.from_buffer,
        stale: counts.stale,
        gaps: counts.gaps,
        crossed,
        live: book.state() == BookState::Live,
        bids: book.bids().len(),
        asks: book.asks().len(),
    })
}

fn bars(events: &[Event]) -> Result<Option<BarInspection>, Error> {
    let bars = || {
        events.iter().filter(|event| event.flags.has(Flags::CLOSED)).filter_map(|event| match event
            .body
        {
            Body::Bar(bar) => Some((bar, event.flags)),
            _ => None,
        })
    };
    let Some((first, _)) = bars().next() else { return Ok(None) };
    let timeframe: Timeframe = first.timeframe;
    // No gap is waited for: nobody can be asked.
    let mut series = BarSeries::new(timeframe, &[], 0)?;
    let mut closed = Vec::new();
    for (bar, flags) in bars() {
        series.push(bar, flags, &mut closed);
    }
    let missing = closed
        .windows(2)
        .map(|pair| pair[1].0.open_time.since(pair[0].0.end()) / timeframe.nanos())
        .filter_map(|missing| u64::try_from(missing).ok())
        .sum();
    let counts = series.counts();
    Ok(Some(BarInspection {
        timeframe: timeframe.name(),
        accepted: counts.accepted,
        duplicate: counts.duplicate,
        late: counts.late,
        foreign: counts.foreign,
        gaps: counts.gaps,
        missing,
    }))
}
