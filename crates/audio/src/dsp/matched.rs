use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

use super::biquad::Biquad;
use crate::{Decibels, SampleRate};

/// Second-order designs whose response follows the analogue one up to Nyquist, where those of the
/// bilinear transform are squeezed: M. Vicanek, "Matched Second Order Digital Filters" (2016).
/// Poles are the analogue ones (impulse invariance); the zeros are placed so that the magnitude is
/// the analogue one at 0 Hz, at the corner and between that and Nyquist.
impl Biquad {
    /// [`Self::low_pass`], not squeezed.
    pub fn matched_low_pass(rate: SampleRate, hz: f64, q: f64) -> Self {
        Prototype { zeros: [0.0, 0.0, 1.0], poles: [1.0, 1.0 / q, 1.0], gain: 1.0 }.at(rate, hz)
    }

    /// [`Self::high_pass`], not squeezed. Both zeros stay at 0 Hz, so that all below the corner
    /// falls by 12 dB an octave.
    pub fn matched_high_pass(rate: SampleRate, hz: f64, q: f64) -> Self {
        let prototype = Prototype { zeros: [1.0, 0.0, 0.0], poles: [1.0, 1.0 / q, 1.0], gain: 1.0 };
        let Biquad { a, .. } = prototype.at(rate, hz);
        let double = Biquad { b: [1.0, -2.0, 1.0], a };
        let corner = hz.min(HIGHEST * rate.hz_f64());
        let gain = prototype.power(1.0).sqrt() / double.magnitude(rate, corner);
        Biquad { b: double.b.map(|b| b * gain), a }
    }

    /// [`Self::peak`], not squeezed.
    pub fn matched_peak(rate: SampleRate, hz: f64, q: f64, gain: Decibels) -> Self {
        let a = libm::pow(10.0, gain.0 / 40.0);
        Prototype { zeros: [1.0, a / q, 1.0], poles: [1.0, 1.0 / (a * q), 1.0], gain: 1.0 }
            .at(rate, hz)
    }

    /// [`Self::low_shelf`], not squeezed; slope 1.
    pub fn matched_low_shelf(rate: SampleRate, hz: f64, gain: Decibels) -> Self {
        let a = libm::pow(10.0, gain.0 / 40.0);
        let middle = a.sqrt() / FRAC_1_SQRT_2;
        Prototype { zeros: [1.0, middle, a], poles: [a, middle, 1.0], gain: a }.at(rate, hz)
    }

    /// [`Self::high_shelf`], not squeezed; slope 1.
    pub fn matched_high_shelf(rate: SampleRate, hz: f64, gain: Decibels) -> Self {
        let a = libm::pow(10.0, gain.0 / 40.0);
        let middle = a.sqrt() / FRAC_1_SQRT_2;
        Prototype { zeros: [a, middle, 1.0], poles: [1.0, middle, a], gain: a }.at(rate, hz)
    }
}

/// An analogue second-order section around 1 rad/s, highest power of s first.
struct Prototype {
    zeros: [f64; 3],
    poles: [f64; 3],
    gain: f64,
}

/// Above this share of the rate there is no room between the corner and Nyquist to match in.
const HIGHEST: f64 = 0.49;

impl Prototype {
    /// |H|^2 at a frequency relative to the corner.
    fn power(&self, ratio: f64) -> f64 {
        let square = |c: [f64; 3]| {
            let (re, im) = (c[2] - c[0] * ratio * ratio, c[1] * ratio);
            re * re + im * im
        };
        self.gain * self.gain * square(self.zeros) / square(self.poles)
    }

