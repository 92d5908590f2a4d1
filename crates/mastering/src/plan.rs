//! From a chain and the loudness it is to reach to the gain that reaches it, measured on what
//! comes out.

mod trace;

use audio::loudness::{Measurement, Meter};
use audio::{Buffer, Decibels, Frames, Layout, Lufs, SampleRate};
use fault::Cancel;
use serde::Serialize;

use crate::chain::{Chain, Loudness};
use crate::limiter::Reach;
use crate::{Error, Whole};
use trace::Trace;

/// The most the limiter may take off on average to buy loudness. Past this a target is missed and
/// the miss is reported: distortion is not loudness.
pub const MAX_LIMITING: Decibels = Decibels(6.0);
/// The most it may take off any single peak, for the same reason.
pub const MAX_PEAK_LIMITING: Decibels = Decibels(20.0);
/// How near the target the plan brings the measured loudness, LU.
const PRECISION: Decibels = Decibels(0.02);
/// No sound is lifted further: what needs more is noise.
const MAX_GAIN: Decibels = Decibels(60.0);
/// A limiter that works on lopsided waves leaves a mean behind; above this it is taken out. Half
/// of what a verdict on a master allows.
const MAX_DC: f64 = 0.000_5;
/// Renders that check a gain and put it right; two have always sufficed but for lowered ceilings.
const MAX_RENDERS: usize = 5;
/// Frames given to a stream at a time.
const BLOCK: usize = 16_384;

/// Takes a block of a [`Sound`]: a slice per channel, all of one length.
pub type Listener<'a> = dyn FnMut(&[&[f32]]) -> Result<(), Error> + 'a;

/// A sound that can be heard from its beginning as often as need be: a buffer, or a file that is
/// decoded anew each time, so that no length of it must fit into memory.
pub trait Sound {
    /// What may go wrong while it is heard.
    type Error: From<Error>;

    /// Samples per second.
    fn rate(&self) -> SampleRate;

    /// Which speakers its channels feed.
    fn layout(&self) -> Layout;

    /// Plays all of it to a listener, block by block; a listener's error ends it.
    fn hear(&mut self, listener: &mut Listener<'_>) -> Result<(), Self::Error>;
}

impl Sound for &Buffer {
    type Error = Error;

    fn rate(&self) -> SampleRate {
        Buffer::rate(self)
    }

    fn layout(&self) -> Layout {
        Buffer::layout(self)
    }

    fn hear(&mut self, listener: &mut Listener<'_>) -> Result<(), Error> {
        let length = self.length().index();
        for start in (0..length).step_by(BLOCK) {
            let span = start..(start + BLOCK).min(length);
            let block: Vec<&[f32]> = self.planes().iter().map(|p| &p[span.clone()]).collect();
            listener(&block)?;
        }
        Ok(())
    }
}

/// What will be done to a sound, and what comes of it: measured on the last render of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// The chain with its level found: all that a [`Stream`](crate::Stream) needs.
    pub chain: Chain,
    /// The loudness that was asked for; none where a gain was.
    pub target: Option<Lufs>,
    /// The loudness that results.
    pub loudness: Lufs,
    /// The 4x true peak that results, dBTP.
    pub true_peak: Decibels,
    /// The deepest gain reduction of the limiter.
    pub limiting: Decibels,
    /// Its mean over the whole sound.
    pub mean_limiting: Decibels,
    /// What kept the plan from its target, if anything did.
    pub held_back: Option<HeldBack>,
}

impl Plan {
    /// The gain before the limiter.
    pub fn gain(&self) -> Decibels {
        self.chain.gain().unwrap_or(Decibels(0.0))
    }
}

/// Why a sound is not brought to its target: more would be distortion, or noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBack {
    /// The limiter would take off more than [`MAX_LIMITING`] on average.
    MeanLimiting,
    /// The limiter would take off more than [`MAX_PEAK_LIMITING`] at a peak.
    PeakLimiting,
    /// It would have to be lifted by more than 60 dB.
    Gain,
}

impl HeldBack {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            HeldBack::MeanLimiting => "more would have the limiter take off 6 dB on average",
            HeldBack::PeakLimiting => "more would have the limiter take off 20 dB at a peak",
            HeldBack::Gain => "more would lift the sound by over 60 dB",
        }
    }
}

/// Finds the level a chain asks for by measuring what comes out; everything else in it stays.
pub fn solve<S: Sound>(sound: &mut S, chain: &Chain, cancel: &Cancel) -> Result<Plan, S::Error> {
    Search::begin(sound, chain, cancel)?.run(sound, |_| {})
}

