//! Every definition by a drawing that shows it and one that just misses.

use trading::structure::{
    Bias, BreakKind, Extreme, Finding, Structure, StructureSettings, Trend, What,
};
use trading::{Candle, Error};

use super::findings;

/// Open, high, low, close; a volume of 100.
type Bar = [f64; 4];

fn candles(bars: &[Bar]) -> Vec<Candle> {
    bars.iter().map(|[o, h, l, c]| Candle::new(*o, *h, *l, *c, 100.0).unwrap()).collect()
}

/// Bars of 2 from high to low around the middles given, closing where they opened.
fn around(middles: &[f64]) -> Vec<Bar> {
    middles.iter().map(|m| [*m, m + 1.0, m - 1.0, *m]).collect()
}

fn settings() -> StructureSettings {
    StructureSettings {
        atr: 1,
        swing_left: 2,
        swing_right: 2,
        trend_swings: 2,
        gap_min_percent: 0.0,
        ..StructureSettings::default()
    }
}

fn found(settings: &StructureSettings, bars: &[Bar]) -> Vec<Finding> {
    findings(settings, &candles(bars))
}

/// What of one kind was found, as pivot and confirming bar.
fn bars_of(found: &[Finding], is: impl Fn(&What) -> bool) -> Vec<(u64, u64)> {
    let those = found.iter().filter(|finding| is(&finding.what));
    those.map(|finding| (finding.pivot_index, finding.confirmed_index)).collect()
}

fn is_high(what: &What) -> bool {
    matches!(what, What::Swing { extreme: Extreme::High, .. })
}

fn is_low(what: &What) -> bool {
    matches!(what, What::Swing { extreme: Extreme::Low, .. })
}

#[test]
fn a_swing_is_above_both_its_sides_and_known_two_bars_later() {
    let peak = around(&[100.0, 101.0, 103.0, 102.0, 101.0]);
    assert_eq!(bars_of(&found(&settings(), &peak), is_high), [(2, 4)]);
    assert_eq!(bars_of(&found(&settings(), &peak[..4]), is_high), []);
    let dip = around(&[103.0, 102.0, 100.0, 101.0, 102.0]);
    assert_eq!(bars_of(&found(&settings(), &dip), is_low), [(2, 4)]);
    // As high as a bar beside it is not above it.
    let level = around(&[103.0, 101.0, 103.0, 102.0, 101.0]);
    assert_eq!(bars_of(&found(&settings(), &level), is_high), []);
    // The first of two equals, where ties are allowed.
    let ties = StructureSettings { swing_ties: true, ..settings() };
    let twins = around(&[100.0, 101.0, 103.0, 103.0, 101.0, 100.0, 99.0]);
    assert_eq!(bars_of(&found(&settings(), &twins), is_high), []);
    assert_eq!(bars_of(&found(&ties, &twins), is_high), [(2, 4)]);
}

/// A climb in waves: highs at bars 2, 6, 10 and lows at bars 4, 8, 12, each `step` higher.
fn waves(step: f64) -> Vec<Bar> {
    let middles: Vec<f64> = (0..15)
        .map(|at: usize| {
            let wave = 4.0 * ((at % 4) as f64 - 2.0).abs();
            200.0 - wave + step * at as f64
        })
        .collect();
    around(&middles)
}

#[test]
fn the_trend_is_that_of_both_highs_and_lows() {
    let trend = |bars: &[Bar]| {
        let mut structure = Structure::new(&settings()).unwrap();
        candles(bars).iter().for_each(|candle| {
            structure.update(candle);
        });
        structure.trend()
    };
    assert_eq!(trend(&waves(1.0)), Some(Trend::Rising));
    assert_eq!(trend(&waves(-1.0)), Some(Trend::Falling));
    assert_eq!(trend(&waves(0.0)), Some(Trend::Mixed));
    // The second low is not there yet.
    assert_eq!(trend(&waves(1.0)[..10]), None);
}

/// A swing high of 104 at bar 2 and then whatever comes.
fn after_high(last: &[Bar]) -> Vec<Bar> {
    [around(&[100.0, 101.0, 103.0, 101.0, 100.0, 100.0]), last.to_vec()].concat()
}

