//! The stages before the limiter at work on a sound, one quantum at a time.
//!
//! Channels go two by two, in f64 throughout. The quantum is what makes a stream independent of
//! the blocks it is fed: whatever comes in is worked on in the same pieces.

mod dynamics;
mod equaliser;
mod exciter;
mod level;
mod multiband;
mod width;

use audio::dsp::{Biquad, Pair, PairFilter};
use audio::{Layout, SampleRate};

use crate::chain::{Chain, DcBlock};
use dynamics::Squeeze;
use equaliser::Equaliser;
use multiband::Split;
use width::Image;

/// Frames worked on together.
pub(crate) const QUANTUM: usize = 64;
/// Frames between two looks of a detector; gains move in straight lines between.
pub(crate) const TICK: usize = 16;

/// A quantum of two channels.
pub(crate) type Block = [Pair; QUANTUM];

/// How many frames a rack delays, whatever is in it.
pub(crate) const LATENCY: usize = exciter::LATENCY;

/// The stages of a chain up to its gain. Each keeps what it needs of the sound before.
#[derive(Debug, Clone)]
pub(crate) struct Rack {
    dc_block: Option<Vec<PairFilter>>,
    equaliser: Equaliser,
    multiband: Option<Split>,
    compressor: Option<Squeeze>,
    exciter: exciter::Exciter,
    image: Option<Image>,
    gain: f64,
}

impl Rack {
    /// A rack at rest. `gain` is a factor.
    pub(crate) fn new(rate: SampleRate, layout: Layout, chain: &Chain, gain: f64) -> Self {
        let pairs = pairs(layout);
        let ticks = rate.hz_f64() / TICK as f64;
        let blocker =
            |DcBlock { hz }| vec![PairFilter::new(Biquad::matched_high_pass(rate, hz, 0.5)); pairs];
        Self {
            dc_block: chain.dc_block.map(blocker),
            equaliser: Equaliser::new(rate, layout, &chain.eq),
            multiband: chain.multiband.as_ref().map(|m| Split::new(rate, layout, m)),
            compressor: chain.compressor.map(|c| Squeeze::new(ticks, &c)),
            exciter: exciter::Exciter::new(rate, layout, chain.exciter),
            image: chain.width.map(|w| Image::new(rate, w)),
            gain,
        }
    }

    /// Takes over what an earlier rack remembers, as far as it has the same stages.
    pub(crate) fn inherit(&mut self, earlier: &Self) {
        if let (Some(now), Some(before)) = (&mut self.dc_block, &earlier.dc_block) {
            now.iter_mut().zip(before).for_each(|(now, then)| now.inherit(then));
        }
        self.equaliser.inherit(&earlier.equaliser);
        if let (Some(now), Some(before)) = (&mut self.multiband, &earlier.multiband) {
            now.inherit(before);
        }
        if let (Some(now), Some(before)) = (&mut self.compressor, &earlier.compressor) {
            now.inherit(before);
        }
        self.exciter.inherit(&earlier.exciter);
        if let (Some(now), Some(before)) = (&mut self.image, &earlier.image) {
            now.inherit(before);
        }
    }

    /// Works on one quantum of every pair in place.
    #[inline(always)]
    pub(crate) fn process(&mut self, sound: &mut [Block]) {
        if let Some(filters) = &mut self.dc_block {
            for (filter, block) in filters.iter_mut().zip(&mut *sound) {
                equaliser::run([filter], block);
            }
        }
        self.equaliser.process(sound);
        if let Some(multiband) = &mut self.multiband {
            multiband.process(sound);
        }
        if let Some(compressor) = &mut self.compressor {
            compressor.process(sound);
        }
        self.exciter.process(sound);
        if let (Some(image), [block]) = (&mut self.image, &mut *sound) {
            image.process(block);
        }
        if self.gain != 1.0 {
            for frame in sound.iter_mut().flatten() {
                *frame = frame.map(|x| x * self.gain);
            }
        }
    }

    /// Rounds all that is remembered, so that two racks which heard the same for long enough
    /// become the same: see [`audio::dsp::settle`].
    pub(crate) fn settle(&mut self) {
        self.dc_block.iter_mut().flatten().for_each(PairFilter::settle);
        self.equaliser.settle();
        self.multiband.iter_mut().for_each(Split::settle);
        self.compressor.iter_mut().for_each(Squeeze::settle);
        self.exciter.settle();
        self.image.iter_mut().for_each(Image::settle);
    }
}

/// How many pairs hold the channels of a layout; the last may be half empty.
pub(crate) fn pairs(layout: Layout) -> usize {
    layout.channels().div_ceil(2)
}
