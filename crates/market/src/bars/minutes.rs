use clock::Nanos;

use super::ClosedBar;
use crate::{Bar, Contract, Flags, Flow, Lots, Notional, Side, Ticks, Timeframe};

/// Most bars without a trade that are made up in a row. Longer silence is left as a gap: something
/// is wrong with the source.
pub const MAX_FLAT: i64 = 100;

/// What became of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TradeArrival {
    /// It is in the bar of its time.
    Accepted,
    /// The bar of its time is closed already.
    Late,
    /// It cannot be counted: its worth or the bar's sums are beyond their range.
    Overflow,
}

/// Builds closed bars from trades by the venue's time. A stretch without a trade becomes a flat bar
/// at the last price, marked synthetic; where the source was interrupted no bar is made up, and the
/// bars on both sides are marked.
#[derive(Debug, Clone)]
pub struct TradeBars {
    timeframe: Timeframe,
    contract: Contract,
    made: Option<ClosedBar>,
    /// Trades may be missing before the next one.
    interrupted: bool,
    late: u64,
}

impl TradeBars {
    /// Bars of one length of one contract. The first is marked: what was traded before the first
    /// trade is not known.
    pub fn new(timeframe: Timeframe, contract: Contract) -> Self {
        Self { timeframe, contract, made: None, interrupted: true, late: 0 }
    }

    /// Trades that came after the bar of their time was closed.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// The bar in the making, never in the output before it is closed.
    pub fn partial(&self) -> Option<Bar> {
        self.made.map(|(bar, _)| bar)
    }

    /// Says that trades may have been lost: the connection was down, or numbers are missing.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
        if let Some((_, flags)) = &mut self.made {
            *flags = flags.with(Flags::GAP);
        }
    }

    /// Takes `count` trades of one price; bars they close are appended to `out`.
    pub fn push(
        &mut self,
        time: Nanos,
        price: Ticks,
        quantity: Lots,
        aggressor: Side,
        count: u64,
        out: &mut Vec<ClosedBar>,
    ) -> TradeArrival {
        let open_time = self.timeframe.open_of(time);
        if self.made.is_some_and(|(bar, _)| open_time < bar.open_time) {
            self.late += 1;
            return TradeArrival::Late;
        }
        let Some(quote) = self.contract.notional(price, quantity) else {
            return TradeArrival::Overflow;
        };
        let taker_buy = if aggressor == Side::Buy { quantity } else { Lots(0) };
        let trade = Flow { taker_buy, quote, trades: count };
        if let Some((bar, flags)) = &mut self.made
            && bar.open_time == open_time
        {
            return match grown(bar, price, quantity, trade) {
                Some(grown) => {
                    *bar = grown;
                    *flags = flags.without(Flags::SYNTHETIC);
                    TradeArrival::Accepted
                }
                None => TradeArrival::Overflow,
            };
        }
        self.close_until(open_time, out);
        let flags = if std::mem::take(&mut self.interrupted) { Flags::GAP } else { Flags::NONE };
        let flat = flat(self.timeframe, open_time, price);
        self.made = Some((Bar { volume: quantity, flow: Some(trade), ..flat }, flags));
        TradeArrival::Accepted
    }

    /// Says that it is `now`, at the venue: bars that have ended are closed, those without a trade
    /// made up.
    pub fn advance(&mut self, now: Nanos, out: &mut Vec<ClosedBar>) {
        let open_time = self.timeframe.open_of(now);
        let Some((bar, _)) = self.made.filter(|(bar, _)| bar.open_time < open_time) else {
            return;
        };
        let close = bar.close;
        self.close_until(open_time, out);
        // The bar in the making is one without a trade so far; after an interruption nothing is
        // known until the next trade.
        if !self.interrupted {
            self.made = Some((flat(self.timeframe, open_time, close), Flags::SYNTHETIC));
        }
    }

    /// Closes the bar in the making, and makes up those between it and `open_time`.
    fn close_until(&mut self, open_time: Nanos, out: &mut Vec<ClosedBar>) {
        let Some((bar, flags)) = self.made.take() else { return };
        out.push((bar, flags.with(Flags::CLOSED)));
        let between = open_time.since(bar.end()) / self.timeframe.nanos();
        if self.interrupted || between > MAX_FLAT {
            self.interrupted = true;
            return;
        }
        let mut at = bar.end();
        while at < open_time {
            let flags = Flags::CLOSED.with(Flags::SYNTHETIC);
            out.push((flat(self.timeframe, at, bar.close), flags));
            at = at.plus(self.timeframe.nanos());
        }
    }
}

fn flat(timeframe: Timeframe, open_time: Nanos, price: Ticks) -> Bar {
    let (open, high, low, close) = (price, price, price, price);
    let flow = Some(Flow::default());
    Bar { timeframe, open_time, open, high, low, close, volume: Lots(0), flow }
}

/// The bar with another trade; none if a sum leaves its range.
fn grown(bar: &Bar, price: Ticks, quantity: Lots, trade: Flow) -> Option<Bar> {
    let flow = bar.flow.unwrap_or_default();
    // A bar of silence, made up so far, opens with its first trade.
    let silent = flow.trades == 0;
    Some(Bar {
        open: if silent { price } else { bar.open },
        high: if silent { price } else { bar.high.max(price) },
        low: if silent { price } else { bar.low.min(price) },
        close: price,
        volume: Lots(bar.volume.0.checked_add(quantity.0)?),
        flow: Some(Flow {
            taker_buy: Lots(flow.taker_buy.0.checked_add(trade.taker_buy.0)?),
            quote: Notional(flow.quote.0.checked_add(trade.quote.0)?),
            trades: flow.trades.checked_add(trade.trades)?,
        }),
        ..*bar
    })
}
