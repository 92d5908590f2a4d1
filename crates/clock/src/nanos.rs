use serde::{Deserialize, Serialize};

/// A moment: nanoseconds since 1970-01-01 UTC, from 1677 to 2262. Told by whoever owns a clock;
/// nothing here reads one.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Nanos(pub i64);

impl Nanos {
    /// From milliseconds since 1970; none beyond the year 2262.
    pub const fn from_millis(millis: i64) -> Option<Self> {
        match millis.checked_mul(1_000_000) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Whole milliseconds since 1970, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This moment moved by `nanos`, held at the ends of the range.
    pub const fn plus(self, nanos: i64) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// Nanoseconds from `earlier` to this moment, negative when it is later, held at the ends of
    /// the range.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Nanos;

    #[test]
    fn milliseconds_beyond_the_range_are_none() {
        assert_eq!(Nanos::from_millis(1_723_161_256_313), Some(Nanos(1_723_161_256_313_000_000)));
        assert_eq!(Nanos::from_millis(i64::MAX / 1_000), None);
        assert_eq!(Nanos(-1).millis(), -1);
        assert_eq!(Nanos(i64::MAX).plus(1), Nanos(i64::MAX));
        assert_eq!(Nanos(i64::MIN).since(Nanos(1)), i64::MIN);
    }
}
