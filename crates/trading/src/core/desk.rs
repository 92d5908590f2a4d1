use clock::Nanos;
use market::{
    BarSeries, Body, Book, ClientId, Contract, Event, Fixed8, Flags, Gap, Level, SymbolId, Ticks,
    Timeframe,
};

use super::Settings;
use crate::Error;
use crate::exits::{Course, ExitReason};
use crate::outbox::{Ask, Outbox};
use crate::portfolio::Position;
use crate::strategy::{Entry, View};

/// One contract: what is known of it, and what we are about in it.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) bars: BarSeries,
    pub(super) book: Book,
    /// The last price and when it was told.
    pub(super) last: Option<(Ticks, Nanos)>,
    mark: Option<(Fixed8, Nanos)>,
    pub(super) top: Option<(Level, Level)>,
    /// Whether the top comes from book tickers: they are told at once, changes of the book are
    /// gathered for 100 ms and more.
    has_tickers: bool,
    stale_after: i64,
    base: Timeframe,
    /// What was asked for last.
    asked: Option<Ask>,
    pub(super) plan: Plan,
}

/// What we are about in a contract.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Plan {
    /// What opened the position, or is to.
    pub(super) entry: Option<Entry>,
    /// How the position has gone.
    pub(super) course: Option<Course>,
    /// The order that opens it.
    pub(super) opening: Option<ClientId>,
    /// How long that one is waited for, if it rests.
    pub(super) until: Option<Nanos>,
    /// Why it is to end, once it is; and the order that ends it.
    pub(super) leaving: Option<ExitReason>,
    pub(super) closing: Option<ClientId>,
    /// What waits at the venue.
    pub(super) stop: Option<Guard>,
    pub(super) target: Option<Guard>,
    /// The stop that the one above replaces, once the venue has that one.
    pub(super) replaced: Option<ClientId>,
    /// The entry order that ended last and what it was for: a fill may come after its end.
    pub(super) ended_entry: Option<(ClientId, Entry)>,
    /// What is to be opened when this is closed, here or elsewhere.
    pub(super) next: Option<Entry>,
}

/// An order that waits at the venue to end a position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    pub(super) client: ClientId,
    pub(super) trigger: Ticks,
}

impl Plan {
    /// Whether a position is on its way in.
    pub(super) fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Whether what opens it rests at the venue: parts of it may come at any time.
    pub(super) fn is_resting(&self) -> bool {
        let patience = self.entry.and_then(|entry| entry.approach.patience());
        self.is_opening() && patience.is_some()
    }

    /// Whether the position is to be guarded: its entry is over, or may take long.
    pub(super) fn is_guarded(&self) -> bool {
        self.leaving.is_none() && (!self.is_opening() || self.is_resting())
    }

    /// An order has ended.
    pub(super) fn ended(&mut self, client: ClientId) {
        if self.opening == Some(client) {
            self.until = None;
        }
        for order in [&mut self.opening, &mut self.closing, &mut self.replaced] {
            if *order == Some(client) {
                *order = None;
            }
        }
        for guard in [&mut self.stop, &mut self.target] {
            if guard.is_some_and(|guard| guard.client == client) {
                *guard = None;
            }
        }
    }
}

impl Desk {
    pub(super) fn new(
        symbol: SymbolId,
        settings: &Settings,
        frames: &[Timeframe],
    ) -> Result<Self, Error> {
        let longer: Vec<Timeframe> =
            frames.iter().copied().filter(|frame| *frame != settings.base).collect();
        Ok(Self {
            bars: BarSeries::new(settings.base, &longer, settings.gap_limit)?,
            book: Book::new(symbol),
            last: None,
            mark: None,
            top: None,
            has_tickers: false,
            stale_after: settings.limits.stale_after,
            base: settings.base,
            asked: None,
            plan: Plan::default(),
        })
    }

    /// Takes in prices.
    pub(super) fn see(&mut self, event: &Event) {
        let at = event.exchange;
        match event.body {
            Body::BookTicker { bid, ask } => {
                (self.top, self.has_tickers) = (Some((bid, ask)), true);
            }
            Body::Trade { price, .. } => self.last = Some((price, at)),
            Body::AggregateTrade(trade) => self.last = Some((trade.price, at)),
            Body::MarkPrice { mark, .. } => self.mark = Some((mark, at)),
            Body::Bar(bar) => {
                let at = if event.flags.has(Flags::CLOSED) { bar.end() } else { at };
                // A repaired bar is no news of the price.
                if self.last.is_none_or(|(_, told)| told <= at) {
                    self.last = Some((bar.close, at));
                }
            }
            Body::DepthStart { .. } | Body::SnapshotStart { .. } | Body::DepthLevel { .. } => {
                self.book.apply(event);
                if event.flags.has(Flags::LAST) && !self.has_tickers {
                    self.top = self.book.best_bid().zip(self.book.best_ask());
                }
            }
            Body::Funding { .. } | Body::Liquidation { .. } => {}
        }
    }

    /// It as a strategy sees it.
    pub(super) fn view<'a>(
        &self,
        now: Nanos,
        symbol: SymbolId,
        contract: &'a Contract,
        position: &'a Position,
    ) -> View<'a> {
        let last = self.last.map(|(price, _)| price);
        View { now, symbol, contract, last, top: self.top, position }
    }

    /// Asks for bars that are missing. What is left of a gap that was asked for is under way.
    #[inline]
    pub(super) fn ask(&mut self, symbol: SymbolId, out: &mut Outbox) {
        let Some(Gap { from, to }) = self.bars.gap() else { return };
        if self.asked.is_none_or(|asked| from < asked.from || to > asked.to) {
            let ask = Ask { symbol, timeframe: self.base, from, to };
            self.asked = Some(ask);
            out.asks.push(ask);
        }
    }

    /// The price by which it is valued, and when that was told: the mark price while it is fresh,
    /// else the last one.
    pub(super) fn reference(&self, contract: &Contract) -> Option<(Fixed8, Nanos)> {
        let last = self.last.and_then(|(price, at)| Some((contract.fine(price)?, at)));
        match (self.mark, last) {
            (Some(mark), Some(last)) if last.1.since(mark.1) > self.stale_after => Some(last),
            (Some(mark), _) => Some(mark),
            (None, last) => last,
        }
    }
}
