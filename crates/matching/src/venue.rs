//! A venue played from its own data.
//!
//! Where quotes and trades are known, orders meet them: a taking order walks the book that is
//! known, a resting one stands at the end of its queue, and only trades shorten that queue. Where
//! trades alone are known, a taking order pays slippage on the next of them, and a resting one is
//! filled by a price beyond its own. Quotes that nobody renewed for a while are not known any more.
//! Where bars alone are known, an order meets the next open, a stop is met before a target, and a
//! resting order is filled only when the price has gone through it.

mod bar;
mod fills;
mod lone;
mod quote;
mod top;

use clock::Nanos;
use market::{
    Body, Book, ClientId, Contracts, Event, Flags, Lots, Order, OrderId, OrderKind, Outcome,
    Rejection, Report, Side, SymbolId, Ticks, TimeInForce,
};

use crate::{Error, Rules};
use top::Tops;

/// Orders of one account at a venue.
#[derive(Debug)]
pub struct Venue {
    contracts: Contracts,
    rules: Rules,
    pits: Vec<Pit>,
    orders: u64,
    trades: u64,
}

/// One contract at the venue.
#[derive(Debug)]
struct Pit {
    book: Book,
    tops: Tops,
    last: Option<Ticks>,
    /// Lots held by the account.
    net: i64,
    standing: Vec<Standing>,
    /// Whether a bar's inside is being played.
    inside_a_bar: bool,
}

/// An order at the venue.
#[derive(Debug, Clone, Copy)]
struct Standing {
    order: Order,
    id: OrderId,
    arrived: Nanos,
    left: Lots,
    /// What stood before it at its price when quotes were first known to it; none before that.
    ahead: Option<Lots>,
    /// It has not met a price yet.
    is_new: bool,
    /// It came while a bar's inside was played: what of the bar was before it nobody knows.
    inside_a_bar: bool,
}

impl Venue {
    /// A venue without orders.
    pub fn new(contracts: Contracts, rules: Rules) -> Self {
        let pit = |(symbol, _)| Pit {
            book: Book::new(symbol),
            tops: Tops::default(),
            last: None,
            net: 0,
            standing: Vec::new(),
            inside_a_bar: false,
        };
        Self { pits: contracts.iter().map(pit).collect(), contracts, rules, orders: 0, trades: 0 }
    }

    /// What it takes for granted.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Orders that stand, or wait for a price.
    pub fn open_orders(&self) -> usize {
        self.pits.iter().map(|pit| pit.standing.len()).sum()
    }

