use super::{Delay, RollingSum};
use crate::{Period, Price};

/// Simple moving average: the mean of the last closes.
#[derive(Debug, Clone)]
pub struct Sma {
    sum: RollingSum,
    bars: f64,
}

impl Sma {
    /// Over so many bars; its first reading comes with the last of them.
    pub fn new(period: Period) -> Self {
        Self { sum: RollingSum::new(period), bars: period.real() }
    }

    /// The average after this close, in the unit of the price.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        self.sum.push(close.get()).map(|sum| sum / self.bars)
    }
}

/// Exponential moving average with weight 2 / (period + 1), seeded with the simple average of the
/// first `period` closes (as TA-Lib).
#[derive(Debug, Clone)]
pub struct Ema {
    /// What is kept of the old average: one less the weight of the new value.
    keep: f64,
    bars: u32,
    seen: u32,
    /// The sum of the closes seen until the seed is made, the average from then on.
    value: f64,
}

impl Ema {
    /// Over so many bars; its first reading comes with the last of them.
    pub fn new(period: Period) -> Self {
        let bars = period.bars() as u32;
        let keep = (period.real() - 1.0) / (period.real() + 1.0);
        Self { keep, bars, seen: 0, value: 0.0 }
    }

    /// The average after this close, in the unit of the price.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        self.next(close.get())
    }

    /// The average so far.
    pub fn value(&self) -> Option<f64> {
        (self.seen == self.bars).then_some(self.value)
    }

    /// Of any finite series.
    #[inline]
    pub(crate) fn next(&mut self, value: f64) -> Option<f64> {
        if self.seen == self.bars {
            // As a step back from the new value: a constant stays exactly what it is, and an average
            // over one bar is that bar, however far it fell.
            self.value = value - (value - self.value) * self.keep;
            return Some(self.value);
        }
        self.value += value;
        self.seen += 1;
        if self.seen < self.bars {
            return None;
        }
        self.value /= f64::from(self.bars);
        Some(self.value)
    }
}

/// Wilder's smoothing (1978): weight 1 / period, seeded with the simple average of the first
/// `period` values.
///
/// Written as a step towards the new value, so that a constant stays exactly what it is.
#[derive(Debug, Clone)]
pub(crate) struct Wilder(Ema);

impl Wilder {
    pub(crate) fn new(period: Period) -> Self {
        let keep = (period.real() - 1.0) / period.real();
        Self(Ema { keep, ..Ema::new(period) })
    }

    #[inline]
    pub(crate) fn next(&mut self, value: f64) -> Option<f64> {
        self.0.next(value)
    }

    pub(crate) fn value(&self) -> Option<f64> {
        self.0.value()
    }
}

/// How steep an exponential average is: its change over `span` bars in percent per bar, against
/// where it was.
#[derive(Debug, Clone)]
pub struct Slope {
    average: Ema,
    before: Delay,
    scale: f64,
}

impl Slope {
    /// Of the average over `period` bars, across `span` bars; first read after `period` + `span`.
    pub fn new(period: Period, span: Period) -> Self {
        let before = Delay::new(span);
        Self { average: Ema::new(period), before, scale: 100.0 / span.real() }
    }

    /// The slope after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<f64> {
        let now = self.average.update(close)?;
        let before = self.before.push(now)?;
        Some((now - before) / before * self.scale)
    }
}
