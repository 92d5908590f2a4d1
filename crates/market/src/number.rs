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

    /// So many ones, such as dollars.
    pub const fn whole(ones: i32) -> Self {
        Self(ones as i64 * Self::ONE.0)
    }

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

    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many units of the quote currency.
    pub const fn whole(units: i64) -> Self {
        Self(units as i128 * Fixed8::ONE.0 as i128)
    }

    /// The sum; none beyond i128.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// What is left when `other` is taken away; none beyond i128.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The part of it that `rate` is, rounded to the nearest, ties to even; none beyond i128.
    pub fn times(self, rate: Fixed8) -> Option<Self> {
        const ONE: i64 = Fixed8::ONE.0;
        // Whole ones apart from what is left of them, whose product with a rate fits 64 bits.
        if let Ok(amount) = i64::try_from(self.0)
            && let (ones, left) = (amount.div_euclid(ONE), amount.rem_euclid(ONE))
            && let Some(part) = left.checked_mul(rate.0)
        {
            let whole = i128::from(ones) * i128::from(rate.0) + i128::from(part.div_euclid(ONE));
            return Some(Self(rounded(whole, part.rem_euclid(ONE), ONE)));
        }
        let product = self.0.checked_mul(i128::from(rate.0))?;
        Some(Self(nearest(product, i128::from(ONE))))
    }

    /// How many times `one` is in it; none of nothing, or beyond 63 bits.
    pub fn whole_times(self, one: Self) -> Option<i64> {
        // As in [`nearest`].
        if let (Ok(amount), Ok(one)) = (i64::try_from(self.0), i64::try_from(one.0)) {
            return amount.checked_div(one);
        }
        i64::try_from(self.0.checked_div(one.0)?).ok()
    }

    /// As much of it as `part` is of `whole`, rounded to the nearest, ties to even; none beyond
    /// i128 or of a whole of zero.
    pub fn share(self, part: Lots, whole: Lots) -> Option<Self> {
        if whole.0 == 0 {
            return None;
        }
        let product = self.0.checked_mul(i128::from(part.0))?;
        Some(Self(nearest(product, i128::from(whole.0))))
    }
}

/// A quotient rounded to the nearest whole number, ties to even, so that rounding favours nobody.
pub(crate) fn nearest(dividend: i128, divisor: i128) -> i128 {
    // Nearly all sums fit 64 bits, where a division takes a tenth of the time.
    if let (Ok(dividend), Ok(divisor)) = (i64::try_from(dividend), i64::try_from(divisor)) {
        let quotient = dividend.div_euclid(divisor);
        return rounded(i128::from(quotient), dividend - quotient * divisor, divisor);
    }
    let (quotient, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    let divisor = divisor.unsigned_abs();
    match (rest.unsigned_abs() * 2).cmp(&divisor) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Equal if quotient % 2 == 0 => quotient,
        _ => quotient + 1,
    }
}

/// A quotient and what is left of a positive divisor.
fn rounded(quotient: i128, rest: i64, divisor: i64) -> i128 {
    quotient
        + match rest.cmp(&(divisor - rest)) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => quotient & 1,
            std::cmp::Ordering::Greater => 1,
        }
}

/// Ten to the power of what a grid may have of decimals, twice over.
pub(crate) fn power_of_ten(exponent: u8) -> Option<i64> {
    const POWERS: [i64; 17] = {
        let mut powers = [1; 17];
        let mut at = 1;
        while at < powers.len() {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
        powers
    };
    POWERS.get(usize::from(exponent)).copied()
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
    use super::{Fixed8, Lots, Notional, Refusal};

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
    fn shares_are_rounded_to_the_nearest_and_ties_to_even() {
        let share = |amount, part, whole| Notional(amount).share(Lots(part), Lots(whole));
        assert_eq!(share(10, 1, 3), Some(Notional(3)));
        assert_eq!(share(-10, 2, 3), Some(Notional(-7)));
        assert_eq!(share(5, 1, 2), Some(Notional(2)));
        assert_eq!(share(7, 1, 2), Some(Notional(4)));
        assert_eq!(share(-5, 1, 2), Some(Notional(-2)));
        assert_eq!(share(5, 1, 0), None);
        assert_eq!(Notional(123).times(Fixed8(50_000_000)), Some(Notional(62)));
        assert_eq!(Notional(i128::MAX).times(Fixed8(2)), None);
    }

    proptest::proptest! {
        #[test]
        fn both_widths_round_alike(dividend in i64::MIN + 1..i64::MAX, divisor in 1_i64..1_000_000_000) {
            let (a, b) = (i128::from(dividend), i128::from(divisor));
            // Far beyond 64 bits, and the same remainder.
            let shift = b * (1 << 70);
            let wide = super::nearest(a + shift, b) - (1 << 70);
            proptest::prop_assert_eq!(super::nearest(a, b), wide);
        }
    }

    proptest::proptest! {
        #[test]
        fn both_ways_to_a_part_round_alike(amount: i64, rate in -200_000_000_i64..200_000_000) {
            let product = i128::from(amount) * i128::from(rate);
            let wide = super::nearest(product, i128::from(Fixed8::ONE.0));
            proptest::prop_assert_eq!(Notional(i128::from(amount)).times(Fixed8(rate)), Some(Notional(wide)));
            // Halves of a hundred-millionth.
            let half = Notional(i128::from(amount)).times(Fixed8(50_000_000)).unwrap().0;
            proptest::prop_assert!(half * 2 == i128::from(amount) || half % 2 == 0);
        }
    }

    #[test]
    fn amounts_print_all_eight_decimals() {
        assert_eq!(Fixed8(-17_064).to_string(), "-0.00017064");
        assert_eq!(Notional(150_000_000).to_string(), "1.50000000");
        assert_eq!(Notional::parse(b"-1"), Err(Refusal::Negative));
    }
}
