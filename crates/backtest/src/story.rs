//! Why each order was sent and what became of it: one line of JSON an order, for `aegis why`.

use std::collections::BTreeMap;

use clock::Nanos;
use market::{
    ClientId, Contract, Contracts, Fill, Liquidity, Order, OrderKind, Outcome as Said, Report,
    Side, SymbolId, Ticks, TimeInForce,
};
use serde::{Deserialize, Serialize};
use trading::portfolio::Trip;
use trading::strategy::Entry;
use trading::{ExitReason, Note, Purpose, Settings};

use crate::Outcome;
use crate::figures::amount;
use crate::page::calendar;
use crate::report::sizing;

/// One order from its cause to its end. Prices and quantities as the venue writes them, amounts in
/// the quote currency, times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Our number of it.
    pub order: u64,
    /// The contract.
    pub contract: String,
    /// "buy" or "sell".
    pub side: String,
    /// How much.
    pub quantity: String,
    /// At what price, and what it waits for.
    pub kind: String,
    /// Whether it may only make a position smaller.
    pub reduce_only: bool,
    /// What for.
    pub purpose: String,
    /// When it left.
    pub sent_ms: i64,
    /// What the account was worth then.
    pub equity: f64,
    /// The last price then.
    pub last: Option<String>,
    /// How its size was found; for orders that open a position.
    pub sizing: Option<String>,
    /// What was seen; none for a position that was found.
    pub cause: Option<Cause>,
    /// What the venue said of it, in order.
    pub replies: Vec<Reply>,
    /// What came of its position; none while it is open.
    pub position: Option<Closed>,
}

/// What made a strategy want a position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// What was seen, in a word.
    pub setup: String,
    /// How good it looked beside others, 0 to 1; no probability.
    pub score: f64,
    /// Since when it was on the chart, and between which prices.
    pub seen: Option<(i64, String, String)>,
    /// Where it has gone wrong.
    pub stop: Option<String>,
    /// Where it has gone well.
    pub target: Option<String>,
}

/// One thing the venue said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// When it happened there.
    pub at_ms: i64,
    /// What.
    pub said: String,
}

/// What came of a position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    /// Its first fill.
    pub opened_ms: i64,
    /// Its last.
    pub closed_ms: i64,
    /// After costs.
    pub net: f64,
    /// Paid in fees.
    pub fees: f64,
    /// Received in funding.
    pub funding: f64,
    /// Every order of it.
    pub orders: Vec<u64>,
}

/// The stories of all orders, in the order they left.
pub fn stories(outcome: &Outcome, contracts: &Contracts, settings: &Settings) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    // Where the story of an order is, when it was first traded, and the orders that no closed position
    // has yet.
    let mut places: BTreeMap<u64, usize> = BTreeMap::new();
    let traded = first_fills(outcome);
    let mut waiting: BTreeMap<SymbolId, Vec<Order>> = BTreeMap::new();
    for note in &outcome.notes {
        match note {
            Note::Sent { at, order, purpose, entry, equity, last } => {
                let Some(contract) = contracts.get(order.symbol) else { continue };
                places.insert(order.client.0, stories.len());
                waiting.entry(order.symbol).or_default().push(*order);
                let opens = *purpose == Purpose::Entry;
                stories.push(Story {
                    order: order.client.0,
                    contract: contract.name.clone(),
                    side: if order.side == Side::Buy { "buy" } else { "sell" }.to_owned(),
                    quantity: contract.lot.show_quantity(order.quantity).to_string(),
                    kind: kind(order, contract),
                    reduce_only: order.reduce_only,
                    purpose: self::purpose(*purpose),
                    sent_ms: at.millis(),
                    equity: amount(*equity),
                    last: last.map(|price| show(contract, price)),
                    sizing: opens.then(|| sizing(settings.sizing)),
                    cause: entry.as_ref().map(|entry| cause(entry, contract)),
                    replies: Vec::new(),
                    position: None,
                });
            }
            Note::Closed { trip, .. } => {
                let sent = waiting.remove(&trip.symbol).unwrap_or_default();
                // An entry that was never traded has no part in it; one that is traded later is of
                // the next position.
                let (ours, later): (Vec<Order>, Vec<Order>) = sent.into_iter().partition(|order| {
                    let first = traded.get(&order.client);
                    order.reduce_only || first.is_some_and(|first| *first <= trip.closed)
                });
                waiting.insert(trip.symbol, later);
                let orders: Vec<u64> = ours.iter().map(|order| order.client.0).collect();
                for order in &orders {
                    if let Some(at) = places.get(order) {
                        stories[*at].position = Some(ended(trip, &orders));
                    }
                }
            }
            Note::Declined { .. } | Note::Unsent { .. } | Note::Halted { .. } => {}
        }
    }
    for report in &outcome.reports {
        let place = places.get(&report.client.0);
        if let (Some(at), Some(contract)) = (place, contracts.get(report.symbol)) {
            let said = said(report, contract);
            stories[*at].replies.push(Reply { at_ms: report.time.millis(), said });
        }
    }
    stories
}

/// When each order was first traded, of those that were.
fn first_fills(outcome: &Outcome) -> BTreeMap<ClientId, Nanos> {
    let mut first = BTreeMap::new();
    for report in &outcome.reports {
        if let Said::Filled(fill) = report.outcome {
            first.entry(fill.client).or_insert(fill.time);
        }
    }
    first
}

fn show(contract: &Contract, price: Ticks) -> String {
    contract.tick.show_price(price).to_string()
}

