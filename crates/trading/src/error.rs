use fault::{Class, Fault};
use market::{ClientId, SymbolId, TradeId};

/// What the engine cannot do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A number of a contract that is not in the table.
    #[error("contract {0:?} is not in the table")]
    UnknownSymbol(SymbolId),
    /// A report of an order that was never sent, or is long forgotten: reconcile with the venue.
    #[error("a report names order {0:?}, which is not known")]
    UnknownOrder(ClientId),
    /// A number that is in use.
    #[error("order number {0:?} is in use")]
    Duplicate(ClientId),
    /// A report that cannot be.
    #[error("a report of order {client:?} cannot be: {reason}")]
    Report {
        /// The order.
        client: ClientId,
        /// What is wrong.
        reason: &'static str,
    },
    /// A fill of nothing, or at no price.
    #[error("fill {trade:?} has no price or no quantity")]
    Fill {
        /// The fill.
        trade: TradeId,
    },
    /// An open position whose price is not known.
    #[error("contract {0:?} has an open position and no price")]
    NoPrice(SymbolId),
    /// Something is asked of the markets that they cannot give.
    #[error(transparent)]
    Market(#[from] market::Error),
    /// A sum beyond what can be counted.
    #[error("a sum is beyond what can be counted")]
    Overflow,
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            // What the venue says contradicts what we know.
            Self::UnknownOrder(_) | Self::Report { .. } | Self::Fill { .. } => Class::Permanent,
            Self::NoPrice(_) => Class::Transient,
            Self::Market(error) => error.class(),
            Self::UnknownSymbol(_) | Self::Duplicate(_) | Self::Overflow => Class::Bug,
        }
    }
}
