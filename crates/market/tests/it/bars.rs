use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use clock::Nanos;
use flate2::read::GzDecoder;
use market::{
    Bar, BarArrival, BarSeries, Body, ClosedBar, DEFAULT_GAP_LIMIT, Flags, Flow, Gap, Lots,
    Notional, Reason, Scanner, Side, Step, Ticks, Timeframe, TradeArrival, TradeBars,
};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::capture::{contract, contracts, lines};

/// The venue's own bars of one length, as its archive has them.
fn venue(timeframe: Timeframe, test: &str) -> Option<Vec<Bar>> {
    let name = format!("market/bars/BTCUSDT-{}.csv.gz", timeframe.name());
    let file = File::open(testkit::data(&name, test)?).unwrap();
    let mut lines = BufReader::new(GzDecoder::new(file)).lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "open_time,open,high,low,close,volume");
    let (tick, lot) = (Step::parse(b"0.10").unwrap(), Step::parse(b"0.001").unwrap());
    let bar = |line: String| {
        let fields: Vec<&str> = line.split(',').collect();
        let price = |at: usize| tick.price(fields[at].as_bytes()).unwrap();
        Bar {
            timeframe,
            open_time: Nanos::from_millis(fields[0].parse().unwrap()).unwrap(),
            open: price(1),
            high: price(2),
            low: price(3),
            close: price(4),
            volume: lot.quantity_or_zero(fields[5].as_bytes()).unwrap(),
            flow: None,
        }
    };
    Some(lines.map(bar).collect())
}

fn built(bars: &[Bar], longer: &[Timeframe]) -> Vec<ClosedBar> {
    let mut series = BarSeries::new(bars[0].timeframe, longer, DEFAULT_GAP_LIMIT).unwrap();
    let mut out = Vec::new();
    for bar in bars {
        assert_eq!(series.push(*bar, Flags::CLOSED, &mut out), BarArrival::Accepted);
    }
    out
}

/// The bars of one length in `from` to `to` that have no gap, by open time.
fn whole(out: &[ClosedBar], timeframe: Timeframe) -> BTreeMap<Nanos, Bar> {
    let mine =
        out.iter().filter(|(bar, flags)| bar.timeframe == timeframe && *flags == Flags::CLOSED);
    mine.map(|(bar, _)| (bar.open_time, *bar)).collect()
}

#[test]
fn quarters_built_from_the_venues_own_shorter_bars_are_its_quarters() {
    let test = "3m and 5m to 15m";
    let Some(quarters) = venue(Timeframe::M15, test) else { return };
    // The 15m file covers 2025-03-06 10:30 to 2025-04-13 07:15, as the 5m file does; the 3m file
    // begins on 2025-03-11 15:15.
    for (base, expected) in [(Timeframe::M3, 3_136), (Timeframe::M5, 3_635)] {
        let out = built(&venue(base, test).unwrap(), &[Timeframe::M15]);
        let ours = whole(&out, Timeframe::M15);
        let pairs: Vec<(&Bar, &Bar)> = quarters
            .iter()
            .filter_map(|theirs| ours.get(&theirs.open_time).map(|ours| (theirs, ours)))
            .collect();
        assert_eq!(pairs.len(), expected, "{}", base.name());
        assert!(pairs.iter().all(|(theirs, ours)| theirs == ours), "{}", base.name());
    }
}

/// What a longer bar is, said in another way: by grouping whole slices.
fn grouped(minutes: &[Bar], timeframe: Timeframe) -> BTreeMap<Nanos, Bar> {
    let mut groups: BTreeMap<Nanos, Vec<&Bar>> = BTreeMap::new();
    for bar in minutes {
        let millis = bar.open_time.millis();
        let length = timeframe.nanos() / 1_000_000;
        let open = Nanos::from_millis(millis / length * length).unwrap();
        groups.entry(open).or_default().push(bar);
    }
    let size = usize::try_from(timeframe.nanos() / Timeframe::M1.nanos()).unwrap();
    groups.retain(|_, group| group.len() == size);
    let bar = |(open_time, group): (Nanos, Vec<&Bar>)| {
        let bar = Bar {
            timeframe,
            open_time,
            open: group[0].open,
            high: group.iter().map(|b| b.high).max().unwrap(),
            low: group.iter().map(|b| b.low).min().unwrap(),
            close: group[size - 1].close,
            volume: Lots(group.iter().map(|b| b.volume.0).sum()),
            flow: None,
        };
        (open_time, bar)
    };
    groups.into_iter().map(bar).collect()
}

