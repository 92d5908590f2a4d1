use clock::Seed;
use serde::Serialize;

use crate::figures::{fall, sharpe};
use crate::statistics::{Interval, bootstrap, probabilistic_sharpe};

/// The seed of the bootstrap: the same record gives the same intervals.
const SEED: Seed = Seed(1);

/// How far the figures of a run may be trusted, by its returns from whole day to whole day. All of it
/// is absent below ten days, and ratios where nothing varies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Confidence {
    /// How many days.
    pub days: usize,
    /// The Sharpe ratio by the year: 95 of 100 such records lie within.
    pub sharpe: Option<Interval>,
    /// The profit as a share of the deposit, likewise.
    pub profit_share: Option<Interval>,
    /// The deepest drawdown as a share, likewise.
    pub drawdown_share: Option<Interval>,
    /// How likely the true Sharpe ratio is above zero, skew and fat tails counted.
    pub above_zero: Option<f64>,
}

impl Confidence {
    /// Of returns from day to day.
    pub fn of(daily: &[f64]) -> Self {
        let grown = |daily: &[f64]| Some(daily.iter().fold(1.0, |sum, r| sum * (1.0 + r)) - 1.0);
        Self {
            days: daily.len(),
            sharpe: bootstrap(daily, SEED, sharpe),
            profit_share: bootstrap(daily, SEED, grown),
            drawdown_share: bootstrap(daily, SEED, |daily| Some(fall(daily))),
            above_zero: probabilistic_sharpe(daily),
        }
    }
}
