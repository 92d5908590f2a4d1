//! The sound of a stream from a place of its list on: tracks are opened as they are wanted, their
//! plans followed as they are made, changes of the list taken up between two blocks.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use audio::{Frames, SampleRate};
use fault::Fault;
use listening::{Fade, Portion, Slot, Timeline};

use super::mastered::Mastered;
use super::message::Code;
use super::track::{List, Opened};
use super::{Leaving, Mark, Setup, Stream, place_of};
use crate::House;

/// Tracks whose plans are made while the one before them is heard.
const AHEAD: usize = 2;

/// So many tracks in a row that cannot be opened are a disk that is not there: nobody waits for the rest.
const MAX_FAILURES: usize = 50;

/// A place in a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Time(Duration),
    Frames(u64),
}

/// Where a sound begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    /// The track, and how much of it is passed over.
    pub(super) place: usize,
    pub(super) position: Position,
    pub(super) past: Past,
    /// What the first frame is called on the timeline.
    pub(super) frame: u64,
    /// At which rate all is heard; that of the family of the first track without it.
    pub(super) rate: Option<SampleRate>,
    /// Whether original and master are heard side by side.
    pub(super) pairs: bool,
}

/// What was heard right before a place, where a timeline is made anew from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Past {
    /// How much of the track.
    pub(super) heard: u64,
    /// The track before it, where that is still fading out there.
    pub(super) leaving: Option<Leaving>,
}

/// What is told of a sound.
#[derive(Debug)]
pub(super) enum Told {
    /// A track begins; how long it is where its file says so.
    Began(Mark, Option<u64>),
    /// What is done to a track has changed.
    Plan { place: usize, frame: u64, mastered: Box<Mastered> },
    /// A track could not be played to its end.
    Failed { place: usize, code: Code },
}

/// Whether anybody still wants the sound.
pub(super) type GoesOn<'a> = Box<dyn Fn() -> bool + 'a>;

pub(super) struct Render<'a> {
    stream: &'a Stream,
    house: &'a House,
    goes_on: GoesOn<'a>,
    timeline: Timeline,
    pub(super) rate: SampleRate,
    pairs: bool,
    setup: Setup,
    pub(super) revision: u64,
    /// The track that is heard, and those that are about to be.
    opened: Vec<Opened>,
    /// The next slot, and the next place of the list to be opened.
    slot: u32,
    next: usize,
    /// The first frame that was not read yet.
    pub(super) frame: u64,
    /// The frame of its track at which the first track begins, and what was heard before.
    begun: u64,
    past: Past,
    /// The last track that began.
    last: Option<Mark>,
    told: Vec<Told>,
    /// Tracks in a row that could not be opened.
    failures: usize,
}

impl<'a> Render<'a> {
    /// Begins with the first track from a place on that can be played; without one there is nothing to be
    /// heard, and only what is told of the others.
    pub(super) fn begin(
        stream: &'a Stream,
        house: &'a House,
        goes_on: GoesOn<'a>,
        start: Start,
    ) -> Result<Self, Vec<Told>> {
        let (setup, revision, _) = stream.revised();
        let list = List { house, owner: stream.owner, setup: &setup, pairs: start.pairs };
        let mut told = Vec::new();
        for place in start.place..setup.tracks.len() {
            if !goes_on() || told.len() >= MAX_FAILURES {
                break;
            }
            let opened = list.open(Slot(0), place, None);
            let Some((source, opened)) = or_told(&mut told, place, opened) else { continue };
            let rate = start.rate.unwrap_or_else(|| family(source.decoder.format().rate));
            let begun = match start.position {
                _ if place != start.place => 0,
                Position::Time(time) => rate.frames(time.as_secs_f64()).0,
                Position::Frames(frames) => frames,
            };
            let begun = opened.length(rate).map_or(begun, |length| begun.min(length));
            let mut timeline = Timeline::new(rate, setup.crossfade_s);
            let past = if place == start.place { start.past } else { Past::default() };
            let started = timeline.start(source, Frames(begun), Frames(past.heard));
            if or_told(&mut told, place, started).is_none() {
                continue;
            }
            if let Some(leaving) = past.leaving {
                fade_out(list, &mut timeline, (place, begun), leaving, &mut told);
            }
            return Ok(Self {
                stream,
                house,
                goes_on,
                timeline,
                rate,
                pairs: start.pairs,
                revision,
                opened: vec![opened],
                slot: 2,
                next: place + 1,
                frame: start.frame,
                begun,
                past,
                last: None,
                told,
                failures: 0,
                setup,
            });
        }
        Err(told)
    }

