use super::Delay;
use crate::{Period, Price};

/// Momentum: the close less the close of `period` bars ago, in the unit of the price.
#[derive(Debug, Clone)]
pub struct Momentum(Delay);

impl Momentum {
    /// Across so many bars; its first reading comes with the close after as many.
    pub fn new(period: Period) -> Self {
        Self(Delay::new(period))
    }

    /// The momentum after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        self.0.push(close.get()).map(|before| close.get() - before)
    }

    /// A momentum in units of the average true range; none where nothing moved.
    pub fn in_ranges(momentum: f64, atr: f64) -> Option<f64> {
        (atr > 0.0).then(|| momentum / atr)
    }
}
