use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fault::Cancel;
use gateway::{Accounts, Drain};
use library::scan::Options;
use library::tagging::Tagger;
use library::uploads::Uploads;
use library::{Allowed, Library};
use ops::telemetry::Warnings;
use studio::artifact::Artifacts;
use studio::desk::{Desk, State};
use studio::plans::Plans;
use tokio::sync::Semaphore;

use crate::playing::Playing;
use crate::streams::{Streams, Tickets};
use crate::tastes::Tastes;

/// What a house is made of.
#[derive(Debug)]
pub struct Parts {
    /// The collection.
    pub library: Library,
    /// Who may come in.
    pub accounts: Accounts,
    /// Where songs are composed.
    pub desk: Desk,
    /// What mastering does to tracks that are heard.
    pub plans: Plans,
    /// Who edits tags, where that is switched on.
    pub tagger: Option<Tagger>,
    /// Where uploaded files go, where any may.
    pub uploads: Option<Uploads>,
    /// Where an admin may choose further roots.
    pub allowed: Allowed,
    /// How scans that clients start are done.
    pub scan: Options,
    /// Ends scans when the process is about to end.
    pub stop: Cancel,
    /// Where the process is in its life.
    pub drain: Drain,
    /// What goes wrong in it.
    pub warnings: Warnings,
}

/// What stands behind the routes. Clones are the same house.
#[derive(Debug, Clone)]
pub struct House {
    pub(crate) library: Library,
    pub(crate) accounts: Accounts,
    pub(crate) desk: Arc<Desk>,
    pub(crate) plans: Plans,
    pub(crate) tastes: Tastes,
    pub(crate) tagger: Option<Arc<Tagger>>,
    pub(crate) uploads: Option<Arc<Uploads>>,
    pub(crate) allowed: Arc<Allowed>,
    pub(crate) drain: Drain,
    pub(crate) warnings: Warnings,
    pub(crate) playing: Arc<Playing>,
    /// Transcodes going on at a time; each takes a processor while it runs ahead.
    pub(crate) transcodes: Arc<Semaphore>,
    /// Lists of tracks that are heard as one.
    pub(crate) streams: Arc<Streams>,
    pub(crate) tickets: Arc<Tickets>,
    /// Streams that are played at a time; each has a thread that sleeps most of the time.
    pub(crate) listeners: Arc<Semaphore>,
    /// Threads that make sound for sockets; one that waits for a disk that does not answer keeps its place.
    pub(crate) voices: Arc<Semaphore>,
    scan: Options,
    stop: Cancel,
    draws: Arc<AtomicU64>,
}

/// A stop is noticed within so long.
const LOOK: Duration = Duration::from_secs(1);
/// Transcodes at a time: a household's, not a station's.
const MAX_TRANSCODES: usize = 8;
/// Streams played at a time: every room of a large house.
const MAX_LISTENERS: usize = 32;

impl House {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let seed = parts.accounts.now().read().0.unsigned_abs();
        Self {
            tastes: Tastes::new(parts.library.store().clone()),
            plans: parts.plans,
            library: parts.library,
            accounts: parts.accounts,
            desk: Arc::new(parts.desk),
            tagger: parts.tagger.map(Arc::new),
            uploads: parts.uploads.map(Arc::new),
            allowed: Arc::new(parts.allowed),
            drain: parts.drain,
            warnings: parts.warnings,
            playing: Arc::new(Playing::default()),
            transcodes: Arc::new(Semaphore::new(MAX_TRANSCODES)),
            // Milliseconds since 1970: no run of the server begins where one before has been.
            streams: Arc::new(Streams::new(seed / 1_000_000)),
            tickets: Arc::default(),
            listeners: Arc::new(Semaphore::new(MAX_LISTENERS)),
            voices: Arc::new(Semaphore::new(2 * MAX_LISTENERS)),
            scan: parts.scan,
            stop: parts.stop,
            draws: Arc::new(AtomicU64::new(seed)),
        }
    }

    /// The files of composed songs.
    pub fn artifacts(&self) -> Artifacts {
        self.desk.artifacts().clone()
    }

    /// Ends when nothing is played any more, at most after so long: whoever plays is told that the server stops.
    pub async fn fall_silent(&self, at_most: Duration) {
        let all = self.listeners.acquire_many(MAX_LISTENERS as u32);
        // Whoever does not take it in that time is not waited for.
        drop(tokio::time::timeout(at_most, all).await);
    }

    /// A seed for a list at random: another one each time, and nothing secret.
    pub(crate) fn chance(&self) -> u64 {
        // The odd constant of splitmix64 sets seeds of following calls far apart.
        self.draws.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
    }

    /// Begins a scan on a thread of its own, unless one is going on.
    ///
    /// # Errors
    /// A machine that has no thread to give.
    pub fn begin_scan(&self, full: bool) -> std::io::Result<()> {
        let (library, stop) = (self.library.clone(), self.stop.clone());
        let options = Options { full, ..self.scan };
        let scan = move || match library.scan(options, &stop) {
            Ok(outcomes) => outcomes.iter().for_each(log),
            Err(error) => tracing::warn!(%error, "a scan did not come to its end"),
        };
        std::thread::Builder::new().name("scan".to_owned()).spawn(scan).map(drop)
    }

    /// Has the watcher of the library look at once whenever a song is finished: who has waited for it wants to
    /// hear it. On a thread of its own.
    ///
    /// # Errors
    /// More who listen to the desk than may; a machine that has no thread to give.
    pub fn find_songs(&self) -> Result<(), studio::Error> {
        let events = self.desk.listen()?;
        let (library, stop) = (self.library.clone(), self.stop.clone());
        let work = move || {
            while !stop.is_cancelled() && !events.is_over() {
                let event = events.next(LOOK);
                if event.is_some_and(|event| matches!(event.state, State::Finished { .. })) {
                    library.look_again();
                }
            }
        };
        let spawned = std::thread::Builder::new().name("find-songs".to_owned()).spawn(work);
        spawned.map(drop).map_err(studio::Error::NoThread)
    }
}

/// Writes down what came of the scan of one root.
pub fn log(outcome: &library::scan::Outcome) {
    match &outcome.found {
        Ok(found) => tracing::info!(root = %outcome.path.display(), ?found, "scanned"),
        Err(error) => tracing::error!(%error, "a root was not scanned"),
    }
}
