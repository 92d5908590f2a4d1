use super::Doubt;
use crate::{Bar, Body, Contract, Event, Fixed8, Flags, Lots, Ticks};

/// Archives stamp the end of a bar one millisecond early.
const END_TOLERANCE: i64 = 1_000_000;

/// The most that is settled at once, either way: 3 %, the highest cap the venue has announced for
/// any contract. Usual are caps of 2 % and rates of a hundredth of one.
const MOST_FUNDING: Fixed8 = Fixed8(3_000_000);

/// Whether an event is possible, whatever came before it.
pub(super) fn check(event: &Event, contract: &Contract) -> Result<(), Doubt> {
    match event.body {
        Body::BookTicker { bid, ask } => {
            price(bid.price, contract)?;
            price(ask.price, contract)?;
            at_least(bid.quantity, 0)?;
            at_least(ask.quantity, 0)?;
            if bid.price < ask.price { Ok(()) } else { Err(Doubt::Crossed) }
        }
        // Whether it follows the change before it is the book's to say.
        Body::DepthStart { first, last, .. } => {
            if first <= last {
                Ok(())
            } else {
                Err(Doubt::Numbers)
            }
        }
        Body::SnapshotStart { .. } => Ok(()),
        // Orders may stand outside today's range.
        Body::DepthLevel { level, .. } if level.price <= Ticks(0) => Err(Doubt::Price),
        Body::DepthLevel { level, .. } => at_least(level.quantity, 0),
        Body::Trade { price: paid, quantity, .. } => {
            price(paid, contract)?;
            at_least(quantity, 1)
        }
        Body::AggregateTrade(trade) => {
            price(trade.price, contract)?;
            at_least(trade.quantity, 1)?;
            if trade.first <= trade.last { Ok(()) } else { Err(Doubt::Numbers) }
        }
        Body::Bar(bar) => self::bar(&bar, event, contract),
        Body::MarkPrice { mark, index, next, .. } => {
            super::unit(next)?;
            if mark > Fixed8(0) && index > Fixed8(0) { Ok(()) } else { Err(Doubt::Price) }
        }
        Body::Funding { rate, .. } if rate.0.unsigned_abs() > MOST_FUNDING.0.unsigned_abs() => {
            Err(Doubt::Rate)
        }
        Body::Funding { mark, .. } => match mark {
            Some(Fixed8(..=0)) => Err(Doubt::Price),
            _ => Ok(()),
        },
        Body::Liquidation { price: ordered, average, quantity, .. } => {
            price(ordered, contract)?;
            at_least(quantity, 1)?;
            if average > Fixed8(0) { Ok(()) } else { Err(Doubt::Price) }
        }
    }
}

fn bar(bar: &Bar, event: &Event, contract: &Contract) -> Result<(), Doubt> {
    super::unit(bar.open_time)?;
    for each in [bar.open, bar.high, bar.low, bar.close] {
        price(each, contract)?;
    }
    at_least(bar.volume, 0)?;
    let body = bar.low <= bar.open.min(bar.close) && bar.open.max(bar.close) <= bar.high;
    if !body {
        return Err(Doubt::BarShape);
    }
    if let Some(flow) = bar.flow {
        let part = (Lots(0)..=bar.volume).contains(&flow.taker_buy);
        // A bar has trades exactly if it has volume.
        let alike = (flow.trades == 0) == (bar.volume == Lots(0));
        if !part || !alike || flow.quote.0 < 0 {
            return Err(Doubt::BarFlow);
        }
    }
    let grid = bar.timeframe.open_of(bar.open_time) == bar.open_time;
    let begun = bar.open_time <= event.exchange;
    let early = event.flags.has(Flags::CLOSED) && bar.end().since(event.exchange) > END_TOLERANCE;
    if grid && begun && !early { Ok(()) } else { Err(Doubt::BarTime) }
}

fn price(price: Ticks, contract: &Contract) -> Result<(), Doubt> {
    let possible = price > Ticks(0) && price <= contract.max_price;
    if possible { Ok(()) } else { Err(Doubt::Price) }
}

fn at_least(quantity: Lots, least: i64) -> Result<(), Doubt> {
    if quantity.0 >= least { Ok(()) } else { Err(Doubt::Quantity) }
}
