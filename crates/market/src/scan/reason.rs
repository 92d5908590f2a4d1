use std::fmt::{Display, Formatter, Result as Printed};

use crate::Refusal;

/// Why a frame became no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// Longer than [`crate::MAX_FRAME_BYTES`].
    TooLong,
    /// Not JSON: cut off, or not even text.
    NotJson,
    /// JSON without an event: an answer to a subscription, a list.
    NoEvent,
    /// A book without a contract's name: read it with [`crate::Scanner::snapshot`].
    NamelessSnapshot,
    /// An event this system does not use.
    UnknownKind,
    /// A contract that is not in the table.
    UnknownSymbol,
    /// A frame that names two contracts.
    TwoSymbols,
    /// A field is missing or of another type.
    Field,
    /// A bar of a length this system does not use.
    UnknownTimeframe,
    /// A time that is no count of milliseconds between 2001 and 2286.
    TimeUnit,
    /// A text that is no plain decimal.
    NotDecimal,
    /// A negative number where none can be.
    Negative,
    /// A price of zero, or a quantity where there must be one.
    Zero,
    /// A number between two steps of its contract's grid.
    OffGrid,
    /// A number too large.
    Overflow,
    /// The insurance fund took a position over: no trade in the market.
    InsuranceFund,
    /// A position was closed against another by the venue: no trade in the market.
    AutoDeleverage,
    /// A trade the venue itself marks as none ("NA").
    NotATrade,
    /// A trade of a kind nobody told us of.
    UnknownTradeKind,
}

impl Reason {
    /// Every reason, in the order of the counters.
    pub const ALL: [Self; 19] = [
        Self::TooLong,
        Self::NotJson,
        Self::NoEvent,
        Self::NamelessSnapshot,
        Self::UnknownKind,
        Self::UnknownSymbol,
        Self::TwoSymbols,
        Self::Field,
        Self::UnknownTimeframe,
        Self::TimeUnit,
        Self::NotDecimal,
        Self::Negative,
        Self::Zero,
        Self::OffGrid,
        Self::Overflow,
        Self::InsuranceFund,
        Self::AutoDeleverage,
        Self::NotATrade,
        Self::UnknownTradeKind,
    ];

    /// Its name in counters and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooLong => "too-long",
            Self::NotJson => "not-json",
            Self::NoEvent => "no-event",
            Self::NamelessSnapshot => "nameless-snapshot",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownSymbol => "unknown-symbol",
            Self::TwoSymbols => "two-symbols",
            Self::Field => "field",
            Self::UnknownTimeframe => "unknown-timeframe",
            Self::TimeUnit => "time-unit",
            Self::NotDecimal => "not-decimal",
            Self::Negative => "negative",
            Self::Zero => "zero",
            Self::OffGrid => "off-grid",
            Self::Overflow => "overflow",
            Self::InsuranceFund => "insurance-fund",
            Self::AutoDeleverage => "auto-deleverage",
            Self::NotATrade => "not-a-trade",
            Self::UnknownTradeKind => "unknown-trade-kind",
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        f.write_str(self.name())
    }
}

impl std::error::Error for Reason {}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotDecimal => Self::NotDecimal,
            Refusal::Negative => Self::Negative,
            Refusal::Zero => Self::Zero,
            Refusal::OffGrid => Self::OffGrid,
            Refusal::Overflow => Self::Overflow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_reason_counts_in_its_own_place() {
        for (place, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place, "{reason}");
        }
    }
}
