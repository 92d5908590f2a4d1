//! Nothing is allocated for a bar once an indicator stands.

use clock::Nanos;
use market::{
    Bar, Body, ClientId, Event, Fixed8, Flags, Level, Lots, OrderId, OrderKind, Outcome, Report,
    Sequence, Ticks, Timeframe,
};
use testkit::{ALLOCATIONS, Counting};
use trading::Period;
use trading::features::{FeatureSettings, Features};
use trading::indicators::{
    Adx, Atr, Bollinger, Ema, Macd, Momentum, RollingVwap, Rsi, Slope, Sma, VolumeRatio,
    VolumeScore,
};
use trading::strategies::{EmaCross, Smc, SmcSettings};
use trading::strategy::Strategy;
use trading::structure::{Structure, StructureSettings};
use trading::{Command, Core, Input, Outbox, Settings, Sizing};

use crate::walk;
use crate::world::{BTC, contracts, fill};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn indicators_allocate_when_they_are_made_and_never_again() {
    let candles = walk::ticks(3, 2_000, 1e6, 20);
    let p = Period::new("test", 14).unwrap();
    let slow = Period::new("test", 26).unwrap();
    let (mut rsi, mut atr, mut adx) = (Rsi::new(p), Atr::new(p), Adx::new(p));
    let (mut ema, mut sma, mut bands) = (Ema::new(p), Sma::new(p), Bollinger::new(p, 2.0).unwrap());
    let (mut macd, mut slope) = (Macd::new(p, slow, p).unwrap(), Slope::new(p, p));
    let (mut momentum, mut vwap) = (Momentum::new(p), RollingVwap::new(p));
    let (mut ratio, mut score) = (VolumeRatio::new(p), VolumeScore::new(p));
    let before = ALLOCATIONS.get();
    for candle in &candles {
        let close = candle.close();
        rsi.update(close);
        atr.update(candle);
        adx.update(candle);
        ema.update(close);
        sma.update(close);
        bands.update(close);
        macd.update(close);
        slope.update(close);
        momentum.update(close);
        vwap.update(candle);
        ratio.update(candle);
        score.update(candle);
    }
    assert_eq!(ALLOCATIONS.get(), before);
}

#[test]
fn structure_allocates_when_it_is_made_and_never_again() {
    let candles = walk::ticks(3, 20_000, 1e6, 20);
    // Room for little, so that it is full most of the time; all gaps of a long way are closed by
    // few bars.
    for kept in [2, 200] {
        let settings = StructureSettings {
            gap_min_percent: 0.0,
            displacement_atr: 0.0,
            zone_touches: 2,
            gaps_kept: kept,
            blocks_kept: kept,
            zones_kept: kept,
            ..StructureSettings::default()
        };
        let mut structure = Structure::new(&settings).unwrap();
        let before = ALLOCATIONS.get();
        let mut found = 0;
        for candle in &candles {
            found += structure.update(candle).len();
        }
        assert_eq!(ALLOCATIONS.get(), before);
        assert!(found > candles.len() / 2);
    }
}

#[test]
fn rows_allocate_when_they_are_made_and_never_again() {
    let mut features = Features::new(&FeatureSettings::default()).unwrap();
    let bars: Vec<Bar> = walk::ticks(5, 5_000, 1e6, 20).iter().zip(0..).map(walk::minute).collect();
    let before = ALLOCATIONS.get();
    let mut rows = 0;
    for bar in &bars {
        features.update(bar).unwrap();
        rows += usize::from(features.row(bar.end()).is_ok());
    }
    assert_eq!((ALLOCATIONS.get(), rows), (before, bars.len()));
}

/// Accepts every order, and fills it at the price it came at unless it waits for one.
fn played<S: Strategy>(core: &mut Core<S>, events: &[Event], orders: &mut usize) {
    let (mut out, mut reports) = (Outbox::default(), Vec::with_capacity(16));
    let mut before = None;
    let mut price = Ticks(1);
    for (at, event) in events.iter().enumerate() {
        // What is kept for the length of the account has room by now.
        if at == events.len() / 2 {
            before = Some(ALLOCATIONS.get());
        }
        if let Body::Bar(bar) = event.body {
            price = bar.close;
        }
        let now = event.receive;
        core.step(now, Input::Market(event), &mut out).unwrap();
        while !out.commands.is_empty() {
            for command in &out.commands {
                let report = |client, outcome| Report { client, symbol: BTC, time: now, outcome };
                match command {
                    Command::Place(order) => {
                        let order = order.get();
                        let id = OrderId(order.client.0);
                        reports.push(report(order.client, Outcome::Accepted(id)));
                        if order.kind == OrderKind::Market {
                            let (side, lots) = (order.side, order.quantity.0);
                            let mut fill = fill(order.client.0, BTC, side, price.0, lots);
                            (fill.client, fill.order, fill.time) = (order.client, id, now);
                            reports.push(report(order.client, Outcome::Filled(fill)));
                        }
                        *orders += 1;
                    }
                    Command::Cancel { client, .. } => {
                        reports.push(report(*client, Outcome::Cancelled));
                    }
                }
            }
            out.clear();
            for report in reports.drain(..) {
                core.step(now, Input::Report(&report), &mut out).unwrap();
            }
        }
        out.clear();
    }
    assert_eq!(ALLOCATIONS.get(), before.unwrap());
}

/// Minutes, and two quotes within each.
fn events(minutes: usize) -> Vec<Event> {
    let candles = walk::ticks(5, minutes, 1e6, 200);
    let mut events = Vec::new();
    for (minute, candle) in candles.iter().enumerate() {
        let bar = walk::minute((candle, minute as i64));
        for second in [20, 40] {
            let at = bar.open_time.plus(second * 1_000_000_000);
            let level = |price: Ticks| Level { price, quantity: Lots(1_000) };
            let (bid, ask) = (level(Ticks(bar.open.0 - 1)), level(bar.open));
            events.push(Event {
                sequence: Sequence(0),
                exchange: at,
                receive: at,
                symbol: BTC,
                flags: Flags::NONE,
                body: Body::BookTicker { bid, ask },
            });
        }
        events.push(Event::closed_bar(BTC, bar));
    }
    events
}

#[test]
fn the_core_allocates_for_no_event_once_it_is_warm() {
    let settings = Settings { sizing: Sizing::Share(Fixed8(1_000_000)), ..Settings::DEFAULT };
    let new_core = |strategy: Box<dyn Strategy>| {
        Core::new(contracts(), settings, strategy, Nanos(0), ClientId(0)).unwrap()
    };
    let events = events(60_000);
    let period = |bars| Period::new("test", bars).unwrap();
    let cross = EmaCross::new(period(10), period(20), Timeframe::M1, 2).unwrap();
    let mut orders = 0;
    played(&mut new_core(Box::new(cross)), &events, &mut orders);
    assert!(orders > 4_000, "{orders}");
    let mut orders = 0;
    let smc = Smc::new(SmcSettings::default(), 2).unwrap();
    played(&mut new_core(Box::new(smc)), &events, &mut orders);
    assert!(orders > 10, "{orders}");
}
