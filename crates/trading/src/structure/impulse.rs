use super::settings::Rules;
use super::{Bias, Finding, What};
use crate::Candle;
use crate::indicators::VolumeScore;

/// Finds institutional candles.
#[derive(Debug, Clone)]
pub(super) struct Impulses {
    body: f64,
    wick: f64,
    score: f64,
    volume: VolumeScore,
}

impl Impulses {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            body: rules.impulse_body,
            wick: rules.impulse_wick,
            score: rules.impulse_score,
            volume: VolumeScore::new(rules.impulse_window),
        }
    }

    pub(super) fn update(&mut self, index: u64, candle: &Candle, found: &mut Vec<Finding>) {
        let Some(volume_score) = self.volume.update(candle) else { return };
        let range = candle.range();
        // A bar without range has neither body nor wick.
        if volume_score <= self.score || range <= 0.0 {
            return;
        }
        let (open, close) = (candle.open(), candle.close().get());
        let body = (close - open).abs() / range;
        let upper = (candle.high() - open.max(close)) / range;
        let lower = (open.min(close) - candle.low()) / range;
        if body > self.body && upper < self.wick && lower < self.wick {
            let bias = if close > open { Bias::Bullish } else { Bias::Bearish };
            let what = What::Impulse { bias, body, volume_score };
            found.push(Finding { pivot_index: index, confirmed_index: index, what });
        }
    }
}
