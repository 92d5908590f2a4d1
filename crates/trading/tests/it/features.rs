//! Rows: what they hold, when they are empty, and what can never be in them.

use clock::Nanos;
use market::{Bar, BarSeries, ClosedBar, DEFAULT_GAP_LIMIT, Flags, Timeframe};
use trading::agreement::Absence;
use trading::features::{Feature, FeatureRow, FeatureSettings, Features, Schema};
use trading::indicators::Rsi;
use trading::structure::StructureSettings;
use trading::{Candle, Period};

use crate::real;

const LONGER: [Timeframe; 3] = [Timeframe::M5, Timeframe::M15, Timeframe::H1];

/// The row of every minute, with all that closed together.
fn rows(settings: &FeatureSettings, minutes: &[Bar]) -> Vec<FeatureRow> {
    let mut features = Features::new(settings).unwrap();
    let mut series = BarSeries::new(Timeframe::M1, &LONGER, DEFAULT_GAP_LIMIT).unwrap();
    let mut out: Vec<ClosedBar> = Vec::new();
    let row = |bar: &Bar| {
        out.clear();
        series.push(*bar, Flags::CLOSED, &mut out);
        for (bar, _) in &out {
            features.update(bar).unwrap();
        }
        features.row(bar.end()).unwrap()
    };
    minutes.iter().map(row).collect()
}

fn busy() -> FeatureSettings {
    let structure = StructureSettings { gap_min_percent: 0.0, ..StructureSettings::default() };
    FeatureSettings { structure, ..FeatureSettings::default() }
}

#[test]
fn every_value_lies_in_its_range_and_every_feature_comes_to_life() {
    let Some(minutes) = real::bars(Timeframe::M1, "rows of real minutes") else { return };
    let rows = rows(&busy(), &minutes);
    for feature in Feature::ALL {
        let (low, high) = feature.range();
        let values: Vec<f32> = rows.iter().filter_map(|row| row.get(feature)).collect();
        assert!(values.iter().all(|v| (low..=high).contains(&f64::from(*v))), "{feature:?}");
        assert!(values.iter().any(|v| *v != values[0]), "{feature:?} is always {:?}", values[0]);
        // Nothing is there before its history is.
        let lookback = usize::try_from(feature.lookback(&busy())).unwrap();
        let first = rows.iter().position(|row| row.get(feature).is_some()).unwrap();
        assert!(first + 1 >= lookback, "{feature:?} at {first}, not {lookback}");
    }
    let whole = rows.iter().filter(|row| row.values().iter().all(Option::is_some)).count();
    assert!(whole * 2 > rows.len(), "{whole}");
}

#[test]
fn a_row_knows_nothing_of_what_comes_after() {
    let Some(minutes) = real::bars(Timeframe::M1, "rows of prefixes") else { return };
    let minutes = &minutes[..8_000];
    let all = rows(&busy(), minutes);
    for cut in (0..20).map(|n| 3_500 + 223 * n) {
        assert_eq!(rows(&busy(), &minutes[..cut]), all[..cut]);
        // From there on everything doubles; what was, was.
        let double = |bar: &Bar| Bar {
            open: market::Ticks(bar.open.0 * 2),
            high: market::Ticks(bar.high.0 * 2),
            low: market::Ticks(bar.low.0 * 2),
            close: market::Ticks(bar.close.0 * 2),
            ..*bar
        };
        let altered: Vec<Bar> =
            minutes[..cut].iter().copied().chain(minutes[cut..].iter().map(double)).collect();
        assert_eq!(rows(&busy(), &altered)[..cut], all[..cut]);
    }
}

#[test]
fn d03_another_rsi_period_alters_the_stored_feature_and_its_schema() {
    let Some(minutes) = real::bars(Timeframe::M1, "RSI as a feature") else { return };
    let minutes = &minutes[..2_000];
    let schemas: Vec<_> = [14, 7]
        .into_iter()
        .map(|period| {
            let settings = FeatureSettings { rsi: period, ..busy() };
            let mut rsi = Rsi::new(Period::new("test", period).unwrap());
            for (row, bar) in rows(&settings, minutes).iter().zip(minutes) {
                let expected = rsi.update(Candle::of(bar).unwrap().close());
                assert_eq!(row.get(Feature::Rsi), expected.map(|rsi| (rsi / 100.0) as f32));
                assert_eq!(row.schema(), Schema::new(&settings).hash());
            }
            Schema::new(&settings).hash()
        })
        .collect();
    assert_ne!(schemas[0], schemas[1]);
}

#[test]
fn what_is_known_only_after_entry_cannot_be_named() {
    for outcome in [
        "close_price",
        "pnl",
        "reward_score",
        "exit_price",
        "exit_reason",
        "exit_time",
        "funding",
        "fee",
        "holding_time",
        "position_size_pct",
        "fill_price",
        "slippage",
        "pnl_pct",
    ] {
        let said = Feature::named(outcome).unwrap_err().to_string();
        assert_eq!(said, format!("{outcome} is known only after entry"));
    }
    for other in ["", "confidence", "RSI", "rsi ", "entry_price"] {
        assert_eq!(
            Feature::named(other).unwrap_err().to_string(),
            format!("{other} is no feature")
        );
    }
    for (at, feature) in Feature::ALL.into_iter().enumerate() {
        assert_eq!(Feature::named(feature.name()), Ok(feature));
        assert_eq!(feature as usize, at);
        assert!(!feature.unit().is_empty() && !feature.null_policy().is_empty());
    }
}

#[test]
fn a_row_is_of_the_last_closed_bar_or_not_at_all() {
    let mut features = Features::new(&busy()).unwrap();
    assert_eq!(features.row(Nanos(0)), Err(Absence::Short(Timeframe::M1)));
    let Some(minutes) = real::bars(Timeframe::M1, "rows in time") else { return };
    assert_eq!(features.update(&minutes[0]), Ok(true));
    assert_eq!(features.update(&minutes[0]), Ok(false));
    let end = minutes[0].end();
    let row = features.row(end).unwrap();
    assert!(row.values().iter().all(Option::is_none));
    assert_eq!(features.row(Nanos(end.0 - 1)), Err(Absence::Ahead(Timeframe::M1)));
    assert_eq!(features.row(end.plus(59_999_999_999)), Ok(row));
    assert_eq!(features.row(end.plus(60_000_000_000)), Err(Absence::Stale(Timeframe::M1)));
}

#[test]
fn the_schema_is_what_it_was_when_models_learnt_from_it() {
    let schema = Schema::new(&FeatureSettings::default());
    assert_eq!(schema.text().lines().count(), 1 + Feature::ALL.len() + 1);
    assert!(schema.text().starts_with("features 1\nmarket_structure | sign | -1 to 1 | 33 | "));
    // Another hash is another schema: raise its version.
    assert_eq!(schema.hash().to_string(), "1f580e6c9732e2ec");
}
