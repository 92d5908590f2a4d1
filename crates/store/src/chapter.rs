//! How the schema grows: step by step, forward only, with a copy of what was there before.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::{Error, backup};

/// A part of the schema that one crate owns. Steps are only ever added: what was taken once reads
/// the same for ever, and the checksum kept beside it says so.
#[derive(Debug, Clone, Copy)]
pub struct Chapter {
    /// Its name, for ever.
    pub name: &'static str,
    /// SQL, one text a step, in order.
    pub steps: &'static [&'static str],
}

/// Takes the steps that are missing, all or none; before the first of them the file is copied to
/// one named after the number of steps it has. `PRAGMA user_version` counts the steps taken.
pub(crate) fn grow(
    connection: &mut Connection,
    path: &Path,
    chapters: &[Chapter],
) -> Result<(), Error> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS chapter_step(
            chapter TEXT NOT NULL, step INTEGER NOT NULL, checksum TEXT NOT NULL,
            PRIMARY KEY(chapter, step)) STRICT, WITHOUT ROWID",
    )?;
    let taken: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if taken > 0 && is_behind(connection, chapters)? {
        backup::copy(connection, &path.with_extension(format!("before-{taken}.db")))?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for chapter in chapters {
        let known = steps_of(&transaction, chapter)?;
        for (number, sql) in (1_u32..).zip(chapter.steps).skip(known) {
            transaction.execute_batch(sql)?;
            transaction.execute(
                "INSERT INTO chapter_step VALUES(?1, ?2, ?3)",
                params![chapter.name, number, checksum(sql)],
            )?;
        }
    }
    let all: u32 =
        transaction.query_row("SELECT count(*) FROM chapter_step", [], |row| row.get(0))?;
    transaction.pragma_update(None, "user_version", all)?;
    Ok(transaction.commit()?)
}

fn is_behind(connection: &Connection, chapters: &[Chapter]) -> Result<bool, Error> {
    for chapter in chapters {
        if steps_of(connection, chapter)? < chapter.steps.len() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many steps of a chapter were taken; refused where they are not the ones known here.
fn steps_of(connection: &Connection, chapter: &Chapter) -> Result<usize, Error> {
    let found: u32 = connection.query_row(
        "SELECT count(*) FROM chapter_step WHERE chapter = ?1",
        [chapter.name],
        |row| row.get(0),
    )?;
    let found = found as usize;
    if found > chapter.steps.len() {
        let (chapter, known) = (chapter.name.to_owned(), chapter.steps.len());
        return Err(Error::Newer { chapter, found, known });
    }
    for (step, sql) in (1_u32..).zip(chapter.steps).take(found) {
        let kept: Option<String> = connection
            .query_row(
                "SELECT checksum FROM chapter_step WHERE chapter = ?1 AND step = ?2",
                params![chapter.name, step],
                |row| row.get(0),
            )
            .optional()?;
        if kept != Some(checksum(sql)) {
            return Err(Error::Rewritten { chapter: chapter.name.to_owned(), step });
        }
    }
    Ok(found)
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
