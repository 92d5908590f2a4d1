//! Streams: a list of tracks as one sound without gaps, for players that know nothing but HTTP.

mod track;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audio::{Layout, SampleRate};
use audio_file::{StreamEncoder, Target};
use gateway::{Drain, Phase};
use library::{Library, TrackId};
use listening::{Portion, Timeline};
use serde::{Deserialize, Serialize};
use store::UserId;
use utoipa::ToSchema;

use track::source;

/// Streams of one user: more than anybody has players. Of more the one made first is forgotten.
const MAX_OF_USER: usize = 8;
/// How far the sound is ahead of the clock: a player fills its buffer, and what is changed is heard soon.
const LEAD: Duration = Duration::from_secs(10);
/// Frames mixed at a time, a tenth of a second.
const BLOCK: usize = 4_800;
/// The player of a stream that is forgotten.
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

/// What is to be heard.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) tracks: Vec<TrackId>,
    pub(crate) crossfade_s: f64,
    pub(crate) level: Level,
}

/// How far a stream is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    /// The place of the track that was sent last, from 0.
    pub(crate) current: usize,
    /// How much of it was sent.
    pub(crate) position: Duration,
    /// When all that was sent can have been heard.
    heard: Option<Instant>,
    /// Places of tracks that could not be played to their end.
    pub(crate) failed: BTreeSet<usize>,
    /// Whether all was sent.
    pub(crate) is_over: bool,
}

/// One stream. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) id: StreamId,
    pub(crate) wish: Arc<Wish>,
    owner: UserId,
    progress: Arc<Mutex<Progress>>,
    /// Who plays it: the last one to begin. Those before stop.
    player: Arc<AtomicU64>,
}

/// Those of all users.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    all: Mutex<BTreeMap<StreamId, Stream>>,
    last: AtomicU64,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Streams {
    /// A new stream that begins at a place of its list.
    pub(crate) fn make(
        &self,
        owner: UserId,
        wish: Wish,
        current: usize,
        position: Duration,
    ) -> Stream {
        let id = StreamId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let progress =
            Progress { current, position, heard: None, failed: BTreeSet::new(), is_over: false };
        let progress = Arc::new(Mutex::new(progress));
        let stream = Stream { id, wish: Arc::new(wish), owner, progress, player: Arc::default() };
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
    pub(crate) fn progress(&self) -> Progress {
        locked(&self.progress).clone()
    }

    /// No player goes on, whoever was about to begin.
    fn stop(&self) {
        self.player.store(GONE, Ordering::Relaxed);
    }

    /// A new player, which has the stream from now on.
    pub(crate) fn player(&self, drain: Drain) -> Player {
        let next = |last: u64| (last != GONE).then(|| last + 1);
        let last = self.player.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        // Of a stream that is forgotten the number is one that nobody has.
        let own = last.map_or(0, |last| last + 1);
        Player { last: Arc::clone(&self.player), own, drain }
    }

    /// Sends all of it from where it is, in a format, at the pace at which it is heard. Blocks until
    /// all is sent, nobody listens any more or the player goes on no longer.
    ///
    /// # Errors
    /// Those of the encoder.
    pub(crate) fn play(
        &self,
        library: &Library,
        target: Target,
        player: &Player,
        send: &mut dyn FnMut(Vec<u8>) -> bool,
    ) -> std::io::Result<()> {
        let Some((mut render, rate)) = Render::begin(self, library, player) else { return Ok(()) };
        let mut out = Vec::new();
        let mut encoder = StreamEncoder::begin(target, rate, Layout::Stereo, &mut out)
            .map_err(std::io::Error::other)?;
        let mut pace = Pace::begin(rate);
        let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
        while player.goes_on() {
            let frames = render.next(&mut left, &mut right);
            if frames == 0 {
                self.note(player, |progress| progress.is_over = true);
                encoder.finish(&mut out).map_err(std::io::Error::other)?;
                send(out);
                return Ok(());
            }
            let planes = [&left[..frames], &right[..frames]];
            encoder.push(&planes, &mut out).map_err(std::io::Error::other)?;
            if !out.is_empty() && !send(std::mem::take(&mut out)) {
                return Ok(());
            }
            let heard = pace.wait(frames);
            self.note(player, |progress| progress.heard = Some(heard));
        }
        Ok(())
    }

    /// Writes down how far it is, while nobody else plays it.
    fn note(&self, player: &Player, change: impl FnOnce(&mut Progress)) {
        let mut progress = locked(&self.progress);
        if player.goes_on() {
            change(&mut progress);
        }
    }
}

/// Who plays a stream.
#[derive(Debug, Clone)]
pub(crate) struct Player {
    last: Arc<AtomicU64>,
    own: u64,
    drain: Drain,
}

impl Player {
    /// Whether nobody else plays the stream and the server is not about to stop.
    pub(crate) fn goes_on(&self) -> bool {
        self.last.load(Ordering::Relaxed) == self.own && self.drain.phase() != Phase::Draining
    }
}

/// The sound of a stream, with tracks opened as they are wanted.
struct Render<'a> {
    stream: &'a Stream,
    library: &'a Library,
    player: &'a Player,
    timeline: Timeline,
    rate: SampleRate,
    /// The next track of the list to be opened, and the last one that was.
    next: usize,
    opened: usize,
    /// The one that is heard.
    current: usize,
    /// Where the present track was begun, and the frames of it since.
    begun: Duration,
    since: u64,
}

