use std::fmt::{Display, Formatter, Result as Printed};

/// Why an event is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Doubt {
    /// A contract that was not configured.
    UnknownSymbol,
    /// A time in seconds where nanoseconds are due.
    Seconds,
    /// A time in milliseconds where nanoseconds are due.
    Milliseconds,
    /// A time in microseconds where nanoseconds are due.
    Microseconds,
    /// A time in no unit of our century.
    TimeRange,
    /// The venue's time is too far ahead of ours.
    Ahead,
    /// The venue's time is too far behind ours.
    Stale,
    /// A price of zero or less, or outside its contract's range.
    Price,
    /// A quantity below zero, or of zero where there must be one.
    Quantity,
    /// The best bid is not below the best ask.
    Crossed,
    /// The high of a bar is below its open or close, or its low above.
    BarShape,
    /// Parts of a bar's volume that are no parts of it.
    BarFlow,
    /// A bar not opened at a multiple of its length, or closed before its end.
    BarTime,
    /// Numbers in the wrong order: a first after its last.
    Numbers,
    /// A price too far from its reference.
    Jump,
    /// Older than one of its kind that was believed.
    Older,
    /// The same as the one before it.
    Duplicate,
    /// A level of a change whose beginning was not believed.
    DepthRefused,
    /// A rate of funding that no venue settles.
    Rate,
}

impl Doubt {
    /// Every reason, in the order of the counters.
    pub const ALL: [Self; 19] = [
        Self::UnknownSymbol,
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::TimeRange,
        Self::Ahead,
        Self::Stale,
        Self::Price,
        Self::Quantity,
        Self::Crossed,
        Self::BarShape,
        Self::BarFlow,
        Self::BarTime,
        Self::Numbers,
        Self::Jump,
        Self::Older,
        Self::Duplicate,
        Self::DepthRefused,
        Self::Rate,
    ];

    /// Its name in counters, logs and the quarantine.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownSymbol => "unknown-symbol",
            Self::Seconds => "time-in-seconds",
            Self::Milliseconds => "time-in-milliseconds",
            Self::Microseconds => "time-in-microseconds",
            Self::TimeRange => "time-range",
            Self::Ahead => "time-ahead",
            Self::Stale => "time-stale",
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Crossed => "crossed",
            Self::BarShape => "bar-shape",
            Self::BarFlow => "bar-flow",
            Self::BarTime => "bar-time",
            Self::Numbers => "numbers",
            Self::Jump => "price-jump",
            Self::Older => "older",
            Self::Duplicate => "duplicate",
            Self::DepthRefused => "depth-refused",
            Self::Rate => "funding-rate",
        }
    }
}

impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Doubt;

    #[test]
    fn a_doubt_counts_in_its_own_place() {
        for (place, doubt) in Doubt::ALL.into_iter().enumerate() {
            assert_eq!(doubt as usize, place, "{doubt}");
        }
    }
}
