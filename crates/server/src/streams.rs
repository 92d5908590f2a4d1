//! Streams: a list of tracks as one sound without gaps, heard over a socket or as a file without an end.

mod alone;
mod diary;
mod file;
mod live;
mod mastered;
mod message;
mod piece;
mod render;

mod sleep;
mod socket;
mod ticket;
mod track;
mod voice;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audio::SampleRate;
use gateway::{Drain, Phase};
use library::TrackId;
use serde::{Deserialize, Serialize};
use sleep::Sleep;
use store::UserId;
use studio::plans::Enhancement;
use utoipa::ToSchema;

pub(crate) use alone::Alone;
pub(crate) use live::SUBPROTOCOL;
pub(crate) use message::given;
pub use message::understands;
pub(crate) use socket::converse;
pub(crate) use ticket::Tickets;

/// Streams of one user: more than anybody has players. Of more the one made first is forgotten.
const MAX_OF_USER: usize = 8;
/// Boundaries of a timeline remembered, for a player that asks where it is.
const MAX_MARKS: usize = 32;
/// The seat of a stream that is forgotten.
const GONE: u64 = u64::MAX;

/// A stream by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StreamId(pub(crate) u64);

/// At which level tracks are played. Gains come from the tags, else from what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// As they are.
    Off,
    /// Each as loud as any other.
    Track,
    /// Each album as loud as any other.
    Album,
    /// By album where tracks of one follow each other, else by track.
    #[default]
    Auto,
}

/// What is to be heard, and how.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    pub(crate) tracks: Arc<[TrackId]>,
    pub(crate) crossfade_s: f64,
    pub(crate) level: Level,
    /// How tracks are mastered; none for the sound as it came.
    pub(crate) enhancement: Option<Enhancement>,
    /// What the player is called.
    pub(crate) player: Arc<str>,
}

/// What is to be changed of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// Other tracks, and the place among them of the one that is heard.
    pub(crate) tracks: Option<(Arc<[TrackId]>, usize)>,
    /// Another place to go on from.
    pub(crate) place: Option<(usize, Duration)>,
    pub(crate) crossfade_s: Option<f64>,
    pub(crate) level: Option<Level>,
    pub(crate) enhancement: Option<Option<Enhancement>>,
}

/// From a frame of a timeline on a track is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) frame: u64,
    /// The track, and its place in the list.
    pub(crate) track: TrackId,
    pub(crate) place: usize,
    /// The frame of the track that is heard there.
    pub(crate) at: u64,
    /// How much of the track was heard before that.
    heard: u64,
    /// The track before it, where that is faded out under its beginning.
    leaving: Option<Leaving>,
}

/// A track that is faded out under the beginning of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Leaving {
    track: TrackId,
    /// The frame of it at which the fade began, and how many frames that takes.
    at: u64,
    length: usize,
}

/// How far a stream is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    /// The place of the track that was sent last, from 0.
    pub(crate) current: usize,
    /// How much of it was sent, or heard where the player tells.
    pub(crate) position: Duration,
    /// When all that was sent can have been heard.
    heard: Option<Instant>,
    /// Places of tracks that could not be played to their end.
    pub(crate) failed: BTreeSet<usize>,
    /// Whether all was sent.
    pub(crate) is_over: bool,
    /// The sound that is being sent: its rate, and what is heard from which frame on.
    pub(crate) timeline: Option<(SampleRate, Vec<Mark>)>,
}

#[derive(Debug)]
struct State {
    setup: Setup,
    progress: Progress,
    /// Counts changes of the setup, and those of the place by somebody else than the player.
    revision: u64,
    jumps: u64,
    /// Kept when the socket of its player breaks.
    sleep: Sleep,
}

/// One stream. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) id: StreamId,
    pub(crate) owner: UserId,
    state: Arc<Mutex<State>>,
    /// Who plays it: the last one to begin. Those before stop.
    seat: Arc<AtomicU64>,
}

