use super::{RollingSum, Wilder};
use crate::{Period, Price};

/// Relative strength index (Wilder 1978): the smoothed gains as a percentage of the smoothed gains
/// and losses, 0 to 100. Only gains give 100, only losses 0, no change at all 50.
#[derive(Debug, Clone)]
pub struct Rsi {
    before: Option<f64>,
    gains: Wilder,
    losses: Wilder,
}

impl Rsi {
    /// Over so many changes; its first reading comes with the close after as many.
    pub fn new(period: Period) -> Self {
        Self { before: None, gains: Wilder::new(period), losses: Wilder::new(period) }
    }

    /// The index after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        let before = self.before.replace(close.get())?;
        let change = close.get() - before;
        let losses = self.losses.next((-change).max(0.0));
        let gains = self.gains.next(change.max(0.0));
        Some(share(gains?, losses?))
    }

    /// The index so far.
    pub fn value(&self) -> Option<f64> {
        Some(share(self.gains.value()?, self.losses.value()?))
    }
}

/// Relative strength index by simple averages over a window (Cutler): what it reads depends on the
/// last `period` changes alone and not on where history began.
#[derive(Debug, Clone)]
pub struct CutlerRsi {
    before: Option<f64>,
    gains: RollingSum,
    losses: RollingSum,
}

impl CutlerRsi {
    /// Over so many changes; its first reading comes with the close after as many.
    pub fn new(period: Period) -> Self {
        Self { before: None, gains: RollingSum::new(period), losses: RollingSum::new(period) }
    }

    /// The index after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        let before = self.before.replace(close.get())?;
        let change = close.get() - before;
        let losses = self.losses.push((-change).max(0.0));
        let gains = self.gains.push(change.max(0.0));
        Some(share(gains?, losses?))
    }
}

#[inline]
fn share(gains: f64, losses: f64) -> f64 {
    let both = gains + losses;
    if both > 0.0 { 100.0 * (gains / both) } else { 50.0 }
}
