//! Against the reference library (smartmoneyconcepts 0.0.27, MIT), row by row of its own results on
//! 24,424 quarters of EURUSD. Made there with `swing_length` 5, everything else as it comes.
//!
//! What it finds without knowing the future is found here, row for row. It knows the future in
//! three places, and those are left alone: of two highs without a low between them it deletes one
//! when the later comes; it deletes breaks and blocks that later bars overtake; it measures the
//! tolerance of a zone on the highest and lowest price of the whole file. Its first and last rows
//! hold swings that are none.

use std::collections::{BTreeMap, BTreeSet};

use trading::Candle;
use trading::structure::{Bias, BreakKind, Extreme, Finding, StructureSettings, What};

use super::findings;
use super::reference::{Row, eurusd, results, units};

/// Settings that ask what the reference asks: its window is four bars before a swing and five
/// after, its gaps have no least size but a middle bar that goes their way.
fn like_theirs() -> StructureSettings {
    StructureSettings {
        swing_left: 4,
        swing_right: 5,
        swing_ties: true,
        gap_min_percent: 0.0,
        gap_with_body: true,
        gaps_kept: 10_000,
        ..StructureSettings::default()
    }
}

fn is_up(cell: Option<f64>) -> bool {
    cell == Some(1.0)
}

/// Direction, edges and the bar that came back first (0 for none), by middle bar.
type Gaps = BTreeMap<u64, (bool, f64, f64, u64)>;

fn our_gaps(settings: &StructureSettings, candles: &[Candle]) -> Gaps {
    let mut gaps = Gaps::new();
    for finding in findings(settings, candles) {
        match finding.what {
            What::GapOpened(gap) | What::GapExtended(gap) => {
                if matches!(finding.what, What::GapExtended(_)) {
                    gaps.remove(&(gap.pivot_index - 1));
                }
                let row = (gap.bias == Bias::Bullish, gap.top, gap.bottom, 0);
                gaps.insert(gap.pivot_index, row);
            }
            What::GapTouched(gap) => {
                gaps.get_mut(&gap.pivot_index).unwrap().3 = gap.touched.unwrap();
            }
            _ => {}
        }
    }
    gaps
}

#[test]
fn gaps_are_equal_in_every_row() {
    for (join, name, rows) in [(false, "fvg", 5_020), (true, "fvg_consecutive", 3_756)] {
        let (Some(candles), Some(theirs)) = (eurusd(0.0, name), results(name, name)) else {
            return;
        };
        let row = |(at, row): Row| {
            let [top, bottom, touched] = [1, 2, 3].map(|cell| row[cell].unwrap());
            (at, (is_up(row[0]), units(top), units(bottom), touched as u64))
        };
        let theirs: Gaps = theirs.into_iter().map(row).collect();
        let settings = StructureSettings { gap_join: join, ..like_theirs() };
        assert_eq!(theirs.len(), rows);
        assert_eq!(our_gaps(&settings, &candles), theirs, "{name}");
    }
}

/// Bar, whether it is a high, price.
type Swings = BTreeSet<(u64, bool, i64)>;

fn our_swings(found: &[Finding]) -> Swings {
    let swing = |finding: &Finding| match finding.what {
        What::Swing { extreme, level } => {
            Some((finding.pivot_index, extreme == Extreme::High, level as i64))
        }
        _ => None,
    };
    found.iter().filter_map(swing).collect()
}

