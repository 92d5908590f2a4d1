use std::collections::BTreeMap;

use clock::Nanos;
use market::{
    AggregateTrade, Bar, Body, Doubt, Event, Firewall, FirewallLimits, Fixed8, Flags, Flow, Level,
    Lots, Notional, Reason, Scanner, Sequence, Side, SymbolId, Ticks, Timeframe, Verdict,
};
use proptest::prelude::{prop_assert_eq, proptest};

use crate::any::event;
use crate::capture::{contracts, lines};

const BTC: SymbolId = SymbolId(1);
/// A whole minute of 2024.
const START: i64 = 1_723_161_240_000_000_000;
const SECOND: i64 = 1_000_000_000;

fn firewall() -> Firewall {
    Firewall::new(contracts(), FirewallLimits::default())
}

fn at(seconds: i64, body: Body) -> Event {
    let time = Nanos(START + seconds * SECOND);
    let (sequence, flags) = (Sequence(0), Flags::NONE);
    Event { sequence, exchange: time, receive: time, symbol: BTC, flags, body }
}

fn level(price: i64, quantity: i64) -> Level {
    Level { price: Ticks(price), quantity: Lots(quantity) }
}

fn ticker(bid: i64, ask: i64) -> Body {
    Body::BookTicker { bid: level(bid, 5), ask: level(ask, 5) }
}

fn trade(id: u64, price: i64) -> Body {
    Body::Trade { id, price: Ticks(price), quantity: Lots(1), aggressor: Side::Buy }
}

fn mark(mark: i64) -> Body {
    let next = Nanos(START + 3_600 * SECOND);
    let fine = Fixed8(mark * 10_000_000);
    Body::MarkPrice { mark: fine, index: fine, rate: Fixed8(1), next }
}

fn bar() -> Bar {
    Bar {
        timeframe: Timeframe::M1,
        open_time: Nanos(START),
        open: Ticks(100),
        high: Ticks(103),
        low: Ticks(99),
        close: Ticks(102),
        volume: Lots(10),
        flow: Some(Flow { taker_buy: Lots(4), quote: Notional(1), trades: 2 }),
    }
}

fn closed(bar: Bar) -> Event {
    Event { flags: Flags::CLOSED, ..at(60, Body::Bar(bar)) }
}

/// What a fresh firewall says of the last of some events; those before it must pass.
fn last_verdict(events: &[Event]) -> Verdict {
    let mut firewall = firewall();
    let (last, before) = events.split_last().unwrap();
    for event in before {
        assert_eq!(firewall.check(event), Verdict::Accept, "{event:?}");
    }
    firewall.check(last)
}

