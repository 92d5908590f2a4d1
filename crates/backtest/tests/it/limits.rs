//! Entries by limit: over real minutes, and over the capture against a queue counted on its own.

use std::collections::VecDeque;

use backtest::{Drive, Feed, Figures, Import, Outcome};
use clock::Nanos;
use market::{
    Bar, Body, Book, Event, Flags, Level, Lots, Notional, Order, OrderKind, SymbolId, Ticks,
    Timeframe,
};
use trading::portfolio::Trip;
use trading::strategies::{Retests, Smc, SmcSettings};
use trading::strategy::{Approach, Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::{Exits, Note, Purpose, Sizing};

use crate::real::{contracts, drive, play, recordings};

const SECOND: i64 = 1_000_000_000;
const PATIENCE: i64 = 5 * SECOND;

fn entries(outcome: &Outcome) -> Vec<(Nanos, Order)> {
    let notes = outcome.notes.iter();
    notes
        .filter_map(|note| match note {
            Note::Sent { at, order, purpose: Purpose::Entry, .. } => Some((*at, *order)),
            _ => None,
        })
        .collect()
}

fn trips(outcome: &Outcome) -> Vec<(Trip, Entry)> {
    let notes = outcome.notes.iter();
    notes
        .filter_map(|note| match note {
            Note::Closed { trip, entry: Some(entry) } => Some((*trip, *entry)),
            _ => None,
        })
        .collect()
}

#[test]
fn structural_retests_by_limit_get_their_price_or_nothing() {
    let symbols = ["BTCUSDT", "ETHUSDT", "XRPUSDT"];
    let Some(recordings) = recordings("retests by limit", &symbols) else { return };
    let feed = Feed::merge(recordings);
    let settings = SmcSettings { retests: Retests::Limit, ..SmcSettings::default() };
    let drive = drive(&symbols, "regular");
    let run = || play(&feed, &drive, Smc::new(settings, symbols.len()).unwrap());
    let outcome = run();
    assert_eq!(outcome.hash, run().hash);
    let sent = entries(&outcome);
    let resting =
        sent.iter().filter(|(_, order)| matches!(order.kind, OrderKind::Limit { .. })).count();
    assert!((1..sent.len()).contains(&resting), "{resting}: sweeps go by the market");
    let mut met = 0;
    for (trip, entry) in trips(&outcome) {
        let Approach::Rest { price, patience, .. } = entry.approach else { continue };
        met += 1;
        let contract = drive.contracts.get(trip.symbol).unwrap();
        let limit = contract.notional(price, trip.lots).unwrap();
        let better = if trip.side == Side::Buy { trip.entry <= limit } else { trip.entry >= limit };
        assert!(better, "{trip:?} {entry:?}");
        let of_this =
            |(at, order): &&(Nanos, Order)| order.symbol == trip.symbol && *at <= trip.opened;
        let (at, _) = sent.iter().rev().find(of_this).unwrap();
        assert!(trip.opened.since(*at) <= patience);
    }
    assert!((1..=resting).contains(&met), "{met} of {resting}");
    assert!(Figures::of(&outcome).trades >= met);
}

/// Rests at the best price of its side, sides by turns, whenever the turn before must be over.
#[derive(Default)]
struct Rester {
    entries: u64,
    next: Nanos,
}

impl Strategy for Rester {
    fn name(&self) -> String {
        "rester".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, _: &View<'_>, _: &mut Wishes) {}

    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        let Body::BookTicker { bid, ask } = event.body else { return };
        if view.now < self.next {
            return;
        }
        self.entries += 1;
        self.next = view.now.plus(3 * PATIENCE + SECOND);
        let side = if self.entries.is_multiple_of(2) { Side::Buy } else { Side::Sell };
        let price = if side == Side::Buy { bid.price } else { ask.price };
        let away = |ticks: i64| Some(Ticks(price.0 - side.sign() * ticks));
        wishes.push(Wish::Enter(Entry {
            symbol: view.symbol,
            side,
            score: Score::MIDDLE,
            approach: Approach::Rest { price, post_only: true, patience: PATIENCE },
            // Far enough that only time ends it.
            exits: Exits { stop: away(20_000), longest: Some(2 * PATIENCE), ..Exits::default() },
            setup: "rest",
            seen: None,
        }));
    }
}

/// How many lots of an order a queue gives it: what stood before it when it came goes first, and
/// only trades and prices beyond it bring it forward.
fn queued(events: &[Event], (sent, order): (Nanos, Order), latency: i64) -> i64 {
    let OrderKind::Limit { price, .. } = order.kind else { panic!("{order:?}") };
    let arrives = sent.plus(latency);
    let asked_back = events.iter().map(|event| event.receive).find(|at| at.since(sent) >= PATIENCE);
    let ends = asked_back.map(|at| at.plus(latency));
    let mut book = Book::new(order.symbol);
    let mut top: Option<(Level, Level)> = None;
    let beyond = |other: Ticks| match order.side {
        Side::Buy => other <= price,
        Side::Sell => other >= price,
    };
    let (mut ahead, mut filled) = (None, 0);
    for event in events {
        if event.receive >= arrives && ahead.is_none() {
            let (bid, ask) = top.unwrap();
            if beyond(if order.side == Side::Buy { ask.price } else { bid.price }) {
                return 0;
            }
            let ladder = if order.side == Side::Buy { book.bids() } else { book.asks() };
            ahead = Some(ladder.quantity_at(price).unwrap_or_default().0);
        }
        if ends.is_some_and(|ends| event.receive >= ends) {
            break;
        }
        book.apply(event);
        let left = order.quantity.0 - filled;
        match (event.body, &mut ahead) {
            (Body::BookTicker { bid, ask }, ahead) => {
                top = Some((bid, ask));
                let other = if order.side == Side::Buy { ask.price } else { bid.price };
                filled += if ahead.is_some() && beyond(other) { left } else { 0 };
            }
            (Body::Trade { price: at, quantity, aggressor, .. }, Some(ahead))
                if aggressor != order.side && beyond(at) =>
            {
                let passed = quantity.0.min(*ahead);
                filled += if at == price { (quantity.0 - passed).min(left) } else { left };
                *ahead -= if at == price { passed } else { 0 };
            }
            _ => {}
        }
    }
    filled
}

#[test]
fn what_rests_in_the_capture_is_filled_as_its_queue_allows_and_never_beyond_its_time() {
    let Some(path) = testkit::data("market/raw/usdm_btcusdt_20240808.gz", "limits on the capture")
    else {
        return;
    };
    let capture = Import::frames(&path, SymbolId(0), &contracts(&["BTCUSDT"])).unwrap();
    let feed = Feed::merge([capture.events]);
    let mut drive = drive(&["BTCUSDT"], "regular");
    // One and a half coins: more than most queues give in five seconds.
    drive.settings.sizing = Sizing::Worth(Notional::whole(90_000));
    drive.settings.deposit = Notional::whole(100_000);
    let outcome = play(&feed, &drive, Rester::default());
    assert_eq!(outcome.hash, play(&feed, &drive, Rester::default()).hash);
    let mut closed: VecDeque<(Trip, Entry)> = trips(&outcome).into();
    let (mut nothing, mut parts, mut whole) = (0, 0, 0);
    let sent = entries(&outcome);
    for entry in &sent {
        let expected = queued(feed.events(), *entry, drive.rules.order_latency);
        if expected == 0 {
            nothing += 1;
            continue;
        }
        let Some((trip, wanted)) = closed.pop_front() else {
            assert_eq!(Some(entry), sent.last(), "only the last may be open at the end");
            break;
        };
        let (_, order) = entry;
        assert_eq!((trip.side, trip.largest), (order.side, Lots(expected)), "{order:?}");
        let price = wanted.approach.limit().unwrap();
        let contract = drive.contracts.get(trip.symbol).unwrap();
        assert_eq!(trip.entry, contract.notional(price, trip.lots).unwrap());
        let is_whole = trip.largest == order.quantity;
        (parts, whole) = (parts + usize::from(!is_whole), whole + usize::from(is_whole));
    }
    assert!(closed.is_empty(), "{closed:?}");
    assert!(nothing > 0 && parts > 0 && whole > 0, "{nothing} {parts} {whole}");
    told_apart(&outcome, &drive);
}

/// An entry that was never traded has no position in its story; every other order has its own.
fn told_apart(outcome: &Outcome, drive: &Drive) {
    let stories = backtest::stories(outcome, &drive.contracts, &drive.settings);
    let (mut never, mut net) = (0, 0.0);
    for story in &stories {
        let traded = story.replies.iter().any(|reply| reply.said.contains("traded at"));
        if story.purpose == "to open a position" && !traded {
            never += 1;
            assert_eq!(story.position, None, "{story:?}");
        } else if let Some(position) = &story.position {
            assert!(position.orders.contains(&story.order), "{story:?}");
            assert!(story.sent_ms <= position.closed_ms, "{story:?}");
            net += position.net / position.orders.len() as f64;
        }
    }
    let made: f64 = trips(outcome).iter().map(|(trip, _)| trip.net().0 as f64 / 1e8).sum();
    assert!(never > 0 && (net - made).abs() < 1e-6, "{never} never traded; {net} {made}");
}
