//! Songs and masters asked for by many, made one after the other.
//!
//! A job is a row in the database from the moment it is taken: it waits, is made, and ends finished,
//! failed or cancelled, whatever happens to the program meanwhile. One thread works; users take
//! turns. The files of a finished song are in the store of [`crate::artifact`]; a copy of its master
//! stands in a folder a library scans.

mod events;
mod finish;
mod job;
mod master_order;
mod mastered;
mod order;
mod queue;
mod request;
mod shelf;
mod songs;
mod sounds;
mod worker;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use clock::Nanos;
use store::{Store, UserId};

pub use events::{Event, Events};
pub use job::{Job, State};
pub use master_order::MasterOrder;
pub use order::{ALBUM, ARTIST, SongOrder};
pub use request::Request;
pub use songs::{Kept, Song, Version};
pub use sounds::{Sound, SoundId, Sounds};

use crate::Error;
use crate::artifact::Artifacts;
use crate::ids::{JobId, SongId};
use job::{NewJob, Row, Word};
use shelf::Shelf;
use worker::Shared;

/// Entries of one page of a history: no screen shows more.
pub const MAX_PAGE: usize = 200;

/// What may be asked of a desk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Jobs one user may have waiting or being made.
    pub waiting: u32,
    /// Jobs all may have together.
    pub waiting_in_all: u32,
    /// Songs one user may order in 24 hours; those taken back before they were begun do not count.
    pub songs_a_day: u32,
    /// The longest song that may be asked for, seconds; where no length is asked the form decides.
    pub longest_s: f64,
    /// The longest track that is mastered, seconds.
    pub longest_mastered_s: f64,
    /// Threads that play a song. It is the same on any number.
    pub threads: usize,
}

impl Default for Limits {
    /// Of a machine at home that plays music while it composes.
    fn default() -> Self {
        Self {
            // A starter set and some ideas, or an album to master.
            waiting: 30,
            // Three hours of waiting at a minute a song.
            waiting_in_all: 200,
            // Nobody listens to more.
            songs_a_day: 50,
            // As far as the composer goes.
            longest_s: compose::brief::LONGEST,
            // Held in memory as a whole while it is written: at 96 kHz this is 0.9 GB.
            longest_mastered_s: 1_200.0,
            // Playback keeps the others.
            threads: 2,
        }
    }
}

impl Limits {
    /// Refuses a track that is too long to be mastered.
    fn admit_length(&self, seconds: f64) -> Result<(), Error> {
        if seconds <= self.longest_mastered_s {
            return Ok(());
        }
        Err(Error::OutOfRange {
            setting: "duration",
            value: format!("{seconds:.0} seconds"),
            accepted: format!("at most {:.0} seconds", self.longest_mastered_s),
        })
    }
}

/// A desk that takes orders for songs and masters. Clones are the same one; with the last of them it closes: the
/// job at work is given back and made anew when a desk opens again.
#[derive(Clone)]
pub struct Desk(Arc<Office>);

struct Office {
    shared: Arc<Shared>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("limits", &self.0.shared.limits).finish_non_exhaustive()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.shared.close();
        let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(worker) = worker {
            // A worker that panicked is gone already.
            drop(worker.join());
        }
    }
}

