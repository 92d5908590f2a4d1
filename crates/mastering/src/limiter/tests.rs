use audio::loudness::{Meter, Oversampling};
use audio::{Buffer, Decibels, Frames, Layout, SampleRate};
use clock::Seed;
use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

use super::Limiter;

const RATE: SampleRate = SampleRate::STUDIO;
const CEILING: Decibels = Decibels(-1.0);
/// What the issue of true peaks allows, judged by a 16x grid of 64 taps a phase.
const TOLERANCE_DB: f64 = 0.05;

fn oracle(buffer: &Buffer) -> f64 {
    let mut meter =
        Meter::with_true_peak(buffer.rate(), buffer.layout(), Some(Oversampling::Sixteen));
    let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    meter.push(&planes);
    meter.finish().0.true_peak.map_or(f64::NEG_INFINITY, |peak| peak.0)
}

fn limited(plane: &[f32], gain: f32) -> Buffer {
    through(&[plane.iter().map(|s| s * gain).collect()])
}

/// The whole sound at once, without delay.
fn through(planes: &[Vec<f32>]) -> Buffer {
    let mut limiter = Limiter::new(RATE, planes.len(), CEILING);
    let latency = limiter.latency();
    let mut planes = planes.to_vec();
    for plane in &mut planes {
        plane.resize(plane.len() + latency, 0.0);
    }
    limiter.process(&mut planes);
    let mut out = Buffer::from_planes(RATE, planes).unwrap();
    out.skip(Frames(latency as u64));
    out
}

fn sine(divisor: f64, degrees: f64, length: usize) -> Vec<f32> {
    (0..length)
        .map(|n| {
            let turns = n as f64 / divisor + degrees / 360.0;
            libm::sin(std::f64::consts::TAU * turns) as f32
        })
        .collect()
}

fn bursts(divisor: f64, degrees: f64) -> Vec<f32> {
    let mut plane = sine(divisor, degrees, 48_000);
    for (n, sample) in plane.iter_mut().enumerate() {
        if n % 4_800 > 200 {
            *sample *= 0.05;
        }
    }
    plane
}

fn square(period: usize) -> Vec<f32> {
    (0..48_000).map(|n| if n % period < period / 2 { 1.0 } else { -1.0 }).collect()
}

/// Pink noise by the Voss-McCartney sum of 16 octaves, peaks near full scale.
fn pink() -> Vec<f32> {
    let mut chance = Seed(5).stream("pink");
    let mut rows = [0.0_f64; 16];
    (0..96_000_u32)
        .map(|n| {
            let row = (n.trailing_zeros() as usize).min(15);
            rows[row] = chance.between(-1.0, 1.0);
            (rows.iter().sum::<f64>() / 5.0) as f32
        })
        .collect()
}

#[test]
fn the_ceiling_holds_on_hostile_signals_up_to_6_db_over() {
    let mut signals = vec![("pink".to_owned(), pink())];
    for (divisor, degrees) in
        [(4.0, 0.0), (4.0, 45.0), (6.0, 60.0), (8.0, 67.5), (4.01, 10.0), (2.5, 33.0)]
    {
        signals.push((format!("sine fs/{divisor}"), sine(divisor, degrees, 24_000)));
        signals.push((format!("bursts fs/{divisor}"), bursts(divisor, degrees)));
    }
    for period in [4, 10, 48, 480] {
        signals.push((format!("square {period}"), square(period)));
    }
    for (name, plane) in signals {
        for gain in [0.9, 1.4, 2.0] {
            let peak = oracle(&limited(&plane, gain));
            assert!(peak <= CEILING.0 + TOLERANCE_DB, "{name} x {gain}: {peak:.3} dBTP");
        }
    }
}

#[test]
fn below_the_threshold_every_bit_passes() {
    let plane: Vec<f32> = sine(50.0, 0.0, 9_000).iter().map(|s| s * 0.5).collect();
    assert_eq!(limited(&plane, 1.0).plane(0), plane);
}

#[test]
fn after_a_peak_the_gain_returns_to_exactly_one() {
    let mut plane: Vec<f32> = sine(50.0, 0.0, 48_000 * 40).iter().map(|s| s * 0.5).collect();
    plane[1_000] = 1.9;
    let out = limited(&plane, 1.0);
    let touched = out.plane(0).iter().zip(&plane).rposition(|(a, b)| a != b).unwrap();
    assert!(touched < 48_000 * 36, "still reducing at frame {touched}");
    assert_eq!(out.plane(0)[..700], plane[..700]);
}

#[test]
fn channels_share_one_gain() {
    let loud = sine(9.0, 0.0, 9_600);
    let loud: Vec<f32> = loud.iter().map(|s| s * 2.0).collect();
    let soft: Vec<f32> = loud.iter().map(|s| s * 0.25).collect();
    let buffer = through(&[loud, soft]);
    for (l, r) in buffer.plane(0).iter().zip(buffer.plane(1)) {
        assert!((l * 0.25 - r).abs() < 1e-6);
    }
}

#[test]
fn a_step_of_gain_is_never_abrupt() {
    let mut plane = vec![0.3_f32; 9_600];
    plane[5_000] = 3.0;
    let out = limited(&plane, 1.0);
    let steps = out.plane(0).windows(2).enumerate().filter(|(n, _)| !(4_999..=5_000).contains(n));
    let steepest = steps.map(|(_, w)| (w[1] - w[0]).abs()).fold(0.0, f32::max);
    assert!(steepest < 0.3 * 0.012, "{steepest}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_stream_is_the_whole_delayed(seed in 0_u64..1000, cuts in prop::collection::vec(1_usize..700, 1..30)) {
        let mut chance = Seed(seed).stream("stream");
        let planes: Vec<Vec<f32>> = (0..2).map(|_| (0..12_000).map(|_| chance.between(-1.6, 1.6) as f32).collect()).collect();
        let whole = through(&planes);
        let mut stream = Limiter::new(RATE, Layout::Stereo.channels(), CEILING);
        let latency = stream.latency();
        let mut fed = planes;
        for plane in &mut fed {
            plane.extend(std::iter::repeat_n(0.0, latency));
        }
        let mut at = 0;
        for cut in cuts.iter().cycle() {
            let to = (at + cut).min(fed[0].len());
            let mut block: Vec<&mut [f32]> = fed.iter_mut().map(|p| &mut p[at..to]).collect();
            stream.process(&mut block);
            at = to;
            if at == fed[0].len() { break; }
        }
        for (fed, whole) in fed.iter().zip(whole.planes()) {
            prop_assert!(fed[latency..] == **whole);
        }
        prop_assert!(oracle(&whole) <= CEILING.0 + TOLERANCE_DB);
    }
}
