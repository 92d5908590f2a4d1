//! No reading is ever rewritten: whoever stops at any bar has read what everyone reads there.

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use trading::Candle;
use trading::structure::{Block, Extreme, Finding, Gap, Structure, StructureSettings, Swing, Zone};

use crate::real::minutes;
use crate::walk;

/// All that can be asked after a bar.
#[derive(Debug, PartialEq)]
struct State {
    swings: [Option<Swing>; 2],
    readings: String,
    gaps: Vec<Gap>,
    blocks: Vec<Block>,
    zones: Vec<Zone>,
}

fn state(structure: &Structure) -> State {
    let (trend, bias) = (structure.trend(), structure.bias());
    let (atr, position) = (structure.atr(), structure.dealing_position());
    State {
        swings: [Extreme::High, Extreme::Low].map(|extreme| structure.swing(extreme)),
        readings: format!("{trend:?} {bias:?} {atr:?} {position:?} {}", structure.forgotten()),
        gaps: structure.gaps().to_vec(),
        blocks: structure.blocks().to_vec(),
        zones: structure.zones().copied().collect(),
    }
}

/// Settings under which everything happens often on minutes.
fn busy() -> StructureSettings {
    StructureSettings {
        gap_min_percent: 0.0,
        zone_touches: 2,
        zone_percent: 0.05,
        displacement_atr: 0.5,
        ..StructureSettings::default()
    }
}

/// The findings of all bars, and the states after the bars before each cut.
fn run(
    settings: &StructureSettings,
    candles: &[Candle],
    cuts: &[usize],
) -> (Vec<Finding>, Vec<State>) {
    let mut structure = Structure::new(settings).unwrap();
    let (mut found, mut states) = (Vec::new(), Vec::new());
    for (at, candle) in candles.iter().enumerate() {
        found.extend_from_slice(structure.update(candle));
        if cuts.contains(&(at + 1)) {
            states.push(state(&structure));
        }
    }
    (found, states)
}

#[test]
fn of_231_prefixes_of_real_minutes_no_reading_is_rewritten() {
    let Some(candles) = minutes("prefixes of structure") else { return };
    // 200 one after the other, where the reference library rewrites hundreds of readings, and 31
    // over the whole of it.
    let cuts: Vec<usize> = (3_000..3_200).chain((0..31).map(|n| 4_000 + n * 1_300)).collect();
    assert_eq!(cuts.len(), 231);
    let settings = busy();
    let (all, states) = run(&settings, &candles, &cuts);
    assert!(all.len() > 50_000, "{}", all.len());
    let mut rewritten = 0;
    for (cut, whole) in cuts.iter().zip(&states) {
        let (found, last) = run(&settings, &candles[..*cut], &[*cut]);
        let until = all.partition_point(|finding| finding.confirmed_index < *cut as u64);
        rewritten += usize::from(found != all[..until]);
        rewritten += usize::from(last[0] != *whole);
    }
    assert_eq!(rewritten, 0);
}

#[test]
fn every_finding_is_told_with_the_bar_that_settles_it() {
    let Some(candles) = minutes("the order of findings") else { return };
    let mut structure = Structure::new(&busy()).unwrap();
    for (at, candle) in candles.iter().enumerate() {
        for finding in structure.update(candle) {
            assert_eq!(finding.confirmed_index, at as u64);
            assert!(finding.pivot_index <= finding.confirmed_index);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn another_future_is_the_same_past(seed in 0_u64..1_000, other in 1_000_u64..2_000, cut in 0_usize..400) {
        let (one, two) = (walk::ticks(seed, 400, 1e5, 8), walk::ticks(other, 400, 1e5, 8));
        let altered: Vec<Candle> = one[..cut].iter().chain(&two[cut..]).copied().collect();
        let past = |candles: &[Candle]| {
            let (found, _) = run(&busy(), candles, &[]);
            let until = found.partition_point(|finding| finding.confirmed_index < cut as u64);
            found[..until].to_vec()
        };
        prop_assert_eq!(past(&one), past(&altered));
    }
}
