//! Frames agree on a clean trend at any price, and hardly ever on noise.

use clock::{Nanos, Seed};
use market::{Bar, BarSeries, ClosedBar, DEFAULT_GAP_LIMIT, Flags, Lots, Ticks, Timeframe};
use trading::agreement::{Absence, Agreement, AgreementSettings, Doubt, Verdict};
use trading::structure::Bias;

use crate::real;

const LONGER: [Timeframe; 4] = [Timeframe::M5, Timeframe::M15, Timeframe::H1, Timeframe::D1];
const MINUTE: i64 = 60_000_000_000;

/// Minutes that close at these prices, opening at the close before, with wicks of `wick`.
fn minutes(closes: &[i64], wick: i64) -> Vec<Bar> {
    let mut before = closes[0];
    let bar = |(at, close): (usize, &i64)| {
        let open = std::mem::replace(&mut before, *close);
        Bar {
            timeframe: Timeframe::M1,
            open_time: Nanos(at as i64 * MINUTE),
            open: Ticks(open),
            high: Ticks(open.max(*close) + wick),
            low: Ticks(open.min(*close) - wick),
            close: Ticks(*close),
            volume: Lots(100),
            flow: None,
        }
    };
    closes.iter().enumerate().map(bar).collect()
}

/// What the frames say after each minute, and all that closed with it.
fn run(settings: &AgreementSettings, minutes: &[Bar]) -> Vec<Result<Verdict, Absence>> {
    let mut agreement = Agreement::new(settings).unwrap();
    let mut series = BarSeries::new(Timeframe::M1, &LONGER, DEFAULT_GAP_LIMIT).unwrap();
    let mut out: Vec<ClosedBar> = Vec::new();
    let after = |bar: &Bar| {
        out.clear();
        series.push(*bar, Flags::CLOSED, &mut out);
        for (bar, _) in &out {
            agreement.update(bar).unwrap();
        }
        agreement.at(bar.end())
    };
    minutes.iter().map(after).collect()
}

/// Three days that climb by `step` a minute, with a wave of two steps around it.
fn trend(step: i64, scale: i64) -> Vec<Bar> {
    let wave = [0, 1, 2, 1, 0, -1, -2, -1];
    let close = |at: usize| (20_000 + step * at as i64 + wave[at % 8]) * scale;
    minutes(&(0..4_320).map(close).collect::<Vec<_>>(), scale)
}

#[test]
fn a_clean_trend_agrees_at_every_scale_of_price_and_alike() {
    let settings = AgreementSettings::default();
    let base = run(&settings, &trend(2, 1));
    let ready = base.iter().position(Result::is_ok).unwrap();
    // Fifty hours.
    assert_eq!(ready, 2_999);
    assert_eq!(base[ready - 1], Err(Absence::Short(Timeframe::H1)));
    let (agree, all) =
        (base.iter().flatten().filter(|v| v.bias == Ok(Bias::Bullish)), base.len() - ready);
    assert!(agree.count() * 10 >= all * 9, "of {all}");
    // A unit of 1e-4 to one of 1e6: ten orders of magnitude in ticks. By powers of two every bit
    // is the same, by powers of ten every verdict.
    for scale in [2, 1_024, 1 << 33] {
        assert_eq!(run(&settings, &trend(2, scale)), base);
    }
    for scale in [10, 10_000, 10_000_000_000] {
        for (ours, base) in run(&settings, &trend(2, scale)).iter().zip(&base) {
            match (ours, base) {
                (Ok(ours), Ok(base)) => {
                    assert_eq!(ours.bias, base.bias);
                    assert!((ours.composite - base.composite).abs() < 1e-9);
                }
                _ => assert_eq!(ours, base),
            }
        }
    }
    let falling = run(&settings, &trend(-2, 1));
    let agree = falling.iter().flatten().filter(|v| v.bias == Ok(Bias::Bearish)).count();
    assert!(agree * 10 >= all * 9, "{agree} of {all}");
}

/// Of 10,000 minutes in which all frames could be read, in how many they agreed.
fn rate(verdicts: &[Result<Verdict, Absence>]) -> usize {
    let read: Vec<&Verdict> = verdicts.iter().flatten().collect();
    let agree = read.iter().filter(|verdict| verdict.bias.is_ok()).count();
    assert!(read.len() > 10_000);
    agree * 10_000 / read.len()
}

#[test]
fn noise_agrees_at_a_stated_rate() {
    let settings = AgreementSettings::default();
    let mut chance = Seed(5).stream("noise");
    // Every close drawn anew around one price: no trend at any length.
    let white: Vec<i64> =
        (0..40_000).map(|_| 1_000_000 + (chance.normal() * 300.0).round() as i64).collect();
    assert_eq!(rate(&run(&settings, &minutes(&white, 50))), 0);
    // A random walk does trend, by chance, for as long as one looks: in one minute of ten all four
    // frames agree on it, in the market in one of twelve. Agreement says where price went, not
    // where it goes.
    let mut at = 1_000_000;
    let mut step = || {
        at += (chance.normal() * 300.0).round() as i64;
        at
    };
    let walk: Vec<i64> = (0..40_000).map(|_| step()).collect();
    assert_eq!(rate(&run(&settings, &minutes(&walk, 50))), 982);
    let Some(real) = real::bars(Timeframe::M1, "the rate of agreement") else { return };
    assert_eq!(rate(&run(&settings, &real)), 863);
}

