use market::Bar;

use crate::Error;

/// Lowest price an indicator accepts, in any unit: far below the finest tick of any venue.
pub const MIN_PRICE: f64 = 1e-12;
/// Highest price an indicator accepts. Below 2^53, so that every price in whole ticks is exact.
pub const MAX_PRICE: f64 = 1e15;
/// Highest volume of a bar, in any unit.
pub const MAX_VOLUME: f64 = 1e18;

/// A price: finite, from [`MIN_PRICE`] to [`MAX_PRICE`]. In ticks or in the quote currency; what
/// is computed from it is in the same unit or in none.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Price(f64);

impl Price {
    /// Checks a number.
    ///
    /// # Errors
    /// [`Error::Candle`] for what is no price: not a number, infinite, zero, negative, denormal or
    /// beyond the limits.
    pub fn new(value: f64) -> Result<Self, Error> {
        Self::named("price", value)
    }

    fn named(field: &'static str, value: f64) -> Result<Self, Error> {
        // Not a number is in no range.
        if (MIN_PRICE..=MAX_PRICE).contains(&value) {
            return Ok(Self(value));
        }
        Err(Error::Candle { field, value, reason: "is not between 1e-12 and 1e15" })
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A closed bar whose numbers have been checked: prices in the limits, the extremes around open
/// and close, the volume finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candle {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
}

impl Candle {
    /// Checks the numbers of a bar, prices all in one unit.
    ///
    /// # Errors
    /// [`Error::Candle`] naming the number that cannot be.
    pub fn new(open: f64, high: f64, low: f64, close: f64, volume: f64) -> Result<Self, Error> {
        for (field, value) in [("open", open), ("high", high), ("low", low), ("close", close)] {
            Price::named(field, value)?;
        }
        if high < open.max(close) {
            let reason = "is below the open or the close";
            return Err(Error::Candle { field: "high", value: high, reason });
        }
        if low > open.min(close) {
            let reason = "is above the open or the close";
            return Err(Error::Candle { field: "low", value: low, reason });
        }
        if !(0.0..=MAX_VOLUME).contains(&volume) {
            let reason = "is not between 0 and 1e18";
            return Err(Error::Candle { field: "volume", value: volume, reason });
        }
        Ok(Self { open, high, low, close, volume })
    }

    /// A bar in whole ticks and lots. Below 2^53 a whole number is exact here, so prices compare
    /// as the integers they are.
    ///
    /// # Errors
    /// As [`Candle::new`].
    pub fn of(bar: &Bar) -> Result<Self, Error> {
        let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|p| p.0 as f64);
        Self::new(open, high, low, close, bar.volume.0 as f64)
    }

    /// The first price.
    pub const fn open(&self) -> f64 {
        self.open
    }

    /// The highest price.
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// The lowest price.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The last price.
    pub const fn close(&self) -> Price {
        Price(self.close)
    }

    /// What was traded.
    pub const fn volume(&self) -> f64 {
        self.volume
    }

    /// High less low.
    pub fn range(&self) -> f64 {
        self.high - self.low
    }

    /// The mean of high, low and close.
    pub fn typical(&self) -> f64 {
        (self.high + self.low + self.close) / 3.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Candle, Price};

    #[test]
    fn what_is_no_price_is_refused_by_name() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, -1.0, 5e-324, 1e18] {
            assert!(Price::new(bad).is_err(), "{bad}");
            let said = Candle::new(1.0, 2.0, bad, 1.0, 0.0).unwrap_err().to_string();
            assert!(said.starts_with(&format!("low {bad}")), "{said}");
        }
        for bad in [f64::NAN, f64::INFINITY, -1.0, 2e18] {
            let said = Candle::new(1.0, 1.0, 1.0, 1.0, bad).unwrap_err().to_string();
            assert!(said.starts_with(&format!("volume {bad}")), "{said}");
        }
        assert!(Candle::new(2.0, 1.9, 1.0, 1.5, 0.0).is_err());
        assert!(Candle::new(2.0, 2.0, 1.6, 1.5, 0.0).is_err());
        assert!(Candle::new(2.0, 2.0, 1.5, 1.5, 0.0).is_ok());
    }
}
