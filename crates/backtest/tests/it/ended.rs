//! Recordings of which a part ends while the rest goes on.

use backtest::{Feed, Import, synthetic};
use clock::{Nanos, Seed};
use market::{Body, Event, Flags, Liquidity, Outcome, Sequence, Side, SymbolId};
use trading::strategies::Random;

use crate::real::{contracts, drive, play};

const HOUR: i64 = 3_600_000_000_000;

/// The four prices of a bar as trades within its time.
fn trades_of(event: &Event) -> impl Iterator<Item = Event> + use<> {
    let Body::Bar(bar) = event.body else { panic!("{event:?}") };
    let symbol = event.symbol;
    [bar.open, bar.high, bar.low, bar.close].into_iter().zip(1_i64..).map(move |(price, at)| {
        let time = bar.open_time.plus(at * 10_000_000_000);
        let (quantity, aggressor) = (bar.volume, Side::Buy);
        Event {
            sequence: Sequence(0),
            exchange: time,
            receive: time,
            symbol,
            flags: Flags::NONE,
            body: Body::Trade { id: 0, price, quantity, aggressor },
        }
    })
}

/// When orders were filled.
fn fills(events: Vec<Vec<Event>>) -> Vec<Nanos> {
    let feed = Feed::merge(events);
    let outcome = play(&feed, &drive(&["BTCUSDT"], "regular"), Random::new(Seed(1), 0.02));
    let filled = outcome.reports.iter().filter_map(|report| match report.outcome {
        Outcome::Filled(fill) => Some(fill.time),
        _ => None,
    });
    filled.collect()
}

#[test]
fn bars_are_played_before_trades_begin_and_after_they_end() {
    let contracts = contracts(&["BTCUSDT"]);
    let (symbol, btc) = contracts.iter().next().unwrap();
    let bars = synthetic(Seed(4), symbol, btc, 60_000.0, 6 * 1_440);
    let begin = bars[0].exchange;
    let some = |from: i64, to: i64| -> Vec<Event> {
        let within = |event: &&Event| (from..to).contains(&event.exchange.since(begin));
        bars.iter().filter(within).flat_map(trades_of).collect()
    };
    let alone = fills(vec![bars.clone()]);
    for trades in [some(0, HOUR), some(70 * HOUR, 71 * HOUR)] {
        assert!(trades.len() > 200);
        let (first, last) = (trades[0].exchange, trades[trades.len() - 1].exchange);
        let both = fills(vec![bars.clone(), trades]);
        for day in 0..6 {
            let on = |fills: &[Nanos]| {
                let on = |time: &&Nanos| time.since(begin) / (24 * HOUR) == day;
                fills.iter().filter(on).count()
            };
            let (alone, both) = (on(&alone), on(&both));
            assert!(alone > 5 && both > 5, "day {day}: {both} fills, {alone} with bars alone");
        }
        // What is filled at trades is filled when one is made, and not at the open of a bar.
        let minute = |time: &Nanos| time.0 % 60_000_000_000 == 0;
        let (while_traded, else_): (Vec<Nanos>, Vec<Nanos>) =
            both.into_iter().partition(|time| (first..=last).contains(time));
        assert!(!while_traded.iter().any(minute) && else_.iter().all(minute));
    }
}

/// Tickers and books of the capture end after two of its six minutes, its trades go on.
#[test]
fn orders_are_filled_at_trades_where_the_quotes_of_a_capture_end() {
    let Some(path) = testkit::data("market/raw/usdm_btcusdt_20240808.gz", "a cut capture") else {
        return;
    };
    let contracts = contracts(&["BTCUSDT"]);
    let events = Import::frames(&path, SymbolId(0), &contracts).unwrap().events;
    let cut = events[0].receive.plus(120_000_000_000);
    let is_trade = |event: &Event| matches!(event.body, Body::Trade { .. });
    let left = events.into_iter().filter(|event| event.receive < cut || is_trade(event)).collect();
    let feed = Feed::merge([left]).with_bars_from_trades(&contracts);
    let drive = drive(&["BTCUSDT"], "regular");
    let outcome = play(&feed, &drive, Random::new(Seed(1), 1.0));
    // By the venue's clock, which is not the recording's.
    let told = |event: &&Event| event.receive < cut && !is_trade(event);
    let last = feed.events().iter().filter(told).map(|event| event.exchange).max().unwrap();
    let mut after = 0;
    for report in &outcome.reports {
        let Outcome::Filled(fill) = report.outcome else { continue };
        if fill.liquidity == Liquidity::Maker || fill.time.since(last) < 15_000_000_000 {
            continue;
        }
        after += 1;
        let met = feed.events().iter().any(|event| match event.body {
            Body::Trade { price, .. } if event.exchange == fill.time => {
                (fill.price.0 - price.0) * fill.side.sign() == (price.0 + 9_999) / 10_000
            }
            _ => false,
        });
        assert!(met, "{fill:?} meets no trade");
    }
    assert!(after >= 2, "{after} fills after the quotes ended");
}
