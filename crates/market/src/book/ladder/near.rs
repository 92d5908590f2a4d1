use crate::Lots;

/// Keys in the window: 64 words of 64 bits, so that one word more says which of them are empty.
pub(super) const WIDTH: usize = 64 * 64;

/// A window of neighbouring keys. What stands at each is found by its place alone; the next
/// occupied place by two looks at bits.
#[derive(Debug, Clone)]
pub(super) struct Near {
    /// The key of place 0.
    base: i64,
    /// Nothing at all before the window is first laid.
    lots: Vec<Lots>,
    /// A bit for each place that is not empty.
    words: [u64; 64],
    /// A bit for each word that is not zero.
    summary: u64,
    len: usize,
}

impl Default for Near {
    fn default() -> Self {
        Self { base: i64::MIN, lots: Vec::new(), words: [0; 64], summary: 0, len: 0 }
    }
}

impl Near {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn base(&self) -> i64 {
        self.base
    }

    /// The place of a key; none outside the window.
    #[inline]
    pub(super) fn place(&self, key: i64) -> Option<usize> {
        let place = key.wrapping_sub(self.base) as u64;
        (key >= self.base && place < self.lots.len() as u64).then_some(place as usize)
    }

    #[inline]
    pub(super) fn get(&self, place: usize) -> Lots {
        self.lots[place]
    }

    #[inline]
    pub(super) fn set(&mut self, place: usize, lots: Lots) {
        self.lots[place] = lots;
        let (word, bit) = (place / 64, 1 << (place % 64));
        let before = self.words[word];
        let after = if lots == Lots(0) { before & !bit } else { before | bit };
        self.words[word] = after;
        self.len = self.len + after.count_ones() as usize - before.count_ones() as usize;
        let some = 1 << word;
        self.summary = if after == 0 { self.summary & !some } else { self.summary | some };
    }

    /// The highest place that is not empty.
    #[inline]
    pub(super) fn top(&self) -> Option<usize> {
        self.top_of(self.summary)
    }

    #[inline]
    pub(super) fn best(&self) -> Option<(i64, Lots)> {
        self.top().map(|place| self.at(place))
    }

    /// From the highest key downwards.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, Lots)> {
        let below = |place: &usize| {
            let (word, bit) = (place / 64, place % 64);
            match self.words[word] & ((1 << bit) - 1) {
                0 => self.top_of(self.summary & ((1 << word) - 1)),
                rest => Some(word * 64 + highest(rest)),
            }
        };
        std::iter::successors(self.top(), below).map(|place| self.at(place))
    }

    /// Hands out everything from the lowest key upwards, and is empty.
    pub(super) fn drain_upwards(&mut self, mut take: impl FnMut(i64, Lots)) {
        while self.summary != 0 {
            let word = self.summary.trailing_zeros() as usize;
            let place = word * 64 + self.words[word].trailing_zeros() as usize;
            let (key, lots) = self.at(place);
            take(key, lots);
            self.set(place, Lots(0));
        }
    }

    /// Moves the empty window.
    pub(super) fn lay(&mut self, base: i64) {
        self.base = base;
        self.lots.resize(WIDTH, Lots(0));
    }

    pub(super) fn clear(&mut self) {
        self.drain_upwards(|_, _| {});
    }

    fn top_of(&self, words: u64) -> Option<usize> {
        (words != 0).then(|| {
            let word = highest(words);
            word * 64 + highest(self.words[word])
        })
    }

    fn at(&self, place: usize) -> (i64, Lots) {
        (self.base.saturating_add(place as i64), self.lots[place])
    }
}

/// The highest bit of a word that is not zero.
#[inline]
fn highest(word: u64) -> usize {
    63 - word.leading_zeros() as usize
}
