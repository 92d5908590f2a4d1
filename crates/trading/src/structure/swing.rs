use super::history::History;
use super::settings::Rules;
use super::{Extreme, Finding, What};
use crate::Candle;

/// Most swings of a kind that decide a trend.
const MAX_TREND: usize = 8;

/// A confirmed swing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Swing {
    /// High or low.
    pub extreme: Extreme,
    /// Its price.
    pub level: f64,
    /// The number of its bar.
    pub pivot_index: u64,
    /// The number of the bar that confirmed it.
    pub confirmed_index: u64,
}

/// Which way the last swings of both kinds go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trend {
    /// Every low lower than the one before, and every high.
    Falling,
    /// Anything else.
    Mixed,
    /// Every high higher than the one before, and every low.
    Rising,
}

/// Finds swings: a high strictly above the highs of so many bars before and after it, a low
/// strictly below their lows. Equal highs within reach of each other are none, unless ties are
/// allowed: then the first of them is.
#[derive(Debug, Clone)]
pub(super) struct Swings {
    left: usize,
    right: usize,
    ties: bool,
    highs: Run,
    lows: Run,
}

impl Swings {
    pub(super) fn new(rules: &Rules) -> Self {
        let run = || Run::new(rules.trend_swings);
        let (left, right, ties) = (rules.swing_left, rules.swing_right, rules.swing_ties);
        Self { left, right, ties, highs: run(), lows: run() }
    }

    /// The swings that the last bar confirms, at most one of each kind.
    pub(super) fn confirm(
        &mut self,
        history: &History,
        found: &mut Vec<Finding>,
    ) -> [Option<Swing>; 2] {
        let high = self.find(history, Extreme::High);
        let low = self.find(history, Extreme::Low);
        for swing in [high, low].into_iter().flatten() {
            match swing.extreme {
                Extreme::High => self.highs.push(swing),
                Extreme::Low => self.lows.push(swing),
            }
            found.push(Finding {
                pivot_index: swing.pivot_index,
                confirmed_index: swing.confirmed_index,
                what: What::Swing { extreme: swing.extreme, level: swing.level },
            });
        }
        [high, low]
    }

    fn find(&self, history: &History, extreme: Extreme) -> Option<Swing> {
        // Turned over, a low is a high.
        let height = |candle: &Candle| match extreme {
            Extreme::High => candle.high(),
            Extreme::Low => -candle.low(),
        };
        // The far end first: without it history is short.
        history.back(self.left + self.right)?;
        let pivot = height(history.back(self.right)?);
        let all = |mut ago: std::ops::RangeInclusive<usize>, below: &dyn Fn(f64) -> bool| {
            ago.all(|ago| history.back(ago).is_some_and(|candle| below(height(candle))))
        };
        let before = all(self.right + 1..=self.right + self.left, &|other| other < pivot);
        let after = all(0..=self.right - 1, &|other| other < pivot || self.ties && other == pivot);
        let confirmed_index = history.bars() - 1;
        (after && before).then(|| Swing {
            extreme,
            level: pivot.abs(),
            pivot_index: confirmed_index - self.right as u64,
            confirmed_index,
        })
    }

    pub(super) fn last(&self, extreme: Extreme) -> Option<Swing> {
        match extreme {
            Extreme::High => self.highs.last(),
            Extreme::Low => self.lows.last(),
        }
    }

    pub(super) fn trend(&self) -> Option<Trend> {
        let (highs, lows) = (self.highs.levels()?, self.lows.levels()?);
        let all = |way: fn(&[f64]) -> bool| highs.windows(2).all(way) && lows.windows(2).all(way);
        Some(if all(|pair| pair[1] > pair[0]) {
            Trend::Rising
        } else if all(|pair| pair[1] < pair[0]) {
            Trend::Falling
        } else {
            Trend::Mixed
        })
    }
}

/// The last swings of one kind, oldest first.
#[derive(Debug, Clone)]
struct Run {
    levels: [f64; MAX_TREND],
    wanted: usize,
    filled: usize,
    last: Option<Swing>,
}

impl Run {
    fn new(wanted: usize) -> Self {
        Self { levels: [0.0; MAX_TREND], wanted: wanted.min(MAX_TREND), filled: 0, last: None }
    }

    fn push(&mut self, swing: Swing) {
        if self.filled == self.wanted {
            self.levels[..self.wanted].rotate_left(1);
            self.filled -= 1;
        }
        self.levels[self.filled] = swing.level;
        self.filled += 1;
        self.last = Some(swing);
    }

    fn last(&self) -> Option<Swing> {
        self.last
    }

    fn levels(&self) -> Option<&[f64]> {
        (self.filled == self.wanted).then(|| &self.levels[..self.wanted])
    }
}
