//! Markets as data: exact numbers, events, contracts, orders.
//!
//! Holds: what every part of the trading engine says to every other, as exact integers of fixed
//! size, and how bytes of a venue become it. Must never know: files, networks, clocks, threads,
//! chance, or what anyone wants to trade.
//!
//! Contents: [`Ticks`], [`Lots`], [`Step`], [`Fixed8`], [`Notional`], [`Refusal`] · [`SymbolId`],
//! [`Sequence`], [`Side`] · [`Contract`], [`Contracts`], [`QuantityLimits`], [`PriceBand`],
//! [`Status`], [`Listing`], [`read_listing`] · [`Timeframe`] · [`Event`], [`Body`], [`Level`], [`Bar`], [`Flow`],
//! [`AggregateTrade`], [`Flags`] · [`encode`], [`decode`], [`HOT_BYTES`], [`WIDE_BYTES`],
//! [`DecodeError`] · [`Order`], [`OrderKind`], [`TimeInForce`], [`Report`],
//! [`Outcome`], [`Rejection`], [`Fill`], [`Liquidity`], [`OrderId`], [`ClientId`], [`TradeId`] · [`Scanner`], [`Scanned`],
//! [`FrameKind`], [`Reason`], [`ScanCounts`], [`MAX_FRAME_BYTES`] · [`Book`], [`BookState`],
//! [`BookChange`], [`BookCounts`], [`Ladder`], [`MAX_BUFFERED`] · [`BarSeries`],
//! [`BarArrival`], [`BarCounts`], [`ClosedBar`], [`Gap`], [`DEFAULT_GAP_LIMIT`] · [`TradeBars`],
//! [`TradeArrival`], [`MAX_FLAT`] · [`Firewall`], [`FirewallLimits`],
//! [`Verdict`], [`Doubt`], [`FirewallCounts`] · [`Conflation`], [`Offer`], [`ConflationCounts`] ·
//! [`Error`].

mod bars;
mod book;
mod conflate;
mod contract;
mod error;
mod event;
mod firewall;
mod number;
mod order;
mod scan;
mod symbol;
mod timeframe;

pub use bars::{
    BarArrival, BarCounts, BarSeries, ClosedBar, DEFAULT_GAP_LIMIT, Gap, MAX_FLAT, TradeArrival,
    TradeBars,
};
pub use book::{Book, BookChange, BookCounts, BookState, Ladder, MAX_BUFFERED};
pub use conflate::{Conflation, ConflationCounts, Offer};
pub use contract::{Contract, Contracts, Listing, PriceBand, QuantityLimits, Status, read_listing};
pub use error::Error;
pub use event::{
    AggregateTrade, Bar, Body, DecodeError, Event, Flags, Flow, HOT_BYTES, Level, WIDE_BYTES,
    decode, encode,
};
pub use firewall::{Doubt, Firewall, FirewallCounts, FirewallLimits, Verdict};
pub use number::{Fixed8, Lots, Notional, Refusal, Step, Ticks};
pub use order::{
    ClientId, Fill, Liquidity, Order, OrderId, OrderKind, Outcome, Rejection, Report, TimeInForce,
    TradeId,
};
pub use scan::{FrameKind, MAX_FRAME_BYTES, Reason, ScanCounts, Scanned, Scanner};
pub use symbol::{Sequence, Side, SymbolId};
pub use timeframe::Timeframe;