fn kind(order: &Order, contract: &Contract) -> String {
    match order.kind {
        OrderKind::Market => "at the market".to_owned(),
        OrderKind::Limit { price, time_in_force } => {
            let until = match time_in_force {
                TimeInForce::Gtc => "good till cancelled",
                TimeInForce::Ioc => "immediate or cancel",
                TimeInForce::Fok => "fill or kill",
                TimeInForce::Gtx => "post only",
            };
            format!("at {} or better, {until}", show(contract, price))
        }
        OrderKind::Stop { trigger } => {
            format!("at the market once it stops at {}", show(contract, trigger))
        }
        OrderKind::TakeProfit { trigger } => {
            format!("at the market once its target of {} is reached", show(contract, trigger))
        }
    }
}

fn purpose(purpose: Purpose) -> String {
    match purpose {
        Purpose::Entry => "to open a position".to_owned(),
        Purpose::Stop => "to end the position if it goes wrong".to_owned(),
        Purpose::Target => "to end the position if it goes well".to_owned(),
        Purpose::Exit(why) => {
            let why = match why {
                ExitReason::Signal(word) => format!("the strategy said so: {word}"),
                ExitReason::Turn => "it turns over to the other side".to_owned(),
                ExitReason::Rotation => "a better chance takes its place".to_owned(),
                ExitReason::Time => "it lasted too long".to_owned(),
                ExitReason::Stagnation => "it went nowhere".to_owned(),
                ExitReason::Decay => "what was seen in it faded".to_owned(),
                ExitReason::Unguarded => "its stop or target was refused".to_owned(),
            };
            format!("to end the position: {why}")
        }
    }
}

fn cause(entry: &Entry, contract: &Contract) -> Cause {
    let price = |level: Ticks| show(contract, level);
    Cause {
        setup: entry.setup.to_owned(),
        score: entry.score.get(),
        seen: entry.seen.map(|seen| (seen.since.millis(), price(seen.low), price(seen.high))),
        stop: entry.exits.stop.map(price),
        target: entry.exits.target.map(price),
    }
}

fn said(report: &Report, contract: &Contract) -> String {
    match report.outcome {
        Said::Accepted(order) => format!("accepted as its order {}", order.0),
        Said::Triggered => "its trigger was reached".to_owned(),
        Said::Filled(fill) => filled(&fill, contract),
        Said::Cancelled => "cancelled".to_owned(),
        Said::Expired => "expired; what was not traded is gone".to_owned(),
        Said::ExpiredInMatch => "expired: it would have traded with ourselves".to_owned(),
        Said::Rejected(why) => format!("rejected: {why:?}"),
        Said::Unknown => "nobody knows what became of it".to_owned(),
    }
}

fn filled(fill: &Fill, contract: &Contract) -> String {
    let who = match fill.liquidity {
        Liquidity::Maker => "as maker",
        Liquidity::Taker => "as taker",
    };
    format!(
        "{} traded at {} {who}, fee {}",
        contract.lot.show_quantity(fill.quantity),
        show(contract, fill.price),
        fill.fee
    )
}

fn ended(trip: &Trip, orders: &[u64]) -> Closed {
    Closed {
        opened_ms: trip.opened.millis(),
        closed_ms: trip.closed.millis(),
        net: amount(trip.net()),
        fees: amount(trip.fees),
        funding: amount(trip.funding),
        orders: orders.to_vec(),
    }
}

impl Story {
    /// The story as lines to read.
    pub fn lines(&self) -> Vec<String> {
        let Self { order, contract, side, quantity, kind, purpose, .. } = self;
        let mut lines = vec![
            format!("Order {order}: {side} {quantity} {contract} {kind}"),
            format!("  {purpose}"),
            format!(
                "  sent {} UTC, at a last price of {}, by an account worth {:.2}",
                calendar::second(self.sent_ms),
                self.last.as_deref().unwrap_or("nothing known"),
                self.equity
            ),
        ];
        if let Some(cause) = &self.cause {
            lines.push(format!("Because of \"{}\", score {:.3}", cause.setup, cause.score));
            if let Some((since, low, high)) = &cause.seen {
                let place = if low == high { low.clone() } else { format!("{low} to {high}") };
                lines.push(format!("  on the chart since {} at {place}", calendar::second(*since)));
            }
            if let Some(stop) = &cause.stop {
                lines.push(format!("  it has gone wrong at {stop}"));
            }
            if let Some(target) = &cause.target {
                lines.push(format!("  it has gone well at {target}"));
            }
        }
        if let Some(sizing) = &self.sizing {
            lines.push(format!("Sized as {sizing}, within the limits of risk, which let it out"));
        }
        lines.push("The venue, in UTC".to_owned());
        let replies = self.replies.iter();
        lines.extend(replies.map(|r| format!("  {}  {}", calendar::second(r.at_ms), r.said)));
        if self.replies.is_empty() {
            lines.push("  said nothing before the end".to_owned());
        }
        if let Some(closed) = &self.position {
            let orders: Vec<String> = closed.orders.iter().map(u64::to_string).collect();
            lines.push(format!(
                "Its position, {} to {}: {:+.2} after {:.2} fees and {:+.2} funding; orders {}",
                calendar::second(closed.opened_ms),
                calendar::second(closed.closed_ms),
                closed.net,
                closed.fees,
                closed.funding,
                orders.join(", ")
            ));
        } else {
            lines.push("It was never traded, or its position is still open".to_owned());
        }
        lines
    }
}
