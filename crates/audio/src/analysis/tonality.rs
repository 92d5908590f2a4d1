use crate::analysis::frames::PowerFrames;
use crate::analysis::key::{self, KeyReading};
use crate::analysis::spectrum::nearest_power_of_two;

/// Length of a window, seconds, to the nearest power of two samples; hop, seconds.
const WINDOW_S: f64 = 0.372;
const HOP_S: f64 = 0.186;
/// Where partials are read: below, semitones are narrower than the window can tell; above, there
/// is little but overtones.
const LOW_HZ: f64 = 100.0;
const TOP_HZ: f64 = 2_500.0;
/// Partials this far under the strongest of their window are left out, as amplitude.
const FAINT: f64 = 0.01;
/// Pitch class C, Hz, at A = 440.
const C_HZ: f64 = 261.625_565_300_598_6;
/// Steps in a semitone, by which the tuning is found.
const FINE: usize = 10;

/// Pitch classes of a whole sound, and what follows from them.
///
/// Spectral peaks, placed by a parabola, go into steps of 10 cents by their amplitude (harmonic
/// pitch class profile, Gomez 2006); the tuning of the whole sound folds them to twelve classes.
#[derive(Debug, Clone)]
pub(super) struct Tonality {
    frames: PowerFrames,
    classes: Classes,
}

#[derive(Debug, Clone)]
struct Classes {
    bin_hz: f64,
    first: usize,
    /// log2(hz / C) x 120 of each bin and of parts of it are read off by logarithm.
    whole: [f64; 12 * FINE],
    window: [f64; 12 * FINE],
    /// For each tuning the sum over windows of concentration times weight; then the weight.
    concentration: [f64; FINE],
    weight: f64,
}

/// The finished reading.
#[derive(Debug, Clone)]
pub(super) struct PitchClasses {
    pub(super) key: Option<KeyReading>,
    /// 0 to 1; `None` without any partial.
    pub(super) concentration: Option<f64>,
}

impl Tonality {
    pub(super) fn new(rate_hz: f64) -> Self {
        let size = nearest_power_of_two(WINDOW_S * rate_hz).max(64);
        let bin_hz = rate_hz / size as f64;
        let bins = (TOP_HZ / bin_hz) as usize + 2;
        let classes = Classes {
            bin_hz,
            first: (LOW_HZ / bin_hz).ceil() as usize,
            whole: [0.0; 12 * FINE],
            window: [0.0; 12 * FINE],
            concentration: [0.0; FINE],
            weight: 0.0,
        };
        Self { frames: PowerFrames::new(size, HOP_S * rate_hz, bins), classes }
    }

    pub(super) fn push(&mut self, mono: &[f32]) {
        let classes = &mut self.classes;
        self.frames.push(mono, |power| classes.push(power));
    }

    pub(super) fn finish(self) -> PitchClasses {
        let Self { frames, mut classes } = self;
        frames.finish(|power| classes.push(power));
        let tuning = tuning(&classes.whole);
        let concentration =
            (classes.weight > 0.0).then(|| classes.concentration[tuning] / classes.weight);
        PitchClasses { key: key::of(&folded(&classes.whole, tuning)), concentration }
    }
}

impl Classes {
    fn push(&mut self, power: &[f32]) {
        let strongest = power[self.first..].iter().fold(0.0_f32, |a, b| a.max(*b));
        let gate = f64::from(strongest) * FAINT * FAINT;
        self.window.fill(0.0);
        for k in self.first..power.len() - 1 {
            let here = f64::from(power[k]);
            let is_peak = power[k] > power[k - 1] && power[k] >= power[k + 1];
            if !is_peak || here < gate || here < f64::from(f32::MIN_POSITIVE) {
                continue;
            }
            let [before, after] = [power[k - 1], power[k + 1]]
                .map(|p| libm::log(f64::from(p.max(f32::MIN_POSITIVE)) / here));
            // The parabola through three logarithms: a Hann window's peak to 1 % of a bin.
            let bend = before + after;
            let offset = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
            let hz = (k as f64 + offset.clamp(-0.5, 0.5)) * self.bin_hz;
            let step = libm::log2(hz / C_HZ) * (12 * FINE) as f64;
            let step = libm::floor(step + 0.5) as i64;
            self.window[step.rem_euclid((12 * FINE) as i64) as usize] += here.sqrt();
        }
        let weight: f64 = self.window.iter().sum();
        if weight <= 0.0 {
            return;
        }
        for (whole, window) in self.whole.iter_mut().zip(&self.window) {
            *whole += window;
        }
        for (tuning, sum) in self.concentration.iter_mut().enumerate() {
            *sum += weight * concentration(&folded(&self.window, tuning));
        }
        self.weight += weight;
    }
}

/// 0 for twelve equal classes, 1 for one alone: (12 sum c^2 / (sum c)^2 - 1) / 11.
fn concentration(chroma: &[f64; 12]) -> f64 {
    let sum: f64 = chroma.iter().sum();
    let squares: f64 = chroma.iter().map(|c| c * c).sum();
    ((12.0 * squares / (sum * sum) - 1.0) / 11.0).clamp(0.0, 1.0)
}

/// How far the sound is tuned above A = 440, in steps: the circular mean of what partials are off.
fn tuning(fine: &[f64; 12 * FINE]) -> usize {
    let (mut x, mut y) = (0.0, 0.0);
    for (step, weight) in fine.iter().enumerate() {
        let angle = std::f64::consts::TAU * (step % FINE) as f64 / FINE as f64;
        x += weight * libm::cos(angle);
        y += weight * libm::sin(angle);
    }
    if x == 0.0 && y == 0.0 {
        return 0;
    }
    let step = libm::atan2(y, x) / std::f64::consts::TAU * FINE as f64;
    (libm::round(step) as i64).rem_euclid(FINE as i64) as usize
}

/// Twelve classes from C up: each takes the half semitone on both sides of its tuned pitch.
fn folded(fine: &[f64; 12 * FINE], tuning: usize) -> [f64; 12] {
    // A tuning above the half is one below the next pitch.
    let offset = if tuning > FINE / 2 { tuning as i64 - FINE as i64 } else { tuning as i64 };
    let mut chroma = [0.0; 12];
    for (step, weight) in fine.iter().enumerate() {
        let steps = (12 * FINE) as i64;
        let shifted = (step as i64 - offset + (FINE / 2) as i64).rem_euclid(steps) as usize;
        // The step half-way belongs to both neighbours.
        let class = shifted / FINE;
        if shifted.is_multiple_of(FINE) {
            chroma[class] += 0.5 * weight;
            chroma[(class + 11) % 12] += 0.5 * weight;
        } else {
            chroma[class] += weight;
        }
    }
    chroma
}
