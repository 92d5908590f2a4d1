use clock::Nanos;

use super::{Doubt, FirewallLimits};
use crate::{Bar, Body, Contract, Event, Fixed8, Flags, Level, Timeframe};

/// What was believed last of one contract.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// Whether the levels that follow belong to a change that was not believed.
    pub(super) depth_refused: bool,
    mark: Option<(Nanos, Fixed8)>,
    /// The last price of a trade, ticker or bar.
    price: Option<(Nanos, Fixed8)>,
    ticker: Option<(Nanos, Level, Level)>,
    trade: Option<u64>,
    aggregate: Option<u64>,
    funding: Option<Nanos>,
    /// Open time of the last bar of each length, and whether it was closed.
    bars: [Option<(Nanos, bool)>; Timeframe::ALL.len()],
}

impl Watch {
    /// Whether a possible event is plausible beside those before it; if so it is remembered.
    pub(super) fn check(
        &mut self,
        event: &Event,
        contract: &Contract,
        limits: FirewallLimits,
    ) -> Result<(), Doubt> {
        let time = event.exchange;
        match event.body {
            Body::BookTicker { bid, ask } => {
                self.new_ticker(time, bid, ask)?;
                let price = contract.fine(bid.price).ok_or(Doubt::Price)?;
                self.plausible(time, price, limits)?;
                let other = contract.fine(ask.price).ok_or(Doubt::Price)?;
                self.plausible(time, other, limits)?;
                self.ticker = Some((time, bid, ask));
                self.price = Some((time, price));
            }
            Body::Trade { id, price, .. } => {
                newer(self.trade, id)?;
                let price = contract.fine(price).ok_or(Doubt::Price)?;
                self.plausible(time, price, limits)?;
                (self.trade, self.price) = (Some(id), Some((time, price)));
            }
            Body::AggregateTrade(trade) => {
                newer(self.aggregate, trade.id)?;
                let price = contract.fine(trade.price).ok_or(Doubt::Price)?;
                self.plausible(time, price, limits)?;
                (self.aggregate, self.price) = (Some(trade.id), Some((time, price)));
            }
            Body::Bar(bar) => self.bar(&bar, event, contract, limits)?,
            Body::MarkPrice { mark, index, .. } => {
                newer(self.mark.map(|(time, _)| time), time)?;
                // The first mark has no other witness than the index it comes with.
                near(mark, index, limits)?;
                self.plausible(time, mark, limits)?;
                self.mark = Some((time, mark));
            }
            Body::Funding { .. } => {
                newer(self.funding, time)?;
                self.funding = Some(time);
            }
            // The book keeps the order of its own; liquidations have neither number nor order.
            Body::DepthStart { .. }
            | Body::SnapshotStart { .. }
            | Body::DepthLevel { .. }
            | Body::Liquidation { .. } => {}
        }
        Ok(())
    }

    fn new_ticker(&self, time: Nanos, bid: Level, ask: Level) -> Result<(), Doubt> {
        match self.ticker {
            // Many changes share a millisecond, so equal times are in order.
            Some((last, ..)) if time < last => Err(Doubt::Older),
            Some(last) if last == (time, bid, ask) => Err(Doubt::Duplicate),
            _ => Ok(()),
        }
    }

    fn bar(
        &mut self,
        bar: &Bar,
        event: &Event,
        contract: &Contract,
        limits: FirewallLimits,
    ) -> Result<(), Doubt> {
        // What was asked for again is old by nature; the series knows what it asked for.
        if event.flags.has(Flags::REPAIRED) {
            return Ok(());
        }
        let closed = event.flags.has(Flags::CLOSED);
        let slot = &self.bars[bar.timeframe as usize];
        match *slot {
            Some((last, _)) if bar.open_time < last => return Err(Doubt::Older),
            Some((last, true)) if bar.open_time == last => return Err(Doubt::Duplicate),
            _ => {}
        }
        let price = contract.fine(bar.close).ok_or(Doubt::Price)?;
        self.plausible(event.exchange, price, limits)?;
        self.bars[bar.timeframe as usize] = Some((bar.open_time, closed));
        self.price = Some((event.exchange, price));
        Ok(())
    }

    /// Whether a price is near its reference: the mark price, or the last price where there is no
    /// fresh mark.
    fn plausible(&self, now: Nanos, price: Fixed8, limits: FirewallLimits) -> Result<(), Doubt> {
        let fresh = |seen: &(Nanos, Fixed8)| now.since(seen.0) <= limits.reference_age;
        let Some((_, reference)) = self.mark.filter(fresh).or(self.price.filter(fresh)) else {
            return Ok(());
        };
        near(price, reference, limits)
    }
}

fn near(price: Fixed8, reference: Fixed8, limits: FirewallLimits) -> Result<(), Doubt> {
    let moved = i128::from(price.0) - i128::from(reference.0);
    let allowed = i128::from(reference.0) * i128::from(limits.max_jump.0);
    if moved.abs() * i128::from(Fixed8::ONE.0) <= allowed { Ok(()) } else { Err(Doubt::Jump) }
}

/// Something that must grow from one event to the next.
fn newer<T: Ord>(last: Option<T>, this: T) -> Result<(), Doubt> {
    match last {
        Some(last) if this < last => Err(Doubt::Older),
        Some(last) if this == last => Err(Doubt::Duplicate),
        _ => Ok(()),
    }
}
