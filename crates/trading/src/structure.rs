//! Market structure ("smart money concepts"), one closed bar at a time.
//!
//! Everything is found when it is confirmed and never before or differently after: a finding
//! carries the bar it is about (`pivot_index`) and the bar that settled it (`confirmed_index`,
//! always the bar just closed), and no later bar takes it back. Prices are compared as they come;
//! from bars in ticks they are whole numbers, and exact. Sizes are in average true ranges, read
//! after the bar in question.
//!
//! Memory is bounded: of gaps, blocks and zones the newest are kept, the oldest forgotten and
//! counted.
//!
//! Contents: [`Structure`], [`StructureSettings`] · [`Finding`], [`What`], [`Bias`], [`Extreme`],
//! [`BreakKind`] · [`Swing`], [`Trend`] · [`Gap`], [`Block`], [`Zone`].

mod block;
mod finding;
mod gap;
mod history;
mod impulse;
mod kept;
mod levels;
mod settings;
mod swing;
mod zone;

pub use block::Block;
pub use finding::{Bias, BreakKind, Extreme, Finding, What};
pub use gap::Gap;
pub use settings::StructureSettings;
pub use swing::{Swing, Trend};
pub use zone::Zone;

use crate::indicators::Atr;
use crate::{Candle, Error};
use block::Blocks;
use gap::Gaps;
use history::History;
use impulse::Impulses;
use levels::Levels;
use settings::Rules;
use swing::Swings;
use zone::Zones;

/// What one series of bars has built so far.
#[derive(Debug, Clone)]
pub struct Structure {
    history: History,
    atr: Atr,
    swings: Swings,
    levels: Levels,
    gaps: Gaps,
    blocks: Blocks,
    zones: Zones,
    impulses: Impulses,
    found: Vec<Finding>,
}

impl Structure {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the first setting that is out of its range.
    pub fn new(settings: &StructureSettings) -> Result<Self, Error> {
        let rules = Rules::of(settings)?;
        // A bar settles at most two swings and what they do to zones, one break or sweep a side,
        // one gap, one block and one impulse, and every tracked thing changes at most twice.
        let most = 16 + 2 * (rules.gaps_kept + rules.blocks_kept + 2 * rules.zones_kept);
        Ok(Self {
            history: History::new(rules.bars()),
            atr: Atr::new(rules.atr),
            swings: Swings::new(&rules),
            levels: Levels::new(&rules),
            gaps: Gaps::new(&rules),
            blocks: Blocks::new(&rules),
            zones: Zones::new(&rules),
            impulses: Impulses::new(&rules),
            found: Vec::with_capacity(most),
        })
    }

    /// Takes a closed bar and gives what it settled: first what it did to what was there before
    /// (breaks, sweeps, blocks, gaps, zones), then the swings it confirms.
    pub fn update(&mut self, candle: &Candle) -> &[Finding] {
        self.found.clear();
        let index = self.history.push(*candle);
        let atr = self.atr.update(candle);
        let found = &mut self.found;
        self.blocks.touch(index, candle, found);
        for broken in self.levels.close(index, candle, atr, found) {
            self.blocks.form(&self.history, broken, atr, found);
        }
        self.gaps.update(&self.history, atr, found);
        self.zones.trade(index, candle, found);
        self.impulses.update(index, candle, found);
        for swing in self.swings.confirm(&self.history, found).into_iter().flatten() {
            self.levels.confirm(&swing);
            self.zones.confirm(&swing, found);
        }
        &self.found
    }

    /// How many bars were seen; the number of the last is one less.
    pub fn bars(&self) -> u64 {
        self.history.bars()
    }

    /// The average true range its sizes are in, in the unit of the price.
    pub fn atr(&self) -> Option<f64> {
        self.atr.value()
    }

    /// The last confirmed swing of a kind.
    pub fn swing(&self, extreme: Extreme) -> Option<Swing> {
        self.swings.last(extreme)
    }

    /// Which way the last swings go; none before there are enough.
    pub fn trend(&self) -> Option<Trend> {
        self.swings.trend()
    }

    /// Which way structure last broke; none before the first break.
    pub fn bias(&self) -> Option<Bias> {
        self.levels.bias()
    }

    /// Where the last close lies in the dealing range, from the last confirmed swing low (0) to
    /// the last confirmed swing high (1): above 0.5 is premium, below is discount, and beyond 0
    /// and 1 it has left the range. None before both are there, or where they are upside down.
    pub fn dealing_position(&self) -> Option<f64> {
        let close = self.history.last()?.close().get();
        let low = self.swing(Extreme::Low)?.level;
        let high = self.swing(Extreme::High)?.level;
        (high > low).then(|| (close - low) / (high - low))
    }

    /// Gaps that price has not traded through, oldest first.
    pub fn gaps(&self) -> &[Gap] {
        self.gaps.open()
    }

    /// Order blocks that are valid, oldest first.
    pub fn blocks(&self) -> &[Block] {
        self.blocks.valid()
    }

    /// Liquidity zones that have touches enough and were not taken, oldest first.
    pub fn zones(&self) -> impl Iterator<Item = &Zone> {
        self.zones.formed()
    }

    /// How many gaps, blocks and zones were forgotten for want of room.
    pub fn forgotten(&self) -> u64 {
        self.gaps.forgotten() + self.blocks.forgotten() + self.zones.forgotten()
    }
}
