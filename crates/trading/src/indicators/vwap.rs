use clock::Nanos;
use market::Timeframe;

use super::RollingSum;
use crate::{Candle, Period};

/// Volume-weighted average of the typical price over the last bars, in the unit of the price; none
/// where nothing was traded.
#[derive(Debug, Clone)]
pub struct RollingVwap {
    value: RollingSum,
    volume: RollingSum,
}

impl RollingVwap {
    /// Over so many bars.
    pub fn new(period: Period) -> Self {
        Self { value: RollingSum::new(period), volume: RollingSum::new(period) }
    }

    /// The average after this bar.
    #[inline]
    pub fn update(&mut self, candle: &Candle) -> Option<f64> {
        let value = self.value.push(candle.typical() * candle.volume());
        let volume = self.volume.push(candle.volume())?;
        (volume > 0.0).then_some(value? / volume)
    }
}

/// Volume-weighted average of the typical price since the session began, in the unit of the price;
/// none before the first trade of it. A session is a whole timeframe of UTC, a day for most.
#[derive(Debug, Clone)]
pub struct SessionVwap {
    session: Timeframe,
    began: Option<Nanos>,
    value: Exact,
    volume: Exact,
}

impl SessionVwap {
    /// With sessions of this length.
    pub fn new(session: Timeframe) -> Self {
        Self { session, began: None, value: Exact::default(), volume: Exact::default() }
    }

    /// The average after the bar that opened at `open_time`. A bar of another session begins anew.
    #[inline]
    pub fn update(&mut self, open_time: Nanos, candle: &Candle) -> Option<f64> {
        let began = Some(self.session.open_of(open_time));
        if began != self.began {
            self.began = began;
            self.value = Exact::default();
            self.volume = Exact::default();
        }
        let value = self.value.add(candle.typical() * candle.volume());
        let volume = self.volume.add(candle.volume());
        (volume > 0.0).then(|| value / volume)
    }
}

/// A sum that keeps what rounding loses (Neumaier 1974).
#[derive(Debug, Clone, Copy, Default)]
struct Exact {
    sum: f64,
    lost: f64,
}

impl Exact {
    fn add(&mut self, value: f64) -> f64 {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
        sum + self.lost
    }
}