impl<'a> Render<'a> {
    /// At the rate of the family the first track is of; none where no track can be played. What was sent
    /// to the player before and may not have been heard is sent again.
    fn begin(
        stream: &'a Stream,
        library: &'a Library,
        player: &'a Player,
    ) -> Option<(Self, SampleRate)> {
        let Progress { current: first, position, heard, .. } = stream.progress();
        let ahead = heard.map_or(Duration::ZERO, Pace::until);
        for n in first..stream.wish.tracks.len() {
            if !player.goes_on() {
                return None;
            }
            let Some(source) = told(stream, n, source(stream, library, n, None)) else { continue };
            let rate = family(source.decoder.format().rate);
            let begun = if n == first { position.saturating_sub(ahead) } else { Duration::ZERO };
            let mut timeline = Timeline::new(rate, stream.wish.crossfade_s);
            let started = timeline.start(source, rate.frames(begun.as_secs_f64()));
            if told(stream, n, started).is_some() {
                stream.note(player, |progress| {
                    (progress.current, progress.position) = (n, begun);
                    (progress.heard, progress.is_over) = (None, false);
                });
                let (next, opened, current, since) = (n + 1, n, n, 0);
                let render = Self {
                    stream,
                    library,
                    player,
                    timeline,
                    rate,
                    next,
                    opened,
                    current,
                    begun,
                    since,
                };
                return Some((render, rate));
            }
        }
        stream.note(player, |progress| progress.is_over = true);
        None
    }

    /// Writes the next frames and down how far it is. None at the end, or when the player goes on no
    /// longer.
    fn next(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        let mut frames = 0;
        while frames < left.len() && self.player.goes_on() {
            let portion = self.timeline.read(&mut left[frames..], &mut right[frames..]);
            let wants = portion.wants;
            let is_full = portion.frames == left.len() - frames;
            frames += portion.frames;
            self.note(portion);
            if wants {
                self.supply();
            } else if !is_full {
                break;
            }
        }
        frames
    }

    /// The next track that can be opened goes behind the last one.
    fn supply(&mut self) {
        let at = self.next;
        if at == self.stream.wish.tracks.len() {
            return self.timeline.close();
        }
        self.next += 1;
        let opened = source(self.stream, self.library, at, Some(self.opened));
        if let Some(source) = told(self.stream, at, opened) {
            self.timeline.append(source);
            self.opened = at;
        }
    }

    fn note(&mut self, portion: Portion) {
        for failure in portion.failures {
            told::<(), _>(self.stream, failure.slot.0 as usize, Err(failure.error));
        }
        self.since += portion.frames as u64;
        for mark in portion.marks {
            let begun = mark.slot.0 as usize;
            // The mark of the track it was begun with says nothing new.
            if begun != self.current {
                self.current = begun;
                (self.begun, self.since) = (Duration::ZERO, (portion.frames - mark.at) as u64);
            }
        }
        let since = self.since as f64 / f64::from(self.rate.hz());
        let position = self.begun + Duration::from_secs_f64(since);
        self.stream.note(self.player, |progress| {
            (progress.current, progress.position) = (self.current, position);
        });
    }
}

/// What came of a track; where it failed that is written down, and the stream goes on without it.
fn told<T, E: std::fmt::Display>(stream: &Stream, at: usize, outcome: Result<T, E>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::warn!(%error, track = ?stream.wish.tracks.get(at), "not played to its end");
            locked(&stream.progress).failed.insert(at);
            None
        }
    }
}

/// 44.1 kHz for what divides it or is a multiple, so that a record is heard sample by sample; 48 kHz
/// for all else.
fn family(own: SampleRate) -> SampleRate {
    if own.hz().is_multiple_of(11_025) { SampleRate::CD } else { SampleRate::STUDIO }
}

/// Keeps the sound so far ahead of the clock and no further.
struct Pace {
    rate: SampleRate,
    begun: Instant,
    sent: u64,
}

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "a stream goes as fast as it is heard")]
    fn begin(rate: SampleRate) -> Self {
        Self { rate, begun: Instant::now(), sent: 0 }
    }

    /// How long it is until a moment.
    #[expect(clippy::disallowed_methods, reason = "a stream goes as fast as it is heard")]
    fn until(moment: Instant) -> Duration {
        moment.saturating_duration_since(Instant::now())
    }

    /// Waits where it is too far ahead; says when all that was sent can have been heard.
    fn wait(&mut self, frames: usize) -> Instant {
        self.sent += frames as u64;
        let sent = Duration::from_secs_f64(self.sent as f64 / f64::from(self.rate.hz()));
        let heard = self.begun + sent;
        std::thread::sleep(Self::until(heard).saturating_sub(LEAD));
        heard
    }
}
