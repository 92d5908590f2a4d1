//! One player at a socket: what it wants, and the thread that makes it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audio::SampleRate;
use tokio::sync::mpsc;

use super::message::{Event, Format, Op, Reason, Refused};
use super::piece::MAX_FRAMES;
use super::render::{Past, Position, Render, Start, Told};
use super::sleep::Sleep;
use super::voice::Voice;
use super::{Change, Lost, Mark, Seat, Stream};
use crate::House;

/// What both sides of a socket agree to speak.
pub(crate) const SUBPROTOCOL: &str = "triad.stream.v1";
/// A player buffers no more, seconds.
pub(super) const MAX_AHEAD_S: u32 = 30;
/// No track is longer than a day, at the highest rate.
const MAX_FRAME: u64 = 86_400 * 48_000;
/// Whether somebody else has the stream is looked at this often.
const LOOK: Duration = Duration::from_millis(100);

/// What is sent to a player.
#[derive(Debug)]
pub(super) enum Out {
    Event(Event),
    /// Sound of an epoch.
    Piece(u32, Vec<u8>),
    /// Nothing comes behind it.
    Close(Option<u16>),
}

/// A timeline that is wanted.
#[derive(Debug, Clone)]
struct Wish {
    epoch: u32,
    start: Start,
    re: Option<String>,
}

/// What the player has said.
#[derive(Debug)]
struct State {
    hello: Option<(SampleRate, Format)>,
    wish: Option<Wish>,
    /// The next frame that is heard, the first one that may not be sent, and the first one that never was
    /// on this timeline, in whatever epoch.
    played: u64,
    until: u64,
    furthest: u64,
    pairs: bool,
    is_paused: bool,
    /// Whether the timer has ended the timeline.
    is_asleep: bool,
    is_closed: bool,
    /// Since when the thread has been at work on one block.
    busy: Option<Instant>,
}

/// A player at a socket.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) stream: Stream,
    pub(super) seat: Seat,
    /// Whose it is.
    pub(super) name: String,
    state: Mutex<State>,
    changed: Condvar,
    epoch: AtomicU32,
}

/// What is to be done next.
enum Work {
    Begin(Wish),
    /// So many frames may be made.
    Make(usize),
    /// Nothing yet.
    Rest,
    Lost(Lost),
    Closed,
}

impl State {
    /// The rate that was agreed on; whoever has not met is told nothing of frames.
    fn rate(&self) -> SampleRate {
        self.hello.map_or(SampleRate::STUDIO, |(rate, _)| rate)
    }

    /// How many frames may be sent behind the last one.
    fn room(&self, next: Option<u64>) -> u64 {
        next.filter(|_| !self.is_paused).map_or(0, |next| self.until.saturating_sub(next))
    }

    fn is_to_do(&self, next: Option<u64>) -> bool {
        self.wish.is_some() || self.room(next) > 0
    }
}

