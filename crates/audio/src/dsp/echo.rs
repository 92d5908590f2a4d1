use super::biquad::{Biquad, BiquadFilter};
use crate::{Frames, SampleRate};

/// Echoes that wander from side to side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EchoSettings {
    /// From one echo to the next.
    pub interval: Frames,
    /// Level of each echo to the one before, 0 to 0.9.
    pub feedback: f64,
    /// Each echo loses what is above this, Hz.
    pub low_pass_hz: f64,
    /// Each echo loses what is below this, Hz.
    pub high_pass_hz: f64,
}

/// A ping-pong delay: the left input sounds left, then right, then left, each time darker.
#[derive(Debug, Clone)]
pub struct Echo {
    lines: [Vec<f32>; 2],
    at: usize,
    feedback: f32,
    filters: [[BiquadFilter; 2]; 2],
}

impl Echo {
    /// A delay that has heard nothing.
    pub fn new(rate: SampleRate, settings: EchoSettings) -> Self {
        let q = std::f64::consts::FRAC_1_SQRT_2;
        let low_pass = BiquadFilter::new(Biquad::low_pass(rate, settings.low_pass_hz, q));
        let high_pass = BiquadFilter::new(Biquad::high_pass(rate, settings.high_pass_hz, q));
        let length = settings.interval.index().max(1);
        Self {
            lines: [vec![0.0; length], vec![0.0; length]],
            at: 0,
            feedback: settings.feedback as f32,
            filters: std::array::from_fn(|_| [low_pass.clone(), high_pass.clone()]),
        }
    }

    /// Turns a dry block into its echoes, in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let mut start = 0;
        while start < left.len() {
            // As far as the ring runs on: what is read there was written before this stretch.
            let count = (self.lines[0].len() - self.at).min(left.len() - start);
            self.stretch(&mut left[start..start + count], &mut right[start..start + count]);
            start += count;
            self.at = (self.at + count) % self.lines[0].len();
        }
    }

    fn stretch(&mut self, left: &mut [f32], right: &mut [f32]) {
        let span = self.at..self.at + left.len();
        for (line, [low_pass, high_pass]) in self.lines.iter_mut().zip(&mut self.filters) {
            low_pass.process(&mut line[span.clone()]);
            high_pass.process(&mut line[span.clone()]);
        }
        let [first, second] = &mut self.lines;
        let rings = first[span.clone()].iter_mut().zip(&mut second[span]);
        for ((l, r), (first, second)) in left.iter_mut().zip(right).zip(rings) {
            let (echo_l, echo_r) = (*first, *second);
            // Crossed: what came out left goes in right.
            *first = *l + self.feedback * echo_r;
            *second = *r + self.feedback * echo_l;
            (*l, *r) = (echo_l, echo_r);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Echo, EchoSettings};
    use crate::{Frames, SampleRate};

    #[test]
    fn echoes_come_on_time_crossed_and_weaker() {
        let settings = EchoSettings {
            interval: Frames(1_000),
            feedback: 0.5,
            low_pass_hz: 20_000.0,
            high_pass_hz: 10.0,
        };
        let mut left = vec![0.0_f32; 4_000];
        let mut right = vec![0.0_f32; 4_000];
        left[0] = 1.0;
        Echo::new(SampleRate::STUDIO, settings).process(&mut left, &mut right);
        let crest = |plane: &[f32], at: usize| {
            plane[at..at + 20].iter().fold(0.0_f32, |p, s| p.max(s.abs()))
        };
        assert!(left[..1_000].iter().all(|s| *s == 0.0));
        // Band-limited, a single sample loses some of its crest.
        assert!(crest(&left, 1_000) > 0.5);
        assert!(crest(&right, 2_000) > 0.15 && crest(&right, 1_000) < 0.01);
        assert!(crest(&left, 3_000) > 0.05 && crest(&left, 2_000) < 0.05);
    }
}
