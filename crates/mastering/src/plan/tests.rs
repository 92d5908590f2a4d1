use audio::loudness::measure;
use audio::{Buffer, Decibels, Layout, SampleRate};
use clock::Seed;
use fault::Cancel;

use super::{HeldBack, Plan, master, solve};
use crate::chain::{Band, Chain, Loudness};
use crate::{Error, TARGETS, Target, Tone, render};

/// Noise whose level moves, with a click each half second: crest factor of real drums.
fn music() -> Buffer {
    let mut chance = Seed(3).stream("music");
    let plane = |chance: &mut clock::Chance| {
        (0..48_000 * 12)
            .map(|n| {
                let swell = 0.04 + 0.03 * libm::sin(f64::from(n) / 40_000.0);
                let hit = libm::exp(-f64::from(n % 24_000) / 2_000.0);
                (chance.between(-1.7, 1.7) * (swell + 0.08 * hit)) as f32
            })
            .collect::<Vec<f32>>()
    };
    let (left, right) = (plane(&mut chance), plane(&mut chance));
    Buffer::from_planes(SampleRate::STUDIO, vec![left, right]).unwrap()
}

fn solved(buffer: &Buffer, chain: &Chain) -> Result<Plan, Error> {
    solve(&mut { buffer }, chain, &Cancel::new())
}

#[test]
fn every_target_is_met_and_its_ceiling_kept() {
    let tone = Tone { low_db: 1.0, air_db: 1.5, width: 1.1, ..Tone::default() };
    let buffer = music();
    for target in TARGETS {
        let chain = target.on(tone.chain(Layout::Stereo));
        let (mastered, plan) = master(&buffer, &chain, &Cancel::new()).unwrap();
        let rendered = render(&buffer, &plan.chain).unwrap();
        assert!(mastered == rendered, "{}: the plan is not what was heard", target.name);
        let (m, _) = measure(&rendered);
        let (loudness, peak) = (m.integrated.unwrap(), m.true_peak.unwrap());
        assert_eq!((loudness, peak), (plan.loudness, plan.true_peak), "{}", target.name);
        assert!((loudness - target.loudness).0.abs() <= 0.05, "{} {loudness}", target.name);
        assert!(peak.0 <= target.ceiling.0, "{} {peak}", target.name);
        assert_eq!(plan.held_back, None);
    }
}

#[test]
fn loudness_is_not_bought_past_the_bound() {
    let mut clicks = vec![0.0_f32; 48_000 * 5];
    for (n, sample) in clicks.iter_mut().enumerate() {
        *sample = if n % 12_000 == 0 { 1.0 } else { 0.000_5 * ((n % 7) as f32 - 3.0) };
    }
    let buffer = Buffer::mono(SampleRate::STUDIO, clicks);
    let target = Target::named("club").unwrap();
    let plan = solved(&buffer, &target.on(Chain::default())).unwrap();
    assert_eq!(plan.held_back, Some(HeldBack::PeakLimiting));
    assert!(plan.limiting.0 >= -20.3, "{}", plan.limiting);
    // 61 dB under the target, and yet above the absolute gate.
    let sound = music();
    let down = target.loudness.0 - 61.0 - measure(&sound).0.integrated.unwrap().0;
    let quiet = |plane: &Vec<f32>| {
        plane.iter().map(|s| s * Decibels(down).amplitude() as f32).collect::<Vec<_>>()
    };
    let planes = sound.planes().iter().map(quiet).collect();
    let whisper = Buffer::from_planes(sound.rate(), planes).unwrap();
    let plan = solved(&whisper, &target.on(Chain::default())).unwrap();
    assert_eq!(plan.held_back, Some(HeldBack::Gain));
}

#[test]
fn a_gain_is_kept_and_its_loudness_measured() {
    let chain = Chain { loudness: Some(Loudness::GainDb(3.0)), ..Chain::default() };
    let buffer = music();
    let plan = solved(&buffer, &chain).unwrap();
    let before = measure(&buffer).0.integrated.unwrap();
    assert!((plan.loudness - before).0 - 3.0 < 1e-3);
    assert_eq!((plan.chain, plan.target), (chain, None));
}

#[test]
fn what_cannot_be_mastered_is_refused() {
    let ask = Target::DEFAULT.on(Chain::default());
    let silent = Buffer::mono(SampleRate::CD, vec![0.0; 44_100]);
    assert_eq!(solved(&silent, &ask), Err(Error::NotMeasurable));
    let short = Buffer::mono(SampleRate::CD, vec![0.5; 1]);
    assert_eq!(solved(&short, &ask), Err(Error::NotMeasurable));
    for chain in [&ask, &Chain::default()] {
        let mut foreign = music();
        foreign.stereo_mut().unwrap().1[500_000] = f32::INFINITY;
        let found = solved(&foreign, chain).unwrap_err();
        assert_eq!(found.to_string(), "channel 1 holds NaN or an infinite sample at frame 500000");
    }
    let deep = Chain { eq: vec![Band::bell(100.0, 1.0, f64::NAN)], ..ask };
    assert!(matches!(solved(&music(), &deep), Err(Error::OutOfRange { .. })));
    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = solve(&mut &music(), &Target::DEFAULT.on(Chain::default()), &cancel);
    assert!(matches!(stopped, Err(Error::Cancelled(_))));
}

#[test]
fn a_mean_that_the_limiter_leaves_is_taken_out_and_the_ceiling_still_holds() {
    // Each beat a burst whose upper half is three times as high as its lower one, and no mean.
    let wave: Vec<f32> = (0..48_000 * 8)
        .map(|n| {
            let beat = libm::exp(-f64::from(n % 12_000) / 1_500.0);
            let turn = f64::from(n) / 480.0 * std::f64::consts::TAU;
            let lopsided = libm::cos(turn) + 0.5 * libm::cos(2.0 * turn);
            (0.25 * (0.05 + beat) * lopsided) as f32
        })
        .collect();
    let buffer = Buffer::mono(SampleRate::STUDIO, wave);
    assert!(audio::analysis::dc_offset(&buffer).abs() < 5e-4);
    let chain = Target::named("club").unwrap().on(Chain::default());
    let (out, plan) = master(&buffer, &chain, &Cancel::new()).unwrap();
    assert!(plan.chain.limiter.unwrap().centred, "{plan:?}");
    let mean = audio::analysis::dc_offset(&out);
    assert!(mean.abs() < 5e-4, "{mean}");
    assert!(plan.true_peak.0 <= -0.3, "{}", plan.true_peak);
}
