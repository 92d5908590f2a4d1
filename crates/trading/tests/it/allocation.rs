//! Nothing is allocated for a bar once an indicator stands.

use market::Bar;
use testkit::{ALLOCATIONS, Counting};
use trading::Period;
use trading::features::{FeatureSettings, Features};
use trading::indicators::{
    Adx, Atr, Bollinger, Ema, Macd, Momentum, RollingVwap, Rsi, Slope, Sma, VolumeRatio,
    VolumeScore,
};
use trading::structure::{Structure, StructureSettings};

use crate::walk;

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
