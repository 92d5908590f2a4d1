use fault::{Class, Fault};
use market::{ClientId, SymbolId, TradeId};

/// What the engine cannot do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is outside what its formula accepts.
    #[error("{key} = {value}: accepted is {accepted}")]
    Setting {
        /// The setting.
        key: &'static str,
        /// As it was given.
        value: String,
        /// What would do.
        accepted: String,
    },
    /// A number of a market is none an indicator may see.
    #[error("{field} {value} {reason}")]
    Candle {
        /// Which number.
        field: &'static str,
        /// As it came.
        value: f64,
        /// Why not.
        reason: &'static str,
    },
    /// A column that no model may see.
    #[error("{name} {reason}")]
    Feature {
        /// As it was asked for.
        name: String,
        /// Why not.
        reason: &'static str,
    },
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
            Self::Setting { .. } | Self::Feature { .. } => Class::User,
            // What a market or a venue gave us; asking again will not mend it.
            Self::Candle { .. }
            | Self::UnknownOrder(_)
            | Self::Report { .. }
            | Self::Fill { .. } => Class::Permanent,
            Self::NoPrice(_) => Class::Transient,
            Self::Market(error) => error.class(),
            Self::UnknownSymbol(_) | Self::Duplicate(_) | Self::Overflow => Class::Bug,
        }
    }
}