impl Live {
    pub(super) fn new(stream: Stream, seat: Seat, name: String) -> Self {
        let state = State {
            hello: None,
            wish: None,
            played: 0,
            until: 0,
            furthest: 0,
            pairs: false,
            is_paused: false,
            is_asleep: false,
            is_closed: false,
            busy: None,
        };
        let (state, changed) = (Mutex::new(state), Condvar::new());
        Self { stream, seat, name, state, changed, epoch: AtomicU32::new(0) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whatever belongs to an older one is not sent.
    pub(super) fn epoch(&self) -> u32 {
        self.epoch.load(Ordering::Relaxed)
    }

    /// The thread ends soon.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }

    /// For how long the thread has been at work on one block.
    #[expect(clippy::disallowed_methods, reason = "a stalled disk shows by the clock alone")]
    pub(super) fn busy_for(&self) -> Duration {
        self.state().busy.map_or(Duration::ZERO, |since| Instant::now().duration_since(since))
    }

    /// Does as a player says.
    pub(super) fn hear(&self, op: Op, re: Option<String>) -> Result<Option<Event>, Refused> {
        let mut state = self.state();
        if state.hello.is_none() != matches!(op, Op::Hello { .. }) {
            return Err(Refused::HelloFirst);
        }
        let answer = match op {
            Op::Hello { rate, format, resume } => {
                Some(self.welcome(&mut state, (rate, format), resume, re)?)
            }
            Op::Play { epoch, place, frame, pairs } => {
                let place = self.place(place)?;
                let frame = Some(frame).filter(|frame| *frame <= MAX_FRAME);
                let frame = frame.ok_or(Refused::Invalid)?;
                self.begins(epoch)?;
                let (was_asleep, played) = (std::mem::take(&mut state.is_asleep), state.played);
                self.stream.set_sleep(self.stream.sleep().anew(played, was_asleep));
                (state.is_paused, state.pairs, state.furthest) = (false, pairs, 0);
                self.wish(&mut state, epoch, (place, frame, Past::default()), 0, re);
                let track = self.stream.setup().tracks[place];
                let mark = Mark { frame: 0, track, place, at: frame, heard: 0, leaving: None };
                let rate = state.rate();
                self.stream.note_heard(&self.seat, |progress| progress.begin(rate, mark));
                None
            }
            Op::GoOn { epoch, from, pairs, place, enhance } => {
                let enhancement = enhance.map(|wanted| wanted.map(|w| w.read()).transpose());
                let enhancement = enhancement.transpose().map_err(|_| Refused::Invalid)?;
                let mark = self.mark_at(from).filter(|_| from <= state.furthest);
                let mark = mark.ok_or(Refused::UnknownFrame)?;
                let place = place.map_or(Ok(mark.place), |place| self.place(place))?;
                self.begins(epoch)?;
                if enhancement.is_some() {
                    self.stream.change(Change { enhancement, ..Change::default() });
                }
                (state.pairs, state.is_asleep) = (pairs.unwrap_or(state.pairs), false);
                let since = from - mark.frame;
                let at = mark.at.saturating_add(since);
                let is_same = self.stream.setup().tracks.get(place) == Some(&mark.track);
                let past = Past {
                    heard: mark.heard.saturating_add(since),
                    leaving: mark.leaving.filter(|fade| at < fade.length as u64),
                };
                let past = if is_same { past } else { Past::default() };
                self.wish(&mut state, epoch, (place, at, past), from, re);
                None
            }
            Op::Credit { epoch, played, until, underruns } => {
                if epoch == self.epoch() {
                    self.credit(&mut state, played, until, underruns)?;
                }
                None
            }
            Op::Pause { paused } => {
                state.is_paused = paused;
                Some(self.said(&state, re))
            }
            Op::Sleep { after_s, end_of_track } => {
                let asked = (after_s, end_of_track);
                let asked = Sleep::asked(asked, state.rate(), (state.played, state.furthest))?;
                self.stream.set_sleep(asked);
                Some(self.said(&state, re))
            }
            Op::Ping {} => Some(Event::Pong { re }),
        };
        drop(state);
        self.changed.notify_all();
        Ok(answer)
    }

    fn welcome(
        &self,
        state: &mut State,
        (rate, format): (u32, Format),
        resume: Option<String>,
        re: Option<String>,
    ) -> Result<Event, Refused> {
        let known = [SampleRate::CD, SampleRate::STUDIO].into_iter().find(|r| r.hz() == rate);
        let known = known.ok_or(Refused::Invalid)?;
        state.hello = Some((known, format));
        let progress = self.stream.progress();
        let token = self.stream.id.0.to_string();
        let at = known.frames(progress.position.as_secs_f64()).0;
        // What was played goes on where the rate is the same: frames mean what they meant.
        let timeline = progress.timeline.as_ref().filter(|(rate, _)| *rate == known);
        let timeline = timeline.filter(|_| resume.is_some_and(|resume| resume == token));
        let mut marks = timeline.iter().flat_map(|(_, marks)| marks.iter().rev());
        let heard = marks.find(|mark| mark.place == progress.current && mark.at <= at);
        let frame = heard.map_or(0, |mark| mark.frame + (at - mark.at));
        if heard.is_some() {
            // Whatever may lie in a player's buffer may be asked for again.
            (state.played, state.until) = (frame, frame);
            state.furthest = frame + u64::from(MAX_AHEAD_S * rate);
        }
        Ok(Event::Welcome {
            re,
            stream: self.stream.id.0,
            rate,
            format,
            channels: 2,
            resume: token,
            resumed: heard.is_some(),
            epoch: self.epoch(),
            frame,
            place: progress.current,
            at,
            max_ahead_s: MAX_AHEAD_S,
        })
    }

    fn place(&self, place: u32) -> Result<usize, Refused> {
        let place = place as usize;
        (place < self.stream.setup().tracks.len()).then_some(place).ok_or(Refused::Invalid)
    }

    /// What is heard at a frame of the timeline.
    fn mark_at(&self, frame: u64) -> Option<Mark> {
        let (_, marks) = self.stream.progress().timeline?;
        marks.into_iter().rev().find(|mark| mark.frame <= frame)
    }

    fn begins(&self, epoch: u32) -> Result<(), Refused> {
        if epoch <= self.epoch() {
            return Err(Refused::StaleEpoch);
        }
        self.epoch.store(epoch, Ordering::Relaxed);
        Ok(())
    }

    fn wish(
        &self,
        state: &mut State,
        epoch: u32,
        (place, at, past): (usize, u64, Past),
        frame: u64,
        re: Option<String>,
    ) {
        let rate = state.hello.map(|(rate, _)| rate);
        let position = Position::Frames(at);
        let start = Start { place, position, past, frame, rate, pairs: state.pairs };
        (state.played, state.until) = (frame, frame);
        state.wish = Some(Wish { epoch, start, re });
    }

    fn credit(
        &self,
        state: &mut State,
        played: u64,
        until: u64,
        underruns: Option<u32>,
    ) -> Result<(), Refused> {
        let rate = state.hello.map_or(0, |(rate, _)| rate.hz());
        let most = played.checked_add(u64::from(MAX_AHEAD_S * rate)).ok_or(Refused::Invalid)?;
        if played > state.furthest || until < played {
            return Err(Refused::Invalid);
        }
        if underruns.is_some_and(|underruns| underruns > 0) {
            tracing::info!(?underruns, stream = self.stream.id.0, "a player ran dry");
        }
        (state.played, state.until) = (played, until.min(most));
        self.stream.note_heard(&self.seat, |progress| progress.reach(played));
        Ok(())
    }

    /// Makes sound as long as the player is there. Blocks.
    pub(super) fn run(&self, house: &House, out: &mpsc::Sender<Out>) {
        let mut voice: Option<Voice<'_>> = None;
        loop {
            let next = voice.as_ref().map(|voice| voice.render.frame);
            let made = match self.work(next) {
                Work::Closed => return,
                Work::Lost(lost) => return self.leave(lost, next.unwrap_or(0), out),
                Work::Begin(wish) => {
                    let (begun, events) = self.begin(house, wish);
                    voice = begun;
                    events.into_iter().map(Out::Event).collect()
                }
                Work::Make(frames) => match voice.take() {
                    Some(mut speaks) => {
                        let (made, is_over) = self.make(&mut speaks, frames);
                        voice = (!is_over).then_some(speaks);
                        made
                    }
                    None => Vec::new(),
                },
                Work::Rest => Vec::new(),
            };
            self.state().busy = None;
            if !send_all(out, made) {
                return;
            }
        }
    }

    /// Whether the sound of an epoch is still wanted.
    fn wants(&self, epoch: u32) -> bool {
        self.epoch() == epoch && self.seat.goes_on() && !self.state().is_closed
    }

    pub(super) fn is_paused(&self) -> bool {
        self.state().is_paused
    }

    fn said(&self, state: &State, re: Option<String>) -> Event {
        let sleep = self.stream.sleep();
        let sleep_s = sleep.left_s(state.rate(), state.played);
        let sleep_at_end = sleep == Sleep::EndOfTrack;
        Event::State { re, paused: state.is_paused, sleep_s, sleep_at_end }
    }

    fn leave(&self, lost: Lost, frame: u64, out: &mpsc::Sender<Out>) {
        let reason = match lost {
            Lost::Replaced => Reason::Replaced,
            Lost::Forgotten => Reason::Forgotten,
            Lost::Closing => Reason::Closing,
        };
        let ended = Event::Ended { epoch: self.epoch(), frame, reason };
        send_all(out, [Out::Event(ended), Out::Close(Some(lost.into()))]);
    }

    /// Waits for something to do.
    #[expect(clippy::disallowed_methods, reason = "a stalled disk shows by the clock alone")]
    fn work(&self, next: Option<u64>) -> Work {
        let mut state = self.state();
        if !state.is_to_do(next) && !state.is_closed {
            let waited = self.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.is_closed {
            return Work::Closed;
        }
        if let Some(lost) = self.seat.lost() {
            return Work::Lost(lost);
        }
        if !state.is_to_do(next) {
            return Work::Rest;
        }
        state.busy = Some(Instant::now());
        match state.wish.take() {
            Some(wish) => Work::Begin(wish),
            None => Work::Make(state.room(next).min(MAX_FRAMES as u64) as usize),
        }
    }

    fn begin<'a>(&'a self, house: &'a House, wish: Wish) -> (Option<Voice<'a>>, Vec<Event>) {
        let Wish { epoch, start, re } = wish;
        let format = self.state().hello.map_or(Format::PcmF32, |(_, format)| format);
        let goes_on = Box::new(move || self.wants(epoch));
        match Render::begin(&self.stream, house, goes_on, start) {
            Ok(render) => (Some(Voice::new(render, epoch, format, re)), Vec::new()),
            Err(told) => {
                let failed = told.into_iter().filter_map(|told| match told {
                    Told::Failed { place, code } => Some(code.event(Some(place), Some(epoch))),
                    Told::Began(..) | Told::Plan { .. } => None,
                });
                let ended = Event::Ended { epoch, frame: start.frame, reason: Reason::End };
                let events: Vec<Event> = failed.chain([ended]).collect();
                // Whoever wants something else by now is not told of this.
                if !self.wants(epoch) {
                    return (None, Vec::new());
                }
                events.iter().for_each(|event| self.write_event(event));
                (None, events)
            }
        }
    }

    /// Makes a block and what is told of it; whether nothing comes behind it.
    fn make(&self, voice: &mut Voice<'_>, frames: usize) -> (Vec<Out>, bool) {
        let pairs = self.state().pairs;
        let from = voice.render.frame;
        let mut planes = vec![vec![0.0; frames]; if pairs { 4 } else { 2 }];
        let (made, told) = voice.next(&mut planes);
        planes.iter_mut().for_each(|plane| plane.truncate(made));
        let rate = voice.render.rate;
        let (length, asleep) =
            self.stream.sleep().fade(rate, from, &mut planes, voice.next_track(&told));
        let is_over = made < frames || asleep;
        let mut out = voice.pieces(from, &planes, length, told, is_over);
        if is_over && !self.wants(voice.epoch) {
            // Who has lost the stream is told so, and not that it ended.
            return (Vec::new(), true);
        }
        if is_over {
            let reason = if asleep { Reason::Sleep } else { Reason::End };
            let frame = from + length as u64;
            out.push(Out::Event(Event::Ended { epoch: voice.epoch, frame, reason }));
        }
        self.write_down(voice, &out, from + length as u64, asleep);
        (out, is_over)
    }

    fn write_event(&self, event: &Event) {
        self.stream.note_heard(&self.seat, |progress| match event {
            Event::Error { place: Some(place), .. } => drop(progress.failed.insert(*place)),
            Event::Ended { .. } => progress.is_over = true,
            _ => {}
        });
    }

    fn write_down(&self, voice: &mut Voice<'_>, out: &[Out], sent: u64, asleep: bool) {
        let mut state = self.state();
        if voice.epoch != self.epoch() {
            return;
        }
        state.furthest = state.furthest.max(sent);
        state.is_asleep = asleep;
        let (rate, revision) = (voice.render.rate, voice.render.revision);
        for mark in voice.marks.drain(..) {
            self.stream.note_mark(&self.seat, rate, revision, mark);
        }
        for out in out {
            if let Out::Event(event) = out {
                self.write_event(event);
            }
        }
    }
}

fn send_all(out: &mpsc::Sender<Out>, all: impl IntoIterator<Item = Out>) -> bool {
    all.into_iter().all(|one| out.blocking_send(one).is_ok())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gateway::Drain;
    use library::TrackId;
    use proptest::prelude::*;
    use store::UserId;

    use super::{Live, MAX_AHEAD_S};
    use crate::streams::message::{Event, Format, Op};
    use crate::streams::{Level, Mark, Setup, Stream, StreamId};

    fn live() -> Live {
        let tracks: Arc<[TrackId]> = (1..=3).map(TrackId).collect();
        let setup = Setup {
            tracks,
            crossfade_s: 0.0,
            level: Level::Off,
            enhancement: None,
            player: "a test".into(),
        };
        let stream = Stream::new(StreamId(1), UserId(1), setup, (0, std::time::Duration::ZERO));
        let seat = stream.seat(Drain::new());
        Live::new(stream, seat, "Anna".to_owned())
    }

    fn op() -> impl Strategy<Value = Op> {
        let number = prop_oneof![0..400_000_u64, Just(u64::MAX), any::<u64>()];
        let epoch = 0..40_u32;
        prop_oneof![
            Just(Op::Ping {}),
            any::<bool>().prop_map(|paused| Op::Pause { paused }),
            (prop::option::of(any::<f64>()), any::<bool>())
                .prop_map(|(after_s, end_of_track)| Op::Sleep { after_s, end_of_track }),
            (prop::option::of(1.0..100.0_f64), Just(false))
                .prop_map(|(after_s, end_of_track)| Op::Sleep { after_s, end_of_track }),
            (epoch.clone(), 0..5_u32, number.clone(), any::<bool>())
                .prop_map(|(epoch, place, frame, pairs)| Op::Play { epoch, place, frame, pairs }),
            (epoch.clone(), number.clone(), prop::option::of(0..5_u32)).prop_map(
                |(epoch, from, place)| Op::GoOn { epoch, from, pairs: None, place, enhance: None }
            ),
            (epoch, number.clone(), number).prop_map(|(epoch, played, until)| Op::Credit {
                epoch,
                played,
                until,
                underruns: None
            }),
        ]
    }

    proptest! {
        /// Whatever is said: epochs only grow, no more is granted than may be, and what is sought lies on
        /// the timeline.
        #[test]
        fn no_conversation_leads_astray(ops in prop::collection::vec((op(), 0..200_000_u64), 1..60)) {
            let live = live();
            let hello = Op::Hello { rate: 48_000, format: Format::PcmS16, resume: None };
            let welcome = live.hear(hello, None).unwrap();
            let is_welcome = matches!(welcome, Some(Event::Welcome { resumed: false, .. }));
            prop_assert!(is_welcome);
            let mut last = 0;
            for (op, sent) in ops {
                // An answer or a refusal: both are said to the player.
                let _ = live.hear(op, None);
                prop_assert!(live.epoch() >= last);
                last = live.epoch();
                let mut state = live.state();
                let most = state.played.saturating_add(u64::from(MAX_AHEAD_S) * 48_000);
                prop_assert!(state.until <= most);
                if let Some(wish) = state.wish.take() {
                    // The thread that makes the sound does this.
                    let mark = Mark {
                        frame: wish.start.frame,
                        track: TrackId(1),
                        place: wish.start.place,
                        at: 0,
                        heard: 0,
                        leaving: None,
                    };
                    prop_assert!(wish.start.place < 3);
                    state.furthest = state.furthest.max(wish.start.frame.saturating_add(sent));
                    drop(state);
                    live.stream.note_heard(&live.seat, |progress| {
                        progress.mark(audio::SampleRate::STUDIO, mark);
                    });
                }
            }
        }
    }
}
