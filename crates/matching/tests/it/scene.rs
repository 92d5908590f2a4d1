//! A venue for one contract with a tick of 0.1, and what it says.

use clock::Nanos;
use market::{
    Bar, Body, ClientId, Event, Fill, Fixed8, Flags, Level, Liquidity, Lots, Order, OrderKind,
    Outcome, Rejection, Report, Sequence, Side, SymbolId, Ticks, TimeInForce, Timeframe,
};
use matching::{Assumptions, Fees, Maintenance, Rules, Venue};

pub(crate) const MINUTE: i64 = 60_000_000_000;
pub(crate) const BTC: SymbolId = SymbolId(0);

pub(crate) const FILE: &str = r#"
schema = 1
source = "a test"
tier = "a"
slippage = "0.0001"
maintenance = "0.01"
order_latency_us = 1
report_latency_us = 2
[fees]
a = { maker = "0.0002", taker = "0.0005" }
[contracts.BTCUSDT]
tick = "0.1"
lot = "0.001"
min_quantity = "0.001"
max_quantity = "1000"
max_market_quantity = "120"
min_notional = "50"
"#;

/// What came of orders, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    Accepted,
    Triggered,
    /// Price, lots, who was first.
    Filled(i64, i64, Liquidity),
    Expired,
    Cancelled,
    Rejected(Rejection),
}

pub(crate) struct Scene {
    pub(crate) venue: Venue,
    clients: u64,
    /// When events are told, in nanoseconds.
    pub(crate) now: i64,
    pub(crate) fills: Vec<Fill>,
}

impl Scene {
    pub(crate) fn new(slippage: Fixed8) -> Self {
        let contracts = Assumptions::parse(FILE).unwrap().contracts(["BTCUSDT"]).unwrap();
        let fees = Fees { maker: Fixed8(20_000), taker: Fixed8(50_000) };
        let maintenance = Maintenance::flat(Fixed8(0));
        let rules = Rules { fees, slippage, maintenance, order_latency: 0, report_latency: 0 };
        Self { venue: Venue::new(contracts, rules), clients: 0, now: 0, fills: Vec::new() }
    }

    fn order(&mut self, side: Side, lots: i64, kind: OrderKind, reduce_only: bool) -> Order {
        self.clients += 1;
        let client = ClientId(self.clients);
        Order { client, symbol: BTC, side, quantity: Lots(lots), kind, reduce_only }
    }

    pub(crate) fn place(
        &mut self,
        minute: i64,
        side: Side,
        lots: i64,
        kind: OrderKind,
    ) -> Vec<Said> {
        self.place_at(minute * MINUTE, side, lots, kind)
    }

    pub(crate) fn place_at(
        &mut self,
        now: i64,
        side: Side,
        lots: i64,
        kind: OrderKind,
    ) -> Vec<Said> {
        let order = self.order(side, lots, kind, false);
        self.send(now, order)
    }

    pub(crate) fn reduce(
        &mut self,
        minute: i64,
        side: Side,
        lots: i64,
        kind: OrderKind,
    ) -> Vec<Said> {
        let order = self.order(side, lots, kind, true);
        self.send(minute * MINUTE, order)
    }

    fn send(&mut self, now: i64, order: Order) -> Vec<Said> {
        let mut out = Vec::new();
        self.venue.place(Nanos(now), order, &mut out).unwrap();
        self.hear(&out)
    }

    pub(crate) fn cancel_last(&mut self) -> Vec<Said> {
        let mut out = Vec::new();
        self.venue.cancel(Nanos(0), BTC, ClientId(self.clients), &mut out);
        self.hear(&out)
    }

    /// A bar's open and its inside: what was said in each.
    pub(crate) fn bar(&mut self, minute: i64, ohlc: [i64; 4]) -> (Vec<Said>, Vec<Said>) {
        let bar = bar(minute, ohlc);
        let (mut open, mut inside) = (Vec::new(), Vec::new());
        self.venue.open_bar(BTC, &bar, &mut open).unwrap();
        self.venue.run_bar(BTC, &bar, &mut inside).unwrap();
        self.venue.close_bar(BTC, &bar);
        (self.hear(&open), self.hear(&inside))
    }

    pub(crate) fn event(&mut self, body: Body) -> Vec<Said> {
        self.flagged(body, Flags::NONE)
    }

    pub(crate) fn flagged(&mut self, body: Body, flags: Flags) -> Vec<Said> {
        let mut out = Vec::new();
        let event = Event {
            sequence: Sequence(0),
            exchange: Nanos(self.now),
            receive: Nanos(self.now),
            symbol: BTC,
            flags,
            body,
        };
        self.venue.event(&event, &mut out).unwrap();
        self.hear(&out)
    }

    /// The best bid and ask.
    pub(crate) fn quote(&mut self, bid: (i64, i64), ask: (i64, i64)) -> Vec<Said> {
        let level = |(price, lots)| Level { price: Ticks(price), quantity: Lots(lots) };
        self.event(Body::BookTicker { bid: level(bid), ask: level(ask) })
    }

    pub(crate) fn trade(&mut self, price: i64, lots: i64, aggressor: Side) -> Vec<Said> {
        self.event(Body::Trade { id: 0, price: Ticks(price), quantity: Lots(lots), aggressor })
    }

    pub(crate) fn hear(&mut self, reports: &[Report]) -> Vec<Said> {
        let say = |report: &Report| match report.outcome {
            Outcome::Accepted(_) => Said::Accepted,
            Outcome::Triggered => Said::Triggered,
            Outcome::Filled(fill) => {
                self.fills.push(fill);
                Said::Filled(fill.price.0, fill.quantity.0, fill.liquidity)
            }
            Outcome::Cancelled => Said::Cancelled,
            Outcome::Expired => Said::Expired,
            Outcome::Rejected(why) => Said::Rejected(why),
            other => panic!("{other:?}"),
        };
        reports.iter().map(say).collect()
    }
}

pub(crate) fn bar(minute: i64, [open, high, low, close]: [i64; 4]) -> Bar {
    Bar {
        timeframe: Timeframe::M1,
        open_time: Nanos(minute * MINUTE),
        open: Ticks(open),
        high: Ticks(high),
        low: Ticks(low),
        close: Ticks(close),
        volume: Lots(1),
        flow: None,
    }
}

pub(crate) fn limit(price: i64, time_in_force: TimeInForce) -> OrderKind {
    OrderKind::Limit { price: Ticks(price), time_in_force }
}

pub(crate) fn stop(trigger: i64) -> OrderKind {
    OrderKind::Stop { trigger: Ticks(trigger) }
}

pub(crate) fn target(trigger: i64) -> OrderKind {
    OrderKind::TakeProfit { trigger: Ticks(trigger) }
}
