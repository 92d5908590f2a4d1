mod centre;

use audio::dsp::Dither;
use audio::{Decibels, Frames, Layout, SampleRate};

use crate::chain::{Chain, Intensity};
use crate::limiter::{Limiter, Reach};
use crate::rack::{self, Block, QUANTUM, Rack};
use crate::{Error, Plan};
use centre::Centre;

/// A new chain is fed for so long before it is heard, seconds: its filters settle.
const SETTLE_S: f64 = 0.030;
/// From one chain to another, seconds.
const CHANGE_S: f64 = 0.020;
/// To and from the bypass, seconds.
const BYPASS_S: f64 = 0.010;
/// Every so many frames from the first one on, what is remembered is rounded.
const ANCHOR: u64 = 4_096;
/// Dither is part of the result: the same for the same master, always.
pub const DITHER_SEED: u64 = 0x7472_6961_6400;

/// How long before a place a stream must begin for its sound to be the one of a stream that
/// played from the beginning, bit for bit, whatever the chain: the longest release has let go and
/// what is left of it was rounded away.
pub const WARM_UP_S: f64 = 20.0;
/// How long before a place a stream should begin when someone waits for it: every filter has
/// settled and a release at its usual speed has let go.
pub const PRE_ROLL_S: f64 = 2.0;

/// A chain at work: blocks of any size go in, as many frames come out, [`Stream::latency`] frames
/// late. How the sound is cut into blocks changes no bit of it. A clone is a snapshot: both go on
/// with the same samples.
#[derive(Debug, Clone)]
pub struct Stream {
    rate: SampleRate,
    layout: Layout,
    rack: Rack,
    /// The chain before, fading out.
    leaving: Option<Leaving>,
    /// The chain after, as long as another change is under way; the last wish wins.
    next: Option<Chain>,
    limiter: Limiter,
    centre: Centre,
    dither: Option<Dither>,
    bypass: Bypass,
    provisional: bool,
    /// The first frame heard, and the one after the last quantum.
    start: u64,
    heard: u64,
    /// The frame after the last one of the sound, once it has ended.
    end: Option<u64>,
    /// How much of the quantum is filled.
    filled: usize,
    coming: Vec<[f32; QUANTUM]>,
    going: Vec<[f32; QUANTUM]>,
    work: Vec<Block>,
}

#[derive(Debug, Clone)]
struct Leaving {
    rack: Rack,
    /// Frames since the change was asked for: [`SETTLE_S`], then [`CHANGE_S`].
    age: usize,
    work: Vec<Block>,
}

impl Stream {
    /// A stream at the beginning of a sound, through a chain whose level is known.
    pub fn new(rate: SampleRate, layout: Layout, chain: &Chain) -> Result<Self, Error> {
        Self::starting_at(rate, layout, chain, Frames(0))
    }

    /// A stream at rest that hears a sound from a frame on, which must be a multiple of 4096: see
    /// [`Self::start_before`].
    pub fn starting_at(
        rate: SampleRate,
        layout: Layout,
        chain: &Chain,
        start: Frames,
    ) -> Result<Self, Error> {
        assert!(start.0.is_multiple_of(ANCHOR), "a stream cannot start at frame {}", start.0);
        let rack = rack_of(rate, layout, chain)?;
        let channels = layout.channels();
        let limiter = Limiter::new(rate, channels, ceiling(chain));
        let centre = Centre::new(rate, channels, is_centred(chain), ceiling(chain));
        let latency = rack::LATENCY + limiter.latency() + centre.latency();
        Ok(Self {
            rate,
            layout,
            rack,
            leaving: None,
            next: None,
            limiter,
            centre,
            dither: chain.dither.map(|d| Dither::new(d.bits, DITHER_SEED)),
            bypass: Bypass::new(rate, channels, latency),
            provisional: false,
            start: start.0,
            heard: start.0,
            end: None,
            filled: 0,
            coming: vec![[0.0; QUANTUM]; channels],
            going: vec![[0.0; QUANTUM]; channels],
            work: vec![[[0.0; 2]; QUANTUM]; rack::pairs(layout)],
        })
    }

    /// The last frame a stream may start at to have heard `seconds` of sound before `to`.
    pub fn start_before(rate: SampleRate, to: Frames, seconds: f64) -> Frames {
        Frames(to.0.saturating_sub(rate.frames(seconds).0) / ANCHOR * ANCHOR)
    }

    /// How far the limiter reached since the stream began.
    pub fn reach(&self) -> Reach {
        self.limiter.reach()
    }

    /// How many frames the sound comes out late: the same for every chain at a rate.
    pub fn latency(&self) -> usize {
        QUANTUM + self.bypass.latency()
    }

