//! Exact numbers: prices in ticks, quantities in lots, and the text they come from.
//!
//! A venue writes decimals; a contract says their grid. Text becomes whole steps of the grid or is
//! refused by name; no float stands between. What is finer than the grid (mark prices, funding
//! rates, averages, money) is counted in hundred-millionths.

mod decimal;
mod step;

pub use decimal::Refusal;
pub use step::Step;

pub(crate) use decimal::{signed, unsigned};

/// A price in whole ticks of its contract. Only meaningful beside that contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(pub i64);

/// A quantity in whole lots of its contract. Only meaningful beside that contract.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lots(pub i64);

/// A number in units of 1e-8: a price finer than a tick, a rate (1 is 100 %), or an amount of the
/// quote currency. Up to 92 thousand million.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed8(pub i64);

/// A sum of price times quantity in units of 1e-8 of the quote currency: the same unit for every
/// contract, so that sums over contracts have a meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Notional(pub i128);

/// Decimals of [`Fixed8`] and [`Notional`].
pub(crate) const FIXED_DECIMALS: u8 = 8;

impl Fixed8 {
    /// One: 100 % or one unit of the quote currency.
    pub const ONE: Self = Self(100_000_000);

    /// Reads a decimal, negative or not, with at most eight decimals that are not zero.
    ///
    /// # Errors
    /// [`Refusal::OffGrid`] below 1e-8, [`Refusal::Overflow`], [`Refusal::NotDecimal`].
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        signed(text, FIXED_DECIMALS).map(Self)
    }
}

impl Notional {
    /// Reads an amount of the quote currency, zero or more, with at most eight decimals.
    ///
    /// # Errors
    /// As [`Fixed8::parse`], and [`Refusal::Negative`].
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        unsigned(text, FIXED_DECIMALS).map(|units| Self(i128::from(units)))
    }

    /// The sum; none beyond i128.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl std::fmt::Display for Fixed8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        decimal::write(f, i128::from(self.0), FIXED_DECIMALS)
    }
}

impl std::fmt::Display for Notional {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        decimal::write(f, self.0, FIXED_DECIMALS)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fixed8, Notional, Refusal};

    #[test]
    fn rates_keep_their_sign_and_their_eighth_decimal() {
        assert_eq!(Fixed8::parse(b"0.00038167"), Ok(Fixed8(38_167)));
        assert_eq!(Fixed8::parse(b"-0.00017064"), Ok(Fixed8(-17_064)));
        assert_eq!(Fixed8::parse(b"11794.15000000"), Ok(Fixed8(1_179_415_000_000)));
        assert_eq!(Fixed8::parse(b"0.000000001"), Err(Refusal::OffGrid));
        assert_eq!(Fixed8::parse(b"92233720368.54775808"), Err(Refusal::Overflow));
        assert_eq!(Fixed8::parse(b"-92233720368.54775807"), Ok(Fixed8(-i64::MAX)));
        assert_eq!(Fixed8::parse(b"--1"), Err(Refusal::NotDecimal));
    }

    #[test]
    fn amounts_print_all_eight_decimals() {
        assert_eq!(Fixed8(-17_064).to_string(), "-0.00017064");
        assert_eq!(Notional(150_000_000).to_string(), "1.50000000");
        assert_eq!(Notional::parse(b"-1"), Err(Refusal::Negative));
    }
}