    fn at(&self, rate: SampleRate, hz: f64) -> Biquad {
        let corner = TAU * hz.min(HIGHEST * rate.hz_f64()) / rate.hz_f64();
        // The poles s = w (-d +- sqrt(d^2 - 1)) become e^s.
        let [first, middle, last] = self.poles;
        let w = corner * (last / first).sqrt();
        let damping = middle / (2.0 * (first * last).sqrt());
        let decay = libm::exp(-damping * w);
        let turn = if damping <= 1.0 {
            libm::cos(w * (1.0 - damping * damping).sqrt())
        } else {
            libm::cosh(w * (damping * damping - 1.0).sqrt())
        };
        let a = [-2.0 * decay * turn, decay * decay];
        let at_zero = 1.0 + a[0] + a[1];
        let at_nyquist = 1.0 - a[0] + a[1];
        let poles = [at_zero * at_zero, at_nyquist * at_nyquist, -4.0 * a[1]];
        // |H|^2 at 0 Hz, at the corner and half-way from there to Nyquist give the three numbers
        // of the numerator (equation 14 of the paper, with other places than its own).
        let zero = poles[0] * self.power(0.0);
        let row = |w: f64| {
            let half = libm::sin(w / 2.0);
            let phi = [1.0 - half * half, half * half, 4.0 * (1.0 - half * half) * half * half];
            let denominator = poles[0] * phi[0] + poles[1] * phi[1] + poles[2] * phi[2];
            (phi[1], phi[2], self.power(w / corner) * denominator - zero * phi[0])
        };
        let (near, far) = (row(corner), row(0.5 * (corner + PI)));
        let determinant = near.0 * far.1 - near.1 * far.0;
        let nyquist = ((near.2 * far.1 - near.1 * far.2) / determinant).max(0.0);
        let between = (near.0 * far.2 - near.2 * far.0) / determinant;
        let sum = 0.5 * (zero.sqrt() + nyquist.sqrt());
        let b1 = 0.5 * (zero.sqrt() - nyquist.sqrt());
        let b0 = 0.5 * (sum + (sum * sum + between).max(0.0).sqrt());
        // A high-pass has both zeros at 0 Hz, and nothing there to divide.
        let b2 = if b0 == 0.0 { 0.0 } else { -between / (4.0 * b0) };
        Biquad { b: [b0, b1, b2], a }
    }
}

#[cfg(test)]
mod tests {
    use super::Biquad;
    use crate::{Decibels, SampleRate};

    fn db(design: &Biquad, rate: SampleRate, hz: f64) -> f64 {
        20.0 * libm::log10(design.magnitude(rate, hz))
    }

    /// The analogue bell.
    fn bell(hz: f64, centre: f64, q: f64, gain_db: f64) -> f64 {
        let (a, x) = (libm::pow(10.0, gain_db / 40.0), hz / centre);
        let square = |m: f64| (1.0 - x * x) * (1.0 - x * x) + m * m * x * x;
        10.0 * libm::log10(square(a / q) / square(1.0 / (a * q)))
    }

    #[test]
    fn a_bell_near_nyquist_keeps_its_analogue_shape_at_every_rate() {
        for hz in [44_100, 48_000, 96_000] {
            let rate = SampleRate::new(hz).unwrap();
            for (centre, q, gain) in [(12_000.0, 1.0, 4.0), (9_000.0, 0.7, -4.0), (100.0, 1.4, 6.0)]
            {
                let design = Biquad::matched_peak(rate, centre, q, Decibels(gain));
                for hz in [20.0, 100.0, 1_000.0, 5_000.0, 9_000.0, 12_000.0, 16_000.0] {
                    let (ours, analogue) = (db(&design, rate, hz), bell(hz, centre, q, gain));
                    // The bilinear design is up to 1.6 dB off here.
                    assert!(
                        (ours - analogue).abs() < 0.2,
                        "{rate} {centre} {hz}: {ours} {analogue}"
                    );
                }
            }
        }
    }

    #[test]
    fn shelves_and_passes_do_what_their_names_say() {
        for hz in [8_000, 44_100, 192_000] {
            let rate = SampleRate::new(hz).unwrap();
            for gain in [-6.0, 4.0] {
                let low = Biquad::matched_low_shelf(rate, 200.0, Decibels(gain));
                assert!((db(&low, rate, 4.0) - gain).abs() < 0.03, "{}", db(&low, rate, 4.0));
                assert!(db(&low, rate, 3_900.0).abs() < 0.05);
                assert!((db(&low, rate, 200.0) - gain / 2.0).abs() < 0.05);
                let high = Biquad::matched_high_shelf(rate, 2_000.0, Decibels(gain));
                assert!(db(&high, rate, 20.0).abs() < 0.03);
                assert!((db(&high, rate, 2_000.0) - gain / 2.0).abs() < 0.05);
            }
            let q = std::f64::consts::FRAC_1_SQRT_2;
            let pass = Biquad::matched_high_pass(rate, 100.0, q);
            assert!((db(&pass, rate, 100.0) + 3.01).abs() < 0.01);
            assert!(db(&pass, rate, 10.0) < -39.0 && db(&pass, rate, 3_000.0).abs() < 0.02);
            let pass = Biquad::matched_low_pass(rate, 1_000.0, q);
            assert!(
                (db(&pass, rate, 1_000.0) + 3.01).abs() < 0.01
                    && db(&pass, rate, 20.0).abs() < 0.01
            );
            // At zero a high-pass lets nothing through.
            assert!(Biquad::matched_high_pass(rate, 4.0, 0.5).magnitude(rate, 0.0) < 1e-6);
        }
    }
}