    /// The next frame of the sound that comes out, counted from its beginning; none while what
    /// comes out is still from before the start.
    pub fn position(&self) -> Option<Frames> {
        let came = self.heard - self.start + self.filled as u64;
        came.checked_sub(self.latency() as u64).map(|gone| Frames(self.start + gone))
    }

    /// Goes over to another chain within 50 ms, without a click. Dither changes at once.
    pub fn change(&mut self, chain: &Chain) -> Result<(), Error> {
        if self.leaving.is_some() {
            rack_of(self.rate, self.layout, chain)?;
            self.next = Some(chain.clone());
            return Ok(());
        }
        let mut rack = rack_of(self.rate, self.layout, chain)?;
        rack.inherit(&self.rack);
        let before = std::mem::replace(&mut self.rack, rack);
        self.leaving = Some(Leaving { rack: before, age: 0, work: self.work.clone() });
        self.limiter.set_ceiling(ceiling(chain));
        self.centre.set(is_centred(chain), ceiling(chain));
        self.dither = chain.dither.map(|d| Dither::new(d.bits, DITHER_SEED));
        Ok(())
    }

    /// Goes over to the sound as it came, or back, within 10 ms. What comes out then is what went
    /// in, bit for bit, as late as ever.
    pub fn bypass(&mut self, on: bool) {
        self.bypass.on = on;
    }

    /// A stream for a sound that nobody has looked at yet: it gives back what came until it
    /// [adopts](Self::adopt) a plan.
    pub fn provisional(rate: SampleRate, layout: Layout) -> Result<Self, Error> {
        let mut stream = Self::new(rate, layout, &Chain::default())?;
        stream.bypass.on = true;
        stream.bypass.wet = 0;
        stream.provisional = true;
        Ok(stream)
    }

    /// Whether the sound is heard as it came because there is no plan for it.
    pub fn is_provisional(&self) -> bool {
        self.provisional
    }

    /// From the sound as it came to its plan, or the part of it that is asked for, without a
    /// click.
    pub fn adopt(&mut self, plan: &Plan, intensity: Intensity) -> Result<(), Error> {
        self.change(&plan.chain.scaled(intensity))?;
        self.provisional = false;
        self.bypass(intensity == Intensity::NONE);
        Ok(())
    }

    /// The sound has ended, and what its filters would ring on with is no part of it. What comes
    /// from here on only pushes out what is still inside. The limiter hears the cut, which has a
    /// true peak of its own where the sound does not end in silence.
    pub fn end(&mut self) {
        self.end = Some(self.heard + self.filled as u64);
    }

    /// Masters one block in place: one slice a channel, all of one length.
    pub fn process(&mut self, planes: &mut [&mut [f32]]) {
        assert_eq!(planes.len(), self.layout.channels(), "one slice per channel");
        let length = planes[0].len();
        let mut at = 0;
        while at < length {
            let count = (QUANTUM - self.filled).min(length - at);
            let span = self.filled..self.filled + count;
            for (channel, plane) in planes.iter_mut().enumerate() {
                let block = &mut plane[at..at + count];
                self.coming[channel][span.clone()].copy_from_slice(block);
                block.copy_from_slice(&self.going[channel][span.clone()]);
            }
            at += count;
            self.filled += count;
            if self.filled == QUANTUM {
                self.turn();
            }
        }
    }

