use audio::dsp::{Biquad, PairFilter};
use audio::{Layout, SampleRate};

use super::dynamics::{Curve, Follower, TICKS, power};
use super::{Block, QUANTUM, TICK, pairs};
use crate::chain::{Band, Dynamic};

/// The bands that stand still, then those that move.
#[derive(Debug, Clone)]
pub(super) struct Equaliser {
    /// Per pair all filters.
    still: Vec<Vec<PairFilter>>,
    moving: Vec<Moving>,
}

impl Equaliser {
    pub(super) fn new(rate: SampleRate, layout: Layout, bands: &[Band]) -> Self {
        let still: Vec<PairFilter> = bands
            .iter()
            .filter(|band| band.dynamic.is_none())
            .map(|band| PairFilter::new(band.design(rate)))
            .collect();
        let moving = bands
            .iter()
            .filter_map(|band| band.dynamic.map(|dynamic| Moving::new(rate, layout, band, dynamic)))
            .collect();
        Self { still: vec![still; pairs(layout)], moving }
    }

    /// Bands are matched by their place.
    pub(super) fn inherit(&mut self, earlier: &Self) {
        for (now, before) in self.still.iter_mut().zip(&earlier.still) {
            now.iter_mut().zip(before).for_each(|(now, before)| now.inherit(before));
        }
        for (now, before) in self.moving.iter_mut().zip(&earlier.moving) {
            now.inherit(before);
        }
    }

    #[inline(always)]
    pub(super) fn process(&mut self, sound: &mut [Block]) {
        for (filters, block) in self.still.iter_mut().zip(&mut *sound) {
            let (fours, rest) = filters.as_chunks_mut::<4>();
            for four in fours {
                run(four.each_mut(), block);
            }
            match rest {
                [a] => run([a], block),
                [a, b] => run([a, b], block),
                [a, b, c] => run([a, b, c], block),
                _ => {}
            }
        }
        for moving in &mut self.moving {
            moving.process(sound);
        }
    }

    pub(super) fn settle(&mut self) {
        self.still.iter_mut().flatten().for_each(PairFilter::settle);
        self.moving.iter_mut().for_each(Moving::settle);
    }
}

/// Filters in series over a quantum, several at a time, so that the processor need not wait for
/// one sum before it begins the next.
#[inline(always)]
pub(super) fn run<const N: usize>(filters: [&mut PairFilter; N], block: &mut Block) {
    let mut at_work = filters.each_ref().map(|filter| **filter);
    for frame in block {
        let mut x = *frame;
        for filter in &mut at_work {
            x = filter.next(x);
        }
        *frame = x;
    }
    for (filter, done) in filters.into_iter().zip(at_work) {
        *filter = done;
    }
}

/// A bell whose gain answers to the level in its band: the sound, and (gain - 1) times a band-pass
/// of it, which together are a bell of that gain.
#[derive(Debug, Clone)]
struct Moving {
    /// Per pair.
    filters: Vec<PairFilter>,
    follower: Follower,
    bands: Vec<Block>,
}

impl Moving {
    fn new(rate: SampleRate, layout: Layout, band: &Band, dynamic: Dynamic) -> Self {
        let design = Biquad::band_pass(rate, band.hz, band.sharpness());
        let most = band.gain_db.unwrap_or(0.0);
        let curve = Curve {
            threshold: dynamic.threshold_db,
            slope: dynamic.slope,
            knee: 6.0,
            range: most.abs(),
            lifts: most > 0.0,
            makeup: 1.0,
        };
        let ticks = rate.hz_f64() / TICK as f64;
        Self {
            filters: vec![PairFilter::new(design); pairs(layout)],
            follower: Follower::new(ticks, curve, dynamic.attack_ms, dynamic.release_ms),
            bands: vec![[[0.0; 2]; QUANTUM]; pairs(layout)],
        }
    }

    #[inline(always)]
    fn process(&mut self, sound: &mut [Block]) {
        for ((filter, block), band) in self.filters.iter_mut().zip(&*sound).zip(&mut self.bands) {
            *band = *block;
            run([filter], band);
        }
        for tick in 0..TICKS {
            let span = tick * TICK..(tick + 1) * TICK;
            let loudest = self.bands.iter().map(|b| power(&b[span.clone()])).fold(0.0, f64::max);
            let (from, to) = self.follower.next(loudest);
            let step = (to - from) / TICK as f64;
            for (block, band) in sound.iter_mut().zip(&self.bands) {
                let mut lift = from - 1.0;
                for (frame, band) in block[span.clone()].iter_mut().zip(&band[span.clone()]) {
                    lift += step;
                    for lane in 0..2 {
                        frame[lane] += lift * band[lane];
                    }
                }
            }
        }
    }

    fn inherit(&mut self, earlier: &Self) {
        self.filters.iter_mut().zip(&earlier.filters).for_each(|(now, then)| now.inherit(then));
        self.follower.inherit(&earlier.follower);
    }

    fn settle(&mut self) {
        self.filters.iter_mut().for_each(PairFilter::settle);
        self.follower.settle();
    }
}
