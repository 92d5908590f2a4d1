//! Sounds whose readings are known, at any rate.

use std::f64::consts::TAU;

use crate::{Buffer, SampleRate};

/// Deterministic white noise, +-1.
pub(super) fn white(rate: SampleRate, seconds: f64, seed: u32) -> Vec<f32> {
    let mut state = seed | 1;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state >> 8) / f64::from(1 << 23) - 1.0) as f32
    };
    (0..rate.frames(seconds).index()).map(next).collect()
}

/// Pink noise: white through Paul Kellet's filter.
pub(super) fn pink(rate: SampleRate, seconds: f64, seed: u32) -> Vec<f32> {
    const POLES: [(f64, f64); 6] = [
        (0.998_86, 0.055_517_9),
        (0.993_32, 0.075_075_9),
        (0.969, 0.153_852),
        (0.866_5, 0.310_485_6),
        (0.55, 0.532_952_2),
        (-0.761_6, -0.016_898),
    ];
    let mut state = [0.0; 6];
    let filter = |sample: f32| {
        let white = f64::from(sample);
        let mut sum = white * 0.5362;
        for (state, (pole, gain)) in state.iter_mut().zip(POLES) {
            *state = pole * *state + gain * white;
            sum += *state;
        }
        (sum * 0.1) as f32
    };
    white(rate, seconds, seed).into_iter().map(filter).collect()
}

/// What a function of time in seconds says.
pub(super) fn of_time(rate: SampleRate, seconds: f64, wave: impl Fn(f64) -> f64) -> Vec<f32> {
    let frames = rate.frames(seconds).index();
    (0..frames).map(|n| wave(n as f64 / rate.hz_f64()) as f32).collect()
}

pub(super) fn sine(hz: f64) -> impl Fn(f64) -> f64 {
    move |t| 0.5 * libm::sin(TAU * hz * t)
}

/// Tones with four partials each.
pub(super) fn chord(hz: &[f64]) -> impl Fn(f64) -> f64 + '_ {
    move |t| {
        let tone = |hz: &f64| -> f64 {
            (1..=4).map(|k| libm::sin(TAU * hz * f64::from(k) * t) / f64::from(k * k)).sum()
        };
        hz.iter().map(tone).sum::<f64>() * 0.5 / hz.len() as f64
    }
}

/// A sine with a vibrato of +-half a semitone, 5.5 times a second.
pub(super) fn vibrato(hz: f64) -> impl Fn(f64) -> f64 {
    const RATE_HZ: f64 = 5.5;
    let depth = hz * (libm::pow(2.0, 0.5 / 12.0) - 1.0) / RATE_HZ;
    move |t| 0.5 * libm::sin(TAU * hz * t + depth * libm::sin(TAU * RATE_HZ * t))
}

/// Short decaying bursts of many tones on each beat.
pub(super) fn clicks(bpm: f64) -> impl Fn(f64) -> f64 {
    move |t| {
        let beat = 60.0 / bpm;
        let since = t - beat * (t / beat).floor();
        let burst: f64 = [1_013.0, 1_907.0, 2_801.0, 3_709.0, 4_603.0, 611.0, 307.0]
            .iter()
            .map(|hz| libm::sin(TAU * hz * since))
            .sum();
        0.1 * burst * libm::exp(-since / 0.004)
    }
}

/// Kick on one and three, snare on two and four, hats on eighths: four beats a bar.
pub(super) fn drums(bpm: f64) -> impl Fn(f64) -> f64 {
    move |t| {
        let eighth = 30.0 / bpm;
        let step = (t / eighth).floor();
        let since = t - step * eighth;
        // Tones without order instead of noise: the same sound at every rate.
        let hiss = |salt: f64| -> f64 {
            let tone = |k: u32| libm::sin(TAU * (2_900.0 + 307.7 * f64::from(k) + salt) * t);
            if since > 0.2 { 0.0 } else { (0..24).map(tone).sum::<f64>() / 5.0 }
        };
        let hat = 0.08 * hiss(0.3) * libm::exp(-since / 0.012);
        let drum = match step as i64 % 4 {
            0 => libm::sin(TAU * 55.0 * since) * libm::exp(-since / 0.09),
            2 => 0.4 * (hiss(1.7) + libm::sin(TAU * 190.0 * since)) * libm::exp(-since / 0.05),
            _ => 0.0,
        };
        0.5 * drum + hat
    }
}

/// A progression with bass, chords and drums, 120 beats a minute, C major.
pub(super) fn song() -> impl Fn(f64) -> f64 {
    const CHORDS: [[f64; 4]; 4] = [
        [65.41, 261.63, 329.63, 392.0],
        [87.31, 261.63, 349.23, 440.0],
        [98.0, 246.94, 293.66, 392.0],
        [65.41, 261.63, 329.63, 392.0],
    ];
    let beat = drums(120.0);
    move |t| {
        let bar = (t / 2.0) as usize;
        let since = t - 2.0 * bar as f64;
        let swell = libm::exp(-since / 1.5) * (1.0 - libm::exp(-since / 0.02));
        0.6 * beat(t) + 0.5 * swell * chord(&CHORDS[bar % 4])(t)
    }
}

pub(super) fn mono(rate: SampleRate, plane: Vec<f32>) -> Buffer {
    Buffer::mono(rate, plane)
}

pub(super) fn stereo(rate: SampleRate, left: Vec<f32>, right: Vec<f32>) -> Buffer {
    Buffer::from_planes(rate, vec![left, right]).unwrap()
}
