use std::collections::VecDeque;

use audio::{Frames, Layout, SampleRate};
use audio_file::{Format, LOUDEST, Rendition};
use mastering::{PRE_ROLL_S, Stream};

use crate::filters::{Broken, Filters};
use crate::gain::{Gains, Level};
use crate::timeline::Failure;
use crate::{Error, Slot, Source, Treatment};

/// Over so many seconds a level becomes another in the middle of a track, as filters do.
const GLIDE_S: f64 = 0.05;

/// Tracks that follow one another without a gap, through one chain of filters that is never at rest
/// between them.
pub(crate) struct Run {
    rendition: Rendition,
    rate: SampleRate,
    filters: Filters,
    /// The track that is read now.
    slot: Slot,
    level: Level,
    /// The one that goes on from it.
    following: Option<Source>,
    /// One that was to go on and cannot: it has another rate or other speakers.
    apart: Option<Source>,
    /// Frames that come out of the stream before the first one that is wanted.
    early: u64,
    /// Frames of the rendition before the one the stream begins at.
    before: u64,
    /// Places, counted from the first frame given, at which tracks begin, with their gains.
    begins: VecDeque<(u64, Slot, Gains)>,
    /// Frames made so far, and those of them that wait to be taken: the master, and the sound as it came.
    made: u64,
    held: VecDeque<[f32; 4]>,
    /// The frame of the first track at which this run was begun.
    from: u64,
    /// Where the last track of it begins, counted from the first frame given, and how much of that track
    /// was heard before this run.
    last: u64,
    heard: u64,
    /// Whether the track that is read has ended.
    is_read: bool,
    is_over: bool,
}

impl Run {
    /// Begins with a track, at a frame of it at the rate of the timeline. Reads from a little before,
    /// so that the filters have settled. So many frames right before were heard already.
    pub(crate) fn begin(
        source: Source,
        rate: SampleRate,
        from: Frames,
        heard: Frames,
    ) -> Result<Self, Error> {
        let Source { slot, decoder, treatment, .. } = source;
        let from = within(from, rate, decoder.format());
        let before = if treatment.chain.is_some() { PRE_ROLL_S } else { 0.0 };
        let start = Stream::start_before(rate, from, before);
        let level = Level::new(gains(&treatment));
        let filters = Filters::new(rate, treatment.chain, start)?;
        let own = u128::from(start.0) * u128::from(decoder.format().rate.hz());
        let own = Frames((own / u128::from(rate.hz())) as u64);
        let rendition = Rendition::open(decoder, rate, Layout::Stereo, own)?;
        Ok(Self {
            before: start.0.saturating_sub(rendition.first().0),
            early: filters.latency() as u64 + (from.0 - start.0),
            rendition,
            rate,
            filters,
            slot,
            level,
            following: None,
            apart: None,
            begins: VecDeque::new(),
            made: 0,
            held: VecDeque::new(),
            from: from.0,
            last: 0,
            heard: heard.0.min(from.0),
            is_read: false,
            is_over: false,
        })
    }

    /// Puts a track behind the one that is read.
    pub(crate) fn append(&mut self, source: Source) {
        self.following = Some(source);
    }

    /// Takes back the track that follows, where nothing of it was read.
    pub(crate) fn forget_following(&mut self) -> Option<Source> {
        self.following.take().or_else(|| self.apart.take())
    }

    /// Does something else to a track of it from here on, where it is the one that is read or follows.
    pub(crate) fn treat(&mut self, slot: Slot, treatment: &Treatment) -> Result<bool, Error> {
        if self.slot == slot && !self.is_over {
            self.filters.change(treatment.chain.clone())?;
            let frames = self.rate.frames(GLIDE_S).index();
            match self.begins.iter_mut().find(|(_, begins, _)| *begins == slot) {
                Some((at, _, level)) if *at >= self.made => *level = gains(treatment),
                _ => self.level.glide(gains(treatment), frames),
            }
            return Ok(true);
        }
        let waiting = [&mut self.following, &mut self.apart];
        let waiting = waiting.into_iter().flatten().find(|source| source.slot == slot);
        Ok(waiting.map(|source| source.treatment = treatment.clone()).is_some())
    }

    /// A track that was to go on from this one and has to be begun anew.
    pub(crate) fn apart(&mut self) -> Option<Source> {
        self.apart.take()
    }

