//! Bars: one unbroken series of base bars a contract, and the longer bars built from it.
//!
//! Order is by open time alone. A bar that is not the next one opens a gap: the series is held,
//! what comes after waits, and the exact missing range is told to whoever can ask the source. A
//! gap beyond the limit is given up aloud: the series goes on behind it, and every longer bar it
//! touches is marked.

mod minutes;
mod rung;

use std::collections::BTreeMap;

use clock::Nanos;

pub use minutes::{MAX_FLAT, TradeArrival, TradeBars};

use crate::{Bar, Error, Flags, Timeframe};
use rung::Rung;

/// Most base bars that are asked for again, and most that wait meanwhile: the venue's own limit of
/// a cheap request.
pub const DEFAULT_GAP_LIMIT: u64 = 100;

/// Bars that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gap {
    /// Open time of the first bar that is missing.
    pub from: Nanos,
    /// Open time of the first bar that is there again.
    pub to: Nanos,
}

impl Gap {
    /// How many bars of a length are missing.
    pub fn bars(self, timeframe: Timeframe) -> u64 {
        u64::try_from(self.to.since(self.from) / timeframe.nanos()).unwrap_or(0)
    }

    fn holds(self, open_time: Nanos) -> bool {
        (self.from..self.to).contains(&open_time)
    }
}

/// What became of a base bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarArrival {
    /// It was the next one; it and what it completed are in the output.
    Accepted,
    /// It is not closed yet; it is kept apart.
    Open,
    /// Bars before it are missing: it waits, and the series is held until they come.
    Held(Gap),
    /// Too much is missing: the gap was given up, and the series goes on behind it.
    GivenUp(Gap),
    /// A bar of this open time was there before.
    Duplicate,
    /// Its place was given up, or lies before the beginning.
    Late,
    /// Of another length, or not opened at a multiple of it.
    Foreign,
}

/// How many base bars came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BarCounts {
    /// In the output, repaired ones included.
    pub accepted: u64,
    /// Those of them that were asked for again.
    pub repaired: u64,
    /// There before.
    pub duplicate: u64,
    /// Too late.
    pub late: u64,
    /// Of another length, or not on its grid.
    pub foreign: u64,
    /// Gaps that were found.
    pub gaps: u64,
    /// Gaps that were given up.
    pub given_up: u64,
}

/// A closed bar and what is special about it.
pub type ClosedBar = (Bar, Flags);

/// The bars of one contract.
#[derive(Debug, Clone)]
pub struct BarSeries {
    base: Timeframe,
    limit: u64,
    rungs: Vec<Rung>,
    first: Option<Nanos>,
    /// Open time of the base bar that must come next.
    next: Option<Nanos>,
    /// Bars behind the gap.
    waiting: BTreeMap<Nanos, ClosedBar>,
    /// The last gap that was given up.
    lost: Option<Gap>,
    open: Option<Bar>,
    counts: BarCounts,
}

impl BarSeries {
    /// Builds `longer` bars from closed bars of `base`; gaps of up to `limit` base bars are held
    /// open for repair.
    ///
    /// # Errors
    /// [`Error::Timeframe`] for a length that is no multiple of the base and longer.
    pub fn new(base: Timeframe, longer: &[Timeframe], limit: u64) -> Result<Self, Error> {
        let mut wanted = longer.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        if let Some(odd) = wanted.iter().find(|t| **t <= base || !t.is_built_of(base)) {
            return Err(Error::Timeframe { wanted: odd.name(), base: base.name() });
        }
        Ok(Self {
            base,
            limit,
            rungs: wanted.into_iter().map(|timeframe| Rung::new(timeframe, base)).collect(),
            first: None,
            next: None,
            waiting: BTreeMap::new(),
            lost: None,
            open: None,
            counts: BarCounts::default(),
        })
    }

    /// The bars that are missing; while there are any, no signal should leave this contract.
    pub fn gap(&self) -> Option<Gap> {
        let (to, _) = self.waiting.first_key_value()?;
        Some(Gap { from: self.next?, to: *to })
    }

    /// Whether signals should wait for a repair.
    pub fn is_held(&self) -> bool {
        self.gap().is_some()
    }

    /// How many base bars came to what.
    pub fn counts(&self) -> BarCounts {
        self.counts
    }

    /// The bar of this length that is not closed yet, as far as it is known.
    pub fn partial(&self, timeframe: Timeframe) -> Option<Bar> {
        if timeframe == self.base {
            return self.open;
        }
        self.rungs.iter().find(|rung| rung.timeframe() == timeframe)?.partial(self.open)
    }