#[test]
fn only_frames_closed_at_the_moment_count() {
    let settings = AgreementSettings { slow: 3, fast: 2, atr: 1, ..AgreementSettings::default() };
    let mut agreement = Agreement::new(&settings).unwrap();
    assert_eq!(agreement.at(Nanos(0)), Err(Absence::Short(Timeframe::H1)));
    let mut series = BarSeries::new(Timeframe::M1, &LONGER, DEFAULT_GAP_LIMIT).unwrap();
    let mut out = Vec::new();
    for bar in trend(1, 1).iter().take(240) {
        series.push(*bar, Flags::CLOSED, &mut out);
    }
    // The last four bars close together, shortest first; until the hour is there it is stale.
    let (before, last) = out.split_at(out.len() - 4);
    for (bar, _) in before {
        assert_eq!(agreement.update(bar), Ok(true));
    }
    let now = Nanos(240 * MINUTE);
    for ((bar, _), missing) in last.iter().zip([Timeframe::H1; 4]) {
        assert_eq!(agreement.at(now), Err(Absence::Stale(missing)));
        assert_eq!(agreement.update(bar), Ok(true));
    }
    assert!(agreement.at(now).is_ok());
    // Nobody at an earlier moment may know these bars.
    assert_eq!(agreement.at(Nanos(now.0 - 1)), Err(Absence::Ahead(Timeframe::H1)));
    // A minute later the minute is missing, an hour later the hour is.
    assert!(agreement.at(Nanos(now.0 + MINUTE - 1)).is_ok());
    assert_eq!(agreement.at(Nanos(now.0 + MINUTE)), Err(Absence::Stale(Timeframe::M1)));
    assert_eq!(agreement.at(Nanos(now.0 + 60 * MINUTE)), Err(Absence::Stale(Timeframe::H1)));
    // A bar twice, and one of a length that is not weighted, change nothing.
    assert_eq!(agreement.update(&last[0].0), Ok(false));
    let odd = Bar { timeframe: Timeframe::M3, ..last[0].0 };
    assert_eq!(agreement.update(&odd), Ok(false));
}

#[test]
fn the_longest_frame_leads_and_the_day_may_veto() {
    // Up for three days, then down for half an hour: the hour still points up, the minute down.
    let mut bars = trend(2, 1);
    let top = bars[4_319].close.0;
    let falling: Vec<i64> = (0..30).map(|at| top - 40 * at).collect();
    let tail = minutes(&falling, 1).into_iter().enumerate().map(|(at, bar)| {
        let open_time = Nanos((4_320 + at as i64) * MINUTE);
        Bar { open_time, ..bar }
    });
    bars.extend(tail);
    let last = |settings: &AgreementSettings| run(settings, &bars).pop().unwrap().unwrap();
    let strict = last(&AgreementSettings::default());
    assert_eq!(strict.bias, Err(Doubt::Weak));
    let hour = AgreementSettings {
        hour: 1.0,
        quarter: 0.0,
        five: 0.0,
        minute: 0.0,
        minimum: 0.0,
        ..AgreementSettings::default()
    };
    let alone = last(&hour);
    assert_eq!((alone.composite, alone.bias), (1.0, Ok(Bias::Bullish)));
    let low = AgreementSettings { minimum: 0.1, ..AgreementSettings::default() };
    assert!(matches!(last(&low).bias, Err(Doubt::Divided(frame)) if frame < Timeframe::H1));
    assert_eq!(last(&AgreementSettings { unanimous: false, ..low }).bias, Ok(Bias::Bullish));
    // Three days down but for the last two hours: they point up, the day points down.
    let quick = AgreementSettings {
        fast: 2,
        slow: 3,
        atr: 1,
        full_atr: 0.25,
        ..AgreementSettings::default()
    };
    let veto = AgreementSettings { day_veto: true, ..quick };
    let closes: Vec<i64> = (0..4_330)
        .map(|at: i64| if at < 4_200 { 100_000 - 10 * at } else { 58_000 + 10 * (at - 4_200) })
        .collect();
    let bars = minutes(&closes, 1);
    let said = |settings: &AgreementSettings| run(settings, &bars)[4_319].unwrap();
    assert_eq!(said(&quick).composite, said(&veto).composite);
    assert_eq!((said(&quick).bias, said(&veto).bias), (Ok(Bias::Bullish), Err(Doubt::Vetoed)));
}

#[test]
fn settings_that_cannot_be_are_refused_by_name() {
    let base = AgreementSettings::default();
    let refused = |settings: AgreementSettings| Agreement::new(&settings).unwrap_err().to_string();
    let heavy = refused(AgreementSettings { hour: 0.5, ..base });
    assert!(heavy.starts_with("agreement.hour + quarter + five + minute = 1.1"), "{heavy}");
    let fast = refused(AgreementSettings { fast: 50, ..base });
    assert_eq!(fast, "agreement.fast = 50: accepted is 1 to 49, below agreement.slow");
    let least = refused(AgreementSettings { minimum: f64::NAN, ..base });
    assert_eq!(least, "agreement.minimum = NaN: accepted is 0 to 1");
}
