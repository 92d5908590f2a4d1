use fault::{Class, Fault};

/// What cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The assumptions are no TOML, or not these tables.
    #[error("assumptions: {0}")]
    Assumptions(String),
    /// A number in them is not what it must be.
    #[error("assumptions: {key} is \"{text}\"; permitted: {permitted}")]
    Number {
        /// Which.
        key: String,
        /// As it was written.
        text: String,
        /// What may stand there.
        permitted: &'static str,
    },
    /// A contract is not in them.
    #[error("assumptions: no contract {0}; add a table [contracts.{0}]")]
    NoContract(String),
    /// Two contracts of one name, or one that contradicts itself.
    #[error(transparent)]
    Market(#[from] market::Error),
    /// A sum is beyond what can be counted.
    #[error("a fill is beyond what can be counted")]
    Overflow,
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Assumptions(_) | Self::Number { .. } | Self::NoContract(_) => Class::User,
            Self::Market(error) => error.class(),
            Self::Overflow => Class::Bug,
        }
    }
}
