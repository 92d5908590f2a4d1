//! How often structure is found where there is none: in a random walk. Whoever wants to know what
//! a finding is worth compares with these.

use std::collections::BTreeMap;

use trading::Candle;
use trading::structure::{BreakKind, Finding, StructureSettings, What};

use super::findings;
use crate::real::minutes;
use crate::walk;

fn name(finding: &Finding) -> &'static str {
    match finding.what {
        What::Swing { .. } => "swing",
        What::Break { kind: BreakKind::Bos, .. } => "bos",
        What::Break { kind: BreakKind::Choch, .. } => "choch",
        What::Sweep { .. } => "sweep",
        What::GapOpened(_) => "gap",
        What::BlockFormed(_) => "block",
        What::ZoneFormed(_) => "zone",
        What::Impulse { .. } => "impulse",
        What::GapTouched(_) | What::GapExtended(_) => "gap touched",
        What::GapFilled(_) => "gap filled",
        What::BlockRetested(_) => "block retested",
        What::BlockInvalidated(_) => "block invalidated",
        What::ZoneTouched(_) => "zone touched",
        What::ZoneTaken { .. } => "zone taken",
    }
}

/// Findings of each kind in ten thousand bars, rounded down.
fn rates(candles: &[Candle]) -> BTreeMap<&'static str, usize> {
    let settings = StructureSettings { gap_min_percent: 0.0, ..StructureSettings::default() };
    let mut rates = BTreeMap::new();
    for finding in findings(&settings, candles) {
        *rates.entry(name(&finding)).or_insert(0) += 1;
    }
    rates.values_mut().for_each(|count| *count = *count * 10_000 / candles.len());
    rates
}

#[test]
fn chance_alone_breaks_structure_as_often_as_the_market() {
    let walk = rates(&walk::ticks(11, 100_000, 1e6, 30));
    // The definition of the old engine, the extremes of four bars, fired on 59 % of such bars, and
    // its sweep on none.
    let expected = [
        ("block", 309),
        ("block invalidated", 305),
        ("block retested", 266),
        ("bos", 227),
        ("choch", 232),
        ("gap", 2766),
        ("gap filled", 2740),
        ("gap touched", 2750),
        ("impulse", 198),
        ("sweep", 21),
        ("swing", 1075),
        ("zone", 12),
        ("zone taken", 4),
        ("zone touched", 1038),
    ];
    assert_eq!(walk, BTreeMap::from(expected));
    let Some(real) = minutes("rates of structure") else { return };
    let expected = [
        ("block", 352),
        ("block invalidated", 341),
        ("block retested", 262),
        ("bos", 219),
        ("choch", 239),
        ("gap", 3391),
        ("gap filled", 3348),
        ("gap touched", 3366),
        ("impulse", 345),
        ("sweep", 35),
        ("swing", 1043),
        ("zone", 131),
        ("zone taken", 91),
        ("zone touched", 505),
    ];
    assert_eq!(rates(&real), BTreeMap::from(expected));
}
