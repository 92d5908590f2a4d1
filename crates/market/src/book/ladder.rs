use crate::{Level, Lots, Side, Ticks};

/// One side of a book: levels in order of price, the best at the end, so that the changes near
/// the touch, which are nearly all, move next to nothing.
#[derive(Debug, Clone)]
pub struct Ladder {
    side: Side,
    /// Price as a key that grows towards the best: the price of bids, minus the price of asks.
    keys: Vec<i64>,
    quantities: Vec<Lots>,
}

impl Ladder {
    pub(super) fn new(side: Side) -> Self {
        Self { side, keys: Vec::new(), quantities: Vec::new() }
    }

    /// How many levels.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The best level.
    pub fn best(&self) -> Option<Level> {
        self.iter().next()
    }

    /// Levels from the best outwards.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Level> {
        let pairs = self.keys.iter().zip(&self.quantities).rev();
        pairs.map(|(key, quantity)| Level { price: self.price(*key), quantity: *quantity })
    }

    /// What stands at a price; none if nothing does.
    pub fn quantity_at(&self, price: Ticks) -> Option<Lots> {
        let at = self.find(self.key(price)).ok()?;
        self.quantities.get(at).copied()
    }

    /// Sets a level; a quantity of zero removes it, whether it was there or not.
    pub(super) fn set(&mut self, level: Level) {
        let key = self.key(level.price);
        match (self.find(key), level.quantity) {
            (Ok(at), Lots(0)) => {
                self.keys.remove(at);
                self.quantities.remove(at);
            }
            (Ok(at), quantity) => self.quantities[at] = quantity,
            (Err(_), Lots(0)) => {}
            (Err(at), quantity) => {
                self.keys.insert(at, key);
                self.quantities.insert(at, quantity);
            }
        }
    }

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.quantities.clear();
    }

    /// Where a key is or belongs. Steps that double, from the best outwards: the touch is found in
    /// a few, the far end in twice the steps of halving.
    fn find(&self, key: i64) -> Result<usize, usize> {
        let mut end = self.keys.len();
        let mut step = 8;
        while let Some(start) = end.checked_sub(step) {
            if self.keys[start] <= key {
                return shift(self.keys[start..end].binary_search(&key), start);
            }
            end = start;
            step *= 2;
        }
        self.keys[..end].binary_search(&key)
    }

    fn key(&self, price: Ticks) -> i64 {
        match self.side {
            Side::Buy => price.0,
            Side::Sell => price.0.saturating_neg(),
        }
    }

    fn price(&self, key: i64) -> Ticks {
        match self.side {
            Side::Buy => Ticks(key),
            Side::Sell => Ticks(key.saturating_neg()),
        }
    }
}

fn shift(found: Result<usize, usize>, by: usize) -> Result<usize, usize> {
    match found {
        Ok(at) => Ok(at + by),
        Err(at) => Err(at + by),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{prop_assert_eq, proptest};

    use super::Ladder;
    use crate::{Level, Lots, Side, Ticks};

    proptest! {
        #[test]
        fn a_ladder_is_an_ordered_map(sets in proptest::collection::vec((1_i64..200, 0_i64..3), 0..300), bids: bool) {
            let side = if bids { Side::Buy } else { Side::Sell };
            let (mut ladder, mut map) = (Ladder::new(side), BTreeMap::new());
            for (price, quantity) in sets {
                let level = Level { price: Ticks(price), quantity: Lots(quantity) };
                ladder.set(level);
                match quantity {
                    0 => drop(map.remove(&price)),
                    _ => drop(map.insert(price, level)),
                }
                prop_assert_eq!(ladder.quantity_at(Ticks(price)), map.get(&price).map(|l| l.quantity));
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