    /// Takes a base bar as the stream gives it. Closed bars are appended to `out`, the base bar
    /// before the longer ones it completes, shorter before longer.
    #[inline]
    pub fn push(&mut self, bar: Bar, flags: Flags, out: &mut Vec<ClosedBar>) -> BarArrival {
        let is_next = self.next == Some(bar.open_time) && bar.timeframe == self.base;
        if is_next && flags.has(Flags::CLOSED) && self.waiting.is_empty() {
            self.accept(&bar, flags, out);
            return BarArrival::Accepted;
        }
        self.push_any(bar, flags, out)
    }

    /// As [`BarSeries::push`], whatever was there before.
    fn push_any(&mut self, bar: Bar, flags: Flags, out: &mut Vec<ClosedBar>) -> BarArrival {
        if bar.timeframe != self.base || self.base.open_of(bar.open_time) != bar.open_time {
            self.counts.foreign += 1;
            return BarArrival::Foreign;
        }
        if !flags.has(Flags::CLOSED) {
            return self.keep_open(bar);
        }
        let next = *self.next.get_or_insert(bar.open_time);
        self.first.get_or_insert(bar.open_time);
        if bar.open_time < next {
            return self.too_late(bar.open_time);
        }
        if self.waiting.contains_key(&bar.open_time) {
            self.counts.duplicate += 1;
            return BarArrival::Duplicate;
        }
        if bar.open_time == next {
            self.accept(&bar, flags, out);
            self.accept_waiting(out);
            return self.settle(BarArrival::Accepted, out);
        }
        self.counts.gaps += u64::from(!self.is_held());
        self.waiting.insert(bar.open_time, (bar, flags));
        let gap = Gap { from: next, to: bar.open_time };
        self.settle(BarArrival::Held(self.gap().unwrap_or(gap)), out)
    }

    /// Takes a bar that was asked for again: as [`BarSeries::push`], closed and marked as
    /// repaired.
    pub fn repair(&mut self, bar: Bar, out: &mut Vec<ClosedBar>) -> BarArrival {
        self.push(bar, Flags::CLOSED.with(Flags::REPAIRED), out)
    }

    /// Gives the gap up, because the source cannot be asked: the series goes on behind it. The gap,
    /// if there was one.
    pub fn give_up(&mut self, out: &mut Vec<ClosedBar>) -> Option<Gap> {
        let gap = self.gap()?;
        self.counts.given_up += 1;
        self.lost = Some(gap);
        self.next = Some(gap.to);
        self.accept_waiting(out);
        Some(gap)
    }

    /// Gives up every gap that is beyond the limit, or behind which too much waits.
    fn settle(&mut self, arrival: BarArrival, out: &mut Vec<ClosedBar>) -> BarArrival {
        let mut said = arrival;
        while let Some(gap) = self.gap() {
            if gap.bars(self.base) <= self.limit && self.waiting.len() as u64 <= self.limit {
                break;
            }
            self.give_up(out);
            said = BarArrival::GivenUp(gap);
        }
        said
    }

    fn keep_open(&mut self, bar: Bar) -> BarArrival {
        if self.next.is_some_and(|next| bar.open_time < next) {
            return self.too_late(bar.open_time);
        }
        self.open = Some(bar);
        BarArrival::Open
    }

    fn too_late(&mut self, open_time: Nanos) -> BarArrival {
        let given_up = self.lost.is_some_and(|gap| gap.holds(open_time));
        if given_up || self.first.is_some_and(|first| open_time < first) {
            self.counts.late += 1;
            return BarArrival::Late;
        }
        self.counts.duplicate += 1;
        BarArrival::Duplicate
    }

    fn accept_waiting(&mut self, out: &mut Vec<ClosedBar>) {
        let mut moved = false;
        while let Some(entry) = self.waiting.first_entry() {
            if Some(*entry.key()) != self.next {
                // Behind what waited there is another gap.
                self.counts.gaps += u64::from(moved);
                return;
            }
            moved = true;
            let (bar, flags) = entry.remove();
            self.accept(&bar, flags, out);
        }
    }

    fn accept(&mut self, bar: &Bar, flags: Flags, out: &mut Vec<ClosedBar>) {
        self.next = Some(bar.end());
        self.open = self.open.filter(|open| open.open_time >= bar.end());
        self.counts.accepted += 1;
        self.counts.repaired += u64::from(flags.has(Flags::REPAIRED));
        out.push((*bar, flags));
        for rung in &mut self.rungs {
            rung.feed(bar, flags, out);
        }
    }
}