#[test]
fn swings_differ_where_the_reference_knows_the_future_or_reads_a_tie_otherwise() {
    let name = "swing_highs_lows";
    let (Some(candles), Some(theirs)) = (eurusd(0.0, name), results(name, name)) else { return };
    let swing = |(at, row): Row| (at, is_up(row[0]), units(row[1].unwrap()) as i64);
    let bookends = [0, 24_423];
    let theirs: Swings =
        theirs.into_iter().map(swing).filter(|(at, ..)| !bookends.contains(at)).collect();
    let ours = our_swings(&findings(&like_theirs(), &candles));
    assert_eq!((theirs.len(), ours.intersection(&theirs).count()), (2_706, 2_689));
    // 17 of theirs are not ours: the equal of a bar up to four before, which was not itself the
    // highest of its own window. Strictly above what came before is the definition here.
    let price = |at: u64, high: bool| {
        let candle = &candles[at as usize];
        (if high { candle.high() } else { candle.low() }) as i64
    };
    for (at, high, level) in theirs.difference(&ours) {
        assert!((at - 4..*at).any(|before| price(before, *high) == *level), "{at}");
    }
    let (mut hindsight, mut both, mut early) = (0, 0, 0);
    for (at, high, level) in ours.difference(&theirs) {
        let before = theirs.range(..(*at, false, 0)).next_back();
        let after = theirs.range((at + 1, false, 0)..).next();
        let beats = |other: Option<&(u64, bool, i64)>| {
            other
                .is_some_and(|(_, h, l)| h == high && (if *high { l >= level } else { l <= level }))
        };
        if !*high && ours.contains(&(*at, true, price(*at, true))) {
            // A bar that is high and low at once has one cell there, and the high wins.
            both += 1;
        } else if beats(before) || beats(after) {
            // Deleted in favour of a higher high (lower low) without a swing between them: which
            // of them stays is known when the second is confirmed, not when the first was.
            hindsight += 1;
        } else {
            // Its window needs nine bars before the first.
            assert!(*at < 9, "{at}");
            early += 1;
        }
    }
    assert_eq!((hindsight, both, early), (606, 6, 1));
}

#[test]
fn breaks_are_the_same_bars_wherever_the_same_swing_is_the_last() {
    let name = "bos_choch";
    let (Some(candles), Some(theirs)) = (eurusd(0.0, name), results(name, name)) else { return };
    let found = findings(&like_theirs(), &candles);
    let mut ours: BTreeMap<(u64, bool), (u64, BreakKind)> = BTreeMap::new();
    for finding in &found {
        if let What::Break { kind, bias, .. } = finding.what {
            let swing = (finding.pivot_index, bias == Bias::Bullish);
            assert_eq!(ours.insert(swing, (finding.confirmed_index, kind)), None);
        }
    }
    let swings = our_swings(&found);
    let [mut rows, mut same, mut kinds, mut rounding, mut newer, mut ties] = [0; 6];
    // Rows with a level but neither break were deleted when a later break overtook them.
    for (at, row) in theirs.iter().filter(|(_, row)| row[0].is_some() || row[1].is_some()) {
        rows += 1;
        let (up, bar) = (is_up(row[0].or(row[1])), row[3].unwrap() as u64);
        let level = units(row[2].unwrap()) as i64;
        let close = candles[bar as usize].close().get() as i64;
        match ours.get(&(*at, up)) {
            Some((ours, kind)) if *ours == bar => {
                same += 1;
                kinds += usize::from((*kind == BreakKind::Bos) == row[0].is_some());
            }
            // Its levels went through 32 bits: a close at the level is beyond it there.
            _ if close == level => rounding += 1,
            _ if swings.contains(&(*at, up, level)) => {
                // Before the break another swing was confirmed, and that is the last one here. It
                // keeps the older as long as the pattern of four swings around it stands.
                let confirmed = found.iter().any(|finding| {
                    let extreme = if up { Extreme::High } else { Extreme::Low };
                    finding.pivot_index > *at
                        && finding.confirmed_index < bar
                        && matches!(finding.what, What::Swing { extreme: e, .. } if e == extreme)
                });
                assert!(confirmed, "{at} {row:?} {:?}", ours.get(&(*at, up)));
                newer += 1;
            }
            _ => ties += 1,
        }
    }
    // Of the same breaks 734 have the same name. Here the break before decides what is a change of
    // character; there, whether the four swings around the level rise or fall.
    assert_eq!((rows, same, kinds), (1_129, 966, 734));
    assert_eq!((rounding, newer, ties), (21, 135, 7));
}

