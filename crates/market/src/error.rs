use fault::{Class, Fault};

use crate::{DecodeError, Refusal};

/// What can be wrong with a market as it is described to us. What is wrong with single events is
/// no error but a counted verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The list of contracts cannot be read at all.
    #[error("not a list of contracts: {0}")]
    Listing(String),
    /// A contract lacks what trading it needs.
    #[error("{symbol}: no {field}")]
    Missing {
        /// The contract.
        symbol: String,
        /// What is missing.
        field: &'static str,
    },
    /// A number of a contract cannot be what it must be.
    #[error("{symbol}: {field} \"{text}\" is {refusal}")]
    Number {
        /// The contract.
        symbol: String,
        /// Which number.
        field: &'static str,
        /// As it was written.
        text: String,
        /// Why not.
        refusal: Refusal,
    },
    /// A contract cannot be counted exactly or is not one.
    #[error("{symbol}: {reason}")]
    Contract {
        /// The contract.
        symbol: String,
        /// Why not.
        reason: &'static str,
    },
    /// Stored bytes are no event.
    #[error("stored event: {0}")]
    Decode(#[from] DecodeError),
    /// A series of bars was asked for what it cannot build.
    #[error("bars of {wanted} cannot be built from bars of {base}")]
    Timeframe {
        /// What was asked for.
        wanted: &'static str,
        /// What there is.
        base: &'static str,
    },
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            // What a venue or a disk gives us is theirs; asking again will not mend it.
            Self::Listing(_) | Self::Missing { .. } | Self::Number { .. } => Class::Permanent,
            Self::Contract { .. } | Self::Decode(_) => Class::Permanent,
            Self::Timeframe { .. } => Class::User,
        }
    }
}
