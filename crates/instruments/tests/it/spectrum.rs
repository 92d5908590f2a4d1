//! What a sound holds at single frequencies.

use std::ops::Range;

use crate::play::RATE;

/// How far apart the measured frequencies of one band lie, in widths of the window's main lobe.
const SPREAD: f64 = 1.0;

/// The gain in dB that leads from one sound to another around a frequency: the part of `output`
/// that is coherent with `input`, over nine neighbouring frequencies of one raised-cosine window.
pub(crate) fn gain(input: &[f32], output: &[f32], hz: f64) -> f64 {
    let apart = SPREAD * RATE as f64 / input.len() as f64;
    let (mut across, mut itself) = ([0.0, 0.0], 0.0);
    for step in -4..=4 {
        let hz = hz + f64::from(step) * apart;
        let ([a, b], [c, d]) = (component(input, hz), component(output, hz));
        across[0] += a * c + b * d;
        across[1] += a * d - b * c;
        itself += a * a + b * b;
    }
    20.0 * libm::log10(libm::hypot(across[0], across[1]) / itself)
}

/// The energy in some frequencies, in dB of an arbitrary but constant reference.
pub(crate) fn energy_between(sound: &[f32], hertz: Range<f64>) -> f64 {
    let apart = 2.0 * RATE as f64 / sound.len() as f64;
    let (mut sum, mut hz) = (0.0, hertz.start);
    while hz < hertz.end {
        let [a, b] = component(sound, hz);
        sum += a * a + b * b;
        hz += apart;
    }
    10.0 * libm::log10(sum)
}

/// One frequency of a windowed sound, as a complex number.
fn component(sound: &[f32], hz: f64) -> [f64; 2] {
    let tau = std::f64::consts::TAU;
    let (mut wave, mut bell) =
        (Turner::new(tau * hz / RATE as f64), Turner::new(tau / sound.len() as f64));
    let mut sum = [0.0; 2];
    for sample in sound {
        let weighted = f64::from(*sample) * (0.5 - 0.5 * bell.at[0]);
        sum[0] += weighted * wave.at[0];
        sum[1] -= weighted * wave.at[1];
        wave.turn();
        bell.turn();
    }
    sum
}

/// A point going around the unit circle.
struct Turner {
    at: [f64; 2],
    by: [f64; 2],
}

impl Turner {
    fn new(angle: f64) -> Self {
        Self { at: [1.0, 0.0], by: [libm::cos(angle), libm::sin(angle)] }
    }

    fn turn(&mut self) {
        let ([x, y], [c, s]) = (self.at, self.by);
        self.at = [x * c - y * s, x * s + y * c];
    }
}