#[test]
fn blocks_come_from_the_same_breaks_and_are_chosen_otherwise() {
    let name = "ob";
    let (Some(candles), Some(theirs)) = (eurusd(0.0, name), results(name, name)) else { return };
    let found = findings(&like_theirs(), &candles);
    // There the block is the lowest bar (the highest) between the swing and the break, whatever its
    // colour; from our breaks those are its blocks.
    let mut extremes = BTreeSet::new();
    for finding in &found {
        let What::Break { bias, .. } = finding.what else { continue };
        let depth = |at: u64| {
            let candle = &candles[at as usize];
            if bias == Bias::Bullish { candle.low() } else { -candle.high() }
        };
        let between = finding.pivot_index + 1..finding.confirmed_index;
        let lowest = between.rev().min_by(|a, b| depth(*a).total_cmp(&depth(*b)));
        let at = lowest.unwrap_or(finding.confirmed_index - 1);
        extremes.insert((at, bias == Bias::Bullish));
    }
    let at_break = theirs.iter().filter(|(at, row)| extremes.contains(&(*at, is_up(row[0]))));
    // Of the blocks of more than a thousand breaks 66 are left there: one whose price was reached
    // again later is deleted from the past. Three stem from swings that are not the last here.
    assert_eq!((theirs.len(), at_break.count()), (66, 63));
    // Here it is the last bar against the break, and its body's far end is its edge: 28 of them
    // touch theirs within three bars, 5 are the same bar.
    let settings = StructureSettings { block_window: 200, blocks_kept: 10_000, ..like_theirs() };
    let (mut near, mut equal) = (0, 0);
    let ours = findings(&settings, &candles);
    for (at, row) in &theirs {
        let (top, bottom) = (units(row[1].unwrap()), units(row[2].unwrap()));
        let mut close = (false, false);
        for finding in &ours {
            let What::BlockFormed(block) = finding.what else { continue };
            let same_way = (block.bias == Bias::Bullish) == is_up(row[0]);
            let overlap = block.top >= bottom && block.bottom <= top;
            let apart = block.pivot_index.abs_diff(*at);
            close.0 |= same_way && overlap && apart <= 3;
            close.1 |= same_way && apart == 0;
        }
        near += usize::from(close.0);
        equal += usize::from(close.1);
    }
    assert_eq!((near, equal), (28, 5));
}

/// First swing's bar and kind, last swing's bar, and the bar that took it (0 for none).
type Zones = BTreeMap<(u64, bool), (u64, u64)>;

#[test]
fn zones_are_the_same_where_the_swings_are() {
    /// So far up one percentage of the price is one distance: that of the reference, which is 1 %
    /// of the range of the whole file.
    const SHIFT: f64 = 1e9;
    let name = "liquidity";
    let (Some(candles), Some(theirs)) = (eurusd(SHIFT, name), results(name, name)) else { return };
    let high = candles.iter().map(Candle::high).fold(0.0, f64::max);
    let low = candles.iter().map(Candle::low).fold(f64::MAX, f64::min);
    let settings = StructureSettings {
        zone_touches: 2,
        zone_percent: (high - low) / SHIFT,
        zone_window: 1_000_000,
        zones_kept: 10_000,
        ..like_theirs()
    };
    let mut ours = Zones::new();
    for finding in findings(&settings, &candles) {
        match finding.what {
            What::ZoneFormed(zone) | What::ZoneTouched(zone) => {
                let key = (zone.pivot_index, zone.extreme == Extreme::High);
                ours.insert(key, (zone.last_index, 0));
            }
            What::ZoneTaken { zone, .. } => {
                let key = (zone.pivot_index, zone.extreme == Extreme::High);
                ours.get_mut(&key).unwrap().1 = finding.confirmed_index;
            }
            _ => {}
        }
    }
    let [mut equal, mut touches, mut inside, mut bookends] = [0; 4];
    for (at, row) in &theirs {
        let (high, theirs) = (is_up(row[0]), (row[2].unwrap() as u64, row[3].unwrap() as u64));
        match ours.get(&(*at, high)) {
            Some(ours) if *ours == theirs => equal += 1,
            // Swings deleted there in hindsight touch it too, or began a level before it that
            // holds its last swing; it is taken by the same bar.
            Some(ours) => {
                assert_eq!(ours.1, theirs.1, "{at}");
                touches += 1;
            }
            None if *at == 0 => bookends += 1,
            None => {
                // Such a swing began the zone before; theirs is a touch of it.
                let mut holding = ours.iter().filter(|((first, h), (last, taken))| {
                    *h == high && first < at && (at <= last || *taken > *at)
                });
                assert!(holding.next().is_some(), "{at}");
                inside += 1;
            }
        }
    }
    assert_eq!((theirs.len(), ours.len()), (498, 554));
    assert_eq!((equal, touches, inside, bookends), (354, 64, 79, 1));
}
