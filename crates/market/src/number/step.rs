use std::fmt::{Display, Formatter, Result as Printed};

use super::decimal::{Plain, Refusal, unsigned};
use super::{Lots, Ticks};

/// Most decimals a grid may have: the finest any venue uses, and what [`super::Fixed8`] can hold.
const MAX_DECIMALS: u8 = 8;

/// The exact increment of a grid: `unit` times 10^-`decimals`. 0.10, 0.001, 5 and 0.05 are all
/// exact; 0.10 and 0.1 are the same step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    unit: i64,
    decimals: u8,
}

impl Step {
    /// Reads an increment such as "0.10".
    ///
    /// # Errors
    /// [`Refusal::Zero`] and [`Refusal::Negative`]; [`Refusal::OffGrid`] below 1e-8;
    /// [`Refusal::NotDecimal`], [`Refusal::Overflow`].
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let mut unit = unsigned(text, MAX_DECIMALS)?;
        if unit == 0 {
            return Err(Refusal::Zero);
        }
        let mut decimals = MAX_DECIMALS;
        while decimals > 0 && unit % 10 == 0 {
            unit /= 10;
            decimals -= 1;
        }
        Ok(Self { unit, decimals })
    }

    /// The increment in units of 10^-[`Step::decimals`]; at least 1.
    pub fn unit(self) -> i64 {
        self.unit
    }

    /// Decimals of the increment, 0 to 8.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// A price on this grid, more than zero.
    ///
    /// # Errors
    /// One [`Refusal`] for each way a text can be no price.
    pub fn price(self, text: &[u8]) -> Result<Ticks, Refusal> {
        self.positive(text).map(Ticks)
    }

    /// A quantity on this grid, more than zero.
    ///
    /// # Errors
    /// One [`Refusal`] for each way a text can be no quantity.
    pub fn quantity(self, text: &[u8]) -> Result<Lots, Refusal> {
        self.positive(text).map(Lots)
    }

    /// A quantity on this grid where zero has a meaning: an emptied level, a minute without trade.
    ///
    /// # Errors
    /// As [`Step::quantity`], but zero is accepted.
    pub fn quantity_or_zero(self, text: &[u8]) -> Result<Lots, Refusal> {
        self.steps(text).map(Lots)
    }

    /// The price as the venue writes it, with the decimals of the step.
    pub fn show_price(self, price: Ticks) -> impl Display {
        self.show(price.0)
    }

    /// The quantity as the venue writes it, with the decimals of the step.
    pub fn show_quantity(self, quantity: Lots) -> impl Display {
        self.show(quantity.0)
    }

    /// The lowest price on this grid, at least one tick, that is not below a limit. The limit
    /// itself may lie off the grid: venues keep limits when they change a tick.
    pub(crate) fn price_from(self, limit: &[u8]) -> Result<Ticks, Refusal> {
        let (units, step) = (unsigned(limit, MAX_DECIMALS)?, self.finest()?);
        let below = units / step;
        Ok(Ticks((below + i64::from(units % step != 0)).max(1)))
    }

    /// The highest price on this grid that is not above a limit.
    pub(crate) fn price_up_to(self, limit: &[u8]) -> Result<Ticks, Refusal> {
        match unsigned(limit, MAX_DECIMALS)? / self.finest()? {
            0 => Err(Refusal::Zero),
            steps => Ok(Ticks(steps)),
        }
    }

    /// The increment in units of 1e-8.
    fn finest(self) -> Result<i64, Refusal> {
        let scale = 10_i64.pow(u32::from(MAX_DECIMALS - self.decimals));
        self.unit.checked_mul(scale).ok_or(Refusal::Overflow)
    }

    /// Whole steps in `text`, zero or more.
    pub(crate) fn steps(self, text: &[u8]) -> Result<i64, Refusal> {
        let units = unsigned(text, self.decimals)?;
        // Nearly every grid counts in ones; a division would cost more than the reading.
        if self.unit == 1 {
            return Ok(units);
        }
        if units % self.unit == 0 { Ok(units / self.unit) } else { Err(Refusal::OffGrid) }
    }

    fn positive(self, text: &[u8]) -> Result<i64, Refusal> {
        match self.steps(text)? {
            0 => Err(Refusal::Zero),
            steps => Ok(steps),
        }
    }

    fn show(self, steps: i64) -> Plain {
        Plain { units: i128::from(steps) * i128::from(self.unit), decimals: self.decimals }
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        self.show(1).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{Lots, Refusal, Step, Ticks};

    fn step(text: &str) -> Step {
        Step::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_step_is_exact_and_has_one_form() {
        assert_eq!(step("0.10"), step("0.1"));
        assert_eq!(step("0.10").to_string(), "0.1");
        assert_eq!(step("5"), Step { unit: 5, decimals: 0 });
        assert_eq!(step("10"), Step { unit: 10, decimals: 0 });
        assert_eq!(step("0.05"), Step { unit: 5, decimals: 2 });
        assert_eq!(Step::parse(b"0.000"), Err(Refusal::Zero));
        assert_eq!(Step::parse(b"0.000000001"), Err(Refusal::OffGrid));
    }

    #[test]
    fn each_wrong_price_has_its_own_refusal() {
        let tick = step("0.05");
        assert_eq!(tick.price(b"1.15"), Ok(Ticks(23)));
        assert_eq!(tick.price(b"1.1500000"), Ok(Ticks(23)));
        assert_eq!(tick.price(b"1.12"), Err(Refusal::OffGrid));
        assert_eq!(tick.price(b"1.151"), Err(Refusal::OffGrid));
        assert_eq!(tick.price(b"0.00"), Err(Refusal::Zero));
        assert_eq!(tick.price(b"-1.15"), Err(Refusal::Negative));
        assert_eq!(tick.price(b"1000000000000000000000"), Err(Refusal::Overflow));
        for text in ["", ".", "1.", ".5", "1e5", "+1", "1,5", " 1", "1 ", "NaN", "-", "-x", "1.2.3"]
        {
            assert_eq!(tick.price(text.as_bytes()), Err(Refusal::NotDecimal), "{text:?}");
        }
        assert_eq!(step("0.001").quantity_or_zero(b"0.000"), Ok(Lots(0)));
    }

    #[test]
    fn a_limit_off_the_grid_is_moved_inwards() {
        let tick = step("0.05");
        assert_eq!(tick.price_from(b"0.11"), Ok(Ticks(3)));
        assert_eq!(tick.price_from(b"0.10"), Ok(Ticks(2)));
        assert_eq!(tick.price_from(b"0"), Ok(Ticks(1)));
        assert_eq!(tick.price_up_to(b"0.14"), Ok(Ticks(2)));
        assert_eq!(tick.price_up_to(b"0.04"), Err(Refusal::Zero));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(steps in 1_i64..1_000_000_000_000, unit in 1_i64..1_000, decimals in 0_u8..=8) {
            let increment = super::Plain { units: i128::from(unit), decimals };
            let step = step(&increment.to_string());
            let text = step.show_price(Ticks(steps)).to_string();
            prop_assert_eq!(step.price(text.as_bytes()), Ok(Ticks(steps)));
        }

        #[test]
        fn no_text_panics(text: Vec<u8>) {
            let _ = step("0.05").price(&text);
            let _ = super::super::Fixed8::parse(&text);
        }
    }
}
