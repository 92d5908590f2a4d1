//! The outline of a sound of unknown length, drawn while it is heard, in bounded memory.

use audio::SampleRate;
use audio::analysis::Extremes;

/// At least half as many stretches, at most so many: finer than any screen shows.
const MOST: usize = 2_000;
const NOTHING: Extremes = Extremes { low: f32::INFINITY, high: f32::NEG_INFINITY };

/// The lowest and highest sample of each stretch. When there are too many, two become one.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    /// Frames of a stretch.
    step: usize,
    /// Frames of the last one that were heard.
    filled: usize,
    stretches: Vec<Extremes>,
}

impl Outline {
    pub(crate) fn new() -> Self {
        Self { step: 1, filled: 1, stretches: Vec::with_capacity(MOST) }
    }

    /// Hears one block: a slice per channel, all of one length.
    pub(crate) fn push(&mut self, planes: &[&[f32]]) {
        let length = planes.first().map_or(0, |plane| plane.len());
        let mut from = 0;
        while from < length {
            if self.filled == self.step {
                self.begin();
            }
            let to = length.min(from + self.step - self.filled);
            let heard = planes.iter().flat_map(|plane| &plane[from..to]);
            if let Some(last) = self.stretches.last_mut() {
                *last = heard.fold(*last, |e, s| joined(e, Extremes { low: *s, high: *s }));
            }
            self.filled += to - from;
            from = to;
        }
    }

    fn begin(&mut self) {
        if self.stretches.len() == MOST {
            self.stretches = self.stretches.chunks(2).map(|two| joined(two[0], two[1])).collect();
            self.step *= 2;
        }
        self.stretches.push(NOTHING);
        self.filled = 0;
    }

    /// Middle of each stretch in seconds, its lowest and its highest sample.
    pub(crate) fn spans(&self, rate: SampleRate) -> Vec<(f64, f64, f64)> {
        let seconds = self.step as f64 / rate.hz_f64();
        self.stretches
            .iter()
            .enumerate()
            .map(|(n, e)| ((n as f64 + 0.5) * seconds, f64::from(e.low), f64::from(e.high)))
            .collect()
    }
}

fn joined(a: Extremes, b: Extremes) -> Extremes {
    Extremes { low: a.low.min(b.low), high: a.high.max(b.high) }
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use audio::SampleRate;

    #[test]
    fn every_peak_is_in_the_outline_whatever_the_blocks() {
        let plane: Vec<f32> = (0..50_000).map(|n| if n == 31_337 { -0.9 } else { 0.1 }).collect();
        let drawn = |size: usize| {
            let mut outline = Outline::new();
            plane.chunks(size).for_each(|block| outline.push(&[block]));
            outline.spans(SampleRate::STUDIO)
        };
        let spans = drawn(50_000);
        assert_eq!(spans, drawn(77));
        assert!((1_000..=2_000).contains(&spans.len()), "{}", spans.len());
        let low: Vec<_> = spans.iter().filter(|(_, low, _)| *low < 0.0).collect();
        assert_eq!(low.len(), 1);
        assert!((low[0].0 - 31_337.0 / 48_000.0).abs() < 0.001);
        assert!(spans.iter().all(|(_, _, high)| (*high - 0.1).abs() < 1e-6));
    }
}
