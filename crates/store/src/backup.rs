//! Copies of a whole database, made while it is in use.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, readers, store};

/// Pages copied before others get their turn: 4 MB.
const PAGES_AT_A_TIME: i32 = 1_024;

/// Copies what a connection sees to a file that appears whole or not at all.
pub(crate) fn copy(from: &Connection, to: &Path) -> Result<(), Error> {
    let staged = to.with_extension(format!("{}.partial", std::process::id()));
    store::touch(&staged)?;
    let copied = fill(from, &staged);
    if copied.is_err() {
        drop(fs::remove_file(&staged));
    }
    copied?;
    fs::rename(&staged, to).map_err(Error::io("write", to))
}

fn fill(from: &Connection, staged: &Path) -> Result<(), Error> {
    let mut target = Connection::open(staged)?;
    Backup::new(from, &mut target)?.run_to_completion(PAGES_AT_A_TIME, Duration::ZERO, None)?;
    // A copy is one file: it needs no log beside it.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, error)| error)?;
    fs::File::open(staged).and_then(|file| file.sync_all()).map_err(Error::io("write", staged))
}

/// Puts a backup in the place of a database that nobody has open. The backup is checked first; what
/// stood there is kept beside it as `.replaced.db`.
///
/// # Errors
/// A backup that is damaged or no database; a place that cannot be written.
pub fn restore(from: &Path, to: &Path) -> Result<(), Error> {
    let backup = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    readers::check(&backup)?;
    let staged = to.with_extension("restored.db");
    copy(&backup, &staged)?;
    if to.exists() {
        // The log is part of what stood there: it is folded in by opening it once.
        let old = Connection::open(to)?;
        copy(&old, &to.with_extension("replaced.db"))?;
        drop(old);
        for ending in ["db-wal", "db-shm"] {
            let beside = to.with_extension(ending);
            if beside.exists() {
                fs::remove_file(&beside).map_err(Error::io("remove", &beside))?;
            }
        }
    }
    fs::rename(&staged, to).map_err(Error::io("write", to))
}
