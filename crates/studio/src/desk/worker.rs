//! The one thread that composes and masters.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use clock::Nanos;
use fault::{Cancel, Class, Fault, Progress};
use store::{Store, UserId};

use super::events::{Event, Listeners};
use super::job::{self, Row, Word};
use super::shelf::Shelf;
use super::sounds::Sounds;
use super::{Limits, Request, State, queue};
use crate::Error;
use crate::artifact::Artifacts;
use crate::genre::Genres;
use crate::ids::JobId;

/// A database that refused is asked again after so long.
const RETRY: Duration = Duration::from_secs(2);

/// What the desk and its worker share.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) artifacts: Artifacts,
    pub(super) shelf: Shelf,
    pub(super) genres: Genres,
    pub(super) sounds: Sounds,
    pub(super) now: fn() -> Nanos,
    pub(super) limits: Limits,
    pub(super) listeners: Listeners,
    gate: Mutex<Gate>,
    wake: Condvar,
}

#[derive(Default)]
struct Gate {
    is_closed: bool,
    at_work: Option<AtWork>,
}

/// The job that is being made.
struct AtWork {
    job: JobId,
    cancel: Cancel,
    stage: String,
    share: f64,
}

impl Shared {
    pub(super) fn new(
        store: Store,
        artifacts: Artifacts,
        shelf: Shelf,
        sounds: Sounds,
        now: fn() -> Nanos,
        limits: Limits,
    ) -> Result<Self, Error> {
        let genres = Genres::embedded()?;
        let (listeners, gate, wake) = (Listeners::default(), Mutex::default(), Condvar::new());
        Ok(Self { store, artifacts, shelf, genres, sounds, now, limits, listeners, gate, wake })
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that there is something to do.
    pub(super) fn wake(&self) {
        // Held so that it does not fall between the worker's look and its sleep.
        drop(self.gate());
        self.wake.notify_all();
    }

    /// Ends the worker; the job at work is given back.
    pub(super) fn close(&self) {
        let mut gate = self.gate();
        gate.is_closed = true;
        if let Some(at_work) = &gate.at_work {
            at_work.cancel.cancel();
        }
        drop(gate);
        self.wake.notify_all();
    }

    /// Stops a job if it is the one at work.
    pub(super) fn stop(&self, job: JobId) {
        if let Some(at_work) = self.gate().at_work.as_ref().filter(|at_work| at_work.job == job) {
            at_work.cancel.cancel();
        }
    }

    /// How far a job is that is being made.
    pub(super) fn progress(&self, job: JobId) -> Option<State> {
        let gate = self.gate();
        let at_work = gate.at_work.as_ref().filter(|at_work| at_work.job == job)?;
        Some(State::Making { stage: at_work.stage.clone(), share: at_work.share })
    }

    pub(super) fn tell(&self, job: JobId, owner: UserId, state: State) {
        self.listeners.tell(&Event { job, owner, state, detail: None });
    }

    /// The next job, once there is one; none when the desk closes.
    fn next(&self) -> Option<(Row, Cancel)> {
        let mut gate = self.gate();
        while !gate.is_closed {
            let (key, now) = (self.artifacts.key().clone(), (self.now)());
            // Claimed while the gate is held: whoever cancels it finds it at work.
            match self.store.write(move |connection| queue::claim(connection, &key, now)) {
                Ok(Some(row)) => {
                    let (job, cancel) = (row.id, Cancel::new());
                    let (stage, share) = (String::new(), 0.0);
                    gate.at_work = Some(AtWork { job, cancel: cancel.clone(), stage, share });
                    return Some((row, cancel));
                }
                Ok(None) => gate = self.wake.wait(gate).unwrap_or_else(PoisonError::into_inner),
                Err(_) => gate = self.pause(gate),
            }
        }
        None
    }

    fn pause<'a>(&self, gate: MutexGuard<'a, Gate>) -> MutexGuard<'a, Gate> {
        self.wake.wait_timeout(gate, RETRY).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Writes how a job ended that did not finish. A database that refuses is asked until it takes
    /// it or the desk closes; the job is then found at the next start.
    fn end(&self, job: JobId, how: &Ended) {
        loop {
            let (key, now, how) = (self.artifacts.key().clone(), (self.now)(), how.clone());
            let written = self.store.write(move |connection| -> Result<(), Error> {
                // Gone with its owner: nothing is left to be said of it.
                let Some(mut row) = job::find(connection, job)? else { return Ok(()) };
                row.verify(&key)?;
                how.write(&mut row, now);
                row.write(connection, &key)
            });
            match written {
                // An altered record stays as it is: it reads as altered.
                Ok(()) | Err(Error::Altered { .. }) => return,
                Err(_) => {
                    let gate = self.gate();
                    if gate.is_closed {
                        return;
                    }
                    drop(self.pause(gate));
                }
            }
        }
    }

