use std::fs::{self, OpenOptions};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::readers::{self, Readers};
use crate::writer::{self, Job};
use crate::{Chapter, Error, backup, chapter};

/// Another process (`auralis user`, a backup) may hold the file for so long.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pages the writer keeps, in KiB: the indexes a scan touches.
const CACHE_KIB: i32 = 16_384;
/// Statements the writer keeps prepared.
const STATEMENTS: usize = 128;

/// An open database. Clones are the same one; it closes with the last of them, everything written.
///
/// All calls block. Where nothing may block they belong on a thread that may.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    readers: Readers,
    jobs: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.0.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the file, made with owner-only access if it is not there, and brings its schema to what
    /// `chapters` say, in their order. After an end without [`Drop`] (a kill, a power cut) the file is
    /// checked first. At most `readers` connections read at a time.
    ///
    /// # Errors
    /// A file that is damaged, newer than this program, or that may not be written.
    pub fn open(path: &Path, chapters: &[Chapter], readers: usize) -> Result<Self, Error> {
        touch(path)?;
        let was_cut_off =
            fs::metadata(path.with_extension("db-wal")).is_ok_and(|log| log.len() > 0);
        let mut connection = Connection::open(path)?;
        set_up(&connection)?;
        if was_cut_off {
            readers::check(&connection)?;
        }
        chapter::grow(&mut connection, path, chapters)?;
        let (jobs, thread) = writer::start(connection).map_err(Error::io("write", path))?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            readers: Readers::new(path, readers),
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// Reads with one of the readers. All statements of the job see one state of the database only
    /// inside a transaction of its own.
    ///
    /// # Errors
    /// Those of the job, and [`Error::Busy`].
    pub fn read<T, E: From<Error>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.readers.lend(job)
    }

    /// Writes: the job runs on the writer's thread after those that came before, and this returns
    /// once it is on the disk. A job that fails or panics leaves nothing behind.
    ///
    /// # Errors
    /// Those of the job; [`Error::NotKept`], [`Error::Full`] and their like when the batch it was in
    /// could not be committed.
    pub fn write<T, E>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (value, result) = sync_channel::<Result<T, E>>(1);
        let (told, ended) = sync_channel(1);
        let run = move |connection: &Connection| {
            let done = catch_unwind(AssertUnwindSafe(|| job(connection)))
                .unwrap_or_else(|_| Err(E::from(Error::Panicked)));
            let keep = done.is_ok();
            // Who asked waits for it; where they are gone nobody needs it.
            drop(value.send(done));
            keep
        };
        let told = move |outcome| drop(told.send(outcome));
        self.send(Job { run: Box::new(run), told: Box::new(told) })?;
        let ended = ended.recv().unwrap_or(Err(Error::Closed));
        match (result.try_recv(), ended) {
            (Ok(Err(own)), _) => Err(own),
            (Ok(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(E::from(error)),
            (Err(_), Ok(())) => Err(E::from(Error::Closed)),
        }
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        let jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        jobs.and_then(|jobs| jobs.send(job).ok()).ok_or(Error::Closed)
    }

    /// Copies the database as it is now to a file of its own, while others go on.
    ///
    /// # Errors
    /// A place that cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        self.read(|connection| backup::copy(connection, to))
    }

    /// Whether the whole file is sound; reads all of it.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what was found.
    pub fn check(&self) -> Result<(), Error> {
        self.read(readers::check)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0.path
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The last clone may go on the writer's own thread, inside a job; it cannot wait for itself.
        if let Some(thread) = thread.filter(|t| t.thread().id() != std::thread::current().id()) {
            // A writer that panicked is gone already.
            drop(thread.join());
        }
    }
}

fn set_up(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // In WAL mode a power cut loses the last moments and no more; a kill loses nothing.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Makes the file, for its owner alone; SQLite's log takes the same rights. What is there stays.
pub(crate) fn touch(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(Error::io("write", path))
}