#[test]
fn every_longer_bar_of_real_minutes_is_the_sum_of_its_minutes() {
    let Some(minutes) = venue(Timeframe::M1, "1m to all") else { return };
    assert_eq!(minutes.len(), 43_199);
    let longer = &Timeframe::ALL[1..];
    let out = built(&minutes, longer);
    // 29 days, 23 hours and 59 minutes from 2025-05-04 15:33.
    let counts = [14_399, 8_639, 2_879, 719, 179, 29];
    for (timeframe, count) in longer.iter().zip(counts) {
        let ours = whole(&out, *timeframe);
        assert_eq!(ours, grouped(&minutes, *timeframe), "{}", timeframe.name());
        assert_eq!(ours.len(), count, "{}", timeframe.name());
    }
}

fn minute(number: i64) -> Bar {
    let open_time = Nanos(number * Timeframe::M1.nanos());
    let price = Ticks(1_000 + number);
    let flow = Flow { taker_buy: Lots(1), quote: Notional(2), trades: 3 };
    Bar {
        timeframe: Timeframe::M1,
        open_time,
        open: price,
        high: Ticks(price.0 + 2),
        low: Ticks(price.0 - 2),
        close: Ticks(price.0 + 1),
        volume: Lots(5),
        flow: Some(flow),
    }
}

fn series(limit: u64) -> BarSeries {
    BarSeries::new(Timeframe::M1, &[Timeframe::M5, Timeframe::M3], limit).unwrap()
}

/// The open minute, length in minutes and flags of each bar.
fn said(out: &[ClosedBar]) -> Vec<(i64, i64, Flags)> {
    let minutes = |nanos: i64| nanos / Timeframe::M1.nanos();
    out.iter()
        .map(|(bar, flags)| (minutes(bar.open_time.0), minutes(bar.timeframe.nanos()), *flags))
        .collect()
}

#[test]
fn a_repaired_gap_gives_the_bars_there_would_have_been_and_says_so() {
    let (mut series, mut out) = (series(100), Vec::new());
    let mut push = |series: &mut BarSeries, n| series.push(minute(n), Flags::CLOSED, &mut out);
    for n in 0..4 {
        assert_eq!(push(&mut series, n), BarArrival::Accepted);
    }
    let gap = Gap { from: minute(4).open_time, to: minute(7).open_time };
    assert_eq!(push(&mut series, 7), BarArrival::Held(gap));
    assert_eq!(push(&mut series, 8), BarArrival::Held(gap));
    assert_eq!((gap.bars(Timeframe::M1), series.gap(), series.is_held()), (3, Some(gap), true));
    assert_eq!(push(&mut series, 8), BarArrival::Duplicate);
    // Repaired out of order, with bars around the range that are there already.
    for n in [6, 3, 7] {
        series.repair(minute(n), &mut out);
    }
    assert!(series.is_held());
    series.repair(minute(4), &mut out);
    assert_eq!(series.gap().map(|gap| gap.bars(Timeframe::M1)), Some(1));
    series.repair(minute(5), &mut out);
    assert!(!series.is_held());
    let (closed, mended) = (Flags::CLOSED, Flags::CLOSED.with(Flags::REPAIRED));
    let expected = [
        (0, 1, closed),
        (1, 1, closed),
        (2, 1, closed),
        (0, 3, closed),
        (3, 1, closed),
        (4, 1, mended),
        (0, 5, mended),
        (5, 1, mended),
        (3, 3, mended),
        (6, 1, mended),
        (7, 1, closed),
        (8, 1, closed),
        (6, 3, mended),
    ];
    assert_eq!(said(&out), expected);
    let three = out[8].0;
    assert_eq!((three.open, three.close), (minute(3).open, minute(5).close));
    assert_eq!(three.flow, Some(Flow { taker_buy: Lots(3), quote: Notional(6), trades: 9 }));
    let counts = series.counts();
    assert_eq!((counts.accepted, counts.repaired, counts.duplicate), (9, 3, 3));
    assert_eq!((counts.gaps, counts.given_up), (1, 0));
}