/// Those of all users.
#[derive(Debug)]
pub(crate) struct Streams {
    all: Mutex<BTreeMap<StreamId, Stream>>,
    last: AtomicU64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Streams {
    /// None. Numbers begin behind `last`: a player that remembers one of an earlier run of the server must not
    /// meet somebody else's.
    pub(crate) fn new(last: u64) -> Self {
        Self { all: Mutex::default(), last: AtomicU64::new(last) }
    }

    /// A new stream that begins at a place of its list.
    pub(crate) fn make(
        &self,
        owner: UserId,
        setup: Setup,
        current: usize,
        position: Duration,
    ) -> Stream {
        let id = StreamId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let stream = Stream::new(id, owner, setup, (current, position));
        let mut all = locked(&self.all);
        let own: Vec<StreamId> =
            all.values().filter(|stream| stream.owner == owner).map(|stream| stream.id).collect();
        if own.len() >= MAX_OF_USER
            && let Some(first) = own.first().and_then(|first| all.remove(first))
        {
            first.stop();
        }
        all.insert(id, stream.clone());
        stream
    }

    /// Those of a user, the first one first.
    pub(crate) fn of(&self, owner: UserId) -> Vec<Stream> {
        locked(&self.all).values().filter(|stream| stream.owner == owner).cloned().collect()
    }

    /// One of a user's.
    pub(crate) fn one(&self, owner: UserId, id: StreamId) -> Option<Stream> {
        locked(&self.all).get(&id).filter(|stream| stream.owner == owner).cloned()
    }

    /// Forgets one of a user's; who plays it stops.
    pub(crate) fn forget(&self, owner: UserId, id: StreamId) -> bool {
        let Some(stream) = self.one(owner, id) else { return false };
        locked(&self.all).remove(&id);
        stream.stop();
        true
    }
}

impl Stream {
    /// One that nobody finds by its number.
    fn new(
        id: StreamId,
        owner: UserId,
        setup: Setup,
        (current, position): (usize, Duration),
    ) -> Self {
        let progress = Progress {
            current,
            position,
            heard: None,
            failed: BTreeSet::new(),
            is_over: false,
            timeline: None,
        };
        let sleep = Sleep::Never;
        let state = Arc::new(Mutex::new(State { setup, progress, revision: 0, jumps: 0, sleep }));
        Self { id, owner, state, seat: Arc::default() }
    }

    pub(crate) fn progress(&self) -> Progress {
        locked(&self.state).progress.clone()
    }

    pub(crate) fn setup(&self) -> Setup {
        locked(&self.state).setup.clone()
    }

    /// The setup, how often it was changed before, and the place that is heard.
    fn revised(&self) -> (Setup, u64, usize) {
        let state = locked(&self.state);
        (state.setup.clone(), state.revision, state.progress.current)
    }

    /// When its player wants it to fall silent.
    fn sleep(&self) -> Sleep {
        locked(&self.state).sleep
    }

    fn set_sleep(&self, sleep: Sleep) {
        locked(&self.state).sleep = sleep;
    }

    fn revision(&self) -> u64 {
        locked(&self.state).revision
    }

    /// Changes what is heard, from what is made next on.
    pub(crate) fn change(&self, change: Change) {
        let mut state = locked(&self.state);
        let State { setup, progress, revision, jumps, .. } = &mut *state;
        if let Some((tracks, current)) = change.tracks {
            for mark in progress.timeline.iter_mut().flat_map(|(_, marks)| marks) {
                mark.place = place_of(&tracks, current, mark.track);
            }
            setup.tracks = tracks;
            progress.failed.clear();
            progress.current = current;
        }
        if let Some((current, position)) = change.place {
            (progress.current, progress.position) = (current, position);
            (progress.heard, progress.is_over) = (None, false);
            *jumps += 1;
        }
        setup.crossfade_s = change.crossfade_s.unwrap_or(setup.crossfade_s);
        setup.level = change.level.unwrap_or(setup.level);
        setup.enhancement = change.enhancement.unwrap_or(setup.enhancement);
        *revision += 1;
    }

    /// No player goes on, whoever was about to begin.
    fn stop(&self) {
        self.seat.store(GONE, Ordering::Relaxed);
    }

