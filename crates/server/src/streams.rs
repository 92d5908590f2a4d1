//! Streams: a list of tracks as one sound without gaps, for players that know nothing but HTTP.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audio::{Decibels, Layout, SampleRate};
use audio_file::{Decoder, StreamEncoder, Target};
use gateway::{Drain, Phase};
use library::model::Track;
use library::{Library, TrackId};
use listening::{Portion, Slot, Source, Timeline};
use store::UserId;

/// Streams of one user: more than anybody has players. Of more the one made first is forgotten.
const MAX_OF_USER: usize = 8;
/// How far the sound is ahead of the clock: a player fills its buffer, and what is changed is heard soon.
const LEAD_S: f64 = 10.0;
/// Frames mixed at a time, a tenth of a second.
const BLOCK: usize = 4_800;
/// What ReplayGain brings all to, LUFS: where a file states no gain, its measured loudness counts.
const REFERENCE_LUFS: f64 = -18.0;

/// A stream by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StreamId(pub(crate) u64);

/// At which level tracks are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// As they are.
    Off,
    /// Each as loud as any other.
    Track,
    /// Each album as loud as any other.
    Album,
    /// By album where tracks of one follow each other, else by track.
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
    /// Places of tracks that could not be played to their end.
    pub(crate) failed: Vec<usize>,
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
        let progress = Progress { current, position, failed: Vec::new(), is_over: false };
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
        let found = self.one(owner, id);
        if let Some(stream) = &found {
            stream.stop();
            locked(&self.all).remove(&id);
        }
        found.is_some()
    }
}

impl Stream {
    pub(crate) fn progress(&self) -> Progress {
        locked(&self.progress).clone()
    }

    fn stop(&self) {
        self.player.fetch_add(1, Ordering::Relaxed);
    }

    /// A new player, which has the stream from now on.
    pub(crate) fn player(&self, drain: Drain) -> Player {
        let own = self.player.fetch_add(1, Ordering::Relaxed) + 1;
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
        let Some((mut render, rate)) = Render::begin(self, library) else { return Ok(()) };
        let mut out = Vec::new();
        let mut encoder = StreamEncoder::begin(target, rate, Layout::Stereo, &mut out)
            .map_err(std::io::Error::other)?;
        let mut pace = Pace::begin(rate);
        let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
        while player.goes_on() {
            let frames = render.next(&mut left, &mut right);
            if frames == 0 {
                locked(&self.progress).is_over = true;
                encoder.finish(&mut out).map_err(std::io::Error::other)?;
                send(out);
                return Ok(());
            }
            let planes = [&left[..frames], &right[..frames]];
            encoder.push(&planes, &mut out).map_err(std::io::Error::other)?;
            if !out.is_empty() && !send(std::mem::take(&mut out)) {
                return Ok(());
            }
            pace.wait(frames);
        }
        Ok(())
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
    timeline: Timeline,
    rate: SampleRate,
    /// The next track of the list to be opened.
    next: usize,
    /// Where the present track was begun, and the frames of it since.
    begun: Duration,
    since: u64,
}

impl<'a> Render<'a> {
    /// At the rate of the family the first track is of; none where no track can be played.
    fn begin(stream: &'a Stream, library: &'a Library) -> Option<(Self, SampleRate)> {
        let Progress { current, position, .. } = stream.progress();
        for (n, _) in stream.wish.tracks.iter().enumerate().skip(current) {
            let opened = source(stream, library, n);
            let Some(source) = told(stream, n, opened) else { continue };
            let rate = family(source.decoder.format().rate);
            let begun = if n == current { position } else { Duration::ZERO };
            let mut timeline = Timeline::new(rate, stream.wish.crossfade_s);
            let started = timeline.start(source, rate.frames(begun.as_secs_f64()));
            if told(stream, n, started).is_some() {
                let mut progress = locked(&stream.progress);
                (progress.current, progress.position) = (n, begun);
                let render = Self { stream, library, timeline, rate, next: n + 1, begun, since: 0 };
                return Some((render, rate));
            }
        }
        locked(&stream.progress).is_over = true;
        None
    }