#[test]
fn a_gap_beyond_the_limit_is_given_up_aloud_and_marks_what_it_touches() {
    let (mut series, mut out) = (series(3), Vec::new());
    series.push(minute(0), Flags::CLOSED, &mut out);
    let gap = Gap { from: minute(1).open_time, to: minute(5).open_time };
    assert_eq!(series.push(minute(5), Flags::CLOSED, &mut out), BarArrival::GivenUp(gap));
    assert!(!series.is_held());
    assert_eq!(series.push(minute(2), Flags::CLOSED, &mut out), BarArrival::Late);
    assert_eq!(series.push(minute(-1), Flags::CLOSED, &mut out), BarArrival::Late);
    assert_eq!(series.push(minute(0), Flags::CLOSED, &mut out), BarArrival::Duplicate);
    let (closed, hole) = (Flags::CLOSED, Flags::CLOSED.with(Flags::GAP));
    // The three minutes from 3 have only their last; those from 0 and the five lost their end.
    let expected = [(0, 1, closed), (5, 1, closed), (0, 3, hole), (3, 3, hole), (0, 5, hole)];
    assert_eq!(said(&out), expected);
    let counts = series.counts();
    assert_eq!((counts.given_up, counts.late, counts.duplicate), (1, 2, 1));
}

#[test]
fn a_repair_that_does_not_come_is_given_up_when_too_much_waits() {
    let (mut series, mut out) = (series(3), Vec::new());
    series.push(minute(0), Flags::CLOSED, &mut out);
    for n in 2..5 {
        assert!(matches!(series.push(minute(n), Flags::CLOSED, &mut out), BarArrival::Held(_)));
    }
    assert!(matches!(series.push(minute(5), Flags::CLOSED, &mut out), BarArrival::GivenUp(_)));
    assert_eq!(series.give_up(&mut out), None);
    assert_eq!(out.iter().filter(|(bar, _)| bar.timeframe == Timeframe::M1).count(), 5);
}

#[test]
fn a_bar_that_is_not_closed_is_never_in_the_output() {
    let (mut series, mut out) = (series(100), Vec::new());
    series.push(minute(0), Flags::CLOSED, &mut out);
    out.clear();
    assert_eq!(series.push(minute(1), Flags::NONE, &mut out), BarArrival::Open);
    assert_eq!(series.partial(Timeframe::M1), Some(minute(1)));
    let partial = series.partial(Timeframe::M3).unwrap();
    assert_eq!((partial.open, partial.close), (minute(0).open, minute(1).close));
    assert_eq!((partial.volume, partial.timeframe), (Lots(10), Timeframe::M3));
    assert_eq!(series.push(minute(1), Flags::NONE, &mut out), BarArrival::Open);
    assert_eq!(series.partial(Timeframe::M3), Some(partial));
    assert!(out.is_empty());
    series.push(minute(1), Flags::CLOSED, &mut out);
    assert_eq!(series.partial(Timeframe::M1), None);
    assert_eq!(series.partial(Timeframe::M3), Some(partial));
    assert_eq!(series.push(minute(0), Flags::NONE, &mut out), BarArrival::Duplicate);
    assert_eq!(series.partial(Timeframe::H1), None);
}

#[test]
fn what_cannot_be_built_is_refused() {
    assert!(BarSeries::new(Timeframe::M3, &[Timeframe::M5], 1).is_err());
    assert!(BarSeries::new(Timeframe::M5, &[Timeframe::M5], 1).is_err());
    assert!(BarSeries::new(Timeframe::M15, &[Timeframe::M3], 1).is_err());
    let (mut series, mut out) = (series(100), Vec::new());
    let odd = Bar { open_time: Nanos(1), ..minute(0) };
    assert_eq!(series.push(odd, Flags::CLOSED, &mut out), BarArrival::Foreign);
    let long = Bar { timeframe: Timeframe::M3, ..minute(0) };
    assert_eq!(series.push(long, Flags::CLOSED, &mut out), BarArrival::Foreign);
    assert_eq!(series.counts().foreign, 2);
}

