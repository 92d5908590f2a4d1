use super::history::History;
use super::kept::Kept;
use super::settings::Rules;
use super::{Bias, Finding, What};
use crate::Candle;

/// A fair-value gap: prices that the bars before and after the middle one leave between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Bullish where the third low lies above the first high.
    pub bias: Bias,
    /// Its upper edge.
    pub top: f64,
    /// Its lower edge.
    pub bottom: f64,
    /// Its size in average true ranges; none while there is no average.
    pub size: Option<f64>,
    /// The number of its middle bar; of the last one where gaps were joined.
    pub pivot_index: u64,
    /// The number of the bar that settled it as it is.
    pub confirmed_index: u64,
    /// The number of the bar that first came back into it.
    pub touched: Option<u64>,
    /// How much of it price has traded through, 0 to 1.
    pub filled: f64,
}

/// Finds gaps and follows them until price has traded through.
#[derive(Debug, Clone)]
pub(super) struct Gaps {
    min_share: f64,
    min_atr: f64,
    with_body: bool,
    join: bool,
    open: Kept<Gap>,
}

impl Gaps {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            min_share: rules.gap_min_share,
            min_atr: rules.gap_min_atr,
            with_body: rules.gap_with_body,
            join: rules.gap_join,
            open: Kept::new(rules.gaps_kept),
        }
    }

    pub(super) fn open(&self) -> &[Gap] {
        self.open.items()
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.open.forgotten()
    }

    /// With the bar just closed: a gap it completes, and what it did to the others. A gap that it
    /// extends is not traded into by it.
    pub(super) fn update(&mut self, history: &History, atr: Option<f64>, found: &mut Vec<Finding>) {
        let new = self.find(history, atr);
        let joined = new.and_then(|new| self.extend(new));
        if let Some(candle) = history.last() {
            trade(&mut self.open, history.bars() - 1, candle, found);
        }
        let Some(gap) = joined.or(new) else { return };
        self.open.push(gap);
        let what = if joined.is_some() { What::GapExtended(gap) } else { What::GapOpened(gap) };
        let (pivot_index, confirmed_index) = (gap.pivot_index, gap.confirmed_index);
        found.push(Finding { pivot_index, confirmed_index, what });
    }

    fn find(&self, history: &History, atr: Option<f64>) -> Option<Gap> {
        let (first, middle, third) = (history.back(2)?, history.back(1)?, history.back(0)?);
        let (bias, top, bottom) = if third.low() > first.high() {
            (Bias::Bullish, third.low(), first.high())
        } else if third.high() < first.low() {
            (Bias::Bearish, first.low(), third.high())
        } else {
            return None;
        };
        let body = (middle.close().get() - middle.open()) * bias.sign();
        if self.with_body && body <= 0.0 {
            return None;
        }
        let confirmed_index = history.bars() - 1;
        let (size, pivot_index) = (self.size(top, bottom, atr)?, confirmed_index - 1);
        let (touched, filled) = (None, 0.0);
        Some(Gap { bias, top, bottom, size, pivot_index, confirmed_index, touched, filled })
    }

    /// The size where it is large enough, and none in it where there is no average yet.
    fn size(&self, top: f64, bottom: f64, atr: Option<f64>) -> Option<Option<f64>> {
        let size = atr.filter(|atr| *atr > 0.0).map(|atr| (top - bottom) / atr);
        let large = top - bottom >= self.min_share * bottom
            && (self.min_atr == 0.0 || size.is_some_and(|size| size >= self.min_atr));
        large.then_some(size)
    }

    /// The newest gap with `new` joined to it, taken out of the list, where they follow each other.
    fn extend(&mut self, new: Gap) -> Option<Gap> {
        let last = self.open.items().last()?;
        let follows = last.bias == new.bias && last.pivot_index + 1 == new.pivot_index;
        if !self.join || !follows {
            return None;
        }
        let last = self.open.pop()?;
        let (top, bottom) = (last.top.max(new.top), last.bottom.min(new.bottom));
        let grown = (top - bottom) / (new.top - new.bottom);
        Some(Gap { top, bottom, size: new.size.map(|size| size * grown), ..new })
    }
}

/// Lets a bar trade into the gaps.
fn trade(open: &mut Kept<Gap>, index: u64, candle: &Candle, found: &mut Vec<Finding>) {
    open.retain_mut(|gap| {
        let reach = match gap.bias {
            Bias::Bullish => gap.top - candle.low(),
            Bias::Bearish => candle.high() - gap.bottom,
        };
        if reach < 0.0 {
            return true;
        }
        let share = (reach / (gap.top - gap.bottom)).min(1.0);
        gap.filled = gap.filled.max(share);
        let pivot_index = gap.pivot_index;
        let mut say = |what| found.push(Finding { pivot_index, confirmed_index: index, what });
        if gap.touched.is_none() {
            gap.touched = Some(index);
            say(What::GapTouched(*gap));
        }
        let through = reach >= gap.top - gap.bottom;
        if through {
            say(What::GapFilled(*gap));
        }
        !through
    });
}
