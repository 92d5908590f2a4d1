use std::ops::Range;

use audio::{Frames, SampleRate};

use crate::run::Run;
use crate::{Error, Slot, Source, Treatment, fade};

/// Longer fades are a mix.
pub const MAX_CROSSFADE_S: f64 = 12.0;

/// One continuous sound of two channels at one rate. Tracks are put behind one another and read as one:
/// without a gap, or faded from one to the next.
///
/// The samples follow from the tracks, their plans and the places where they were begun alone: how much
/// is read at a time changes no bit of them.
pub struct Timeline {
    rate: SampleRate,
    crossfade: usize,
    now: Option<Run>,
    /// What is faded out.
    leaving: Option<Leaving>,
    next: Option<Source>,
    /// Whether nothing comes behind it.
    is_closed: bool,
    /// The next one, begun: it is too short to be faded into, and joined.
    short: Option<(Slot, Run)>,
    /// A track that has just begun and was not told of.
    begun: Option<Slot>,
}

/// A track on its way out.
struct Leaving {
    run: Run,
    fade: Fade,
}

/// A fade from one track to the next, and how much of it is done, in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fade {
    /// How much was heard.
    pub done: usize,
    /// How long it is.
    pub length: usize,
}

impl std::fmt::Debug for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timeline").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Portion {
    /// Frames written; fewer than asked for at the end, and where it must be told what follows.
    pub frames: usize,
    /// Whether nothing more comes until a track is put behind the last one or the timeline is closed.
    pub wants: bool,
    /// Tracks that begin in it.
    pub marks: Vec<Mark>,
    /// Tracks that were not heard, or not to their end. The next one follows where they broke off.
    pub failures: Vec<Failure>,
}

/// A track begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The frame of the portion that is its first one.
    pub at: usize,
    /// Which.
    pub slot: Slot,
    /// Over so many frames it is faded in, where the track before it has not ended.
    pub fade: Option<usize>,
}

/// A track was not heard to its end.
#[derive(Debug)]
pub struct Failure {
    /// Which.
    pub slot: Slot,
    /// Why.
    pub error: Error,
}

impl Timeline {
    /// An empty one. Tracks that do not go on from one another are faded over so many seconds, at most
    /// [`MAX_CROSSFADE_S`]; 0 joins all of them.
    pub fn new(rate: SampleRate, crossfade_s: f64) -> Self {
        let crossfade = rate.frames(crossfade_s.clamp(0.0, MAX_CROSSFADE_S)).index();
        Self {
            rate,
            crossfade,
            now: None,
            leaving: None,
            next: None,
            is_closed: false,
            short: None,
            begun: None,
        }
    }

    /// Begins with a track at a frame of it, at the rate of the timeline; all that was to be heard is
    /// forgotten. Where `heard` frames of it were heard right before, its end fades as if it had been begun there.
    ///
    /// # Errors
    /// A track that cannot be read there, a chain that does not go with it. Nothing is to be heard then.
    pub fn start(&mut self, source: Source, from: Frames, heard: Frames) -> Result<(), Error> {
        *self = Self { rate: self.rate, crossfade: self.crossfade, ..Self::new(self.rate, 0.0) };
        let slot = source.slot;
        self.now = Some(Run::begin(source, self.rate, from, heard)?);
        self.begun = Some(slot);
        Ok(())
    }

    /// Puts under the track just [started](Self::start) the end of the one before it, from a frame of that on, so that
    /// the fade between them is heard on from where it was.
    ///
    /// # Errors
    /// A track that cannot be read there, a chain that does not go with it. The other one is heard alone then.
    pub fn fade_out(&mut self, source: Source, from: Frames, fade: Fade) -> Result<(), Error> {
        let left = fade.length.saturating_sub(fade.done);
        let (mut run, mut failures) = (Run::begin(source, self.rate, from, Frames(0))?, Vec::new());
        run.hold(left, &mut failures);
        if run.is_waiting() {
            run.end(&mut failures);
        }
        if run.held() < left
            && let Some(failure) = failures.pop()
        {
            return Err(failure.error);
        }
        self.leaving = (left > 0).then_some(Leaving { run, fade });
        Ok(())
    }

    /// Fades that begin from now on take so long.
    pub fn set_crossfade(&mut self, seconds: f64) {
        self.crossfade = self.rate.frames(seconds.clamp(0.0, MAX_CROSSFADE_S)).index();
    }

    /// Forgets tracks that were put behind the one that is heard and of which nothing was made yet, and that
    /// nothing comes. Returns which.
    pub fn forget_next(&mut self) -> Vec<Slot> {
        self.is_closed = false;
        let following = self.now.as_mut().and_then(Run::forget_following);
        let next = self.next.take();
        following.into_iter().chain(next).map(|source| source.slot).collect()
    }

    /// Says that nothing comes behind the last track.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Puts a track behind the last one, where a [portion](Portion::wants) wants one: the sound follows
    /// from the tracks and not from when they were put there.
    pub fn append(&mut self, source: Source) {
        match &mut self.now {
            Some(run) if source.goes_on && !run.is_over() => run.append(source),
            _ => self.next = Some(source),
        }
    }

