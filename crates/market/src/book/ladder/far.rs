use crate::Lots;

/// Levels in the order of their keys, the highest at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Far {
    keys: Vec<i64>,
    lots: Vec<Lots>,
}

impl Far {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn best(&self) -> Option<(i64, Lots)> {
        Some((*self.keys.last()?, *self.lots.last()?))
    }

    pub(super) fn get(&self, key: i64) -> Option<Lots> {
        self.lots.get(self.keys.binary_search(&key).ok()?).copied()
    }

    /// From the highest key downwards.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, Lots)> {
        self.keys.iter().copied().zip(self.lots.iter().copied()).rev()
    }

    pub(super) fn set(&mut self, key: i64, lots: Lots) {
        match (self.keys.binary_search(&key), lots) {
            (Ok(at), Lots(0)) => {
                self.keys.remove(at);
                self.lots.remove(at);
            }
            (Ok(at), lots) => self.lots[at] = lots,
            (Err(_), Lots(0)) => {}
            (Err(at), lots) => {
                self.keys.insert(at, key);
                self.lots.insert(at, lots);
            }
        }
    }

    /// Adds a level above all others.
    pub(super) fn push_above(&mut self, key: i64, lots: Lots) {
        self.keys.push(key);
        self.lots.push(lots);
    }

    /// Hands out the levels from a key upwards, and keeps the rest.
    pub(super) fn split_from(&mut self, key: i64) -> impl Iterator<Item = (i64, Lots)> {
        let at = self.keys.partition_point(|held| *held < key);
        self.keys.drain(at..).zip(self.lots.drain(at..))
    }

    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.lots.clear();
    }
}
