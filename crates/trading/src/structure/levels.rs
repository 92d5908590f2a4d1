use super::settings::Rules;
use super::{Bias, BreakKind, Extreme, Finding, Swing, What};
use crate::Candle;

/// The last confirmed swings as levels to be broken or swept, each once.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    sweep_atr: f64,
    high: Option<Level>,
    low: Option<Level>,
    bias: Option<Bias>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    price: f64,
    pivot_index: u64,
    swept: bool,
}

impl Levels {
    pub(super) fn new(rules: &Rules) -> Self {
        Self { sweep_atr: rules.sweep_atr, high: None, low: None, bias: None }
    }

    /// A newer swing takes the place of the one before, broken or not.
    pub(super) fn confirm(&mut self, swing: &Swing) {
        let (price, pivot_index) = (swing.level, swing.pivot_index);
        let level = Some(Level { price, pivot_index, swept: false });
        match swing.extreme {
            Extreme::High => self.high = level,
            Extreme::Low => self.low = level,
        }
    }

    pub(super) fn bias(&self) -> Option<Bias> {
        self.bias
    }

    /// What a closed bar did to the levels there were before it. Which ways it broke structure: by
    /// one close both only where the last high lies below the last low.
    pub(super) fn close(
        &mut self,
        index: u64,
        candle: &Candle,
        atr: Option<f64>,
        found: &mut Vec<Finding>,
    ) -> impl Iterator<Item = Bias> + use<> {
        let up = self.side(Bias::Bullish, index, candle, atr, found);
        let down = self.side(Bias::Bearish, index, candle, atr, found);
        [(up, Bias::Bullish), (down, Bias::Bearish)]
            .into_iter()
            .filter_map(|(broke, bias)| broke.then_some(bias))
    }

    /// Whether the bar broke the level that lies `bias` of price.
    fn side(
        &mut self,
        bias: Bias,
        index: u64,
        candle: &Candle,
        atr: Option<f64>,
        found: &mut Vec<Finding>,
    ) -> bool {
        let slot = match bias {
            Bias::Bullish => &mut self.high,
            Bias::Bearish => &mut self.low,
        };
        let Some(level) = slot else { return false };
        let (price, pivot_index) = (level.price, level.pivot_index);
        let wick = match bias {
            Bias::Bullish => candle.high() - price,
            Bias::Bearish => price - candle.low(),
        };
        if wick <= 0.0 {
            return false;
        }
        let mut say = |what| found.push(Finding { pivot_index, confirmed_index: index, what });
        let beyond = (candle.close().get() - price) * bias.sign();
        if beyond > 0.0 {
            *slot = None;
            let against = self.bias.is_some_and(|before| before != bias);
            let kind = if against { BreakKind::Choch } else { BreakKind::Bos };
            self.bias = Some(bias);
            say(What::Break { kind, bias, level: price });
            return true;
        }
        let deep = atr.filter(|atr| *atr > 0.0 && wick >= self.sweep_atr * atr);
        if let (Some(atr), false, true) = (deep, level.swept, beyond < 0.0) {
            level.swept = true;
            let bias = if bias == Bias::Bullish { Bias::Bearish } else { Bias::Bullish };
            say(What::Sweep { bias, level: price, depth: wick / atr });
        }
        false
    }
}
