use super::history::History;
use super::kept::Kept;
use super::settings::Rules;
use super::{Bias, Finding, What};
use crate::Candle;

/// An order block: the last bar against a move that broke structure, from its wick to the far end
/// of its body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Which way structure broke.
    pub bias: Bias,
    /// The open of a bullish block, the high of a bearish one.
    pub top: f64,
    /// The low of a bullish block, the open of a bearish one.
    pub bottom: f64,
    /// How far price moved from its close to the close that broke, in average true ranges.
    pub displacement: f64,
    /// The number of its bar.
    pub pivot_index: u64,
    /// The number of the bar that broke structure.
    pub confirmed_index: u64,
    /// The number of the bar that first came back into it and closed on its right side.
    pub retested: Option<u64>,
}

/// Finds blocks and follows them until a close beyond them.
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    window: usize,
    displacement: f64,
    valid: Kept<Block>,
}

impl Blocks {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            window: rules.block_window,
            displacement: rules.displacement_atr,
            valid: Kept::new(rules.blocks_kept),
        }
    }

    pub(super) fn valid(&self) -> &[Block] {
        self.valid.items()
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.valid.forgotten()
    }

    /// With a break by the bar just closed: the last bar against it, if price went far enough from
    /// there, and if that bar is no block yet.
    pub(super) fn form(
        &mut self,
        history: &History,
        bias: Bias,
        atr: Option<f64>,
        found: &mut Vec<Finding>,
    ) {
        let Some(block) = self.find(history, bias, atr) else { return };
        let known = |other: &Block| (other.bias, other.pivot_index) == (bias, block.pivot_index);
        if self.valid.items().iter().any(known) {
            return;
        }
        self.valid.push(block);
        let (pivot_index, confirmed_index) = (block.pivot_index, block.confirmed_index);
        found.push(Finding { pivot_index, confirmed_index, what: What::BlockFormed(block) });
    }

    fn find(&self, history: &History, bias: Bias, atr: Option<f64>) -> Option<Block> {
        let atr = atr.filter(|atr| *atr > 0.0)?;
        let against = |candle: &Candle| (candle.close().get() - candle.open()) * bias.sign() < 0.0;
        let ago = (1..=self.window).find(|ago| history.back(*ago).is_some_and(against))?;
        let (candle, last) = (history.back(ago)?, history.last()?);
        let moved = (last.close().get() - candle.close().get()) * bias.sign() / atr;
        if moved < self.displacement {
            return None;
        }
        let (top, bottom) = match bias {
            Bias::Bullish => (candle.open(), candle.low()),
            Bias::Bearish => (candle.high(), candle.open()),
        };
        let confirmed_index = history.bars() - 1;
        Some(Block {
            bias,
            top,
            bottom,
            displacement: moved,
            pivot_index: confirmed_index - ago as u64,
            confirmed_index,
            retested: None,
        })
    }

    /// Lets a bar come back to the blocks that were there before it.
    pub(super) fn touch(&mut self, index: u64, candle: &Candle, found: &mut Vec<Finding>) {
        let close = candle.close().get();
        self.valid.retain_mut(|block| {
            let (reached, beyond) = match block.bias {
                Bias::Bullish => (candle.low() <= block.top, close < block.bottom),
                Bias::Bearish => (candle.high() >= block.bottom, close > block.top),
            };
            let pivot_index = block.pivot_index;
            let mut say = |what| found.push(Finding { pivot_index, confirmed_index: index, what });
            if beyond {
                say(What::BlockInvalidated(*block));
                return false;
            }
            if reached && block.retested.is_none() {
                block.retested = Some(index);
                say(What::BlockRetested(*block));
            }
            true
        });
    }
}