    /// A seat for a new player, which has the stream from now on.
    pub(crate) fn seat(&self, drain: Drain) -> Seat {
        let next = |last: u64| (last != GONE).then(|| last + 1);
        let last = self.seat.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        // Of a stream that is forgotten the number is one that nobody has.
        let own = last.map_or(0, |last| last + 1);
        let jumps = locked(&self.state).jumps;
        Seat { last: Arc::clone(&self.seat), own, jumps, drain }
    }

    /// Writes down how far it is: while nobody else plays it or has set its place, and nothing was changed
    /// that the player does not know of.
    fn note(&self, seat: &Seat, revision: u64, change: impl FnOnce(&mut Progress)) {
        let mut state = locked(&self.state);
        if seat.goes_on() && (state.jumps, state.revision) == (seat.jumps, revision) {
            change(&mut state.progress);
        }
    }

    /// A track begins on the timeline of a player, as it was made of a revision of the list.
    fn note_mark(&self, seat: &Seat, rate: SampleRate, revision: u64, mark: Mark) {
        let mut state = locked(&self.state);
        if !seat.goes_on() {
            return;
        }
        let State { setup, progress, revision: now, .. } = &mut *state;
        let place = match *now == revision {
            true => mark.place,
            false => place_of(&setup.tracks, progress.current, mark.track),
        };
        progress.mark(rate, Mark { place, ..mark });
    }

    /// The track that is heard, its place, and how much of it; none before anything is.
    fn heard(&self) -> Option<(TrackId, usize, Duration)> {
        let state = locked(&self.state);
        let State { setup, progress, .. } = &*state;
        let track = *setup.tracks.get(progress.current)?;
        progress.timeline.is_some().then_some((track, progress.current, progress.position))
    }

    /// The same of a player that says itself what it has heard.
    fn note_heard(&self, seat: &Seat, change: impl FnOnce(&mut Progress)) {
        let mut state = locked(&self.state);
        if seat.goes_on() {
            change(&mut state.progress);
        }
    }
}

/// Where a track of an earlier list stands in this one: behind the one that is heard, else anywhere, else
/// where that one is.
fn place_of(tracks: &[TrackId], current: usize, track: TrackId) -> usize {
    let is_it = |known: &TrackId| *known == track;
    let behind = tracks.iter().skip(current).position(is_it).map(|behind| current + behind);
    behind.or_else(|| tracks.iter().position(is_it)).unwrap_or(current)
}

/// The place of who plays a stream.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    last: Arc<AtomicU64>,
    own: u64,
    jumps: u64,
    drain: Drain,
}

/// Why a player does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Replaced,
    Forgotten,
    Closing,
}

impl Seat {
    /// Whether nobody else plays the stream and the server is not about to stop.
    pub(crate) fn goes_on(&self) -> bool {
        self.lost().is_none()
    }

    fn lost(&self) -> Option<Lost> {
        if self.drain.phase() == Phase::Draining {
            return Some(Lost::Closing);
        }
        match self.last.load(Ordering::Relaxed) {
            last if last == self.own => None,
            GONE => Some(Lost::Forgotten),
            _ => Some(Lost::Replaced),
        }
    }
}

impl Progress {
    /// The timeline was sent, or heard, up to a frame.
    fn reach(&mut self, frame: u64) {
        let Some((rate, marks)) = &self.timeline else { return };
        let Some(mark) = marks.iter().rev().find(|mark| mark.frame <= frame) else { return };
        let since = mark.at.saturating_add(frame - mark.frame) as f64 / f64::from(rate.hz());
        (self.current, self.position) = (mark.place, Duration::from_secs_f64(since));
    }

    /// Another timeline begins.
    fn begin(&mut self, rate: SampleRate, mark: Mark) {
        self.timeline = Some((rate, vec![mark]));
        (self.current, self.is_over) = (mark.place, false);
    }

    /// Remembers what is heard from a frame on; what was made behind it before is not heard.
    fn mark(&mut self, rate: SampleRate, mark: Mark) {
        let (known, marks) = self.timeline.get_or_insert_with(|| (rate, Vec::new()));
        *known = rate;
        marks.retain(|known| known.frame < mark.frame);
        marks.push(mark);
        if marks.len() > MAX_MARKS {
            marks.remove(0);
        }
    }
}