    /// Does something else to a track from what is made next on, within 50 ms and without a click. Whether
    /// the track is one that is heard or comes next; what fades out stays what it is.
    ///
    /// # Errors
    /// A chain that does not go with the rate; what was done is done on.
    pub fn treat(&mut self, slot: Slot, treatment: &Treatment) -> Result<bool, Error> {
        let short = self.short.as_mut().map(|(_, run)| run);
        for run in [self.now.as_mut(), short].into_iter().flatten() {
            if run.treat(slot, treatment)? {
                return Ok(true);
            }
        }
        let next = self.next.as_mut().filter(|next| next.slot == slot);
        Ok(next.map(|next| next.treatment = treatment.clone()).is_some())
    }

    /// Writes the next frames over slices of one length: left and right as they are mastered, and where
    /// there are four, left and right as they came.
    pub fn read<const CHANNELS: usize>(&mut self, planes: &mut [&mut [f32]; CHANNELS]) -> Portion {
        const { assert!(CHANNELS == 2 || CHANNELS == 4, "the master, or both") }
        let length = planes[0].len();
        assert!(planes.iter().all(|plane| plane.len() == length), "channels of one length");
        let mut portion = Portion::default();
        while portion.frames < length {
            let wanted = length - portion.frames;
            let ready = self.prepare(wanted, &mut portion);
            if ready == 0 {
                break;
            }
            let at = portion.frames;
            self.mix(planes, at..at + ready);
            portion.frames += ready;
        }
        portion
    }

    /// How many frames can be mixed as things stand, at most `wanted`; 0 where nothing is left.
    fn prepare(&mut self, wanted: usize, portion: &mut Portion) -> usize {
        loop {
            if let Some(slot) = self.begun.take() {
                let fade = self.leaving.as_ref().map(|leaving| leaving.fade.length);
                portion.marks.push(Mark { at: portion.frames, slot, fade });
            }
            let Some(run) = &mut self.now else {
                if !self.begin_next(portion) {
                    portion.wants = !self.is_closed;
                    return 0;
                }
                continue;
            };
            // What may have to be faded is known only once it is made.
            let kept = if self.leaving.is_some() { 0 } else { self.crossfade };
            run.hold(wanted + kept, &mut portion.failures);
            if let Some(source) = run.apart() {
                self.next = Some(source);
            }
            if run.is_waiting() {
                if self.next.is_none() && !self.is_closed {
                    portion.wants = true;
                    return 0;
                }
                run.end(&mut portion.failures);
            }
            let ready = match self.ready() {
                0 if self.fade_over(&mut portion.failures) => continue,
                0 => {
                    self.now = None;
                    continue;
                }
                ready => ready.min(wanted),
            };
            let ready = match &self.leaving {
                Some(Leaving { fade, .. }) => ready.min(fade.length - fade.done),
                None => ready,
            };
            while let Some((after, slot)) =
                self.now.as_mut().and_then(|run| run.begins_within(ready))
            {
                portion.marks.push(Mark { at: portion.frames + after, slot, fade: None });
            }
            return ready;
        }
    }

    /// Frames of the present run that are heard before a fade to the next one begins: no more than half
    /// of what is heard of a track fades.
    fn ready(&self) -> usize {
        let Some(run) = &self.now else { return 0 };
        let fades = self.next.as_ref().is_some_and(|next| !next.goes_on);
        let kept = match run.last_length() {
            _ if self.leaving.is_some() => 0,
            None => self.crossfade,
            Some(length) if fades => self.crossfade.min(length / 2),
            Some(_) => 0,
        };
        run.held().saturating_sub(kept)
    }

    /// Begins the next track under the end of the present one, where there is one to fade to.
    fn fade_over(&mut self, failures: &mut Vec<Failure>) -> bool {
        let Some(length) = self.now.as_ref().map(Run::held).filter(|held| *held > 0) else {
            return false;
        };
        let Some(source) = self.next.take() else { return false };
        let slot = source.slot;
        match Run::begin(source, self.rate, Frames(0), Frames(0)) {
            Ok(mut next) => {
                next.hold(length, failures);
                if next.held() < length {
                    self.short = Some((slot, next));
                    return true;
                }
                self.begun = Some(slot);
                let fade = Fade { done: 0, length };
                self.leaving = self.now.replace(next).map(|run| Leaving { run, fade });
            }
            // The end is heard as it is, and the one after follows.
            Err(error) => failures.push(Failure { slot, error }),
        }
        true
    }

    /// Goes on with the next track; false where there is none.
    fn begin_next(&mut self, portion: &mut Portion) -> bool {
        if let Some((slot, run)) = self.short.take() {
            (self.now, self.begun) = (Some(run), Some(slot));
            return true;
        }
        let Some(source) = self.next.take() else { return false };
        let slot = source.slot;
        match Run::begin(source, self.rate, Frames(0), Frames(0)) {
            Ok(run) => {
                self.now = Some(run);
                self.begun = Some(slot);
                true
            }
            // The one after it follows.
            Err(error) => {
                portion.failures.push(Failure { slot, error });
                true
            }
        }
    }

    fn mix(&mut self, planes: &mut [&mut [f32]], span: Range<usize>) {
        let Some(run) = &mut self.now else { return };
        for n in span {
            let mut frame = run.take();
            if let Some(Leaving { run, fade }) = &mut self.leaving {
                let old = run.take();
                let (out, into) = fade::gains(fade.done, fade.length);
                frame = std::array::from_fn(|n| old[n] * out + frame[n] * into);
                fade.done += 1;
            }
            for (plane, sample) in planes.iter_mut().zip(frame) {
                plane[n] = sample;
            }
        }
        if self.leaving.as_ref().is_some_and(|leaving| leaving.fade.done == leaving.fade.length) {
            self.leaving = None;
        }
    }
}
