//! One bar at a time equals the whole at once, over a million bars.

use clock::Seed;
use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use trading::indicators::{
    Atr, Bollinger, Ema, Macd, Momentum, RollingVwap, Rsi, Sma, VolumeRatio, VolumeScore,
};
use trading::{Candle, Period};

use crate::{batch, walk};

const MILLION: usize = 1_000_000;

fn period(bars: usize) -> Period {
    Period::new("test", bars as i64).unwrap()
}

/// Half a million bars around 1e9, then half a million around 1e-3: what a sum that drifts does
/// not survive.
fn cliff() -> Vec<Candle> {
    let mut chance = Seed(7).stream("cliff");
    let scale = |at: usize| if at < MILLION / 2 { 1e9 } else { 1e-3 };
    (0..MILLION).map(|at| walk::wild(&mut chance, scale(at))).collect()
}

fn closes(candles: &[Candle]) -> Vec<f64> {
    candles.iter().map(|candle| candle.close().get()).collect()
}

fn same(name: &str, at: usize, ours: Option<f64>, batch: Option<f64>) {
    assert_eq!(ours.is_some(), batch.is_some(), "{name} at {at}");
    let (Some(ours), Some(batch)) = (ours, batch) else { return };
    assert!((ours - batch).abs() <= 1e-9 * batch.abs(), "{name} at {at}: {ours}, not {batch}");
}

#[test]
fn windows_do_not_drift_over_a_million_bars() {
    let candles = cliff();
    let closes = closes(&candles);
    let volumes: Vec<f64> = candles.iter().map(Candle::volume).collect();
    let values: Vec<f64> = candles.iter().map(|c| c.typical() * c.volume()).collect();
    let (mut sma, mut bands) = (Sma::new(period(20)), Bollinger::new(period(20), 2.0).unwrap());
    let (mut vwap, mut ratio) = (RollingVwap::new(period(20)), VolumeRatio::new(period(20)));
    let (mut momentum, mut score) = (Momentum::new(period(20)), VolumeScore::new(period(20)));
    for (at, candle) in candles.iter().enumerate() {
        let window = |values: &[f64]| (at >= 19).then(|| values[at - 19..=at].to_vec());
        let reading = bands.update(candle.close());
        let deviation = window(&closes).map(|w| batch::deviation(&w));
        same("sma", at, sma.update(candle.close()), window(&closes).map(|w| batch::mean(&w)));
        same("deviation", at, reading.map(|r| r.deviation), deviation);
        let middle = window(&closes).map(|w| batch::mean(&w));
        let width = deviation.zip(middle).map(|(d, m)| 4.0 * d / m);
        same("width", at, reading.map(|r| r.width), width);
        let mean = window(&values).zip(window(&volumes));
        let mean = mean.map(|(v, w)| batch::mean(&v) / batch::mean(&w));
        same("vwap", at, vwap.update(candle), mean);
        let volume = window(&volumes).map(|w| candle.volume() / batch::mean(&w));
        same("volume ratio", at, ratio.update(candle), volume);
        let before = (at >= 20).then(|| candle.close().get() - closes[at - 20]);
        same("momentum", at, momentum.update(candle.close()), before);
        let past = (at >= 20).then(|| volumes[at - 20..at].to_vec());
        let expected = past.map(|w| (candle.volume() - batch::mean(&w)) / batch::deviation(&w));
        let ours = score.update(candle);
        assert_eq!(ours.is_some(), expected.is_some());
        if let (Some(ours), Some(expected)) = (ours, expected) {
            // A score near zero is a difference of volumes that are not.
            assert!((ours - expected).abs() <= 1e-9 * expected.abs().max(1.0), "score at {at}");
        }
    }
}

#[test]
fn recursions_equal_their_batch_over_a_million_bars() {
    let candles = cliff();
    let closes = closes(&candles);
    let high: Vec<f64> = candles.iter().map(Candle::high).collect();
    let low: Vec<f64> = candles.iter().map(Candle::low).collect();
    let (rsis, emas) = (batch::rsi(&closes, 14), batch::ema(&closes, 20));
    let (atrs, macds) = (batch::atr(&high, &low, &closes, 14), batch::macd(&closes, 12, 26, 9));
    let (mut rsi, mut ema, mut atr) =
        (Rsi::new(period(14)), Ema::new(period(20)), Atr::new(period(14)));
    let mut macd = Macd::new(period(12), period(26), period(9)).unwrap();
    for (at, candle) in candles.iter().enumerate() {
        same("rsi", at, rsi.update(candle.close()), rsis[at]);
        assert_eq!(rsi.value(), rsi.value().filter(|r| (0.0..=100.0).contains(r)));
        same("ema", at, ema.update(candle.close()), emas[at]);
        same("atr", at, atr.update(candle), atrs[at]);
        let ours = macd.update(candle.close());
        assert_eq!(ours.is_some(), macds[at].is_some());
        if let (Some(ours), Some([line, signal])) = (ours, macds[at]) {
            // Differences of prices: nine digits of the larger of themselves and a rounding of
            // the average they are taken from.
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs() + 1e-14 * emas[at].unwrap();
            assert!(near(ours.line, line) && near(ours.signal, signal), "macd at {at}");
            assert!(near(ours.histogram, line - signal), "macd at {at}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn windows_of_any_length_over_any_series(
        bars in 1_usize..60,
        prices in proptest::collection::vec(1e-6_f64..1e9, 1..300),
    ) {
        let (mut sma, mut bands) = (Sma::new(period(bars)), Bollinger::new(period(bars), 2.0).unwrap());
        for (at, price) in prices.iter().enumerate() {
            let close = trading::Price::new(*price).unwrap();
            let (average, reading) = (sma.update(close), bands.update(close));
            prop_assert!(average.is_some() == (at + 1 >= bars));
            let Some(reading) = reading else { continue };
            let window = &prices[at + 1 - bars..=at];
            let (mean, deviation) = (batch::mean(window), batch::deviation(window));
            prop_assert!((average.unwrap() - mean).abs() <= 1e-9 * mean);
            prop_assert!((reading.deviation - deviation).abs() <= 1e-9 * deviation + 1e-15 * mean);
        }
    }
}