    /// Writes the next frames; fewer than there is room for at the end, or when the player goes on no
    /// longer.
    pub(super) fn next<const CHANNELS: usize>(
        &mut self,
        mut planes: [&mut [f32]; CHANNELS],
    ) -> (usize, Vec<Told>) {
        self.take_up();
        self.follow();
        let room = planes[0].len();
        let mut frames = 0;
        while frames < room && (self.goes_on)() {
            let portion = self.timeline.read(&mut planes.each_mut().map(|p| &mut p[frames..]));
            let (wants, is_full) = (portion.wants, portion.frames == room - frames);
            frames += portion.frames;
            self.heard(portion);
            if wants {
                self.supply();
            } else if !is_full {
                break;
            }
        }
        (frames, std::mem::take(&mut self.told))
    }

    fn list(&self) -> List<'_> {
        let Self { house, stream, setup, pairs, .. } = self;
        List { house, owner: stream.owner, setup, pairs: *pairs }
    }

    /// The next track that can be opened goes behind the last one.
    fn supply(&mut self) {
        let place = self.next;
        if place >= self.setup.tracks.len() || self.failures >= MAX_FAILURES {
            return self.timeline.close();
        }
        self.next += 1;
        let behind = self.opened.last().map(|opened| opened.place);
        let opened = self.list().open(Slot(self.slot), place, behind);
        self.failures += 1;
        if let Some((source, opened)) = or_told(&mut self.told, place, opened) {
            self.failures = 0;
            self.slot += 1;
            self.timeline.append(source);
            self.opened.push(opened);
        }
    }

    /// Writes down what a portion says.
    fn heard(&mut self, portion: Portion) {
        for failure in portion.failures {
            let place = self.place_of(failure.slot);
            if matches!(failure.error, listening::Error::Broken { .. }) {
                self.break_off(failure.slot);
            }
            let outcome: Result<(), _> = Err(failure.error);
            or_told(&mut self.told, place, outcome);
        }
        for mark in portion.marks {
            let Some(n) = self.opened.iter().position(|opened| opened.slot == mark.slot) else {
                continue;
            };
            self.opened.drain(..n);
            let opened = &self.opened[0];
            let (frame, at) = (self.frame + mark.at as u64, std::mem::take(&mut self.begun));
            let Past { heard, leaving } = std::mem::take(&mut self.past);
            let leaving =
                mark.fade.and_then(|length| leaving.or_else(|| self.leaving(frame, length)));
            let mark = Mark { frame, track: opened.track, place: opened.place, at, heard, leaving };
            self.last = Some(mark);
            self.told.push(Told::Began(mark, opened.length(self.rate)));
            self.told.push(plan(opened, frame));
            self.prepare();
        }
        self.frame += portion.frames as u64;
    }

    /// What is faded out where a track begins: the one that was heard before it.
    fn leaving(&self, frame: u64, length: usize) -> Option<Leaving> {
        let Mark { track, at, frame: begun, .. } = self.last?;
        Some(Leaving { track, at: at + (frame - begun), length })
    }

    /// The filters of a track broke down: it is heard as it came, at the level of that.
    fn break_off(&mut self, slot: Slot) {
        let Some(opened) = self.opened.iter_mut().find(|opened| opened.slot == slot) else {
            return;
        };
        let treatment = opened.mastered.break_off();
        let treated = self.timeline.treat(slot, &treatment);
        if or_told(&mut self.told, opened.place, treated) == Some(true) {
            self.told.push(plan(opened, self.frame));
        }
    }

    fn place_of(&self, slot: Slot) -> usize {
        let opened = self.opened.iter().find(|opened| opened.slot == slot);
        opened.map_or(self.next.saturating_sub(1), |opened| opened.place)
    }

    /// Has those worked on that come next.
    fn prepare(&self) {
        for place in self.next..self.setup.tracks.len().min(self.next + AHEAD) {
            // Whether it can be heard shows when it is its turn.
            let _ = self.list().prepare(place);
        }
    }

    /// Goes over to plans that were made meanwhile.
    fn follow(&mut self) {
        for opened in &mut self.opened {
            let Some(treatment) = opened.mastered.follow(&self.house.plans) else { continue };
            let treated = self.timeline.treat(opened.slot, &treatment);
            if or_told(&mut self.told, opened.place, treated) == Some(true) {
                self.told.push(plan(opened, self.frame));
            }
        }
    }

    /// Takes up what was changed of the list and of how it is heard.
    fn take_up(&mut self) {
        if self.stream.revision() == self.revision {
            return;
        }
        let (setup, revision, heard) = self.stream.revised();
        if !Arc::ptr_eq(&setup.tracks, &self.setup.tracks) {
            // What was put behind the track that is heard is put there anew, from the list as it is now.
            let forgotten = self.timeline.forget_next();
            self.opened.retain(|opened| !forgotten.contains(&opened.slot));
            let mut least = heard;
            for opened in &mut self.opened {
                opened.place = place_of(&setup.tracks, least, opened.track);
                least = opened.place + 1;
            }
            self.next = least;
        }
        (self.setup, self.revision) = (setup, revision);
        self.timeline.set_crossfade(self.setup.crossfade_s);
        for n in 0..self.opened.len() {
            let again = self.list().again(&self.opened[n]);
            let place = self.opened[n].place;
            let Some((mastered, treatment)) = or_told(&mut self.told, place, again) else {
                continue;
            };
            let treated = self.timeline.treat(self.opened[n].slot, &treatment);
            self.opened[n].mastered = mastered;
            if or_told(&mut self.told, place, treated) == Some(true) {
                self.told.push(plan(&self.opened[n], self.frame));
            }
        }
        self.prepare();
    }
}