#[test]
fn trades_of_the_capture_become_bars_with_the_same_sums() {
    let Some(lines) = lines("bars from trades") else { return };
    let (mut scanner, mut events) = (Scanner::new(contracts()), Vec::new());
    let mut bars = TradeBars::new(Timeframe::M1, contract("BTCUSDT"));
    let mut out = Vec::new();
    let (mut volume, mut trades, mut last) = (0, 0, Ticks(0));
    for (receive, frame) in lines {
        events.clear();
        let scanned = scanner.scan(&frame, receive, &mut events);
        assert!(scanned.is_ok() || scanned == Err(Reason::NamelessSnapshot));
        for event in &events {
            if let Body::Trade { price, quantity, aggressor, .. } = event.body {
                let arrival = bars.push(event.exchange, price, quantity, aggressor, 1, &mut out);
                assert_eq!(arrival, TradeArrival::Accepted);
                (volume, trades, last) = (volume + quantity.0, trades + 1, price);
            }
        }
    }
    let end = bars.partial().unwrap().end();
    bars.advance(end, &mut out);
    assert_eq!((trades, bars.late()), (21_313, 0));
    assert_eq!(out.iter().map(|(bar, _)| bar.volume.0).sum::<i64>(), volume);
    assert_eq!(out.iter().map(|(bar, _)| bar.flow.unwrap().trades).sum::<u64>(), trades);
    assert_eq!(out.last().unwrap().0.close, last);
    // 344.8 seconds from 23:54:16 touch six minutes; of the first the beginning is not known.
    let flags: Vec<Flags> = out.iter().map(|(_, flags)| *flags).collect();
    assert_eq!(flags[0], Flags::CLOSED.with(Flags::GAP));
    assert!(flags[1..].iter().all(|flags| *flags == Flags::CLOSED));
    assert_eq!(flags.len(), 6);
    assert!(out.windows(2).all(|pair| pair[0].0.end() == pair[1].0.open_time));
}

#[test]
fn silence_is_flat_and_said_and_an_interruption_is_a_hole() {
    let mut bars = TradeBars::new(Timeframe::M1, contract("BTCUSDT"));
    let mut out = Vec::new();
    let at = |minute: i64| Nanos(minute * Timeframe::M1.nanos() + 1);
    let push = |bars: &mut TradeBars, minute, price, out: &mut Vec<ClosedBar>| {
        bars.push(at(minute), Ticks(price), Lots(2), Side::Buy, 1, out)
    };
    push(&mut bars, 0, 100, &mut out);
    push(&mut bars, 3, 104, &mut out);
    bars.advance(at(5), &mut out);
    push(&mut bars, 5, 90, &mut out);
    bars.interrupt();
    assert_eq!(push(&mut bars, 4, 90, &mut out), TradeArrival::Late);
    push(&mut bars, 9, 95, &mut out);
    bars.advance(at(10), &mut out);
    let (closed, flat) = (Flags::CLOSED, Flags::CLOSED.with(Flags::SYNTHETIC));
    let hole = Flags::CLOSED.with(Flags::GAP);
    let expected = [
        (0, 1, hole),
        (1, 1, flat),
        (2, 1, flat),
        (3, 1, closed),
        (4, 1, flat),
        (5, 1, hole),
        (9, 1, hole),
    ];
    assert_eq!(said(&out), expected);
    assert_eq!((out[2].0.open, out[2].0.volume), (Ticks(100), Lots(0)));
    assert_eq!((out[5].0.open, out[5].0.low), (Ticks(90), Ticks(90)));
}

proptest! {
    #[test]
    fn whatever_the_order_of_arrival_the_closed_bars_are_the_same(
        order in proptest::collection::vec(0_i64..40, 0..120),
    ) {
        // The first minute is there; the others come in any order, any number of times.
        let (mut ours, mut out) = (series(100), Vec::new());
        ours.push(minute(0), Flags::CLOSED, &mut out);
        for n in &order {
            ours.push(minute(*n), Flags::CLOSED, &mut out);
        }
        let reach = (0..40).find(|n| *n != 0 && !order.contains(n)).unwrap_or(40);
        let sorted: Vec<Bar> = (0..reach).map(minute).collect();
        prop_assert_eq!(out, built(&sorted, &[Timeframe::M3, Timeframe::M5]));
        let counts = ours.counts();
        let waiting = order.iter().filter(|n| **n > reach).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(counts.accepted + counts.duplicate + waiting.len() as u64, order.len() as u64 + 1);
    }

    #[test]
    fn no_bar_panics(bars in proptest::collection::vec((any::<[i64; 6]>(), any::<bool>(), -9_i64..9), 0..40)) {
        let (mut series, mut out) = (series(3), Vec::new());
        for ([o, h, l, c, v, t], wild, n) in bars {
            let open_time = if wild { Timeframe::M1.open_of(Nanos(t)) } else { minute(n).open_time };
            let (open, high, low, close) = (Ticks(o), Ticks(h), Ticks(l), Ticks(c));
            let bar = Bar { open_time, open, high, low, close, volume: Lots(v), ..minute(0) };
            series.push(bar, Flags::CLOSED, &mut out);
            series.push(bar, Flags::NONE, &mut out);
        }
        prop_assert!(series.gap().is_none_or(|gap| gap.bars(Timeframe::M1) <= 3));
    }
}
