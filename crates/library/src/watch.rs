//! Scans when something changes on the disk, and now and then anyway.
//!
//! The kernel tells of changes; once they have been quiet for a while the library is scanned. Where
//! it cannot tell (a share of another machine, too many folders) that is said, and the regular scan
//! finds what changed. Links to folders are not watched through, for the same reason.

mod bell;
mod eyes;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use fault::Cancel;

use crate::scan::{self, Outcome};
use crate::{Error, Library};

pub(crate) use bell::Bell;
use bell::Rung;
use eyes::Eyes;

/// Rounds of waiting for quiet before a scan is done all the same: somebody copies for hours.
const MAX_ROUNDS: u32 = 12;

/// When scans are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long it must be quiet after a change.
    pub quiet: Duration,
    /// How long after a scan the next one is done though nothing was told.
    pub interval: Duration,
    /// Whether the first one is done at once: for what changed while nobody watched.
    pub at_start: bool,
    /// Threads that read files.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quiet: Duration::from_secs(5),
            interval: Duration::from_secs(3_600),
            at_start: true,
            threads: 1,
        }
    }
}

/// How changes in a root are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watching {
    /// The kernel tells of them.
    Told,
    /// By the regular scan alone.
    Interval {
        /// Why the kernel cannot tell.
        reason: String,
    },
}

/// What watches the roots; it stops when it is dropped, with the scan that is going on.
#[derive(Debug)]
pub struct Watcher {
    library: Library,
    cancel: Cancel,
    roots: Arc<Mutex<Vec<(PathBuf, Watching)>>>,
    thread: Option<JoinHandle<()>>,
}

impl Library {
    /// Watches the roots, new ones too, on a thread of its own; one watcher at a time is enough.
    /// `after` is told on that thread what came of each scan.
    ///
    /// # Errors
    /// [`Error::Io`] where no thread can be had.
    pub fn watch(
        &self,
        options: Options,
        after: impl Fn(&Result<Vec<Outcome>, Error>) + Send + 'static,
    ) -> Result<Watcher, Error> {
        let (library, cancel) = (self.clone(), Cancel::new());
        let roots = Arc::new(Mutex::new(Vec::new()));
        let (stop, said) = (cancel.clone(), Arc::clone(&roots));
        let thread = std::thread::Builder::new()
            .name("library-watch".to_owned())
            .spawn(move || run(&library, options, &stop, &said, after))
            .map_err(Error::io("watch", self.store().path()))?;
        Ok(Watcher { library: self.clone(), cancel, roots, thread: Some(thread) })
    }

    /// Has the watcher, where there is one, look through the roots at once: something was put there that
    /// somebody waits for.
    pub fn look_again(&self) {
        self.bell().ring_roots();
    }
}

impl Watcher {
    /// Every root, and how changes in it are found.
    pub fn roots(&self) -> Vec<(PathBuf, Watching)> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.library.bell().wake();
        // A thread that panicked is gone already.
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn run(
    library: &Library,
    options: Options,
    cancel: &Cancel,
    said: &Mutex<Vec<(PathBuf, Watching)>>,
    after: impl Fn(&Result<Vec<Outcome>, Error>),
) {
    let mut eyes = Eyes::open(library);
    let mut is_due = options.at_start;
    loop {
        // Watched first and scanned then: what changes in between is told.
        match library.roots() {
            Ok(roots) => {
                *said.lock().unwrap_or_else(PoisonError::into_inner) = eyes.turn_to(&roots, cancel);
            }
            Err(error) => tracing::warn!(%error, "the roots to watch cannot be read"),
        }
        if is_due && !cancel.is_cancelled() {
            let how = scan::Options { full: false, threads: options.threads };
            let done = library.scan(how, cancel);
            if cancel.is_cancelled() {
                return;
            }
            if matches!(done, Err(Error::Scanning)) {
                // Somebody else's scan may have been past what changed.
                library.bell().ring_changed();
            } else {
                after(&done);
            }
        }
        match library.bell().wait(options.interval, cancel) {
            Rung::Stopped => return,
            Rung::Changed => settle(library, options.quiet, cancel),
            Rung::Roots | Rung::Nothing => {}
        }
        is_due = true;
    }
}

/// Waits until nothing changed for a while.
fn settle(library: &Library, quiet: Duration, cancel: &Cancel) {
    for _ in 0..MAX_ROUNDS {
        if !library.bell().changed_within(quiet, cancel) {
            return;
        }
    }
}