    /// Writes the next frames and down how far it is.
    fn next(&mut self, left: &mut [f32], right: &mut [f32]) -> usize {
        while self.timeline.wants_more() && self.next < self.stream.wish.tracks.len() {
            let opened = source(self.stream, self.library, self.next);
            if let Some(source) = told(self.stream, self.next, opened) {
                self.timeline.append(source);
            }
            self.next += 1;
        }
        let Portion { frames, marks, failures } = self.timeline.read(left, right);
        for failure in failures {
            told::<(), _>(self.stream, failure.slot.0 as usize, Err(failure.error));
        }
        let mut progress = locked(&self.stream.progress);
        self.since += frames as u64;
        for mark in marks {
            let begun = mark.slot.0 as usize;
            // The mark of the track it was begun with says nothing new.
            if begun != progress.current {
                progress.current = begun;
                (self.begun, self.since) = (Duration::ZERO, (frames - mark.at) as u64);
            }
        }
        let since = self.since as f64 / f64::from(self.rate.hz());
        progress.position = self.begun + Duration::from_secs_f64(since);
        frames
    }
}

/// What came of a track; where it failed that is written down, and the stream goes on without it.
fn told<T, E: std::fmt::Display>(stream: &Stream, at: usize, outcome: Result<T, E>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::warn!(%error, track = ?stream.wish.tracks.get(at), "not played to its end");
            locked(&stream.progress).failed.push(at);
            None
        }
    }
}

/// 44.1 kHz for what divides it or is a multiple, so that a record is heard sample by sample; 48 kHz
/// for all else.
fn family(own: SampleRate) -> SampleRate {
    if own.hz().is_multiple_of(11_025) { SampleRate::CD } else { SampleRate::STUDIO }
}

fn source(stream: &Stream, library: &Library, at: usize) -> Result<Source, library::Error> {
    let (tracks, level) = (&stream.wish.tracks, stream.wish.level);
    let near = |at: usize| -> Result<Option<Track>, library::Error> {
        let ids = tracks.get(at..=at).unwrap_or_default();
        Ok(library.tracks(stream.owner, ids)?.pop())
    };
    let track = near(at)?.ok_or(library::Error::Absent("the track"))?;
    let before = at.checked_sub(1).map_or(Ok(None), near)?;
    let after = near(at + 1)?;
    let goes_on = before.is_some_and(|before| follows(&before, &track));
    let in_album = goes_on || after.is_some_and(|after| follows(&track, &after));
    let open = library.open_track(track.id)?;
    Ok(Source {
        slot: Slot(at as u32),
        decoder: Decoder::open(BufReader::new(open.file))?,
        plan: None,
        gain: gain(library, &track, level, in_album)?,
        goes_on,
    })
}

/// Whether a track stands behind another on their album.
fn follows(before: &Track, track: &Track) -> bool {
    let place = |track: &Track| Some((track.disc.unwrap_or(1), track.number?));
    before.album == track.album
        && match (place(before), place(track)) {
            (Some((disc, number)), Some(next)) => {
                next == (disc, number + 1) || next == (disc + 1, 1)
            }
            _ => false,
        }
}

/// The level of a track, never so high that its peak is cut off.
fn gain(
    library: &Library,
    track: &Track,
    level: Level,
    in_album: bool,
) -> Result<Decibels, library::Error> {
    let stated = &track.gain;
    let by_album = match level {
        Level::Off => return Ok(Decibels(0.0)),
        Level::Track => false,
        Level::Album => true,
        Level::Auto => in_album,
    };
    let of_album = stated.album_gain.map(|gain| (gain, stated.album_peak)).filter(|_| by_album);
    let of_track = stated.track_gain.map(|gain| (gain, stated.track_peak));
    let (gain, peak_db) = match of_album.or(of_track) {
        Some((gain, peak)) => {
            let peak = peak.filter(|peak| *peak > 0.0);
            (gain, peak.map(|peak| Decibels::from_amplitude(peak).0))
        }
        None => {
            let heard = library.loudness(track.id)?;
            let lufs = heard.as_ref().and_then(|heard| heard.integrated);
            let peak = heard.and_then(|heard| heard.true_peak).map(|peak| peak.0);
            (lufs.map_or(0.0, |lufs| REFERENCE_LUFS - lufs.0), peak)
        }
    };
    let highest = peak_db.map_or(gain.max(0.0), |peak| -peak);
    Ok(Decibels(gain.min(highest.max(0.0))))
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

    fn wait(&mut self, frames: usize) {
        self.sent += frames as u64;
        let sent = self.sent as f64 / f64::from(self.rate.hz());
        let ahead = sent - self.begun.elapsed().as_secs_f64() - LEAD_S;
        if ahead > 0.0 {
            std::thread::sleep(Duration::from_secs_f64(ahead));
        }
    }
}