    fn carry_out(
        &self,
        row: &Row,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<State, Error> {
        match Request::parse(&row.request)? {
            Request::Song(order) => self.compose(row, &order, progress, cancel),
            Request::Master(order) => self.master(row, &order, progress, cancel),
        }
    }

    fn is_closed(&self) -> bool {
        self.gate().is_closed
    }
}

/// How a job ended that did not finish.
#[derive(Debug, Clone)]
enum Ended {
    /// The desk closes: it waits again, and this was no attempt.
    GivenBack,
    Cancelled,
    Failed {
        reason: String,
        detail: String,
    },
}

impl Ended {
    fn of(error: &Error, is_closed: bool) -> Self {
        match error {
            Error::Cancelled(_) if is_closed => Self::GivenBack,
            Error::Cancelled(_) => Self::Cancelled,
            error => Self::Failed { reason: reason(error), detail: error.to_string() },
        }
    }

    fn write(&self, row: &mut Row, now: Nanos) {
        match self {
            // Who asked for it to stop before the desk closed has it stopped.
            Self::GivenBack if !row.cancelling => row.word = Word::Queued,
            Self::GivenBack | Self::Cancelled => queue::end(row, Word::Cancelled, now),
            Self::Failed { reason, detail } => {
                queue::end(row, Word::Failed, now);
                (row.reason, row.detail) = (Some(reason.clone()), Some(detail.clone()));
            }
        }
        (row.title, row.file) = (None, None);
    }

    fn state(&self) -> State {
        match self {
            Self::GivenBack => State::Queued,
            Self::Cancelled => State::Cancelled,
            Self::Failed { reason, .. } => State::Failed { reason: reason.clone() },
        }
    }
}

/// What the owner of a job is told: nothing of paths or of our insides.
fn reason(error: &Error) -> String {
    match error {
        Error::NoRoom { .. } => "your songs have no room left: delete some for good".to_owned(),
        // These speak of the order in its own words.
        Error::Composition(_) | Error::Order(_) | Error::OutOfRange { .. } => error.to_string(),
        Error::Mastering { .. } => "it could not be brought to the level asked".to_owned(),
        Error::Absent(what) => format!("{what} is not there any more"),
        Error::File { source, .. } if source.class() == Class::User => {
            "the track could not be read as sound".to_owned()
        }
        Error::Altered { .. } => "a record of it was altered outside this program".to_owned(),
        error => match error.class() {
            Class::Bug => "the program failed at it".to_owned(),
            Class::Transient => "the machine was busy; ask again".to_owned(),
            Class::User | Class::Permanent => {
                "the machine could not write it: its disk may be full or locked".to_owned()
            }
        },
    }
}

/// Makes one job after the other until the desk closes.
pub(super) fn run(shared: &Shared) {
    while let Some((row, cancel)) = shared.next() {
        let (id, owner) = (row.id, row.owner);
        let ear = Ear { shared, job: id, owner };
        ear.stage("Reading");
        let made = catch_unwind(AssertUnwindSafe(|| shared.carry_out(&row, &ear, &cancel)));
        let made = made.unwrap_or_else(|_| Err(Error::Panicked("the studio")));
        let (state, detail) = match made {
            Ok(state) => (state, None),
            Err(error) => {
                let ended = Ended::of(&error, shared.is_closed());
                shared.end(id, &ended);
                let detail = matches!(ended, Ended::Failed { .. }).then(|| error.to_string());
                (ended.state(), detail)
            }
        };
        shared.gate().at_work = None;
        shared.listeners.tell(&Event { job: id, owner, state, detail });
    }
    shared.listeners.close();
}

/// Hears how far the work is.
struct Ear<'a> {
    shared: &'a Shared,
    job: JobId,
    owner: UserId,
}

impl Ear<'_> {
    fn hear(&self, change: impl FnOnce(&mut AtWork)) {
        let mut gate = self.shared.gate();
        let Some(at_work) = gate.at_work.as_mut() else { return };
        change(at_work);
        let state = State::Making { stage: at_work.stage.clone(), share: at_work.share };
        drop(gate);
        self.shared.tell(self.job, self.owner, state);
    }
}

impl Progress for Ear<'_> {
    fn stage(&self, name: &str) {
        self.hear(|at_work| (at_work.stage, at_work.share) = (name.to_owned(), 0.0));
    }

    fn advance(&self, share: f64) {
        self.hear(|at_work| at_work.share = share);
    }
}
