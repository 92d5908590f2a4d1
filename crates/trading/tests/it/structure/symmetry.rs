//! Structure knows neither up from down nor the unit of a price, and stands any bar there is.

use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use trading::Candle;
use trading::structure::{
    Bias, Block, Extreme, Finding, Gap, Structure, StructureSettings, What, Zone,
};

use super::findings;
use crate::edges::hostile;
use crate::walk;

/// Everything that measures by ranges; percentages of a price change when it is turned over.
fn by_ranges() -> StructureSettings {
    StructureSettings {
        gap_min_percent: 0.0,
        gap_min_atr: 0.1,
        zone_percent: 0.0,
        displacement_atr: 0.5,
        ..StructureSettings::default()
    }
}

/// Twice the price everything is turned around.
const AXIS: f64 = 4e5;

fn turn(bias: Bias) -> Bias {
    if bias == Bias::Bullish { Bias::Bearish } else { Bias::Bullish }
}

/// The finding in the market turned upside down.
fn turned(finding: Finding) -> Finding {
    let block = |block: Block| Block {
        bias: turn(block.bias),
        top: AXIS - block.bottom,
        bottom: AXIS - block.top,
        ..block
    };
    let gap = |gap: Gap| Gap {
        bias: turn(gap.bias),
        top: AXIS - gap.bottom,
        bottom: AXIS - gap.top,
        ..gap
    };
    let end = |e| if e == Extreme::High { Extreme::Low } else { Extreme::High };
    let zone = |zone: Zone| Zone {
        extreme: end(zone.extreme),
        level: AXIS - zone.level,
        edge: AXIS - zone.edge,
        ..zone
    };
    let what = match finding.what {
        What::Swing { extreme, level } => {
            What::Swing { extreme: end(extreme), level: AXIS - level }
        }
        What::Break { kind, bias, level } => {
            What::Break { kind, bias: turn(bias), level: AXIS - level }
        }
        What::Sweep { bias, level, depth } => {
            What::Sweep { bias: turn(bias), level: AXIS - level, depth }
        }
        What::GapOpened(found) => What::GapOpened(gap(found)),
        What::GapExtended(found) => What::GapExtended(gap(found)),
        What::GapTouched(found) => What::GapTouched(gap(found)),
        What::GapFilled(found) => What::GapFilled(gap(found)),
        What::BlockFormed(found) => What::BlockFormed(block(found)),
        What::BlockRetested(found) => What::BlockRetested(block(found)),
        What::BlockInvalidated(found) => What::BlockInvalidated(block(found)),
        What::ZoneFormed(found) => What::ZoneFormed(zone(found)),
        What::ZoneTouched(found) => What::ZoneTouched(zone(found)),
        What::ZoneTaken { zone: found, swept } => What::ZoneTaken { zone: zone(found), swept },
        What::Impulse { bias, body, volume_score } => {
            What::Impulse { bias: turn(bias), body, volume_score }
        }
    };
    Finding { what, ..finding }
}

/// As text, in an order that does not depend on which side is looked at first.
fn sorted(found: impl Iterator<Item = Finding>) -> Vec<String> {
    let mut lines: Vec<String> = found
        .map(|f| format!("{:06} {:06} {:?}", f.confirmed_index, f.pivot_index, f.what))
        .collect();
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_market_turned_upside_down_has_its_structure_upside_down(seed in any::<u64>()) {
        let candles = walk::ticks(seed, 500, AXIS / 2.0, 6);
        let over = |c: &Candle| {
            let [o, h, l, e] = [c.open(), c.low(), c.high(), c.close().get()].map(|p| AXIS - p);
            Candle::new(o, h, l, e, c.volume()).unwrap()
        };
        let down: Vec<Candle> = candles.iter().map(over).collect();
        let found = findings(&by_ranges(), &candles);
        prop_assert!(found.len() > 100);
        let turned = sorted(found.into_iter().map(turned));
        prop_assert_eq!(turned, sorted(findings(&by_ranges(), &down).into_iter()));
    }

    #[test]
    fn a_market_in_another_unit_has_the_same_structure(seed in any::<u64>(), power in 0_i32..30) {
        let candles = walk::ticks(seed, 400, 1e5, 6);
        let scale = (0..power).fold(1.0 / 1_024.0, |scale, _| scale * 2.0);
        let other = |c: &Candle| {
            let [o, h, l, e] = [c.open(), c.high(), c.low(), c.close().get()].map(|p| p * scale);
            Candle::new(o, h, l, e, c.volume()).unwrap()
        };
        let scaled: Vec<Candle> = candles.iter().map(other).collect();
        let kinds = |candles: &[Candle]| -> Vec<(u64, u64, std::mem::Discriminant<What>)> {
            let found = findings(&StructureSettings::default(), candles);
            let kind = |f: &Finding| {
                (f.pivot_index, f.confirmed_index, std::mem::discriminant(&f.what))
            };
            found.iter().map(kind).collect()
        };
        prop_assert_eq!(kinds(&candles), kinds(&scaled));
    }

    #[test]
    fn no_bar_whatever_it_is_makes_a_finding_that_is_no_number(
        bars in proptest::collection::vec(any::<[u64; 5]>(), 0..200),
    ) {
        let settings = StructureSettings {
            atr: 2, swing_left: 1, swing_right: 1, zone_touches: 2, zone_percent: 10.0,
            displacement_atr: 0.0, gap_join: true, impulse_window: 2, ..by_ranges()
        };
        let mut structure = Structure::new(&settings).unwrap();
        for bits in bars {
            let [o, h, l, c, v] = bits.map(hostile);
            let Ok(candle) = Candle::new(o, h.max(o).max(c), l.min(o).min(c), c, v) else { continue };
            for finding in structure.update(&candle) {
                let text = format!("{finding:?}");
                prop_assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
            }
            prop_assert!(structure.dealing_position().is_none_or(f64::is_finite));
        }
    }
}
