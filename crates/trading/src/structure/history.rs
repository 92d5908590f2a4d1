use crate::Candle;

/// The last bars, by number.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// A power of two of them, so that a place is a mask away from a number.
    cells: Box<[Option<Candle>]>,
    bars: u64,
}

impl History {
    pub(super) fn new(bars: usize) -> Self {
        Self { cells: vec![None; bars.next_power_of_two()].into(), bars: 0 }
    }

    /// Keeps a bar and gives its number.
    pub(super) fn push(&mut self, candle: Candle) -> u64 {
        let index = self.bars;
        let place = self.place(index);
        self.cells[place] = Some(candle);
        self.bars += 1;
        index
    }

    pub(super) fn bars(&self) -> u64 {
        self.bars
    }

    pub(super) fn last(&self) -> Option<&Candle> {
        self.back(0)
    }

    /// The bar of so many bars ago, 0 being the last one.
    pub(super) fn back(&self, ago: usize) -> Option<&Candle> {
        let ago = ago as u64;
        if ago >= self.bars || ago >= self.cells.len() as u64 {
            return None;
        }
        self.cells[self.place(self.bars - 1 - ago)].as_ref()
    }

    fn place(&self, index: u64) -> usize {
        index as usize & (self.cells.len() - 1)
    }
}