fn breaks(found: &[Finding]) -> Vec<(BreakKind, Bias, u64, u64)> {
    let those = found.iter().filter_map(|finding| match finding.what {
        What::Break { kind, bias, .. } => {
            Some((kind, bias, finding.pivot_index, finding.confirmed_index))
        }
        _ => None,
    });
    those.collect()
}

#[test]
fn a_close_beyond_the_last_swing_breaks_structure_and_a_wick_does_not() {
    let close = after_high(&[[100.0, 106.0, 99.5, 104.5]]);
    let up = [(BreakKind::Bos, Bias::Bullish, 2, 6)];
    assert_eq!(breaks(&found(&settings(), &close)), up);
    for miss in [[100.0, 106.0, 99.5, 104.0], [100.0, 106.0, 99.5, 103.5]] {
        assert_eq!(breaks(&found(&settings(), &after_high(&[miss]))), []);
    }
    // Once broken it is no level any more.
    let twice = after_high(&[[100.0, 106.0, 99.5, 104.5], [104.5, 107.0, 104.0, 106.0]]);
    assert_eq!(breaks(&found(&settings(), &twice)), up);
}

#[test]
fn a_break_against_the_one_before_is_a_change_of_character() {
    // Up through the high of bar 2, a dip to 98 at bar 9, and a close under it; or up once more.
    let rise = after_high(&[[100.0, 106.0, 99.5, 104.5]]);
    let dip = around(&[104.0, 101.0, 99.0, 100.5, 101.5]);
    let down = [[101.5, 101.5, 96.0, 97.5]];
    let bars = [rise, dip, down.to_vec()].concat();
    let said = breaks(&found(&settings(), &bars));
    let first = (BreakKind::Bos, Bias::Bullish, 2, 6);
    assert_eq!(said, [first, (BreakKind::Choch, Bias::Bearish, 9, 12)]);
    let mut held = bars.clone();
    held[12][3] = 98.0;
    assert_eq!(breaks(&found(&settings(), &held)), [first]);
    let mut same_way = bars;
    same_way.pop();
    same_way.push([101.5, 109.0, 101.0, 108.0]);
    let second = breaks(&found(&settings(), &same_way))[1..].to_vec();
    assert!(
        second.iter().all(|(kind, bias, ..)| (*kind, *bias) == (BreakKind::Bos, Bias::Bullish))
    );
    assert_eq!(second.len(), 1);
}

fn sweeps(found: &[Finding]) -> Vec<(Bias, f64, u64, u64)> {
    let those = found.iter().filter_map(|finding| match finding.what {
        What::Sweep { bias, depth, .. } => {
            Some((bias, depth, finding.pivot_index, finding.confirmed_index))
        }
        _ => None,
    });
    those.collect()
}

#[test]
fn a_sweep_is_half_a_range_deep_and_closes_back_inside() {
    // With a period of 1 the average is the bar's own range: 8, of which 4 lie beyond 104.
    let deep = after_high(&[[101.0, 108.0, 100.0, 103.0]]);
    assert_eq!(sweeps(&found(&settings(), &deep)), [(Bias::Bearish, 0.5, 2, 6)]);
    let shallow = after_high(&[[101.0, 107.9, 100.0, 103.0]]);
    assert_eq!(sweeps(&found(&settings(), &shallow)), []);
    // A close at the level is not back inside, one beyond it is a break.
    for close in [104.0, 105.0] {
        let outside = after_high(&[[101.0, 108.0, 100.0, close]]);
        assert_eq!(sweeps(&found(&settings(), &outside)), []);
    }
    let again = after_high(&[[101.0, 108.0, 100.0, 103.0], [103.0, 108.0, 100.0, 103.0]]);
    assert_eq!(sweeps(&found(&settings(), &again)).len(), 1);
}