/// A fade is heard on from where it was, wherever the track that leaves stands in the list now; where it is
/// not in it any more, or cannot be opened, the other one is heard alone.
fn fade_out(
    list: List<'_>,
    timeline: &mut Timeline,
    (place, done): (usize, u64),
    leaving: Leaving,
    told: &mut Vec<Told>,
) {
    let before = &list.setup.tracks[..place];
    let Some(place) = before.iter().rposition(|track| *track == leaving.track) else { return };
    let opened = list.open(Slot(1), place, None);
    let Some((source, _)) = or_told(told, place, opened) else { return };
    let Leaving { at, length, .. } = leaving;
    let fade = Fade { done: usize::try_from(done).unwrap_or(length).min(length), length };
    let faded = timeline.fade_out(source, Frames(at + done), fade);
    or_told(told, place, faded);
}

fn plan(opened: &Opened, frame: u64) -> Told {
    Told::Plan { place: opened.place, frame, mastered: Box::new(opened.mastered.clone()) }
}

/// What came of a track; where it failed that is told, and the stream goes on without it.
fn or_told<T, E: Reason>(told: &mut Vec<Told>, place: usize, outcome: Result<T, E>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::warn!(%error, place, "not played to its end");
            told.push(Told::Failed { place, code: error.code() });
            None
        }
    }
}

/// An error as it is told.
trait Reason: Display {
    fn code(&self) -> Code;
}

impl Reason for library::Error {
    fn code(&self) -> Code {
        match self {
            library::Error::Absent(_) | library::Error::Io { .. } => Code::Gone,
            library::Error::Sound(_) => Code::Unreadable,
            _ => Code::Internal,
        }
    }
}

impl Reason for listening::Error {
    fn code(&self) -> Code {
        match self {
            listening::Error::Sound(_) => Code::Unreadable,
            listening::Error::Mastering(error) if error.class() == fault::Class::Bug => {
                Code::Internal
            }
            listening::Error::Mastering(_) | listening::Error::Broken { .. } => Code::Mastering,
        }
    }
}

/// 44.1 kHz for what divides it or is a multiple, so that a record is heard sample by sample; 48 kHz
/// for all else.
fn family(own: SampleRate) -> SampleRate {
    if own.hz().is_multiple_of(11_025) { SampleRate::CD } else { SampleRate::STUDIO }
}
