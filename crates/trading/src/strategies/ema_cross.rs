use market::{Bar, Flags, Timeframe};

use crate::exits::Exits;
use crate::indicators::Ema;
use crate::strategy::{Approach, Entry, Score, Side, Strategy, View, Wish, Wishes};
use crate::{Candle, Error, Period};

/// Long when a fast average of closes crosses above a slow one, short when it crosses below:
/// always in the market after the first cross. The anchor by which backtests are compared.
#[derive(Debug, Clone)]
pub struct EmaCross {
    fast: Period,
    slow: Period,
    frame: Timeframe,
    pairs: Vec<Pair>,
}

#[derive(Debug, Clone)]
struct Pair {
    fast: Ema,
    slow: Ema,
    above: Option<bool>,
}

impl EmaCross {
    /// For so many contracts, on bars of one length.
    ///
    /// # Errors
    /// [`Error::Setting`] for a fast average that is not the faster one.
    pub fn new(
        fast: Period,
        slow: Period,
        frame: Timeframe,
        contracts: usize,
    ) -> Result<Self, Error> {
        if fast >= slow {
            return Err(Error::Setting {
                key: "fast",
                value: fast.to_string(),
                accepted: format!("less than slow, which is {slow}"),
            });
        }
        let pair = Pair { fast: Ema::new(fast), slow: Ema::new(slow), above: None };
        Ok(Self { fast, slow, frame, pairs: vec![pair; contracts] })
    }
}

impl Strategy for EmaCross {
    fn name(&self) -> String {
        format!("EMA cross {}/{} on {}", self.fast, self.slow, self.frame.name())
    }

    fn timeframes(&self) -> &[Timeframe] {
        std::slice::from_ref(&self.frame)
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let pair = self.pairs.get_mut(view.symbol.0 as usize);
        let (Some(pair), true) = (pair, bar.timeframe == self.frame) else { return };
        // A bar whose numbers cannot be leaves the averages as they were.
        let Ok(candle) = Candle::of(bar) else { return };
        let averages = pair.fast.update(candle.close()).zip(pair.slow.update(candle.close()));
        let Some((fast, slow)) = averages else { return };
        let above = fast > slow;
        let Some(before) = pair.above.replace(above) else { return };
        if before == above {
            return;
        }
        let (side, setup) =
            if above { (Side::Buy, "crossed up") } else { (Side::Sell, "crossed down") };
        let (symbol, score, exits) = (view.symbol, Score::MIDDLE, Exits::default());
        wishes.push(Wish::Enter(Entry {
            symbol,
            side,
            score,
            approach: Approach::Market,
            exits,
            setup,
        }));
    }
}