#[test]
fn each_impossible_event_is_named() {
    let flow = |taker_buy, trades| {
        let quote = Notional(1);
        Bar { flow: Some(Flow { taker_buy: Lots(taker_buy), quote, trades }), ..bar() }
    };
    let aggregate = AggregateTrade {
        id: 1,
        first: 3,
        last: 2,
        price: Ticks(100),
        quantity: Lots(1),
        aggressor: Side::Sell,
    };
    let depth = Body::DepthStart { first: 9, last: 8, previous: 7, levels: 0 };
    let wrong_time = |exchange| Event { exchange: Nanos(exchange), ..at(0, trade(1, 100)) };
    let cases = [
        (Event { symbol: SymbolId(3), ..at(0, trade(1, 100)) }, Doubt::UnknownSymbol),
        (wrong_time(START / SECOND), Doubt::Seconds),
        (wrong_time(START / 1_000_000), Doubt::Milliseconds),
        (wrong_time(START / 1_000), Doubt::Microseconds),
        (wrong_time(0), Doubt::TimeRange),
        (wrong_time(i64::MAX), Doubt::TimeRange),
        (wrong_time(START + 6 * SECOND), Doubt::Ahead),
        (wrong_time(START - 61 * SECOND), Doubt::Stale),
        (at(0, trade(1, 0)), Doubt::Price),
        (at(0, trade(1, -1)), Doubt::Price),
        (at(0, trade(1, 1_000_000_000_000_000_000)), Doubt::Price),
        (at(0, ticker(100, 100)), Doubt::Crossed),
        (at(0, ticker(0, 100)), Doubt::Price),
        (at(0, Body::BookTicker { bid: level(1, -1), ask: level(2, 1) }), Doubt::Quantity),
        (at(0, Body::DepthLevel { side: Side::Buy, level: level(0, 1) }), Doubt::Price),
        (at(0, Body::DepthLevel { side: Side::Buy, level: level(1, -1) }), Doubt::Quantity),
        (at(0, depth), Doubt::Numbers),
        (at(0, Body::AggregateTrade(aggregate)), Doubt::Numbers),
        (at(0, Body::Funding { rate: Fixed8(1), mark: Some(Fixed8(0)) }), Doubt::Price),
        (at(0, Body::Funding { rate: Fixed8(3_000_001), mark: None }), Doubt::Rate),
        (at(0, Body::Funding { rate: Fixed8(i64::MIN), mark: None }), Doubt::Rate),
        (at(0, mark(0)), Doubt::Price),
        (closed(Bar { high: Ticks(101), ..bar() }), Doubt::BarShape),
        (closed(Bar { low: Ticks(101), ..bar() }), Doubt::BarShape),
        (closed(Bar { low: Ticks(0), ..bar() }), Doubt::Price),
        (closed(Bar { volume: Lots(-1), ..bar() }), Doubt::Quantity),
        (closed(flow(11, 2)), Doubt::BarFlow),
        (closed(flow(4, 0)), Doubt::BarFlow),
        (closed(Bar { open_time: Nanos(START + 1), ..bar() }), Doubt::BarTime),
        (Event { flags: Flags::CLOSED, ..at(59, Body::Bar(bar())) }, Doubt::BarTime),
        (closed(Bar { open_time: Nanos(START / 1_000_000), ..bar() }), Doubt::Milliseconds),
    ];
    let mut firewall = firewall();
    let mut expected = BTreeMap::new();
    for (event, doubt) in &cases {
        assert_eq!(firewall.check(event), Verdict::Quarantine(*doubt), "{event:?}");
        *expected.entry(*doubt).or_insert(0) += 1;
    }
    for (doubt, count) in firewall.counts().doubted() {
        assert_eq!(count, expected.get(&doubt).copied().unwrap_or(0), "{doubt}");
    }
    assert_eq!(firewall.counts().doubted_total(), cases.len() as u64);
    // What was not believed is not remembered.
    assert_eq!(firewall.check(&at(0, trade(1, 100))), Verdict::Accept);
    assert_eq!(firewall.counts().accepted, 1);
}

#[test]
fn an_event_is_held_against_those_before_it() {
    use Verdict::{Accept, Quarantine};
    let newer_bar = Bar { open_time: Nanos(START + 60 * SECOND), ..bar() };
    let newer = Event { flags: Flags::CLOSED, ..at(120, Body::Bar(newer_bar)) };
    let open = at(30, Body::Bar(bar()));
    let repaired = Event { flags: Flags::CLOSED.with(Flags::REPAIRED), ..closed(bar()) };
    let cases = [
        (vec![at(0, trade(7, 100)), at(0, trade(7, 100))], Quarantine(Doubt::Duplicate)),
        (vec![at(0, trade(7, 100)), at(0, trade(6, 100))], Quarantine(Doubt::Older)),
        (vec![at(1, ticker(100, 101)), at(0, ticker(100, 102))], Quarantine(Doubt::Older)),
        (vec![at(0, ticker(100, 101)), at(0, ticker(100, 101))], Quarantine(Doubt::Duplicate)),
        (vec![at(0, ticker(100, 101)), at(0, ticker(100, 102))], Accept),
        (vec![at(1, mark(100)), at(1, mark(100))], Quarantine(Doubt::Duplicate)),
        (vec![newer, closed(bar())], Quarantine(Doubt::Older)),
        (vec![newer, repaired], Accept),
        (vec![closed(bar()), closed(bar())], Quarantine(Doubt::Duplicate)),
        (vec![open, open, closed(bar())], Accept),
        // Ten percent is the limit, held against the last price or the mark where it is fresh.
        (vec![at(0, trade(1, 1_000)), at(1, trade(2, 1_100))], Accept),
        (vec![at(0, trade(1, 1_000)), at(1, trade(2, 1_101))], Quarantine(Doubt::Jump)),
        (vec![at(0, trade(1, 1_000)), at(1, ticker(899, 900))], Quarantine(Doubt::Jump)),
        (
            vec![at(0, mark(1_000)), at(1, trade(1, 1_050)), at(2, trade(2, 1_101))],
            Quarantine(Doubt::Jump),
        ),
        (vec![at(0, trade(1, 1_000)), at(1, mark(10_000))], Quarantine(Doubt::Jump)),
        // A reference that is too old is none.
        (vec![at(0, trade(1, 1_000)), at(61, trade(2, 2_000))], Accept),
        (vec![at(0, mark(1_000)), at(50, trade(1, 1_090)), at(61, trade(2, 1_190))], Accept),
    ];
    for (events, verdict) in cases {
        assert_eq!(last_verdict(&events), verdict, "{events:?}");
    }
}

