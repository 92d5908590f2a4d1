use market::{Bar, Flags, Timeframe};

use crate::exits::Exits;
use crate::strategy::{Approach, Entry, Score, Side, Strategy, View, Wish, Wishes};

/// Buys what there is when it begins, and never sells: what any strategy has to be better than.
#[derive(Debug, Clone, Default)]
pub struct BuyAndHold {
    asked: Vec<bool>,
}

impl BuyAndHold {
    /// For so many contracts.
    pub fn new(contracts: usize) -> Self {
        Self { asked: vec![false; contracts] }
    }
}

impl Strategy for BuyAndHold {
    fn name(&self) -> String {
        "buy and hold".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let Some(asked) = self.asked.get_mut(view.symbol.0 as usize) else { return };
        if std::mem::replace(asked, true) {
            return;
        }
        let (symbol, side, score) = (view.symbol, Side::Buy, Score::MIDDLE);
        let exits = Exits::default();
        wishes.push(Wish::Enter(Entry {
            symbol,
            side,
            score,
            approach: Approach::Market,
            exits,
            setup: "the beginning",
        }));
    }
}
