use crate::{Decibels, SampleRate};

/// Second-order filter coefficients, a0 = 1. Designs follow R. Bristow-Johnson's "Cookbook
/// formulae for audio EQ biquad filter coefficients" (W3C note, 2021).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Biquad {
    pub(super) b: [f64; 3],
    pub(super) a: [f64; 2],
}

impl Biquad {
    /// Second-order low-pass; `q` = 0.7071 is Butterworth.
    pub fn low_pass(rate: SampleRate, hz: f64, q: f64) -> Self {
        let (cos, alpha) = angle(rate, hz, q);
        let edge = (1.0 - cos) / 2.0;
        Self::normalised([edge, 1.0 - cos, edge], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Second-order high-pass; `q` = 0.7071 is Butterworth.
    pub fn high_pass(rate: SampleRate, hz: f64, q: f64) -> Self {
        let (cos, alpha) = angle(rate, hz, q);
        let edge = (1.0 + cos) / 2.0;
        Self::normalised([edge, -1.0 - cos, edge], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// Second-order band-pass, 0 dB at `hz`.
    pub fn band_pass(rate: SampleRate, hz: f64, q: f64) -> Self {
        let (cos, alpha) = angle(rate, hz, q);
        Self::normalised([alpha, 0.0, -alpha], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
    }

    /// A bell that lifts or cuts around `hz`.
    pub fn peak(rate: SampleRate, hz: f64, q: f64, gain: Decibels) -> Self {
        let (cos, alpha) = angle(rate, hz, q);
        let a = libm::pow(10.0, gain.0 / 40.0);
        Self::normalised(
            [1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a],
            [1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a],
        )
    }

    /// Lifts or cuts everything below `hz`; slope 1.
    pub fn low_shelf(rate: SampleRate, hz: f64, gain: Decibels) -> Self {
        Self::shelf(rate, hz, gain, -1.0)
    }

    /// Lifts or cuts everything above `hz`; slope 1.
    pub fn high_shelf(rate: SampleRate, hz: f64, gain: Decibels) -> Self {
        Self::shelf(rate, hz, gain, 1.0)
    }

    fn shelf(rate: SampleRate, hz: f64, gain: Decibels, side: f64) -> Self {
        let (cos, alpha) = angle(rate, hz, std::f64::consts::FRAC_1_SQRT_2);
        let a = libm::pow(10.0, gain.0 / 40.0);
        let root = 2.0 * a.sqrt() * alpha;
        let (sum, difference) = (a + 1.0, side * (a - 1.0));
        Self::normalised(
            [
                a * (sum + difference * cos + root),
                -2.0 * a * (difference + sum * cos),
                a * (sum + difference * cos - root),
            ],
            [
                sum - difference * cos + root,
                2.0 * (difference - sum * cos),
                sum - difference * cos - root,
            ],
        )
    }

    fn normalised(b: [f64; 3], a: [f64; 3]) -> Self {
        Self { b: b.map(|c| c / a[0]), a: [a[1] / a[0], a[2] / a[0]] }
    }

    /// |H| at a frequency.
    pub fn magnitude(&self, rate: SampleRate, hz: f64) -> f64 {
        let w = std::f64::consts::TAU * hz / rate.hz_f64();
        let polynomial = |c: [f64; 3]| {
            let re = c[0] + c[1] * libm::cos(w) + c[2] * libm::cos(2.0 * w);
            let im = c[1] * libm::sin(w) + c[2] * libm::sin(2.0 * w);
            (re * re + im * im).sqrt()
        };
        polynomial(self.b) / polynomial([1.0, self.a[0], self.a[1]])
    }
}

fn angle(rate: SampleRate, hz: f64, q: f64) -> (f64, f64) {
    // A corner at or above Nyquist would fold; just below it is the nearest filter there is.
    let hz = hz.min(0.49 * rate.hz_f64());
    let w = std::f64::consts::TAU * hz / rate.hz_f64();
    (libm::cos(w), libm::sin(w) / (2.0 * q))
}

/// A [`Biquad`] at work on one channel: transposed direct form II in f64.
#[derive(Debug, Clone)]
pub struct BiquadFilter {
    design: Biquad,
    state: [f64; 2],
}

impl BiquadFilter {
    /// A filter at rest.
    pub fn new(design: Biquad) -> Self {
        Self { design, state: [0.0; 2] }
    }

    /// Filters a block in place.
    pub fn process(&mut self, block: &mut [f32]) {
        let Biquad { b, a } = self.design;
        let [mut s1, mut s2] = self.state;
        for sample in block {
            let x = f64::from(*sample);
            let y = b[0] * x + s1;
            s1 = b[1] * x - a[0] * y + s2;
            s2 = b[2] * x - a[1] * y;
            *sample = y as f32;
        }
        // Denormal state is far below hearing and a hundred times slower.
        self.state = [s1, s2].map(|s| if s.abs() < 1e-30 { 0.0 } else { s });
    }
}

#[cfg(test)]
mod tests {
    use super::{Biquad, BiquadFilter};
    use crate::{Decibels, SampleRate};

    const RATE: SampleRate = SampleRate::STUDIO;

    fn db(design: &Biquad, hz: f64) -> f64 {
        20.0 * libm::log10(design.magnitude(RATE, hz))
    }

    #[test]
    fn designs_do_what_their_names_say() {
        let q = std::f64::consts::FRAC_1_SQRT_2;
        let low = Biquad::low_pass(RATE, 1_000.0, q);
        assert!((db(&low, 1_000.0) + 3.01).abs() < 0.01 && db(&low, 10.0).abs() < 0.001);
        let high = Biquad::high_pass(RATE, 1_000.0, q);
        assert!((db(&high, 1_000.0) + 3.01).abs() < 0.01 && db(&high, 20_000.0).abs() < 0.01);
        let bell = Biquad::peak(RATE, 1_000.0, 1.0, Decibels(6.0));
        assert!((db(&bell, 1_000.0) - 6.0).abs() < 0.01 && db(&bell, 20.0).abs() < 0.02);
        for gain in [-6.0, 4.0] {
            let shelf = Biquad::low_shelf(RATE, 200.0, Decibels(gain));
            assert!((db(&shelf, 5.0) - gain).abs() < 0.02 && db(&shelf, 15_000.0).abs() < 0.02);
            assert!((db(&shelf, 200.0) - gain / 2.0).abs() < 0.02);
            let shelf = Biquad::high_shelf(RATE, 4_000.0, Decibels(gain));
            assert!((db(&shelf, 23_900.0) - gain).abs() < 0.02 && db(&shelf, 20.0).abs() < 0.02);
            assert!((db(&shelf, 4_000.0) - gain / 2.0).abs() < 0.02);
        }
    }

    #[test]
    fn the_filter_has_the_gain_of_its_design() {
        let design = Biquad::peak(RATE, 1_000.0, 0.8, Decibels(-9.0));
        let mut filter = BiquadFilter::new(design);
        let mut tone: Vec<f32> = (0..48_000)
            .map(|n| libm::sin(std::f64::consts::TAU * 700.0 * f64::from(n) / 48_000.0) as f32)
            .collect();
        filter.process(&mut tone);
        let crest = tone[24_000..].iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!((f64::from(crest) - design.magnitude(RATE, 700.0)).abs() < 1e-3);
    }
}
