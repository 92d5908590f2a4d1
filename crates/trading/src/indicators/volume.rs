use super::{RollingMoments, RollingSum};
use crate::{Candle, Period};

/// The volume of a bar against the mean of the last bars, itself included: 0 to `period`, 1 where
/// it is like them; none where nothing was traded in any.
#[derive(Debug, Clone)]
pub struct VolumeRatio {
    sum: RollingSum,
    bars: f64,
}

impl VolumeRatio {
    /// Over so many bars.
    pub fn new(period: Period) -> Self {
        Self { sum: RollingSum::new(period), bars: period.real() }
    }

    /// The ratio of this bar.
    #[inline]
    pub fn update(&mut self, candle: &Candle) -> Option<f64> {
        let sum = self.sum.push(candle.volume())?;
        (sum > 0.0).then(|| candle.volume() * self.bars / sum)
    }
}

/// How far the volume of a bar lies from the bars before it, in their population standard
/// deviations. The bar itself is not among them: within its own window of 20 no bar could be more
/// than 4.4 deviations out. None where the volume before never changed.
#[derive(Debug, Clone)]
pub struct VolumeScore {
    moments: RollingMoments,
    before: Option<(f64, f64)>,
}

impl VolumeScore {
    /// Against so many bars; its first reading comes with the bar after them.
    pub fn new(period: Period) -> Self {
        Self { moments: RollingMoments::new(period), before: None }
    }

    /// The score of this bar.
    #[inline]
    pub fn update(&mut self, candle: &Candle) -> Option<f64> {
        let before = std::mem::replace(&mut self.before, self.moments.push(candle.volume()));
        let (mean, variance) = before?;
        (variance > 0.0).then(|| (candle.volume() - mean) / variance.sqrt())
    }
}