#[test]
fn a_mark_far_from_its_index_is_no_reference() {
    let Body::MarkPrice { mark, rate, next, .. } = mark(1_000) else { return };
    let far = Body::MarkPrice { mark, index: Fixed8(mark.0 * 2), rate, next };
    assert_eq!(last_verdict(&[at(0, far)]), Verdict::Quarantine(Doubt::Jump));
}

#[test]
fn the_levels_of_a_refused_change_go_with_it() {
    let mut firewall = firewall();
    let start = |first, last| at(0, Body::DepthStart { first, last, previous: 1, levels: 2 });
    let each = at(0, Body::DepthLevel { side: Side::Buy, level: level(10, 1) });
    let end = Event { flags: Flags::LAST, ..each };
    let refused = Verdict::Quarantine(Doubt::DepthRefused);
    let verdicts = [start(9, 8), each, end, start(8, 9), each, end].map(|e| firewall.check(&e));
    let wrong = Verdict::Quarantine(Doubt::Numbers);
    let fine = Verdict::Accept;
    assert_eq!(verdicts, [wrong, refused, refused, fine, fine, fine]);
}

#[test]
fn the_real_market_is_believed() {
    let Some(lines) = lines("firewall on the capture") else { return };
    let (mut scanner, mut firewall, mut events) =
        (Scanner::new(contracts()), firewall(), Vec::new());
    let mut total = 0;
    for (receive, frame) in lines {
        events.clear();
        if scanner.scan(&frame, receive, &mut events) == Err(Reason::NamelessSnapshot) {
            scanner.snapshot(BTC, &frame, receive, &mut events).unwrap();
        }
        for event in &events {
            total += 1;
            let verdict = firewall.check(event);
            assert!(verdict == Verdict::Accept, "{verdict:?} {event:?}");
        }
    }
    assert_eq!(firewall.counts().accepted, total);
}

proptest! {
    #[test]
    fn no_event_panics_and_every_one_is_counted(events in proptest::collection::vec(event(4), 0..50)) {
        let mut firewall = firewall();
        for event in &events {
            let _ = firewall.check(event);
            let near = Event { exchange: Nanos(START), receive: Nanos(START), ..*event };
            let _ = firewall.check(&near);
        }
        let counts = firewall.counts();
        prop_assert_eq!(counts.accepted + counts.doubted_total(), events.len() as u64 * 2);
    }
}

#[test]
fn the_highest_rates_that_a_venue_settles_are_believed() {
    for rate in [3_000_000, -3_000_000, 10_000, 0] {
        let funding = at(0, Body::Funding { rate: Fixed8(rate), mark: None });
        assert_eq!(firewall().check(&funding), Verdict::Accept, "{rate}");
    }
}