#[test]
fn a_gap_is_what_the_first_and_third_bar_leave_between_them() {
    let bars = [[10.0, 11.0, 9.0, 10.5], [10.5, 14.0, 10.5, 13.5], [13.5, 15.0, 12.0, 14.0]];
    let said = found(&settings(), &bars);
    let [Finding { pivot_index: 1, confirmed_index: 2, what: What::GapOpened(gap) }] = said[..]
    else {
        panic!("{said:?}")
    };
    assert_eq!((gap.bias, gap.top, gap.bottom), (Bias::Bullish, 12.0, 11.0));
    // The range of the third bar is 3.
    assert_eq!(gap.size, Some(1.0 / 3.0));
    let mut touching = bars;
    touching[2][2] = 11.0;
    assert_eq!(found(&settings(), &touching), []);
    let down = bars.map(|[o, h, l, c]| [30.0 - o, 30.0 - l, 30.0 - h, 30.0 - c]);
    let said = found(&settings(), &down);
    let What::GapOpened(gap) = said[0].what else { panic!("{said:?}") };
    assert_eq!((gap.bias, gap.top, gap.bottom), (Bias::Bearish, 19.0, 18.0));
}

#[test]
fn a_gap_too_small_for_the_setting_is_none() {
    let bars = [[10.0, 11.0, 9.0, 10.5], [10.5, 14.0, 10.5, 13.5], [13.5, 15.0, 12.0, 14.0]];
    let opened = |percent, ranges| {
        let settings =
            StructureSettings { gap_min_percent: percent, gap_min_atr: ranges, ..settings() };
        found(&settings, &bars).len()
    };
    // 1 of 11 is 9.09 %; a third of a range.
    assert_eq!(
        [opened(9.0, 0.0), opened(9.2, 0.0), opened(0.0, 0.3), opened(0.0, 0.4)],
        [1, 0, 1, 0]
    );
    // Its middle bar goes its way, or not.
    let body = StructureSettings { gap_with_body: true, ..settings() };
    assert_eq!(found(&body, &bars).len(), 1);
    let mut against = bars;
    (against[1][0], against[1][3]) = (13.5, 10.5);
    assert_eq!((found(&body, &against).len(), found(&settings(), &against).len()), (0, 1));
}

#[test]
fn a_gap_is_followed_until_price_trades_through() {
    let bars = [[10.0, 11.0, 9.0, 10.5], [10.5, 14.0, 10.5, 13.5], [13.5, 15.0, 13.0, 14.0]];
    let mut structure = Structure::new(&settings()).unwrap();
    candles(&bars).iter().for_each(|candle| {
        structure.update(candle);
    });
    let mut step = |low: f64| {
        let bar = Candle::new(14.0, 14.5, low, 14.0, 100.0).unwrap();
        let found = structure.update(&bar).iter().filter(|finding| finding.pivot_index == 1);
        let kinds: Vec<What> = found.map(|finding| finding.what).collect();
        (kinds, structure.gaps().first().map(|gap| (gap.touched, gap.filled)))
    };
    // The gap is 11 to 13.
    assert_eq!(step(13.1), (vec![], Some((None, 0.0))));
    let (said, gap) = step(12.5);
    assert!(matches!(said[..], [What::GapTouched(_)]));
    assert_eq!(gap, Some((Some(4), 0.25)));
    assert_eq!(step(12.8), (vec![], Some((Some(4), 0.25))));
    assert_eq!(step(11.1).0, []);
    let (said, gap) = step(11.0);
    assert!(matches!(said[..], [What::GapFilled(gap)] if gap.filled == 1.0));
    assert_eq!(gap, None);
}