    /// Works on a full quantum.
    fn turn(&mut self) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
            unsafe {
                self.turn_avx2();
            }
            return;
        }
        self.turn_plain();
    }

    /// The plain turn, compiled once more for wider registers. No contraction: same bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn turn_avx2(&mut self) {
        self.turn_plain();
    }

    #[inline(always)]
    fn turn_plain(&mut self) {
        for (pair, block) in self.work.iter_mut().enumerate() {
            let left = &self.coming[2 * pair];
            let right = self.coming.get(2 * pair + 1);
            for (n, frame) in block.iter_mut().enumerate() {
                *frame = [f64::from(left[n]), right.map_or(0.0, |plane| f64::from(plane[n]))];
            }
        }
        if let Some(leaving) = &mut self.leaving {
            leaving.work.clone_from(&self.work);
            leaving.rack.process(&mut leaving.work);
        }
        self.rack.process(&mut self.work);
        self.cross_over();
        let sounding = self.sounding(rack::LATENCY);
        for (channel, plane) in self.going.iter_mut().enumerate() {
            let block = &self.work[channel / 2];
            for (sample, frame) in plane.iter_mut().zip(block) {
                *sample = frame[channel % 2] as f32;
            }
            plane[sounding..].fill(0.0);
        }
        self.limiter.process(&mut self.going);
        let sounding = self.sounding(rack::LATENCY + self.limiter.latency());
        self.centre.process(&mut self.going, sounding);
        let out = self.heard.wrapping_sub(self.bypass.latency() as u64);
        if let Some(dither) = &self.dither {
            round(dither, &mut self.going, out);
        }
        self.bypass.process(&self.coming, &mut self.going);
        self.heard += QUANTUM as u64;
        self.filled = 0;
        if self.heard.is_multiple_of(ANCHOR) {
            self.rack.settle();
            self.limiter.settle();
            self.centre.settle();
        }
    }

    /// How much of the quantum is of the sound, so many frames after it came in.
    #[inline(always)]
    fn sounding(&self, late: usize) -> usize {
        let Some(end) = self.end else { return QUANTUM };
        usize::try_from((end + late as u64).saturating_sub(self.heard))
            .map_or(QUANTUM, |n| n.min(QUANTUM))
    }

    /// From the chain before to the one that is.
    fn cross_over(&mut self) {
        let Some(leaving) = &mut self.leaving else { return };
        let settling = self.rate.frames(SETTLE_S).index();
        let length = self.rate.frames(CHANGE_S).index();
        for (now, before) in self.work.iter_mut().zip(&leaving.work) {
            for (n, (now, before)) in now.iter_mut().zip(before).enumerate() {
                let faded = (leaving.age + n).saturating_sub(settling);
                let share = gliding(faded.min(length), length);
                for lane in 0..2 {
                    now[lane] = before[lane] + share * (now[lane] - before[lane]);
                }
            }
        }
        leaving.age += QUANTUM;
        if leaving.age >= settling + length {
            self.leaving = None;
            if let Some(chain) = self.next.take() {
                // It was accepted when it was asked for.
                let accepted = self.change(&chain);
                debug_assert_eq!(accepted, Ok(()));
            }
        }
    }
}

fn rack_of(rate: SampleRate, layout: Layout, chain: &Chain) -> Result<Rack, Error> {
    chain.validate_for(rate, layout)?;
    let gain = chain.gain().ok_or(Error::Unsolved)?;
    Ok(Rack::new(rate, layout, chain, gain.amplitude()))
}

fn ceiling(chain: &Chain) -> Decibels {
    Decibels(chain.limiter.map_or(f64::INFINITY, |limiter| limiter.ceiling_dbtp))
}

fn is_centred(chain: &Chain) -> bool {
    chain.limiter.is_some_and(|limiter| limiter.centred)
}

/// To whole numbers, and back to f32 at full scale 1: both are exact up to 24 bits.
fn round(dither: &Dither, planes: &mut [[f32; QUANTUM]], start: u64) {
    let scale = dither.full_scale();
    for (channel, plane) in planes.iter_mut().enumerate() {
        for (n, sample) in plane.iter_mut().enumerate() {
            let whole = dither.whole(*sample, channel, start.wrapping_add(n as u64));
            *sample = (whole.clamp(-scale, scale - 1.0) / scale) as f32;
        }
    }
}

/// From 0 to 1 without a corner at either end.
fn gliding(done: usize, length: usize) -> f64 {
    let t = done as f64 / length as f64;
    t * t * (3.0 - 2.0 * t)
}

/// The sound as it came, as late as the master, and the fade between them.
#[derive(Debug, Clone)]
struct Bypass {
    on: bool,
    /// Frames of the fade towards the master that are done.
    wet: usize,
    length: usize,
    waiting: Vec<Vec<f32>>,
    at: usize,
}

impl Bypass {
    fn new(rate: SampleRate, channels: usize, latency: usize) -> Self {
        let length = rate.frames(BYPASS_S).index().max(1);
        let waiting = vec![vec![0.0; latency]; channels];
        Self { on: false, wet: length, length, waiting, at: 0 }
    }

    fn latency(&self) -> usize {
        self.waiting[0].len()
    }

    fn process(&mut self, coming: &[[f32; QUANTUM]], going: &mut [[f32; QUANTUM]]) {
        let latency = self.latency();
        for n in 0..QUANTUM {
            self.wet =
                if self.on { self.wet.saturating_sub(1) } else { self.length.min(self.wet + 1) };
            for (channel, waiting) in self.waiting.iter_mut().enumerate() {
                let dry = std::mem::replace(&mut waiting[self.at], coming[channel][n]);
                let out = &mut going[channel][n];
                if self.wet == 0 {
                    *out = dry;
                } else if self.wet < self.length {
                    *out = dry + (*out - dry) * gliding(self.wet, self.length) as f32;
                }
            }
            self.at = if self.at + 1 == latency { 0 } else { self.at + 1 };
        }
    }
}

#[cfg(test)]
mod any;
#[cfg(test)]
mod tests;
