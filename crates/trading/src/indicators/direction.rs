use super::true_range;
use crate::{Candle, Period};

/// What the directional movement system reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    /// +DI, 0 to 100: how much of the true range went into higher highs.
    pub plus: f64,
    /// -DI, 0 to 100: how much went into lower lows.
    pub minus: f64,
    /// ADX, 0 to 100: the smoothed distance between them; none until `2 * period` bars are there.
    pub strength: Option<f64>,
}

/// Directional movement (Wilder 1978), seeded as TA-Lib: the smoothed sums begin with `period` - 1
/// bars, the first reading of the lines comes with bar `period`, that of ADX with bar
/// `2 * period` - 1, both counted from 0. Where nothing moved the lines are 0 and ADX stays.
#[derive(Debug, Clone)]
pub struct Adx {
    period: u32,
    /// What a smoothed sum keeps of itself with every bar.
    keep: f64,
    seen: u32,
    before: Option<Candle>,
    plus: f64,
    minus: f64,
    range: f64,
    /// The sum of the first `period` distances, their smoothed average from then on.
    strength: f64,
}

impl Adx {
    /// Over so many bars.
    pub fn new(period: Period) -> Self {
        let keep = 1.0 - 1.0 / period.real();
        let period = period.bars() as u32;
        let (plus, minus, range, strength) = (0.0, 0.0, 0.0, 0.0);
        Self { period, keep, seen: 0, before: None, plus, minus, range, strength }
    }

    /// The readings after this bar.
    #[inline]
    pub fn update(&mut self, candle: &Candle) -> Option<Direction> {
        let before = self.before.replace(*candle)?;
        self.seen = self.seen.saturating_add(1);
        let (up, down) = (candle.high() - before.high(), before.low() - candle.low());
        let range = true_range(candle, before.close().get());
        // While the sums fill they do not fade.
        let kept = if self.seen < self.period { 1.0 } else { self.keep };
        self.plus = self.plus * kept + if up > 0.0 && up > down { up } else { 0.0 };
        self.minus = self.minus * kept + if down > 0.0 && down > up { down } else { 0.0 };
        self.range = self.range * kept + range;
        if self.seen < self.period {
            return None;
        }
        let scale = if self.range > 0.0 { 100.0 / self.range } else { 0.0 };
        // Sums near the smallest number there is no longer keep their order.
        let line = |sum: f64| (sum * scale).min(100.0);
        let (plus, minus) = (line(self.plus), line(self.minus));
        self.smooth(plus, minus);
        Some(Direction { plus, minus, strength: self.strength() })
    }

    fn smooth(&mut self, plus: f64, minus: f64) {
        let both = plus + minus;
        let moved = both > 0.0;
        let distance = if moved { 100.0 * ((plus - minus).abs() / both) } else { 0.0 };
        let (last, bars) = (2 * self.period - 1, f64::from(self.period));
        if self.seen <= last {
            self.strength += distance;
            if self.seen == last {
                self.strength = (self.strength / bars).min(100.0);
            }
        } else if moved {
            let next = distance - (distance - self.strength) * self.keep;
            // By rounding alone it could pass the end of its scale.
            self.strength = next.clamp(0.0, 100.0);
        }
    }

    fn strength(&self) -> Option<f64> {
        (self.seen >= 2 * self.period - 1).then_some(self.strength)
    }
}
