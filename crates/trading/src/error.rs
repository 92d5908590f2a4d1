use fault::{Class, Fault};

/// What can be wrong with what the engine is asked or told.
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
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Setting { .. } => Class::User,
            // What a market gave us; asking again will not mend it.
            Self::Candle { .. } => Class::Permanent,
        }
    }
}