impl Desk {
    /// Opens a desk over a database that has [`crate::SCHEMA`] and the store of files of the same
    /// database. Masters are put into `composed`, which is made if it is not there. Jobs that were
    /// being made when the program ended wait again, at most three times. Tracks to master come from
    /// `sounds`.
    ///
    /// # Errors
    /// A folder that cannot be written, a database that cannot.
    pub fn new(
        store: Store,
        artifacts: Artifacts,
        composed: &Path,
        sounds: Sounds,
        now: fn() -> Nanos,
        limits: Limits,
    ) -> Result<Self, Error> {
        let shelf = Shelf::new(composed)?;
        let shared = Arc::new(Shared::new(store, artifacts, shelf, sounds, now, limits)?);
        let (key, at) = (shared.artifacts.key().clone(), now());
        let left = shared.store.write(move |connection| queue::recover(connection, &key, at))?;
        for name in left {
            shared.shelf.take(&name)?;
        }
        let worker = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name("studio".to_owned())
                .spawn(move || worker::run(&shared))
        };
        let worker = worker.map_err(|e| ops::Error::Setup("start a thread", e.to_string()))?;
        Ok(Self(Arc::new(Office { shared, worker: Mutex::new(Some(worker)) })))
    }

    fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// Takes an order for a new song.
    ///
    /// # Errors
    /// Those of an order that could not be made: [`Error::Order`], [`Error::Composition`],
    /// [`Error::OutOfRange`]; [`Error::TooMany`] where enough is ordered.
    pub fn order(&self, owner: UserId, order: &SongOrder) -> Result<Job, Error> {
        self.take(owner, Request::Song(order.clone()), None)
    }

    /// Takes an order for a master of a track.
    ///
    /// # Errors
    /// [`Error::Order`]; [`Error::Absent`] where there is no such track for this user,
    /// [`Error::OutOfRange`] for one that is too long, [`Error::TooMany`] where enough is ordered.
    pub fn master(&self, owner: UserId, order: &MasterOrder) -> Result<Job, Error> {
        for sound in std::iter::once(order.sound).chain(order.reference) {
            let sound = (self.shared().sounds)(owner, sound)?;
            self.shared().limits.admit_length(sound.seconds)?;
        }
        self.take(owner, Request::Master(order.clone()), None)
    }

    /// Takes an order for a new version of a song: it is made from the order alone, and says which
    /// version it takes the place of.
    ///
    /// # Errors
    /// Those of [`Desk::order`]; [`Error::Absent`] where there is no such version of this owner.
    pub fn remake(
        &self,
        owner: UserId,
        song: SongId,
        version: u32,
        order: &SongOrder,
    ) -> Result<Job, Error> {
        self.take(owner, Request::Song(order.clone()), Some((song, version)))
    }

    fn take(
        &self,
        owner: UserId,
        request: Request,
        remakes: Option<(SongId, u32)>,
    ) -> Result<Job, Error> {
        let shared = self.shared();
        match &request {
            Request::Song(order) => order.validate(&shared.genres, shared.limits.longest_s)?,
            Request::Master(order) => {
                order.terms(order.treatment()?).and(order.output()).map(drop)?
            }
        }
        let is_song = matches!(request, Request::Song(_));
        let new = NewJob { owner, request: request.to_json()?, remakes };
        let (key, now, limits) = (shared.artifacts.key().clone(), (shared.now)(), shared.limits);
        let id = shared.store.write(move |connection| {
            if let Some((song, version)) = new.remakes {
                queue::check_remade(connection, owner, song, version)?;
            }
            queue::admit(connection, owner, now, &limits, is_song)?;
            job::insert(connection, &key, &new, now)
        })?;
        shared.tell(id, owner, State::Queued);
        shared.wake();
        self.job(owner, id)
    }

    /// A job as it is now.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none of this owner.
    pub fn job(&self, owner: UserId, id: JobId) -> Result<Job, Error> {
        let row = self.shared().store.read(|connection| job::owned(connection, owner, id))?;
        self.told(row)
    }

    /// Takes a job back. One that waits is cancelled at once, one being made stops soon; one that
    /// ended is as it was.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none of this owner, [`Error::Altered`].
    pub fn cancel(&self, owner: UserId, id: JobId) -> Result<Job, Error> {
        let shared = self.shared();
        let (key, now) = (shared.artifacts.key().clone(), (shared.now)());
        let word = shared
            .store
            .write(move |connection| queue::cancel(connection, &key, owner, id, now))?;
        match word {
            Word::Making => shared.stop(id),
            Word::Cancelled => shared.tell(id, owner, State::Cancelled),
            _ => {}
        }
        self.job(owner, id)
    }

    /// The jobs of a user before one, the latest first; at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn history(
        &self,
        owner: UserId,
        before: Option<JobId>,
        most: usize,
    ) -> Result<Vec<Job>, Error> {
        self.page(Some(owner), before, most)
    }

    /// The jobs of everybody, for who runs the place.
    ///
    /// # Errors
    /// Those of the database.
    pub fn history_of_all(&self, before: Option<JobId>, most: usize) -> Result<Vec<Job>, Error> {
        self.page(None, before, most)
    }

    fn page(
        &self,
        owner: Option<UserId>,
        before: Option<JobId>,
        most: usize,
    ) -> Result<Vec<Job>, Error> {
        let most = most.min(MAX_PAGE);
        let store = &self.shared().store;
        let rows = store.read(|connection| job::page(connection, owner, before, most))?;
        rows.into_iter().map(|row| self.told(row)).collect()
    }

    /// What the error of a failed job said, for who runs the place: it may name paths.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is no such job.
    pub fn detail(&self, id: JobId) -> Result<Option<String>, Error> {
        let found = self.shared().store.read(|connection| job::find(connection, id))?;
        Ok(found.ok_or(Error::Absent("job"))?.detail)
    }

    /// Hears of all jobs from now on.
    ///
    /// # Errors
    /// [`Error::TooMany`] where too many listen.
    pub fn listen(&self) -> Result<Events, Error> {
        self.shared().listeners.add()
    }

    /// What songs may be of.
    pub fn genres(&self) -> &crate::genre::Genres {
        &self.shared().genres
    }

    /// The files the songs are.
    pub fn artifacts(&self) -> &Artifacts {
        &self.shared().artifacts
    }

    /// With how far it is just now, where it is being made.
    fn told(&self, row: Row) -> Result<Job, Error> {
        let mut job = row.into_job(self.shared().artifacts.key())?;
        if matches!(job.state, State::Making { .. })
            && let Some(state) = self.shared().progress(job.id)
        {
            job.state = state;
        }
        Ok(job)
    }
}
