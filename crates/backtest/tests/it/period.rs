//! Another period of the average true range is another stop and another size, as the formulas say.

use backtest::Feed;
use clock::Nanos;
use market::{BarSeries, Body, Event, Fixed8, Notional, OrderKind, Side, Ticks, Timeframe};
use trading::indicators::Atr;
use trading::strategies::{Smc, SmcSettings};
use trading::strategy::Entry;
use trading::structure::{Bias, Structure, StructureSettings, What};
use trading::{Candle, Note, Period, Purpose, Sizing};

use crate::real::{drive, play, recordings};

/// What a quarter of an hour gave: when it closed, which way, the edge behind which the stop stands,
/// and the average true range then.
struct Chance {
    closed: Nanos,
    bias: Bias,
    edge: f64,
    range: f64,
}

/// Counted apart from the strategy, with a range that is held to TA-Lib elsewhere.
fn chances(events: &[Event], settings: &StructureSettings) -> Vec<Chance> {
    let mut series = BarSeries::new(Timeframe::M1, &[Timeframe::M15], 0).unwrap();
    let mut structure = Structure::new(settings).unwrap();
    let mut range = Atr::new(Period::new("atr", settings.atr).unwrap());
    let mut chances = Vec::new();
    for event in events {
        let Body::Bar(bar) = event.body else { continue };
        let mut closed = Vec::new();
        series.push(bar, event.flags, &mut closed);
        let quarters = closed.iter().filter(|(bar, _)| bar.timeframe == Timeframe::M15);
        for (quarter, _) in quarters.filter(|(_, flags)| !flags.has(market::Flags::GAP)) {
            let candle = Candle::of(quarter).unwrap();
            let read = range.update(&candle);
            let mut last = None;
            for finding in structure.update(&candle) {
                match finding.what {
                    What::Sweep { bias: Bias::Bullish, .. } => {
                        last = Some((Bias::Bullish, candle.low()));
                    }
                    What::Sweep { bias: Bias::Bearish, .. } => {
                        last = Some((Bias::Bearish, candle.high()));
                    }
                    What::BlockRetested(block) if block.bias == Bias::Bullish => {
                        last = Some((block.bias, block.bottom.min(candle.low())));
                    }
                    What::BlockRetested(block) => {
                        last = Some((block.bias, block.top.max(candle.high())));
                    }
                    _ => {}
                }
            }
            if let Some(((bias, edge), range)) = last.zip(read) {
                chances.push(Chance { closed: quarter.end(), bias, edge, range });
            }
        }
    }
    chances
}

#[test]
fn d04_another_atr_period_alters_range_stop_and_size() {
    let Some(recordings) = recordings("another period", &["BTCUSDT"]) else { return };
    let feed = Feed::merge(recordings);
    let mut drive = drive(&["BTCUSDT"], "none");
    let share = Fixed8(1_000_000);
    drive.settings.sizing = Sizing::Risk(share);
    let contract = drive.contracts.iter().next().unwrap().1.clone();
    let one = |ticks: i64| contract.notional(Ticks(ticks), market::Lots(1)).unwrap();
    let mut stops = Vec::new();
    for period in [14, 7] {
        let structure = StructureSettings { atr: period, ..StructureSettings::DEFAULT };
        let settings = SmcSettings { structure, ..SmcSettings::DEFAULT };
        let chances = chances(feed.events(), &structure);
        let outcome = play(&feed, &drive, Smc::new(settings, 1).unwrap());
        let mut entries = 0;
        for note in &outcome.notes {
            let Note::Sent { at, order, purpose, entry, equity, last } = note else { continue };
            let (Purpose::Entry, Some(entry)) = (purpose, entry) else { continue };
            entries += 1;
            assert_eq!(order.kind, OrderKind::Market);
            let chance = chances.iter().rev().find(|chance| chance.closed <= *at).unwrap();
            let stop = stop(chance, settings.stop_atr);
            assert_eq!(entry.exits.stop, Some(stop), "{entry:?}");
            assert_eq!(entry.side == Side::Buy, chance.bias == Bias::Bullish);
            // What is risked, over what one lot loses on its way to the stop.
            let lost = one(i64::try_from(last.unwrap().0.abs_diff(stop.0)).unwrap());
            let risked: Notional = equity.times(share).unwrap();
            assert_eq!(i128::from(order.quantity.0), risked.0 / lost.0, "{entry:?}");
            stops.push((period, told(entry, *at), stop));
        }
        assert!(entries >= 3, "{entries}");
    }
    let other = |(period, told, stop): &(i64, _, Ticks)| {
        stops.iter().any(|(p, t, s)| p != period && t == told && s != stop)
    };
    assert!(stops.iter().any(other), "no chance was taken with both periods: {stops:?}");
}

fn stop(chance: &Chance, behind: f64) -> Ticks {
    match chance.bias {
        Bias::Bullish => Ticks((chance.edge - behind * chance.range).floor() as i64),
        Bias::Bearish => Ticks((chance.edge + behind * chance.range).ceil() as i64),
    }
}

fn told(entry: &Entry, at: Nanos) -> (Nanos, &'static str) {
    (at, entry.setup)
}
