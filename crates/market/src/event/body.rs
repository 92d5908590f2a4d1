use clock::Nanos;

use crate::{Fixed8, Lots, Notional, Side, Ticks, Timeframe};

/// A price and what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level {
    /// The price.
    pub price: Ticks,
    /// What stands there; zero empties the level.
    pub quantity: Lots,
}

/// Trades of one taker order at one price, put together by the venue over up to 100 ms: never
/// fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AggregateTrade {
    /// Its number.
    pub id: u64,
    /// The first trade in it.
    pub first: u64,
    /// The last trade in it.
    pub last: u64,
    /// The price of all of them.
    pub price: Ticks,
    /// Their sum.
    pub quantity: Lots,
    /// Who took.
    pub aggressor: Side,
}

/// What a market did in a stretch of time. The flags of its event say whether it is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bar {
    /// How long it lasts.
    pub timeframe: Timeframe,
    /// When it opened, a whole multiple of the timeframe.
    pub open_time: Nanos,
    /// The first price.
    pub open: Ticks,
    /// The highest price.
    pub high: Ticks,
    /// The lowest price.
    pub low: Ticks,
    /// The last price.
    pub close: Ticks,
    /// What was traded.
    pub volume: Lots,
    /// What else is known of the trades; none where the source says prices and volume only.
    pub flow: Option<Flow>,
}

/// The trades of a bar beyond their prices and volume.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    /// The part of the volume that takers bought.
    pub taker_buy: Lots,
    /// What was traded, in the quote currency.
    pub quote: Notional,
    /// How many trades.
    pub trades: u64,
}

impl Bar {
    /// When the next bar opens.
    pub fn end(&self) -> Nanos {
        self.open_time.plus(self.timeframe.nanos())
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Body {
    /// The best bid and ask changed.
    BookTicker {
        /// The best bid.
        bid: Level,
        /// The best ask.
        ask: Level,
    },
    /// A change of the book begins; `levels` events [`Body::DepthLevel`] follow.
    DepthStart {
        /// First update number in it.
        first: u64,
        /// Last update number in it.
        last: u64,
        /// Last update number of the change before it.
        previous: u64,
        /// How many levels follow.
        levels: u32,
    },
    /// A whole book begins; `levels` events [`Body::DepthLevel`] follow.
    SnapshotStart {
        /// Last update number in it.
        last: u64,
        /// How many levels follow.
        levels: u32,
    },
    /// One level of a change or snapshot: absolute, zero empties it.
    DepthLevel {
        /// Bids or asks.
        side: Side,
        /// What stands there now.
        level: Level,
    },
    /// One trade.
    Trade {
        /// Its number.
        id: u64,
        /// Its price.
        price: Ticks,
        /// How much.
        quantity: Lots,
        /// Who took.
        aggressor: Side,
    },
    /// Some trades, put together by the venue.
    AggregateTrade(AggregateTrade),
    /// A bar, closed or not.
    Bar(Bar),
    /// The venue's fair price, by which it liquidates.
    MarkPrice {
        /// The mark price.
        mark: Fixed8,
        /// The index it follows.
        index: Fixed8,
        /// The funding rate as it would be now, of the position's value.
        rate: Fixed8,
        /// When funding is next settled.
        next: Nanos,
    },
    /// Funding was settled.
    Funding {
        /// The rate; longs pay it where it is more than zero.
        rate: Fixed8,
        /// The mark price it was settled at; none where the source does not say.
        mark: Option<Fixed8>,
    },
    /// A position was liquidated. The venue tells at most one a second per contract.
    Liquidation {
        /// What the liquidation did.
        side: Side,
        /// The price of its order.
        price: Ticks,
        /// The average price it got.
        average: Fixed8,
        /// How much was filled.
        quantity: Lots,
    },
}