#[test]
fn an_order_block_is_the_last_bar_against_the_move_that_breaks() {
    // Bar 6 falls from 101 to 99.5 with a wick to 99; bar 7 carries price through 104.
    let against = [101.0, 101.5, 99.0, 99.5];
    let through = [99.5, 106.0, 99.5, 105.0];
    let bars = after_high(&[against, through]);
    let said = found(&settings(), &bars);
    let block = said.iter().find_map(|finding| match finding.what {
        What::BlockFormed(block) => Some((finding.pivot_index, finding.confirmed_index, block)),
        _ => None,
    });
    // 5.5 from close to close, in ranges of 6.5: too little by the setting of 1.5.
    assert_eq!(block, None);
    let near = StructureSettings { displacement_atr: 0.84, ..settings() };
    let block = |settings: &StructureSettings, bars: &[Bar]| {
        found(settings, bars).iter().find_map(|finding| match finding.what {
            What::BlockFormed(block) => Some((finding.pivot_index, finding.confirmed_index, block)),
            _ => None,
        })
    };
    let (pivot, confirmed, formed) = block(&near, &bars).unwrap();
    assert_eq!((pivot, confirmed, formed.bias), (6, 7, Bias::Bullish));
    assert_eq!((formed.top, formed.bottom), (101.0, 99.0));
    assert_eq!(formed.displacement, 5.5 / 6.5);
    // Without a break there is none, and none beyond the window.
    let mut held = bars.clone();
    held[7][3] = 104.0;
    assert_eq!(block(&near, &held), None);
    let short = StructureSettings { block_window: 1, ..near };
    let later = after_high(&[against, [99.5, 103.0, 99.5, 103.0], [103.0, 106.0, 103.0, 105.0]]);
    assert_eq!(block(&short, &later), None);
    assert!(block(&StructureSettings { block_window: 2, ..near }, &later).is_some());
}

#[test]
fn a_block_is_retested_once_and_ends_with_a_close_beyond() {
    let near = StructureSettings { displacement_atr: 0.5, ..settings() };
    let mut structure = Structure::new(&near).unwrap();
    let bars = after_high(&[[101.0, 101.5, 99.0, 99.5], [99.5, 106.0, 99.5, 105.0]]);
    candles(&bars).iter().for_each(|candle| {
        structure.update(candle);
    });
    let mut step = |low: f64, close: f64| {
        let bar = Candle::new(105.0, 105.5, low, close, 100.0).unwrap();
        let found = structure.update(&bar).iter().map(|finding| finding.what);
        let said =
            found.filter(|what| matches!(what, What::BlockRetested(_) | What::BlockInvalidated(_)));
        (said.collect::<Vec<_>>(), structure.blocks().len())
    };
    assert_eq!(step(101.1, 104.0), (vec![], 1));
    let (said, valid) = step(98.0, 99.0);
    assert!(matches!(said[..], [What::BlockRetested(block)] if block.retested == Some(9)));
    assert_eq!(valid, 1);
    assert_eq!(step(100.0, 104.0), (vec![], 1));
    let (said, valid) = step(98.0, 98.9);
    assert!(matches!(said[..], [What::BlockInvalidated(_)]));
    assert_eq!(valid, 0);
}

/// Three highs with lows between them.
fn three_highs(levels: [f64; 3]) -> Vec<Bar> {
    let wave = |level: f64| around(&[level - 5.0, level - 3.0, level - 1.0, level - 3.0]);
    let mut bars: Vec<Bar> = levels.into_iter().flat_map(wave).collect();
    bars.extend(around(&[levels[2] - 5.0]));
    bars
}

#[test]
fn a_zone_is_three_highs_within_its_tolerance_and_ends_when_price_is_beyond() {
    let zone = |found: &[Finding]| bars_of(found, |what| matches!(what, What::ZoneFormed(_)));
    // 0.2 % of 1000 is 2.
    let bars = three_highs([1_000.0, 1_002.0, 998.0]);
    assert_eq!(zone(&found(&settings(), &bars)), [(2, 12)]);
    assert_eq!(zone(&found(&settings(), &three_highs([1_000.0, 1_002.1, 998.0]))), []);
    assert_eq!(zone(&found(&settings(), &three_highs([1_000.0, 1_002.0, 997.9]))), []);
    let old = StructureSettings { zone_window: 3, ..settings() };
    assert_eq!(zone(&found(&old, &bars)), []);
    let taken = |high: f64, close: f64| {
        let end = [[995.0, high, 994.0, close]];
        let said = found(&settings(), &[bars.clone(), end.to_vec()].concat());
        said.iter().find_map(|finding| match finding.what {
            What::ZoneTaken { zone, swept } => Some((zone.touches, swept)),
            _ => None,
        })
    };
    assert_eq!(taken(1_002.0, 999.0), None);
    assert_eq!(taken(1_002.5, 999.0), Some((3, true)));
    assert_eq!(taken(1_002.5, 1_001.0), Some((3, false)));
}

