//! The words of trading that more than one crate speaks: what is asked of a venue and what came
//! of it.

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

/// What the core asks of a venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Place an order.
    Place(Order),
    /// Cancel one order.
    Cancel {
        /// Of which contract.
        symbol: SymbolId,
        /// Our number of it.
        client: ClientId,
    },
    /// Cancel every open order of a contract.
    CancelAll {
        /// Of which contract.
        symbol: SymbolId,
    },
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
