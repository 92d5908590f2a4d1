use crate::Lots;

/// How far a new level looks for a hole to fall into.
const REACH: usize = 128;
/// Holes that are always borne.
const FEW: usize = 256;

/// Levels in the order of their keys, the highest at the end. A level that is taken away leaves a
/// hole, which is nothing to who looks: the venue mostly brings it back, or one beside it, and
/// nothing has to be moved then.
#[derive(Debug, Clone, Default)]
pub(super) struct Far {
    keys: Vec<i64>,
    /// Zero is a hole. There is none at the end.
    lots: Vec<Lots>,
    holes: usize,
}

impl Far {
    pub(super) fn len(&self) -> usize {
        self.keys.len() - self.holes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn best(&self) -> Option<(i64, Lots)> {
        Some((*self.keys.last()?, *self.lots.last()?))
    }

    pub(super) fn get(&self, key: i64) -> Option<Lots> {
        let held = self.lots.get(self.keys.binary_search(&key).ok()?).copied();
        held.filter(|lots| *lots != Lots(0))
    }

    /// From the highest key downwards.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, Lots)> {
        let all = self.keys.iter().copied().zip(self.lots.iter().copied());
        all.filter(|(_, lots)| *lots != Lots(0)).rev()
    }

    pub(super) fn set(&mut self, key: i64, lots: Lots) {
        match (self.keys.binary_search(&key), lots) {
            (Ok(at), Lots(0)) => self.take(at),
            (Ok(at), lots) => {
                self.holes -= usize::from(self.lots[at] == Lots(0));
                self.lots[at] = lots;
            }
            (Err(_), Lots(0)) => {}
            (Err(at), lots) => self.insert(at, key, lots),
        }
    }

    fn take(&mut self, at: usize) {
        self.holes += usize::from(self.lots[at] != Lots(0));
        self.lots[at] = Lots(0);
        while self.lots.last() == Some(&Lots(0)) {
            self.lots.pop();
            self.keys.pop();
            self.holes -= 1;
        }
        if self.holes > FEW.max(self.len()) {
            self.close_up();
        }
    }

    /// Puts a level between two others: what lies between it and the next hole moves.
    fn insert(&mut self, at: usize, key: i64, lots: Lots) {
        let reach = (at + REACH).min(self.lots.len());
        let above = self.lots[at..reach].iter().position(|held| *held == Lots(0));
        let below = self.lots[at.saturating_sub(REACH)..at].iter().rev();
        let below = || below.clone().position(|held| *held == Lots(0));
        let place = if let Some(hole) = above {
            self.keys.copy_within(at..at + hole, at + 1);
            self.lots.copy_within(at..at + hole, at + 1);
            at
        } else if let Some(hole) = below() {
            self.keys.copy_within(at - hole..at, at - hole - 1);
            self.lots.copy_within(at - hole..at, at - hole - 1);
            at - 1
        } else {
            self.keys.insert(at, key);
            self.lots.insert(at, lots);
            return;
        };
        (self.keys[place], self.lots[place]) = (key, lots);
        self.holes -= 1;
    }

    /// Leaves no hole.
    fn close_up(&mut self) {
        let mut kept = self.lots.iter().map(|lots| *lots != Lots(0));
        self.keys.retain(|_| kept.next().unwrap_or(true));
        self.lots.retain(|lots| *lots != Lots(0));
        self.holes = 0;
    }

    /// Adds a level above all others.
    pub(super) fn push_above(&mut self, key: i64, lots: Lots) {
        self.keys.push(key);
        self.lots.push(lots);
    }

    /// Hands out the levels from a key upwards, and keeps the rest.
    pub(super) fn split_from(&mut self, key: i64) -> impl Iterator<Item = (i64, Lots)> {
        self.close_up();
        let at = self.keys.partition_point(|held| *held < key);
        self.keys.drain(at..).zip(self.lots.drain(at..))
    }

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.lots.clear();
        self.holes = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::Far;
    use crate::Lots;

    proptest! {
        /// So many levels go and come that holes are filled from both sides, and closed up.
        #[test]
        fn holes_are_nothing_to_who_looks(
            sets in proptest::collection::vec((0_i64..3_000, 0_i64..3), 0..6_000),
            split in 0_i64..3_000,
        ) {
            let (mut far, mut map) = (Far::default(), BTreeMap::new());
            for (key, lots) in sets {
                far.set(key, Lots(lots));
                match lots {
                    0 => drop(map.remove(&key)),
                    _ => drop(map.insert(key, Lots(lots))),
                }
                prop_assert_eq!(far.len(), map.len());
                prop_assert_eq!(far.best(), map.last_key_value().map(|(key, lots)| (*key, *lots)));
                prop_assert_eq!(far.get(key), map.get(&key).copied());
                prop_assert!(far.keys.len() <= 2 * map.len() + 256);
            }
            let all: Vec<(i64, Lots)> = far.iter().collect();
            let expected: Vec<(i64, Lots)> = map.clone().into_iter().rev().collect();
            prop_assert_eq!(all, expected);
            let above: Vec<(i64, Lots)> = far.split_from(split).collect();
            prop_assert_eq!(above, map.split_off(&split).into_iter().collect::<Vec<_>>());
            prop_assert_eq!(far.len(), map.len());
            prop_assert_eq!(far.iter().count(), map.len());
        }
    }
}
