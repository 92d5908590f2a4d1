mod far;
mod near;

use crate::{Level, Lots, Side, Ticks};
use far::Far;
use near::{Near, WIDTH};

/// Where the best level is put when the window is laid anew: the market is mostly behind it.
const BEST_AT: i64 = WIDTH as i64 / 4 * 3;
/// When the best level sinks below this place, the window is laid anew.
const SUNK: usize = WIDTH / 8;

/// One side of a book. The ticks nearest the touch lie in a window indexed by price, where a change
/// costs the same whatever surrounds it; the few changes farther out go into an ordered list. In
/// the real capture nine changes in ten fall within the window.
#[derive(Debug, Clone)]
pub struct Ladder {
    side: Side,
    /// Prices are keys that grow towards the best: the price of bids, minus the price of asks.
    near: Near,
    /// All below the window; nothing is ever above it.
    far: Far,
}

impl Ladder {
    pub(super) fn new(side: Side) -> Self {
        Self { side, near: Near::default(), far: Far::default() }
    }

    /// How many levels.
    pub fn len(&self) -> usize {
        self.near.len() + self.far.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The best level.
    #[inline]
    pub fn best(&self) -> Option<Level> {
        // Most of the time in the window, always in constant time.
        self.near.best().or_else(|| self.far.best()).map(|(key, lots)| self.level(key, lots))
    }

    /// Levels from the best outwards.
    pub fn iter(&self) -> impl Iterator<Item = Level> {
        self.near.iter().chain(self.far.iter()).map(|(key, lots)| self.level(key, lots))
    }

    /// What stands at a price; none if nothing does.
    pub fn quantity_at(&self, price: Ticks) -> Option<Lots> {
        let key = self.key(price);
        match self.near.place(key) {
            Some(place) => Some(self.near.get(place)).filter(|lots| *lots != Lots(0)),
            None => self.far.get(key),
        }
    }

    /// Sets a level; a quantity of zero removes it, whether it was there or not.
    pub(super) fn set(&mut self, level: Level) {
        let key = self.key(level.price);
        if let Some(place) = self.near.place(key) {
            self.near.set(place, level.quantity);
            // Only what is taken away can leave the best level low in the window.
            if level.quantity == Lots(0) && !self.far.is_empty() {
                self.follow_down();
            }
        } else if key < self.near.base() {
            self.far.set(key, level.quantity);
            if self.near.len() == 0 {
                self.follow_down();
            }
        } else if level.quantity != Lots(0) {
            // Better than all the window holds.
            self.lay(key);
            if let Some(place) = self.near.place(key) {
                self.near.set(place, level.quantity);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.near.clear();
        self.far.clear();
    }

    fn follow_down(&mut self) {
        if self.near.top().is_some_and(|place| place >= SUNK) {
            return;
        }
        if let Some((key, _)) = self.near.best().or_else(|| self.far.best()) {
            self.lay(key);
        }
    }

    /// Lays the window around a best key.
    fn lay(&mut self, best: i64) {
        // Everything goes to the list, in order, and the upper end of the list to the window.
        self.near.drain_upwards(|key, lots| self.far.push_above(key, lots));
        self.near.lay(best.saturating_sub(BEST_AT));
        for (key, lots) in self.far.split_from(self.near.base()) {
            if let Some(place) = self.near.place(key) {
                self.near.set(place, lots);
            }
        }
    }

    #[inline]
    fn key(&self, price: Ticks) -> i64 {
        match self.side {
            Side::Buy => price.0,
            Side::Sell => price.0.saturating_neg(),
        }
    }

    #[inline]
    fn level(&self, key: i64, quantity: Lots) -> Level {
        let price = match self.side {
            Side::Buy => key,
            Side::Sell => key.saturating_neg(),
        };
        Level { price: Ticks(price), quantity }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{prop_assert_eq, proptest};
    use proptest::strategy::Strategy;

    use super::Ladder;
    use crate::{Level, Lots, Side, Ticks};

    /// Prices that crowd, that are strewn over many windows, and that are absurd.
    fn price() -> impl Strategy<Value = i64> {
        proptest::prop_oneof![
            8 => 100_000_i64..100_200,
            4 => 90_000_i64..110_000,
            2 => 1_i64..1_000_000,
            1 => proptest::prelude::any::<i64>(),
        ]
    }

    proptest! {
        #[test]
        fn a_ladder_is_an_ordered_map(
            sets in proptest::collection::vec((price(), 0_i64..3, proptest::prelude::any::<bool>()), 0..400),
            bids: bool,
        ) {
            let side = if bids { Side::Buy } else { Side::Sell };
            let (mut ladder, mut map) = (Ladder::new(side), BTreeMap::new());
            for (price, quantity, best) in sets {
                // The one price without a mirror image; no contract has it.
                let price = price.max(-i64::MAX);
                // Often it is the best that changes.
                let price = if best { ladder.best().map_or(price, |l| l.price.0) } else { price };
                let level = Level { price: Ticks(price), quantity: Lots(quantity) };
                ladder.set(level);
                match quantity {
                    0 => drop(map.remove(&price)),
                    _ => drop(map.insert(price, level)),
                }
                prop_assert_eq!(ladder.quantity_at(Ticks(price)), map.get(&price).map(|l| l.quantity));
                let best = match side {
                    Side::Buy => map.last_key_value(),
                    Side::Sell => map.first_key_value(),
                };
                prop_assert_eq!(ladder.best(), best.map(|(_, level)| *level));
                prop_assert_eq!(ladder.len(), map.len());
            }
            let inward: Vec<Level> = map.into_values().collect();
            let outward: Vec<Level> = ladder.iter().collect();
            let expected: Vec<Level> = match side {
                Side::Buy => inward.into_iter().rev().collect(),
                Side::Sell => inward,
            };
            prop_assert_eq!(outward, expected);
        }
    }
}