/// [`solve`], and the sound it makes of a buffer: what [`render`](crate::render) would make of the
/// plan.
pub fn master(buffer: &Buffer, chain: &Chain, cancel: &Cancel) -> Result<(Buffer, Plan), Error> {
    let mut sound = buffer;
    let mut made = Made { planes: vec![Vec::new(); buffer.layout().channels()] };
    let plan =
        Search::begin(&mut sound, chain, cancel)?.run(&mut sound, |heard| made.hear(heard))?;
    // The planes are as many and as long as those of the buffer.
    let mut out = buffer.clone();
    for (plane, made) in out.planes_mut().zip(made.planes) {
        plane.copy_from_slice(&made);
    }
    Ok((out, plan))
}

/// What a render gives out.
enum Heard<'a> {
    /// From the beginning.
    Begin,
    /// And on.
    Block(&'a [&'a [f32]]),
}

struct Made {
    planes: Vec<Vec<f32>>,
}

impl Made {
    fn hear(&mut self, heard: Heard<'_>) {
        match heard {
            Heard::Begin => self.planes.iter_mut().for_each(Vec::clear),
            Heard::Block(block) => {
                for (plane, block) in self.planes.iter_mut().zip(block) {
                    plane.extend_from_slice(block);
                }
            }
        }
    }
}

struct Search<'a> {
    chain: Chain,
    target: Option<Lufs>,
    /// What the chain makes of the sound before its level; for a level that is to be found.
    trace: Option<Trace>,
    cancel: &'a Cancel,
}

impl<'a> Search<'a> {
    fn begin<S: Sound>(sound: &mut S, chain: &Chain, cancel: &'a Cancel) -> Result<Self, S::Error> {
        chain.validate_for(sound.rate(), sound.layout())?;
        let (target, trace) = match chain.loudness {
            Some(Loudness::Lufs(lufs)) => {
                (Some(Lufs(lufs)), Some(Trace::of(sound, chain, cancel)?))
            }
            _ => (None, None),
        };
        Ok(Self { chain: chain.clone(), target, trace, cancel })
    }

