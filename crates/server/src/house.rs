use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fault::Cancel;
use gateway::Accounts;
use library::Library;
use library::scan::Options;
use tokio::sync::Semaphore;

use crate::playing::Playing;

/// What stands behind the routes. Clones are the same house.
#[derive(Debug, Clone)]
pub struct House {
    pub(crate) library: Library,
    pub(crate) accounts: Accounts,
    pub(crate) playing: Arc<Playing>,
    /// Transcodes going on at a time; each takes a processor while it runs ahead.
    pub(crate) transcodes: Arc<Semaphore>,
    scan: Options,
    stop: Cancel,
    draws: Arc<AtomicU64>,
}

/// Transcodes at a time: a household's, not a station's.
const MAX_TRANSCODES: usize = 8;

impl House {
    /// A house with a library. `scan` says how scans that clients start are done; `stop` ends them when
    /// the process is about to end.
    pub fn new(library: Library, accounts: Accounts, scan: Options, stop: Cancel) -> Self {
        let seed = accounts.now().read().0.unsigned_abs();
        Self {
            library,
            accounts,
            playing: Arc::new(Playing::default()),
            transcodes: Arc::new(Semaphore::new(MAX_TRANSCODES)),
            scan,
            stop,
            draws: Arc::new(AtomicU64::new(seed)),
        }
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
}

/// Writes down what came of the scan of one root.
pub fn log(outcome: &library::scan::Outcome) {
    match &outcome.found {
        Ok(found) => tracing::info!(root = %outcome.path.display(), ?found, "scanned"),
        Err(error) => tracing::error!(%error, "a root was not scanned"),
    }
}
