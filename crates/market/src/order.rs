//! The words of trading that more than one crate speaks: what is asked of a venue and what came
//! of it. Who may ask is said by `trading`: only what its risk approved becomes a command.

use clock::Nanos;

use crate::{Fixed8, Lots, Side, SymbolId, Ticks};

/// The venue's number of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(pub u64);

/// Our number of an intent, chosen before anything is sent, so that an unknown outcome can be asked
/// for by name. The venue's client writes it as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

/// The venue's number of a trade; fills are told apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TradeId(pub u64);

/// How long a limit order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeInForce {
    /// Good till cancelled.
    Gtc,
    /// Immediate or cancel: what cannot fill at once is dropped.
    Ioc,
    /// Fill or kill: all at once or nothing.
    Fok,
    /// Good till crossing: post only, refused where it would take.
    Gtx,
}

/// At what price an order may fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderKind {
    /// At whatever the book offers.
    Market,
    /// At `price` or better.
    Limit {
        /// The worst price.
        price: Ticks,
        /// How long it stands.
        time_in_force: TimeInForce,
    },
    /// A market order that waits at the venue until the price has run against the position as far
    /// as `trigger`: a buy when it rises there, a sell when it falls there.
    Stop {
        /// Where it wakes.
        trigger: Ticks,
    },
    /// A market order that waits at the venue until the price has run in favour as far as
    /// `trigger`: a buy when it falls there, a sell when it rises there.
    TakeProfit {
        /// Where it wakes.
        trigger: Ticks,
    },
}

/// One intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order {
    /// Our number of it.
    pub client: ClientId,
    /// Of which contract.
    pub symbol: SymbolId,
    /// Buy or sell.
    pub side: Side,
    /// How much; more than zero.
    pub quantity: Lots,
    /// At what price.
    pub kind: OrderKind,
    /// May only make a position smaller.
    pub reduce_only: bool,
}

/// Who was there first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Liquidity {
    /// The order stood in the book.
    Maker,
    /// The order took from the book.
    Taker,
}

/// A part of an order that was traded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fill {
    /// Our number of the order.
    pub client: ClientId,
    /// The venue's number of the order.
    pub order: OrderId,
    /// The venue's number of the trade.
    pub trade: TradeId,
    /// Of which contract.
    pub symbol: SymbolId,
    /// Bought or sold.
    pub side: Side,
    /// At which price.
    pub price: Ticks,
    /// How much; more than zero.
    pub quantity: Lots,
    /// The fee in the quote currency; below zero is a rebate.
    pub fee: Fixed8,
    /// Who was there first.
    pub liquidity: Liquidity,
    /// When the venue traded it.
    pub time: Nanos,
}

/// What a venue says of one of our orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Report {
    /// Our number of it.
    pub client: ClientId,
    /// Of which contract.
    pub symbol: SymbolId,
    /// When the venue says it happened.
    pub time: Nanos,
    /// What happened.
    pub outcome: Outcome,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It stands at the venue, or waits there for its trigger.
    Accepted(OrderId),
    /// Its trigger was reached: it is a market order now.
    Triggered,
    /// A part of it, or all, was traded.
    Filled(Fill),
    /// It was taken back; what was not traded is gone.
    Cancelled,
    /// Its time in force ended it; what was not traded is gone.
    Expired,
    /// It would have traded with ourselves.
    ExpiredInMatch,
    /// The venue would not have it.
    Rejected(Rejection),
    /// Nobody knows: no answer came, or one that says so. It is asked for by its number, and never
    /// sent again before the answer.
    Unknown,
}

/// Why a venue would not have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rejection {
    /// Its price is off the grid or beyond the contract's limits.
    Price,
    /// Its quantity is off the grid or beyond the contract's limits.
    Quantity,
    /// It is worth too little.
    Notional,
    /// Its price is too far from the mark price.
    Band,
    /// The account cannot carry it.
    Margin,
    /// It was post-only and would have taken.
    WouldTake,
    /// It was to reduce a position that is not there, or is smaller.
    ReduceOnly,
    /// Its trigger is reached already.
    WouldTrigger,
    /// The contract takes no orders now.
    Closed,
    /// Its number was used before.
    Duplicate,
    /// Anything else.
    Other,
}
