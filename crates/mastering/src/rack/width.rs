use audio::SampleRate;
use audio::dsp::{Biquad, PairFilter};

use super::Block;
use crate::chain::Width;

/// Left and right as middle and side: the side is scaled, and taken out where the bass is to be
/// mono.
#[derive(Debug, Clone)]
pub(super) struct Image {
    side: f64,
    /// On the side alone; the other lane is idle.
    bass: Option<PairFilter>,
}

impl Image {
    pub(super) fn new(rate: SampleRate, settings: Width) -> Self {
        let bass = settings.mono_below_hz.map(|hz| {
            PairFilter::new(Biquad::matched_high_pass(rate, hz, std::f64::consts::FRAC_1_SQRT_2))
        });
        Self { side: settings.side, bass }
    }

    #[inline(always)]
    pub(super) fn process(&mut self, block: &mut Block) {
        for [left, right] in block {
            let middle = 0.5 * (*left + *right);
            let mut side = 0.5 * (*left - *right) * self.side;
            if let Some(filter) = &mut self.bass {
                [side, _] = filter.next([side, 0.0]);
            }
            (*left, *right) = (middle + side, middle - side);
        }
    }

    pub(super) fn inherit(&mut self, earlier: &Self) {
        if let (Some(now), Some(before)) = (&mut self.bass, &earlier.bass) {
            now.inherit(before);
        }
    }

    pub(super) fn settle(&mut self) {
        self.bass.iter_mut().for_each(PairFilter::settle);
    }
}
