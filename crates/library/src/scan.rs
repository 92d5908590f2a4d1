//! What is on the disk becomes what the library knows.
//!
//! Folders whose names, sizes and times are as they were are passed over. The files of the others
//! are read by several threads and written in batches by one; what was written stays when a scan is
//! cut off, and the next one goes on from there.

mod album;
mod identity;
mod keep;
mod patience;
mod read;
mod settle;
mod status;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use fault::Cancel;

use crate::playlists::files::Seen;
use crate::{Error, Library, RootId};

pub(crate) use settle::settle_albums;
pub use status::{Counts, Status};

use keep::Keeper;
use read::{Read, Task};

/// How a scan is done.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Reads files again that look as they did.
    pub full: bool,
    /// Threads that read files.
    pub threads: usize,
}

/// What came of one root.
#[derive(Debug)]
pub struct Outcome {
    /// The root.
    pub root: RootId,
    /// Its folder.
    pub path: PathBuf,
    /// What was found, or why nothing was changed.
    pub found: Result<Counts, Error>,
}

/// Files handed to a reader at a time: enough that hand-overs cost nothing, few enough that a folder
/// of thousands is read by all.
const TASK_FILES: usize = 64;
/// Files written in one batch: a few milliseconds of writing, so that listeners' marks get in between.
const BATCH_FILES: usize = 256;
/// Tasks and batches that may wait: memory stays small whoever is slow.
const MAX_WAITING: usize = 16;

impl Library {
    /// Scans every root, one after the other. One scan goes on at a time.
    ///
    /// # Errors
    /// [`Error::Scanning`], a database that fails, a stop. What is wrong with one root stands in its
    /// outcome.
    pub fn scan(&self, options: Options, cancel: &Cancel) -> Result<Vec<Outcome>, Error> {
        let Ok(_one) = self.scanning().try_lock() else { return Err(Error::Scanning) };
        self.scan_status().begin(self.now());
        let done = self.scan_roots(options, cancel);
        let is_as_it_was = |outcome: &Outcome| outcome.found.as_ref().is_ok_and(Counts::is_still);
        if !done.as_ref().is_ok_and(|outcomes| outcomes.iter().all(is_as_it_was)) {
            self.forget_prints();
        }
        self.scan_status().end(self.now());
        done
    }

    fn scan_roots(&self, options: Options, cancel: &Cancel) -> Result<Vec<Outcome>, Error> {
        let roots = self.roots()?;
        let live: Vec<(RootId, PathBuf)> = roots
            .iter()
            .filter(|root| root.path.is_dir())
            .map(|r| (r.id, r.path.clone()))
            .collect();
        let mut scanned = Vec::new();
        for root in roots {
            let (found, seen) = match self.scan_root(root.id, &root.path, &live, options, cancel) {
                Err(error @ (Error::Stopped(_) | Error::Store(_))) => return Err(error),
                Err(error) => (Err(error), Vec::new()),
                Ok((counts, seen)) => (Ok(counts), seen),
            };
            scanned.push((Outcome { root: root.id, path: root.path, found }, seen));
        }
        // A playlist may name tracks of every root.
        self.import_found(&mut scanned, cancel)?;
        Ok(scanned.into_iter().map(|(outcome, _)| outcome).collect())
    }

    fn scan_root(
        &self,
        root: RootId,
        path: &Path,
        live: &[(RootId, PathBuf)],
        options: Options,
        cancel: &Cancel,
    ) -> Result<(Counts, Vec<Seen>), Error> {
        let known = self.read(|connection| walk::Known::of(connection, root))?;
        known.refuse_vanished(path)?;
        let keeper = Keeper::new(root, live.to_vec(), self.now(), known.has_unreadable());
        let (tasks, waiting) = sync_channel::<Task>(MAX_WAITING);
        let (reads, written) = sync_channel::<Read>(MAX_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let (walked, kept) = std::thread::scope(|scope| {
            for _ in 0..options.threads.max(1) {
                let (waiting, reads) = (Arc::clone(&waiting), reads.clone());
                scope.spawn(move || self.read_tasks((root, path), &waiting, &reads, options.full));
            }
            drop(reads);
            // Who is left holding it when all readers are gone would keep the walk waiting for ever.
            drop(waiting);
            let walk = scope.spawn(|| {
                let tasks = tasks;
                walk::walk(path, known, options.full, self.scan_status(), cancel, |task| {
                    tasks.send(task).is_ok()
                })
            });
            let kept = self.keep(keeper, &written, cancel);
            // Readers that find nobody listening end, and so does the walk.
            drop(written);
            let walked = walk.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (walked, kept)
        });
        let (keeper, mut walked) = (kept?, walked?);
        cancel.check()?;
        let playlists = std::mem::take(&mut walked.playlists);
        Ok((self.settle(keeper, walked)?, playlists))
    }

    fn read_tasks(
        &self,
        root: (RootId, &Path),
        waiting: &Mutex<Receiver<Task>>,
        reads: &SyncSender<Read>,
        full: bool,
    ) {
        loop {
            let task = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(task) = task else { return };
            let read = read::read(self, root, task, full);
            if reads.send(read).is_err() {
                return;
            }
        }
    }

    /// Writes what was read, batch by batch, until nothing more comes.
    fn keep(
        &self,
        mut keeper: Keeper,
        written: &Receiver<Read>,
        cancel: &Cancel,
    ) -> Result<Keeper, Error> {
        while let Ok(first) = written.recv() {
            cancel.check()?;
            let mut files = first.found.len();
            let mut batch = vec![first];
            while files < BATCH_FILES {
                let Ok(next) = written.try_recv() else { break };
                files += next.found.len();
                batch.push(next);
            }
            keeper = self.store().write(move |connection| -> Result<Keeper, Error> {
                keeper.keep(connection, batch)?;
                Ok(keeper)
            })?;
        }
        Ok(keeper)
    }
}
