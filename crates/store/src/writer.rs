//! The one thread that writes. Jobs that wait are committed together.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rusqlite::Connection;

use crate::Error;

/// Jobs that may wait; who comes later waits for a place.
const MAX_WAITING: usize = 256;
/// Jobs committed together: one sync of the disk for all of them.
const MAX_BATCH: usize = 128;

/// Something to write, and whom to tell what came of it.
pub(crate) struct Job {
    /// Writes; `false` takes back what it wrote.
    pub(crate) run: Box<dyn FnOnce(&Connection) -> bool + Send>,
    /// Told once the batch is on the disk, or not.
    pub(crate) told: Box<dyn FnOnce(Result<(), Error>) + Send>,
}

/// Starts the thread. It ends when the last sender is dropped, with everything written.
pub(crate) fn start(
    connection: Connection,
) -> Result<(SyncSender<Job>, std::thread::JoinHandle<()>), std::io::Error> {
    let (sender, receiver) = sync_channel(MAX_WAITING);
    let thread = std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || write(connection, &receiver))?;
    Ok((sender, thread))
}

fn write(connection: Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let waiting = std::iter::once(first).chain(jobs.try_iter().take(MAX_BATCH - 1));
        batch(&connection, waiting);
    }
    // The log is folded in, so that the next start finds a clean file; where that fails it is
    // folded in then.
    drop(connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)"));
}

fn batch(connection: &Connection, jobs: impl Iterator<Item = Job>) {
    let mut begun = connection.execute_batch("BEGIN IMMEDIATE");
    let mut told = Vec::new();
    for job in jobs {
        if begun.is_ok() && told.is_empty() {
            begun = run_first(connection, job.run);
        } else if begun.is_ok() {
            run(connection, job.run);
        }
        told.push(job.told);
    }
    let ended = begun.and_then(|()| connection.execute_batch("COMMIT"));
    if !connection.is_autocommit() {
        // A commit that failed left the transaction open.
        drop(connection.execute_batch("ROLLBACK"));
    }
    let mut failure = ended.err().map(Error::from);
    let said = failure.as_ref().map(ToString::to_string);
    for tell in told {
        tell(match &said {
            None => Ok(()),
            // The first hears the error itself, the others what it said.
            Some(said) => Err(failure.take().unwrap_or_else(|| Error::NotKept(said.clone()))),
        });
    }
}

/// Runs the first job of a batch: before it there is nothing to be kept, so it needs no savepoint. In
/// one, SQLite walks with each statement over all that was changed since it was set, and a large job
/// costs the square of what it writes.
fn run_first(
    connection: &Connection,
    job: Box<dyn FnOnce(&Connection) -> bool + Send>,
) -> Result<(), rusqlite::Error> {
    if job(connection) || connection.is_autocommit() {
        return Ok(());
    }
    connection.execute_batch("ROLLBACK; BEGIN IMMEDIATE")
}

/// Runs one job in a savepoint of its own: what it did goes when it fails, and nothing else. Where
/// the disk gave out, SQLite ended the transaction of the whole batch: the commit says so to all.
fn run(connection: &Connection, job: Box<dyn FnOnce(&Connection) -> bool + Send>) {
    if connection.is_autocommit() || connection.execute_batch("SAVEPOINT job").is_err() {
        return;
    }
    let end = if job(connection) { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    if !connection.is_autocommit() && connection.execute_batch(end).is_err() {
        // Without its savepoint nobody knows what is in the batch.
        drop(connection.execute_batch("ROLLBACK"));
    }
}
