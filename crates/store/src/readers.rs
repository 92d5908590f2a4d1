//! The connections that read, handed out one at a time.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// A reader that does not come free within this has a query of ours that never ends.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pages a reader keeps, in KiB: the upper levels of every index of a large collection.
const CACHE_KIB: i32 = 4_096;
/// Statements a reader keeps prepared: more than any page of the API asks for.
const STATEMENTS: usize = 96;

pub(crate) struct Readers {
    path: PathBuf,
    pool: Mutex<Pool>,
    returned: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    /// How many more may be opened.
    left: usize,
}

impl Readers {
    pub(crate) fn new(path: &Path, most: usize) -> Self {
        let pool = Mutex::new(Pool { idle: Vec::new(), left: most.max(1) });
        Self { path: path.to_owned(), pool, returned: Condvar::new() }
    }

    /// Lends a reader to a job. A reader whose job panics is not lent again.
    pub(crate) fn lend<T, E: From<Error>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = Lent { readers: self, connection: Some(self.take()?) };
        match &lent.connection {
            Some(connection) => job(connection),
            None => Err(E::from(Error::Closed)),
        }
    }

    fn take(&self) -> Result<Connection, Error> {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .returned
            .wait_timeout_while(pool, PATIENCE, |pool| pool.idle.is_empty() && pool.left == 0);
        let (mut pool, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = pool.idle.pop() {
            return Ok(connection);
        }
        if pool.left == 0 {
            return Err(Error::Busy(format!("no reader came free in {} s", PATIENCE.as_secs())));
        }
        let connection = open(&self.path)?;
        pool.left -= 1;
        Ok(connection)
    }

    fn give_back(&self, connection: Option<Connection>) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match connection {
            Some(connection) => pool.idle.push(connection),
            None => pool.left += 1,
        }
        self.returned.notify_one();
    }
}

struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let whole = self.connection.take().filter(|_| !std::thread::panicking());
        self.readers.give_back(whole);
    }
}

fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Whether the file is whole.
pub(crate) fn check(connection: &Connection) -> Result<(), Error> {
    let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(Error::Damaged(said)) }
}
