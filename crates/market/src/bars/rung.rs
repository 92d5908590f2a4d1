use clock::Nanos;

use super::ClosedBar;
use crate::{Bar, Flags, Flow, Lots, Notional, Timeframe};

/// A longer bar in the making.
#[derive(Debug, Clone)]
pub(super) struct Rung {
    timeframe: Timeframe,
    base: Timeframe,
    made: Option<Made>,
}

#[derive(Debug, Clone, Copy)]
struct Made {
    bar: Bar,
    flags: Flags,
    /// Base bars in it, all different.
    count: i64,
}

impl Rung {
    pub(super) fn new(timeframe: Timeframe, base: Timeframe) -> Self {
        Self { timeframe, base, made: None }
    }

    pub(super) fn timeframe(&self) -> Timeframe {
        self.timeframe
    }

    /// Takes the next closed base bar.
    pub(super) fn feed(&mut self, bar: &Bar, flags: Flags, out: &mut Vec<ClosedBar>) {
        let opened = self.timeframe.open_of(bar.open_time);
        // What is still open of an earlier bar lost its end in a gap that was given up.
        if let Some(made) = self.made.take_if(|made| made.bar.open_time != opened) {
            out.push(self.finished(made));
        }
        let made = match self.made {
            Some(made) => made.with(bar, flags),
            None => self.begin(bar, flags, opened),
        };
        if bar.end() == opened.plus(self.timeframe.nanos()) {
            self.made = None;
            out.push(self.finished(made));
        } else {
            self.made = Some(made);
        }
    }

    /// The bar as far as it is known, with the base bar that is not closed yet.
    pub(super) fn partial(&self, open: Option<Bar>) -> Option<Bar> {
        let Some(open) = open else { return self.made.map(|made| made.bar) };
        let opened = self.timeframe.open_of(open.open_time);
        match self.made {
            Some(made) if made.bar.open_time == opened => Some(made.with(&open, Flags::NONE).bar),
            // The open bar is ahead of a gap: what is known of the bar before is all there is.
            Some(made) => Some(made.bar),
            None => Some(self.begin(&open, Flags::NONE, opened).bar),
        }
    }

    fn begin(&self, bar: &Bar, flags: Flags, open_time: Nanos) -> Made {
        Made { bar: Bar { timeframe: self.timeframe, open_time, ..*bar }, flags, count: 1 }
    }

    fn finished(&self, made: Made) -> ClosedBar {
        let whole = made.count == self.timeframe.nanos() / self.base.nanos();
        let gap = if whole { Flags::NONE } else { Flags::GAP };
        (made.bar, made.flags.with(gap).with(Flags::CLOSED))
    }
}

impl Made {
    /// With the next base bar. A sum beyond its range leaves the bar without it, marked as a gap:
    /// such a bar is poison that a firewall should have kept out.
    fn with(self, next: &Bar, flags: Flags) -> Self {
        let Some(volume) = self.bar.volume.0.checked_add(next.volume.0) else {
            return Self { flags: self.flags.with(Flags::GAP), ..self };
        };
        let bar = Bar {
            high: self.bar.high.max(next.high),
            low: self.bar.low.min(next.low),
            close: next.close,
            volume: Lots(volume),
            flow: self.bar.flow.zip(next.flow).and_then(|(a, b)| sum(a, b)),
            ..self.bar
        };
        Self { bar, flags: merged(self.flags, flags), count: self.count + 1 }
    }
}

fn sum(a: Flow, b: Flow) -> Option<Flow> {
    Some(Flow {
        taker_buy: Lots(a.taker_buy.0.checked_add(b.taker_buy.0)?),
        quote: Notional(a.quote.0.checked_add(b.quote.0)?),
        trades: a.trades.checked_add(b.trades)?,
    })
}

/// A bar is repaired or has a gap if any part of it is or has; it is synthetic if all of it is.
fn merged(a: Flags, b: Flags) -> Flags {
    let any = [Flags::CLOSED, Flags::REPAIRED, Flags::GAP].into_iter();
    let set = any.filter(|flag| a.has(*flag) || b.has(*flag)).fold(Flags::NONE, Flags::with);
    let synthetic = a.has(Flags::SYNTHETIC) && b.has(Flags::SYNTHETIC);
    if synthetic { set.with(Flags::SYNTHETIC) } else { set }
}
