use audio::dsp::{Biquad, PairFilter};
use audio::{Decibels, SampleRate};

use crate::limiter::Limiter;
use crate::rack::QUANTUM;

/// Far below any tone; two real poles at once.
const CORNER_HZ: f64 = 4.0;
const CORNER_Q: f64 = 0.5;

/// What follows the limiter where it leaves a mean: a high-pass, and a limiter for what grows by
/// it. Where it has nothing to do it is as late.
#[derive(Debug, Clone)]
pub(super) struct Centre {
    on: bool,
    filters: Vec<PairFilter>,
    limiter: Limiter,
}

impl Centre {
    pub(super) fn new(rate: SampleRate, channels: usize, on: bool, ceiling: Decibels) -> Self {
        let filter = PairFilter::new(Biquad::matched_high_pass(rate, CORNER_HZ, CORNER_Q));
        Self {
            on,
            filters: vec![filter; channels.div_ceil(2)],
            limiter: Limiter::new(rate, channels, ceiling),
        }
    }

    pub(super) fn set(&mut self, on: bool, ceiling: Decibels) {
        self.on = on;
        self.limiter.set_ceiling(ceiling);
    }

    pub(super) fn latency(&self) -> usize {
        self.limiter.latency()
    }

    /// The first `sounding` frames are of the sound, the others come after its end.
    #[inline(always)]
    pub(super) fn process(&mut self, planes: &mut [[f32; QUANTUM]], sounding: usize) {
        if !self.on {
            self.limiter.delay(planes);
            return;
        }
        for (filter, pair) in self.filters.iter_mut().zip(planes.chunks_mut(2)) {
            for n in 0..QUANTUM {
                let right = pair.get(1).map_or(0.0, |plane| f64::from(plane[n]));
                let out = filter.next([f64::from(pair[0][n]), right]);
                for (plane, sample) in pair.iter_mut().zip(out) {
                    plane[n] = sample as f32;
                }
            }
        }
        planes.iter_mut().for_each(|plane| plane[sounding..].fill(0.0));
        self.limiter.process(planes);
    }

    pub(super) fn settle(&mut self) {
        self.filters.iter_mut().for_each(PairFilter::settle);
        self.limiter.settle();
    }
}
