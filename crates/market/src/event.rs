//! One thing that happened in a market, and its fixed form in bytes.

mod body;
mod codec;
mod flags;

use clock::Nanos;

pub use body::{AggregateTrade, Bar, Body, Flow, Level};
pub use codec::{DecodeError, HOT_BYTES, WIDE_BYTES, decode, encode};
pub use flags::Flags;

use crate::{Sequence, SymbolId};

/// One thing that happened: fixed in size, so that no event allocates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    /// Its place in the journal; 0 until the journal's writer has given it one.
    pub sequence: Sequence,
    /// When the venue says it happened.
    pub exchange: Nanos,
    /// When we received it.
    pub receive: Nanos,
    /// Of which contract.
    pub symbol: SymbolId,
    /// What is special about it.
    pub flags: Flags,
    /// What happened.
    pub body: Body,
}

impl Event {
    /// A bar as the stream tells it when it is over.
    pub fn closed_bar(symbol: SymbolId, bar: Bar) -> Self {
        let (sequence, end) = (Sequence(0), bar.end());
        let (flags, body) = (Flags::CLOSED, Body::Bar(bar));
        Self { sequence, exchange: end, receive: end, symbol, flags, body }
    }
}
