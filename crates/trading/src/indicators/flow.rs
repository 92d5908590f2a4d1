use market::{Bar, Lots, Side};

use crate::Period;

/// Order flow: what takers bought less what they sold over the last bars, as a fraction of both,
/// -1 to 1. Sums are whole lots and exact. Only where takers are known; a bar without them begins
/// the window anew, and a window in which nothing was traded reads none.
#[derive(Debug, Clone)]
pub struct OrderFlow {
    cells: Box<[(i64, i64)]>,
    at: usize,
    filled: usize,
    bought: i128,
    sold: i128,
}

impl OrderFlow {
    /// Over so many bars.
    pub fn new(period: Period) -> Self {
        let cells = vec![(0, 0); period.bars()].into();
        Self { cells, at: 0, filled: 0, bought: 0, sold: 0 }
    }

    /// The flow after a bar whose source says what takers bought.
    #[inline]
    pub fn update(&mut self, bar: &Bar) -> Option<f64> {
        let Some(bought) = bar.flow.map(|flow| flow.taker_buy) else {
            return self.forget();
        };
        match bar.volume.0.checked_sub(bought.0) {
            Some(sold) => self.push(bought, Lots(sold)),
            None => self.forget(),
        }
    }

    /// The flow after a stretch of trades in which takers bought and sold so much. Less than
    /// nothing is no flow, and is treated as unknown.
    #[inline]
    pub fn push(&mut self, bought: Lots, sold: Lots) -> Option<f64> {
        if bought.0 < 0 || sold.0 < 0 {
            return self.forget();
        }
        let old = std::mem::replace(&mut self.cells[self.at], (bought.0, sold.0));
        self.bought += i128::from(bought.0) - i128::from(old.0);
        self.sold += i128::from(sold.0) - i128::from(old.1);
        self.at = (self.at + 1) % self.cells.len();
        self.filled = (self.filled + 1).min(self.cells.len());
        let all = self.bought + self.sold;
        let ready = self.filled == self.cells.len() && all > 0;
        ready.then(|| (self.bought - self.sold) as f64 / all as f64)
    }

    fn forget(&mut self) -> Option<f64> {
        self.cells.fill((0, 0));
        (self.filled, self.bought, self.sold) = (0, 0, 0);
        None
    }
}

/// What takers did since it was last emptied, trade by trade.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakerTally {
    /// What they bought.
    pub bought: Lots,
    /// What they sold.
    pub sold: Lots,
}

impl TakerTally {
    /// Counts a trade, or trades put together by the venue.
    pub fn trade(&mut self, aggressor: Side, quantity: Lots) {
        let side = match aggressor {
            Side::Buy => &mut self.bought,
            Side::Sell => &mut self.sold,
        };
        side.0 = side.0.saturating_add(quantity.0);
    }

    /// What was counted; counting begins anew.
    #[must_use]
    pub fn empty(&mut self) -> Self {
        std::mem::take(self)
    }
}
