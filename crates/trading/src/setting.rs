use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::Error;

/// Longest period of any indicator, in bars: 16 hours of minutes. A window is one block of memory
/// and its exact sums are renewed once a round, so this bounds both.
pub const MAX_PERIOD: u32 = 1_000;

/// A number of bars an indicator looks back over, 1 to [`MAX_PERIOD`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(u32);

impl Period {
    /// Checks the value of the setting `key`.
    ///
    /// # Errors
    /// [`Error::Setting`] naming key, value and range.
    pub fn new(key: &'static str, value: i64) -> Result<Self, Error> {
        let bars = checked(key, value, 1..=i64::from(MAX_PERIOD))?;
        Ok(Self(u32::try_from(bars).unwrap_or(MAX_PERIOD)))
    }

    /// Bars.
    pub const fn bars(self) -> usize {
        self.0 as usize
    }

    /// Bars as a divisor.
    pub(crate) fn real(self) -> f64 {
        f64::from(self.0)
    }
}

/// The value of a setting where it lies in its range; not a number lies in none.
pub(crate) fn checked<T>(key: &'static str, value: T, range: RangeInclusive<T>) -> Result<T, Error>
where
    T: PartialOrd + Display,
{
    if range.contains(&value) {
        return Ok(value);
    }
    let accepted = format!("{} to {}", range.start(), range.end());
    Err(Error::Setting { key, value: value.to_string(), accepted })
}

impl Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_PERIOD, Period, checked};

    #[test]
    fn a_refusal_names_key_value_and_range() {
        for value in [0, -14, i64::from(MAX_PERIOD) + 1, i64::MAX, i64::MIN] {
            let said = Period::new("rsi.period", value).unwrap_err().to_string();
            assert_eq!(said, format!("rsi.period = {value}: accepted is 1 to 1000"));
        }
        assert_eq!(Period::new("rsi.period", 7).unwrap().bars(), 7);
        let said = checked("bollinger.width", f64::NAN, 0.1..=10.0).unwrap_err().to_string();
        assert_eq!(said, "bollinger.width = NaN: accepted is 0.1 to 10");
    }
}
