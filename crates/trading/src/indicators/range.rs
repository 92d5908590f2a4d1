use super::Wilder;
use crate::{Candle, Period};

/// The range of a bar with the gap before it: the largest of high less low, and of the distances
/// of both from the close before (Wilder 1978).
#[inline]
pub fn true_range(candle: &Candle, close_before: f64) -> f64 {
    candle.high().max(close_before) - candle.low().min(close_before)
}

/// Average true range (Wilder 1978), in the unit of the price. The first bar has no close before
/// it and only lends its own (as TA-Lib).
#[derive(Debug, Clone)]
pub struct Atr {
    before: Option<f64>,
    average: Wilder,
}

impl Atr {
    /// Over so many true ranges; its first reading comes with the bar after as many.
    pub fn new(period: Period) -> Self {
        Self { before: None, average: Wilder::new(period) }
    }

    /// The average after this bar.
    #[inline]
    pub fn update(&mut self, candle: &Candle) -> Option<f64> {
        let before = self.before.replace(candle.close().get())?;
        self.average.next(true_range(candle, before))
    }

    /// The average so far.
    pub fn value(&self) -> Option<f64> {
        self.average.value()
    }

    /// The average so far as a percentage of the last close.
    pub fn percent(&self) -> Option<f64> {
        Some(100.0 * self.average.value()? / self.before?)
    }
}
