//! Readings equal TA-Lib's within 1e-9, row by row; where the data folder is missing, the first 60
//! rows, which are in the golden file.

use std::collections::BTreeMap;

use trading::indicators::{Adx, Atr, Bollinger, Ema, Macd, Momentum, Rsi, Sma};
use trading::{Candle, Period};

use crate::real::dollars;

type Row = BTreeMap<String, f64>;

/// The kept rows by number; a reading that is not ready is not in its row.
fn golden() -> BTreeMap<usize, Row> {
    let mut lines = include_str!("talib.csv").lines().skip(1);
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let filled = names.iter().zip(&fields).skip(1).filter(|(_, field)| !field.is_empty());
        let row = filled.map(|(name, field)| ((*name).to_string(), field.parse().unwrap()));
        (fields[0].parse().unwrap(), row.collect())
    };
    lines.map(row).collect()
}

/// The bars of the golden rows, or all of them where they are.
fn candles(golden: &BTreeMap<usize, Row>) -> Vec<Candle> {
    let first = golden.range(..60).map(|(_, row)| {
        let at = |name: &str| row[name];
        Candle::new(at("open"), at("high"), at("low"), at("close"), at("volume")).unwrap()
    });
    let first: Vec<Candle> = first.collect();
    let Some(all) = dollars("TA-Lib beyond the first 60 rows") else { return first };
    assert_eq!(all[..60], first);
    assert_eq!(all.len(), 43_199);
    all
}

fn check(names: &[&str], tolerance: f64, mut read: impl FnMut(&Candle) -> Vec<Option<f64>>) {
    let golden = golden();
    let mut compared = 0;
    for (at, candle) in candles(&golden).iter().enumerate() {
        let readings = read(candle);
        let Some(row) = golden.get(&at) else { continue };
        for (name, ours) in names.iter().zip(readings) {
            let theirs = row.get(*name).copied();
            assert_eq!(ours.is_some(), theirs.is_some(), "row {at}: {name}");
            let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
            let apart = (ours - theirs).abs();
            assert!(apart <= tolerance * theirs.abs(), "row {at}: {name} {ours}, not {theirs}");
            compared += 1;
        }
    }
    assert!(compared > 0);
}

fn period(bars: i64) -> Period {
    Period::new("test", bars).unwrap()
}

#[test]
fn rsi() {
    let (mut fourteen, mut seven) = (Rsi::new(period(14)), Rsi::new(period(7)));
    check(&["rsi14", "rsi7"], 1e-9, |candle| {
        vec![fourteen.update(candle.close()), seven.update(candle.close())]
    });
}

#[test]
fn atr() {
    let (mut fourteen, mut seven) = (Atr::new(period(14)), Atr::new(period(7)));
    check(&["atr14", "atr7"], 1e-9, |candle| vec![fourteen.update(candle), seven.update(candle)]);
}

#[test]
fn adx_and_its_lines() {
    for bars in [14, 7] {
        let mut adx = Adx::new(period(bars));
        let names = ["plus", "minus", "adx"].map(|name| format!("{name}{bars}"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        check(&names, 1e-9, |candle| {
            let reading = adx.update(candle);
            let strength = reading.and_then(|r| r.strength);
            vec![reading.map(|r| r.plus), reading.map(|r| r.minus), strength]
        });
    }
}

#[test]
fn averages() {
    let (mut ema, mut sma) = (Ema::new(period(12)), Sma::new(period(20)));
    check(&["ema12", "sma20"], 1e-9, |candle| {
        vec![ema.update(candle.close()), sma.update(candle.close())]
    });
}

#[test]
fn macd() {
    let mut macd = Macd::new(period(12), period(26), period(9)).unwrap();
    let names = ["line", "signal", "histogram"];
    // A difference of two prices of 95,000 has no nine digits of its own: two roundings at that
    // price are 3e-11, and the histogram comes near zero.
    let golden = golden();
    for (at, candle) in candles(&golden).iter().enumerate() {
        let ours = macd.update(candle.close());
        let Some(row) = golden.get(&at) else { continue };
        let ours = ours.map(|r| [r.line, r.signal, r.histogram]);
        for (place, name) in names.into_iter().enumerate() {
            let (ours, theirs) = (ours.map(|r| r[place]), row.get(name).copied());
            assert_eq!(ours.is_some(), theirs.is_some(), "row {at}: {name}");
            let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
            let tolerance = 1e-9 * theirs.abs() + 2e-15 * candle.close().get();
            assert!((ours - theirs).abs() <= tolerance, "row {at}: {name} {ours}, not {theirs}");
        }
    }
}

#[test]
fn bollinger_bands() {
    let mut bands = Bollinger::new(period(20), 2.0).unwrap();
    check(&["upper", "middle", "lower", "width"], 1e-9, |candle| {
        let reading = bands.update(candle.close());
        [reading.map(|r| r.upper), reading.map(|r| r.middle), reading.map(|r| r.lower)]
            .into_iter()
            .chain([reading.map(|r| r.width)])
            .collect()
    });
}

#[test]
fn momentum() {
    let mut momentum = Momentum::new(period(10));
    check(&["mom10"], 1e-9, |candle| vec![momentum.update(candle.close())]);
}
