use super::biquad::Biquad;

/// One frame of two channels that go through the same filters side by side.
pub type Pair = [f64; 2];

/// A [`Biquad`] at work on two channels: transposed direct form II.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairFilter {
    design: Biquad,
    state: [Pair; 2],
}

impl PairFilter {
    /// A filter at rest.
    pub fn new(design: Biquad) -> Self {
        Self { design, state: [[0.0; 2]; 2] }
    }

    /// Takes over what another filter remembers, and keeps its own response.
    pub fn inherit(&mut self, other: &Self) {
        self.state = other.state;
    }

    /// Filters one frame.
    #[inline(always)]
    pub fn next(&mut self, x: Pair) -> Pair {
        let Biquad { b, a } = self.design;
        let [s1, s2] = &mut self.state;
        let mut y = [0.0; 2];
        for lane in 0..2 {
            y[lane] = b[0] * x[lane] + s1[lane];
            s1[lane] = b[1] * x[lane] - a[0] * y[lane] + s2[lane];
            s2[lane] = b[2] * x[lane] - a[1] * y[lane];
        }
        y
    }

    /// Rounds what the filter remembers by [`settle`].
    pub fn settle(&mut self) {
        self.state = self.state.map(|pair| pair.map(settle));
    }
}

/// Rounds to a multiple of 2^-40 (-240 dB): far below hearing, and enough that two filters that
/// have nearly forgotten their different pasts become the same bit for bit. Denormals become 0.
#[inline(always)]
pub fn settle(value: f64) -> f64 {
    // Adding and taking away 1.5 x 2^12 leaves no bit below 2^-40.
    const GRID: f64 = 6_144.0;
    (value + GRID) - GRID
}

#[cfg(test)]
mod tests {
    use super::{PairFilter, settle};
    use crate::dsp::{Biquad, BiquadFilter};
    use crate::{Decibels, SampleRate};

    #[test]
    fn settling_rounds_to_the_grid() {
        let grid = libm::pow(2.0, -40.0);
        for value in [0.0, 1e-13, 1e-300, -0.3, 0.7, 3.9, -17.1, 1_000.0] {
            let settled = settle(value);
            assert!((settled - value).abs() <= grid / 2.0);
            assert!((settled / grid).fract().abs() < 1e-9);
        }
    }

    #[test]
    fn two_channels_are_filtered_as_one_would_be() {
        let design = Biquad::peak(SampleRate::STUDIO, 700.0, 0.8, Decibels(5.0));
        let mut pair = PairFilter::new(design);
        let mut single = BiquadFilter::new(design);
        let mut plane: Vec<f32> = (0..500).map(|n| ((n * 37) % 101) as f32 / 50.0 - 1.0).collect();
        let both: Vec<f32> =
            plane.iter().map(|x| pair.next([0.0, f64::from(*x)])[1] as f32).collect();
        single.process(&mut plane);
        assert_eq!(plane, both);
    }
}
