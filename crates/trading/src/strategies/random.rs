use clock::{Chance, Seed};
use market::{Bar, Flags, Timeframe};

use crate::exits::Exits;
use crate::strategy::{Approach, Entry, Score, Side, Strategy, View, Wish, Wishes};

/// Enters and leaves by chance, at every bar: the null. What it loses is what trading costs, and a
/// backtest in which it wins is wrong.
#[derive(Debug, Clone)]
pub struct Random {
    seed: u64,
    rate: f64,
    chance: Chance,
}

impl Random {
    /// Does something at each bar with a probability of `rate`.
    pub fn new(seed: Seed, rate: f64) -> Self {
        Self { seed: seed.0, rate: rate.clamp(0.0, 1.0), chance: seed.stream("random strategy") }
    }
}

impl Strategy for Random {
    fn name(&self) -> String {
        format!("random, {} a bar, seed {}", self.rate, self.seed)
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        // The same draws at every bar, whatever they come to.
        let (acts, up) = (self.chance.unit() < self.rate, self.chance.unit() < 0.5);
        if !acts {
            return;
        }
        let symbol = view.symbol;
        if view.net().side().is_some() {
            wishes.push(Wish::Leave { symbol, why: "chance" });
            return;
        }
        let side = if up { Side::Buy } else { Side::Sell };
        let (score, exits) = (Score::MIDDLE, Exits::default());
        wishes.push(Wish::Enter(Entry {
            symbol,
            side,
            score,
            approach: Approach::Market,
            exits,
            setup: "chance",
        }));
    }
}