    /// An order arrives.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn place(&mut self, now: Nanos, order: Order, out: &mut Vec<Report>) -> Result<(), Error> {
        if let Some(pit) = self.pits.get_mut(order.symbol.0 as usize) {
            pit.tops.forget_old(now);
        }
        if let Err(rejection) = self.admit(&order) {
            out.push(report(&order, now, Outcome::Rejected(rejection)));
            return Ok(());
        }
        self.orders += 1;
        let id = OrderId(self.orders);
        out.push(report(&order, now, Outcome::Accepted(id)));
        let Some(pit) = self.pits.get_mut(order.symbol.0 as usize) else { return Ok(()) };
        pit.standing.push(Standing {
            order,
            id,
            arrived: now,
            left: order.quantity,
            ahead: None,
            is_new: true,
            inside_a_bar: pit.inside_a_bar,
        });
        if pit.tops.best().is_some() {
            self.meet_quotes(now, order.symbol, out)?;
        }
        Ok(())
    }

    /// A cancellation arrives. An order that is not there any more stays as it ended.
    pub fn cancel(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        client: ClientId,
        out: &mut Vec<Report>,
    ) {
        let Some(pit) = self.pits.get_mut(symbol.0 as usize) else { return };
        if let Some(at) = pit.standing.iter().position(|s| s.order.client == client) {
            let gone = pit.standing.remove(at);
            out.push(report(&gone.order, now, Outcome::Cancelled));
        }
    }

    /// The market moves. Bars are played by [`Venue::open_bar`] and [`Venue::run_bar`].
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn event(&mut self, event: &Event, out: &mut Vec<Report>) -> Result<(), Error> {
        let Some(pit) = self.pits.get_mut(event.symbol.0 as usize) else { return Ok(()) };
        let told = event.receive;
        match event.body {
            Body::BookTicker { bid, ask } => pit.tops.ticker(told, (bid, ask)),
            Body::DepthStart { .. } | Body::SnapshotStart { .. } | Body::DepthLevel { .. } => {
                pit.book.apply(event);
                if !event.flags.has(Flags::LAST) {
                    return Ok(());
                }
                pit.tops.forget_old(told);
                pit.tops.book(told, pit.book.best_bid().zip(pit.book.best_ask()));
            }
            Body::Trade { price, .. } if pit.tops.forget_old(told).is_none() => {
                pit.last = Some(price);
                return self.meet_lone_trade(event, price, out);
            }
            Body::AggregateTrade(trade) if pit.tops.forget_old(told).is_none() => {
                pit.last = Some(trade.price);
                return self.meet_lone_trade(event, trade.price, out);
            }
            Body::Trade { price, quantity, aggressor, .. } => {
                pit.last = Some(price);
                self.meet_trade(event, price, quantity, aggressor, out)?;
            }
            Body::AggregateTrade(trade) => {
                pit.last = Some(trade.price);
                self.meet_trade(event, trade.price, trade.quantity, trade.aggressor, out)?;
            }
            Body::Bar(_)
            | Body::MarkPrice { .. }
            | Body::Funding { .. }
            | Body::Liquidation { .. } => return Ok(()),
        }
        self.meet_quotes(event.exchange, event.symbol, out)
    }

    fn admit(&self, order: &Order) -> Result<(), Rejection> {
        let at = order.symbol.0 as usize;
        let (contract, pit) =
            self.contracts.get(order.symbol).zip(self.pits.get(at)).ok_or(Rejection::Closed)?;
        let price = pit.price(order.side);
        contract.admits(order, price.and_then(|price| contract.fine(price)))?;
        let against = i64::from(pit.net != 0 && pit.net.signum() != order.side.sign());
        if order.reduce_only && against == 0 {
            return Err(Rejection::ReduceOnly);
        }
        let triggered = price.is_some_and(|price| wakes(order, price));
        if triggered {
            return Err(Rejection::WouldTrigger);
        }
        let post_only =
            matches!(order.kind, OrderKind::Limit { time_in_force: TimeInForce::Gtx, .. });
        let crosses = pit.tops.best().is_some_and(|(bid, ask)| takes(order, bid.price, ask.price));
        if post_only && crosses {
            return Err(Rejection::WouldTake);
        }
        Ok(())
    }
}

impl Pit {
    /// The price an order of a side would look at.
    fn price(&self, side: Side) -> Option<Ticks> {
        let quoted = self.tops.best().map(|(bid, ask)| match side {
            Side::Buy => ask.price,
            Side::Sell => bid.price,
        });
        self.last.or(quoted)
    }
}

/// Whether a waiting order wakes at a price.
fn wakes(order: &Order, price: Ticks) -> bool {
    match (order.kind, order.side) {
        (OrderKind::Stop { trigger }, Side::Buy) => price >= trigger,
        (OrderKind::Stop { trigger }, Side::Sell) => price <= trigger,
        (OrderKind::TakeProfit { trigger }, Side::Buy) => price <= trigger,
        (OrderKind::TakeProfit { trigger }, Side::Sell) => price >= trigger,
        (OrderKind::Market | OrderKind::Limit { .. }, _) => false,
    }
}

/// Whether a limit order would take from a book with this top.
fn takes(order: &Order, bid: Ticks, ask: Ticks) -> bool {
    match (order.kind, order.side) {
        (OrderKind::Limit { price, .. }, Side::Buy) => price >= ask,
        (OrderKind::Limit { price, .. }, Side::Sell) => price <= bid,
        _ => false,
    }
}

fn report(order: &Order, time: Nanos, outcome: Outcome) -> Report {
    Report { client: order.client, symbol: order.symbol, time, outcome }
}
