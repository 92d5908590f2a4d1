//! What one step of the core gives out: commands for the venue, notes for whoever keeps the record.

use clock::Nanos;
use market::{Bar, ClientId, Notional, Order, SymbolId, Ticks, Timeframe};

use crate::exits::ExitReason;
use crate::portfolio::Trip;
use crate::risk::{Approved, Halt, Refused};
use crate::strategy::{Entry, Wish};

/// What is asked of a venue. An order is in it only if risk approved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Place an order.
    Place(Approved<Order>),
    /// Take one order back.
    Cancel {
        /// Of which contract.
        symbol: SymbolId,
        /// Our number of it.
        client: ClientId,
    },
}

/// What an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To open a position.
    Entry,
    /// To end one.
    Exit(ExitReason),
    /// To end one that goes wrong; it waits at the venue.
    Stop,
    /// To end one that goes well; it waits at the venue.
    Target,
}

/// Something worth a line in the record, for reports and for whoever asks why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// An order left.
    Sent {
        /// When.
        at: Nanos,
        /// The order.
        order: Order,
        /// What for.
        purpose: Purpose,
        /// The entry it belongs to; none for a position that was found.
        entry: Option<Entry>,
        /// What the account was worth then.
        equity: Notional,
        /// The last price then.
        last: Option<Ticks>,
    },
    /// Something wanted did not become an order.
    Declined {
        /// When.
        at: Nanos,
        /// What was wanted.
        wish: Wish,
        /// Why not.
        why: Declined,
    },
    /// An order that guards or ends a position was not let out.
    Unsent {
        /// When.
        at: Nanos,
        /// The order.
        order: Order,
        /// What for.
        purpose: Purpose,
        /// Why not.
        why: Refused,
    },
    /// A position is closed.
    Closed {
        /// What came of it.
        trip: Trip,
        /// What opened it; none for a position that was found.
        entry: Option<Entry>,
    },
    /// The account stopped growing positions.
    Halted {
        /// When.
        at: Nanos,
        /// Why.
        halt: Halt,
    },
}

/// Why a wish did not become an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Declined {
    /// What is wanted is so already.
    #[error("what is wanted is so already")]
    Already,
    /// An order for it is on its way.
    #[error("an order for it is on its way")]
    Busy,
    /// It was to follow a position that closes, and something else is now.
    #[error("something else was wanted before its turn came")]
    Replaced,
    /// All slots are taken, and no position gives way to it.
    #[error("all slots are taken, and no position gives way to it")]
    NoSlot,
    /// No price is known.
    #[error("no price is known")]
    NoPrice,
    /// Too little can be afforded for the smallest order.
    #[error("too little can be afforded for the smallest order")]
    TooSmall,
    /// Its stop or target is on the wrong side of the price.
    #[error("its stop or target is on the wrong side of the price")]
    Exits,
    /// Risk said no.
    #[error("risk: {0}")]
    Risk(Refused),
}

/// Bars that are missing: what a source is asked for, and no bar more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// Of which contract.
    pub symbol: SymbolId,
    /// Of which length.
    pub timeframe: Timeframe,
    /// Open time of the first that is missing.
    pub from: Nanos,
    /// Open time of the first that is there again.
    pub to: Nanos,
}

impl Ask {
    /// Whether a bar is one of those that are missing.
    pub fn wants(&self, symbol: SymbolId, bar: &Bar) -> bool {
        (symbol, bar.timeframe) == (self.symbol, self.timeframe)
            && (self.from..self.to).contains(&bar.open_time)
    }
}

/// What a step gives out.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// For the venue, in this order.
    pub commands: Vec<Command>,
    /// For the record, in this order.
    pub notes: Vec<Note>,
    /// For the source of the bars. Each gap is asked for once.
    pub asks: Vec<Ask>,
}

impl Outbox {
    /// Forgets what was given out, and keeps the memory.
    pub fn clear(&mut self) {
        self.commands.clear();
        self.notes.clear();
        self.asks.clear();
    }
}