    fn run<S: Sound>(
        mut self,
        sound: &mut S,
        mut keep: impl FnMut(Heard<'_>),
    ) -> Result<Plan, S::Error> {
        let mut held_back = None;
        if self.target.is_some() {
            let (gain, bound) = self.first()?;
            held_back = bound;
            self.chain.loudness = Some(Loudness::GainDb(gain.0));
        }
        let wanted = self.chain.limiter.map(|limiter| limiter.ceiling_dbtp);
        for _ in 1..MAX_RENDERS {
            let (measured, reach, mean) = self.render(sound, &mut keep)?;
            if !(self.put_right(&measured, held_back, wanted) | self.centre(mean)) {
                return Ok(self.plan(&measured, reach, held_back)?);
            }
        }
        let (measured, reach, _) = self.render(sound, &mut keep)?;
        Ok(self.plan(&measured, reach, held_back)?)
    }

    /// The gain that the trace says is right, and what keeps it from the target.
    fn first(&self) -> Result<(Decibels, Option<HeldBack>), Error> {
        let (Some(trace), Some(target)) = (&self.trace, self.target) else {
            return Ok((Decibels(0.0), None));
        };
        let ceiling = self.ceiling();
        let plain = trace.predict(Decibels(0.0), Decibels(f64::INFINITY)).loudness;
        let plain = plain.ok_or(Error::NotMeasurable)?;
        // A limiter only takes away: less gain than this is never enough, unless a bound says so.
        let needed = target - plain;
        let (mut low, mut high) =
            (needed.0.min(MAX_GAIN.0) - 30.0, (needed.0 + 20.0).min(MAX_GAIN.0));
        let mut reason = (high < needed.0 + 20.0).then_some(HeldBack::Gain);
        for _ in 0..24 {
            let middle = 0.5 * (low + high);
            let found = trace.predict(Decibels(middle), ceiling);
            let over = if found.reach.mean.0 < -MAX_LIMITING.0 {
                Some(Some(HeldBack::MeanLimiting))
            } else if found.reach.deepest.0 < -MAX_PEAK_LIMITING.0 {
                Some(Some(HeldBack::PeakLimiting))
            } else {
                found.loudness.is_some_and(|l| l.0 > target.0).then_some(None)
            };
            match over {
                Some(why) => (high, reason) = (middle, why),
                None => low = middle,
            }
        }
        Ok((Decibels(low), reason))
    }

    fn ceiling(&self) -> Decibels {
        Decibels(self.chain.limiter.map_or(f64::INFINITY, |limiter| limiter.ceiling_dbtp))
    }

    /// Corrects gain and ceiling by what was measured; false if there is nothing to correct.
    fn put_right(
        &mut self,
        measured: &Measurement,
        held_back: Option<HeldBack>,
        wanted: Option<f64>,
    ) -> bool {
        let mut changed = false;
        if let (Some(limiter), Some(wanted), Some(peak)) =
            (&mut self.chain.limiter, wanted, measured.true_peak)
            && peak.0 > wanted
        {
            // The standard's 4x filter reads some crests higher than they are.
            limiter.ceiling_dbtp -= peak.0 - wanted + 0.005;
            changed = true;
        }
        if let (None, Some(target), Some(loudness), Some(trace)) =
            (held_back, self.target, measured.integrated, &self.trace)
            && (target - loudness).0.abs() > PRECISION.0
        {
            let gain = self.chain.gain().unwrap_or(Decibels(0.0));
            let ceiling = self.ceiling();
            // A limiter at work gives back less than it is asked: by how much, the trace knows.
            let rise = |gain: Decibels| trace.predict(gain, ceiling).loudness.map(|l| l.0);
            let effort = match (rise(gain), rise(gain + Decibels(0.5))) {
                (Some(here), Some(there)) => (0.5 / (there - here).max(0.1)).min(4.0),
                _ => 1.0,
            };
            let step = (target - loudness).0 * effort;
            self.chain.loudness = Some(Loudness::GainDb((gain.0 + step).min(MAX_GAIN.0)));
            changed = true;
        }
        changed
    }

    /// Asks for a mean to be taken out where the limiter left one.
    fn centre(&mut self, mean: f64) -> bool {
        match &mut self.chain.limiter {
            Some(limiter) if mean > MAX_DC && !limiter.centred => {
                limiter.centred = true;
                true
            }
            _ => false,
        }
    }

    /// What comes out: its loudness and peaks, the limiter's reach, and the mean of the channel
    /// furthest off zero.
    fn render<S: Sound>(
        &self,
        sound: &mut S,
        keep: &mut impl FnMut(Heard<'_>),
    ) -> Result<(Measurement, Reach, f64), S::Error> {
        let (rate, layout) = (sound.rate(), sound.layout());
        keep(Heard::Begin);
        let mut whole = Whole::new(rate, layout, &self.chain)?;
        let mut meter = Meter::new(rate, layout);
        let mut sums = vec![0.0_f64; layout.channels()];
        let mut count = 0_u64;
        let mut listen = |out: &[&[f32]]| {
            meter.push(out);
            for (sum, plane) in sums.iter_mut().zip(out) {
                *sum = plane.iter().fold(*sum, |sum, sample| sum + f64::from(*sample));
            }
            count += out[0].len() as u64;
            keep(Heard::Block(out));
        };
        let mut at = Frames(0);
        sound.hear(&mut |block: &[&[f32]]| {
            self.cancel.check()?;
            // The trace has looked already.
            if self.trace.is_none() {
                refuse_foreign(block, at)?;
                at = at + Frames(block[0].len() as u64);
            }
            listen(&whole.push(block));
            Ok(())
        })?;
        listen(&whole.end());
        let furthest = sums.iter().map(|sum| sum.abs()).fold(0.0, f64::max);
        Ok((meter.finish().0, whole.reach(), furthest / count.max(1) as f64))
    }

    fn plan(
        self,
        measured: &Measurement,
        reach: Reach,
        held_back: Option<HeldBack>,
    ) -> Result<Plan, Error> {
        Ok(Plan {
            chain: self.chain,
            target: self.target,
            loudness: measured.integrated.ok_or(Error::NotMeasurable)?,
            true_peak: measured.true_peak.ok_or(Error::NotMeasurable)?,
            limiting: reach.deepest,
            mean_limiting: reach.mean,
            held_back,
        })
    }
}

/// The first frame that is no number, refused before a filter remembers it for ever.
pub(crate) fn refuse_foreign(block: &[&[f32]], at: Frames) -> Result<(), Error> {
    for (channel, plane) in block.iter().enumerate() {
        if let Some(n) = plane.iter().position(|sample| !sample.is_finite()) {
            return Err(Error::NotFinite { channel, at: at + Frames(n as u64) });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
