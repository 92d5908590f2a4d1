use std::collections::VecDeque;

use crate::{Body, Event, SymbolId};

/// What became of an event that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Offer {
    /// It waits.
    Queued,
    /// It waits in place of an older book ticker of its contract, which is gone.
    Conflated,
    /// There is no room for what may not be merged: the consumer must take some first. The event
    /// was not taken.
    Full,
}

/// How many events came and went: `taken` is always `given` + `conflated` + what waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConflationCounts {
    /// Taken in.
    pub taken: u64,
    /// Given out.
    pub given: u64,
    /// Book tickers that a newer one replaced.
    pub conflated: u64,
    /// Offers refused because there was no room.
    pub refused: u64,
}

/// A queue for a consumer that lags. Of book tickers only the latest of each contract waits;
/// everything else passes untouched. What comes out is in the order it came in, a replaced ticker
/// counting from its newest form, so that no quote is seen before a trade that preceded it.
#[derive(Debug, Clone)]
pub struct Conflation {
    /// Everything that is no book ticker, each with its place in the order of arrival.
    others: VecDeque<(u64, Event)>,
    capacity: usize,
    /// The waiting ticker of each contract; those that wait form a ring in order of arrival, which
    /// begins and ends at the extra place at the end.
    tickers: Vec<Place>,
    waiting: usize,
    counts: ConflationCounts,
}

#[derive(Debug, Clone)]
struct Place {
    ticker: Option<(u64, Event)>,
    before: usize,
    after: usize,
}

impl Conflation {
    /// For the contracts numbered below `symbols`; at most `capacity` events that are no book
    /// tickers wait. Nothing is allocated later.
    pub fn new(symbols: usize, capacity: usize) -> Self {
        let place = Place { ticker: None, before: symbols, after: symbols };
        Self {
            others: VecDeque::with_capacity(capacity),
            capacity,
            tickers: vec![place; symbols + 1],
            waiting: 0,
            counts: ConflationCounts::default(),
        }
    }

    /// How many events came and went.
    pub fn counts(&self) -> ConflationCounts {
        self.counts
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.others.len() + self.waiting
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes an event in. A ticker of a contract beyond `symbols` is not merged with any other.
    pub fn offer(&mut self, event: Event) -> Offer {
        let SymbolId(symbol) = event.symbol;
        let symbol = symbol as usize;
        if matches!(event.body, Body::BookTicker { .. }) && symbol < self.end() {
            return self.offer_ticker(symbol, event);
        }
        if self.others.len() >= self.capacity {
            self.counts.refused += 1;
            return Offer::Full;
        }
        self.others.push_back((self.counts.taken, event));
        self.counts.taken += 1;
        Offer::Queued
    }

    /// Gives out the oldest event that waits.
    pub fn take(&mut self) -> Option<Event> {
        let oldest = self.tickers[self.end()].after;
        let ticker = self.tickers[oldest].ticker.map(|(place, _)| place);
        let other = self.others.front().map(|(place, _)| *place);
        let event = match (ticker, other) {
            (Some(ticker), Some(other)) if other < ticker => self.others.pop_front()?.1,
            (Some(_), _) => {
                self.unlink(oldest);
                self.waiting -= 1;
                self.tickers[oldest].ticker.take()?.1
            }
            (None, _) => self.others.pop_front()?.1,
        };
        self.counts.given += 1;
        Some(event)
    }

    fn offer_ticker(&mut self, symbol: usize, event: Event) -> Offer {
        let replaced = self.tickers[symbol].ticker.replace((self.counts.taken, event)).is_some();
        self.counts.taken += 1;
        if replaced {
            self.counts.conflated += 1;
            self.unlink(symbol);
        } else {
            self.waiting += 1;
        }
        self.link_last(symbol);
        if replaced { Offer::Conflated } else { Offer::Queued }
    }

    fn end(&self) -> usize {
        self.tickers.len() - 1
    }

    fn unlink(&mut self, symbol: usize) {
        let (before, after) = (self.tickers[symbol].before, self.tickers[symbol].after);
        self.tickers[before].after = after;
        self.tickers[after].before = before;
    }

    fn link_last(&mut self, symbol: usize) {
        let end = self.end();
        let last = self.tickers[end].before;
        self.tickers[symbol].before = last;
        self.tickers[symbol].after = end;
        self.tickers[last].after = symbol;
        self.tickers[end].before = symbol;
    }
}