    /// Whether it has to be told what follows, or that nothing does.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_read && !self.is_over && self.following.is_none()
    }

    /// Whether nothing more is made than is held.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// How many frames of its last track are heard, once that is known.
    pub(crate) fn last_length(&self) -> Option<usize> {
        let length = self.made.saturating_sub(self.last).saturating_add(self.heard);
        self.is_over.then(|| usize::try_from(length).unwrap_or(usize::MAX))
    }

    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    /// The next track that begins within so many frames, and after how many of them.
    pub(crate) fn begins_within(&mut self, frames: usize) -> Option<(usize, Slot)> {
        let taken = self.made - self.held() as u64;
        let (at, slot, _) = self.begins.front().copied()?;
        let after = usize::try_from(at.checked_sub(taken)?).ok().filter(|after| *after < frames)?;
        self.begins.pop_front();
        Some((after, slot))
    }

    pub(crate) fn take(&mut self) -> [f32; 4] {
        self.held.pop_front().unwrap_or_default()
    }

    /// Makes sound until so much is held, all is or it is [waiting](Self::is_waiting). A track that fails
    /// ends there, and the next goes on.
    pub(crate) fn hold(&mut self, frames: usize, failures: &mut Vec<Failure>) {
        while !self.is_over && self.held() < frames {
            if self.is_read {
                let Some(source) = self.following.take() else { return };
                self.go_on(source, failures);
                continue;
            }
            match self.rendition.next_block() {
                Ok(Some(block)) => self.master(block, failures),
                Ok(None) => self.is_read = true,
                Err(error) => {
                    failures.push(Failure { slot: self.slot, error: error.into() });
                    self.is_read = true;
                }
            }
        }
    }

    /// To the track that follows.
    fn go_on(&mut self, source: Source, failures: &mut Vec<Failure>) {
        let Source { slot, decoder, treatment, goes_on } = source;
        match self.rendition.follow(decoder) {
            Ok(at) => {
                self.slot = slot;
                self.is_read = false;
                if self.made == 0 {
                    // Nothing was heard yet: what was to be passed over was not there.
                    (self.before, self.early) = (0, self.early.min(self.filters.latency() as u64));
                }
                (self.last, self.heard) = (at.0.saturating_sub(self.from), 0);
                self.begins.push_back((self.last, slot, gains(&treatment)));
                if let Err(error) = self.filters.change(treatment.chain) {
                    failures.push(Failure { slot, error });
                }
            }
            Err(decoder) => {
                self.apart = Some(Source { slot, decoder: *decoder, treatment, goes_on });
                self.end(failures);
            }
        }
    }

    /// Nothing follows: makes what the resampler and the filters still hold.
    pub(crate) fn end(&mut self, failures: &mut Vec<Failure>) {
        match self.rendition.tail() {
            Ok(tail) => self.master(tail, failures),
            Err(error) => failures.push(Failure { slot: self.slot, error: error.into() }),
        }
        self.filters.end();
        let silence = vec![0.0; self.filters.latency()];
        self.master(vec![silence.clone(), silence], failures);
        self.is_over = true;
    }

    fn master(&mut self, mut block: Vec<Vec<f32>>, failures: &mut Vec<Failure>) {
        let before = block[0].len().min(usize::try_from(self.before).unwrap_or(usize::MAX));
        self.before -= before as u64;
        block.iter_mut().for_each(|plane| drop(plane.drain(..before)));
        let length = block[0].len();
        let (originals, outcome) = self.filters.process(&mut block);
        if outcome == Err(Broken) {
            let error = Error::Broken { at: self.made };
            failures.push(Failure { slot: self.slot, error });
        }
        let early = length.min(usize::try_from(self.early).unwrap_or(usize::MAX));
        self.early -= early as u64;
        let mut at = self.made;
        for n in early..length {
            if let Some((_, _, gains)) = self.begins.iter().rev().find(|(begin, ..)| *begin == at) {
                self.level.set(*gains);
            }
            let [master, original] = self.level.next();
            let level = |sample: f32, gain: f32| (sample * gain).clamp(-LOUDEST, LOUDEST);
            let [left, right] = [0, 1].map(|channel| level(block[channel][n], master));
            let [came_left, came_right] =
                [0, 1].map(|channel| level(originals[channel][n], original));
            self.held.push_back([left, right, came_left, came_right]);
            at += 1;
        }
        self.made = at;
    }
}

fn gains(treatment: &Treatment) -> Gains {
    Gains::new(treatment.gain, treatment.original_gain)
}

/// A place that is not behind the end of a sound whose length is stated.
fn within(from: Frames, rate: SampleRate, format: &Format) -> Frames {
    let end = format.stated_frames.map(|frames| {
        let scaled = u128::from(frames) * u128::from(rate.hz());
        scaled.div_ceil(u128::from(format.rate.hz()))
    });
    Frames(end.map_or(from.0, |end| from.0.min(u64::try_from(end).unwrap_or(u64::MAX))))
}