#[test]
fn an_institutional_candle_is_body_and_volume() {
    let impulses = |last: Bar, volume: f64, window: i64| {
        let settings = StructureSettings { impulse_window: window, ..settings() };
        let mut structure = Structure::new(&settings).unwrap();
        for n in 0..20 {
            // Volumes of 90 and 110: mean 100, deviation 10.
            let volume = if n % 2 == 0 { 90.0 } else { 110.0 };
            structure.update(&Candle::new(100.0, 101.0, 99.0, 100.0, volume).unwrap());
        }
        let [o, h, l, c] = last;
        let found = structure.update(&Candle::new(o, h, l, c, volume).unwrap());
        let is = |finding: &Finding| match finding.what {
            What::Impulse { bias, volume_score, .. } => Some((bias, volume_score)),
            _ => None,
        };
        found.iter().find_map(is)
    };
    let body = [100.0, 108.5, 98.5, 107.5];
    assert_eq!(impulses(body, 121.0, 20), Some((Bias::Bullish, 2.1)));
    assert_eq!(impulses(body, 120.0, 20), None);
    assert_eq!(impulses([100.0, 108.5, 98.5, 107.0], 200.0, 20), None);
    assert_eq!(impulses([107.5, 108.5, 98.5, 100.0], 200.0, 20).unwrap().0, Bias::Bearish);
    // Twenty bars before it are one too few.
    assert_eq!(impulses(body, 200.0, 21), None);
}

#[test]
fn premium_is_the_upper_half_of_the_dealing_range() {
    let mut structure = Structure::new(&settings()).unwrap();
    let middles = [100.0, 101.0, 103.0, 101.0, 97.0, 99.0, 100.0];
    for candle in candles(&around(&middles)) {
        // Without both ends there is no range.
        assert_eq!(structure.dealing_position(), None);
        structure.update(&candle);
    }
    // From 96 to 104.
    assert_eq!(structure.dealing_position(), Some(0.5));
    structure.update(&Candle::new(102.0, 102.0, 102.0, 102.0, 1.0).unwrap());
    assert_eq!(structure.dealing_position(), Some(0.75));
    structure.update(&Candle::new(106.0, 106.0, 106.0, 106.0, 1.0).unwrap());
    assert_eq!(structure.dealing_position(), Some(1.25));
}

#[test]
fn what_does_not_fit_is_forgotten_oldest_first_and_counted() {
    let few = StructureSettings { gaps_kept: 2, ..settings() };
    let mut structure = Structure::new(&few).unwrap();
    for n in 0..6 {
        let base = 100.0 + 5.0 * f64::from(n);
        structure.update(&Candle::new(base, base + 1.0, base, base + 1.0, 1.0).unwrap());
    }
    let kept: Vec<u64> = structure.gaps().iter().map(|gap| gap.pivot_index).collect();
    assert_eq!((kept, structure.forgotten()), (vec![3, 4], 2));
}

#[test]
fn a_setting_out_of_range_is_refused_by_name() {
    let refused = |settings: StructureSettings| match Structure::new(&settings) {
        Err(error @ Error::Setting { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let base = StructureSettings::default();
    let swing = refused(StructureSettings { swing_left: 0, ..base });
    assert_eq!(swing, "structure.swing_left = 0: accepted is 1 to 200");
    let sweep = refused(StructureSettings { sweep_atr: f64::NAN, ..base });
    assert_eq!(sweep, "structure.sweep_atr = NaN: accepted is 0 to 100");
    let touches = refused(StructureSettings { zone_touches: 1, ..base });
    assert_eq!(touches, "structure.zone_touches = 1: accepted is 2 to 50");
    let body = refused(StructureSettings { impulse_body: 1.1, ..base });
    assert_eq!(body, "structure.impulse_body = 1.1: accepted is 0 to 1");
}
