//! Who may order, whose turn it is, and what becomes of jobs that were cut off.

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, params};

use super::Limits;
use super::job::{self, Row, Word};
use crate::Error;
use crate::artifact::SealKey;
use crate::ids::JobId;

/// A job that was cut off so often is most likely why.
pub(super) const MAX_ATTEMPTS: u32 = 3;
const DAY: i64 = 86_400_000_000_000;

/// Refuses one more job of a user who has enough of them.
pub(super) fn admit(
    connection: &Connection,
    owner: UserId,
    now: Nanos,
    limits: &Limits,
    is_song: bool,
) -> Result<(), Error> {
    let count = |sql: &str, values: &[i64]| -> Result<u64, Error> {
        let values = store::rusqlite::params_from_iter(values);
        let count: i64 = connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
        Ok(count.cast_unsigned())
    };
    let refuse = |what, most: u32, found: u64| {
        let most = u64::from(most);
        if found < most { Ok(()) } else { Err(Error::TooMany { what, most }) }
    };
    let open = "SELECT count(*) FROM job WHERE state IN ('queued', 'making')";
    refuse("jobs waiting", limits.waiting_in_all, count(open, &[])?)?;
    let own = format!("{open} AND user = ?1");
    refuse("jobs waiting of yours", limits.waiting, count(&own, &[owner.0])?)?;
    if !is_song {
        return Ok(());
    }
    // What was taken back before it was begun cost nothing.
    let today = "SELECT count(*) FROM job WHERE user = ?1 AND created > ?2
                 AND json_type(request, '$.song') IS NOT NULL
                 AND NOT (state = 'cancelled' AND started IS NULL)";
    let found = count(today, &[owner.0, now.plus(-DAY).0])?;
    refuse("songs of yours in a day", limits.songs_a_day, found)
}

/// Takes the job whose turn it is: of the users who wait, the one whose last start is longest ago.
pub(super) fn claim(
    connection: &Connection,
    key: &SealKey,
    now: Nanos,
) -> Result<Option<Row>, Error> {
    while let Some(id) = next(connection)? {
        let Some(mut row) = job::find(connection, id)? else { continue };
        if !row.is_sealed(key) {
            set_aside(connection, id)?;
            continue;
        }
        let last: i64 =
            connection.query_row("SELECT coalesce(max(turn), 0) FROM job", [], |row| row.get(0))?;
        (row.word, row.turn, row.started) = (Word::Making, last + 1, Some(now));
        row.write(connection, key)?;
        return Ok(Some(row));
    }
    Ok(None)
}

fn next(connection: &Connection) -> Result<Option<JobId>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM job AS waiting WHERE state = 'queued'
         ORDER BY (SELECT max(turn) FROM job WHERE user = waiting.user), id LIMIT 1",
    )?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// Marks an altered record, which is not sealed again: it stays altered.
fn set_aside(connection: &Connection, id: JobId) -> Result<(), Error> {
    connection.execute("UPDATE job SET state = 'altered' WHERE id = ?1", [id])?;
    Ok(())
}

/// Jobs that were being made when the program ended wait again, as long as they may. Returns names of
/// files that jobs which will not be finished left among the composed.
pub(super) fn recover(
    connection: &Connection,
    key: &SealKey,
    now: Nanos,
) -> Result<Vec<String>, Error> {
    let sql = format!("SELECT {} FROM job WHERE state = 'making'", job::COLUMNS);
    let mut statement = connection.prepare(&sql)?;
    let rows: Vec<Row> = statement.query_map([], Row::read)?.collect::<Result<_, _>>()?;
    let mut left = Vec::new();
    for mut row in rows {
        if !row.is_sealed(key) {
            set_aside(connection, row.id)?;
            continue;
        }
        row.attempts += 1;
        if row.cancelling {
            end(&mut row, Word::Cancelled, now);
        } else if row.attempts >= MAX_ATTEMPTS {
            end(&mut row, Word::Failed, now);
            let times = row.attempts;
            row.reason = Some(format!("the program ended {times} times while it was made"));
        } else {
            row.word = Word::Queued;
        }
        if row.word != Word::Queued {
            left.extend(row.file.take());
        }
        row.write(connection, key)?;
    }
    Ok(left)
}

/// The end of a job, whichever.
pub(super) fn end(row: &mut Row, word: Word, now: Nanos) {
    (row.word, row.ended) = (word, Some(now));
}

/// Takes a job back: at once where it waits; one being made is told to stop. Says which it is now.
pub(super) fn cancel(
    connection: &Connection,
    key: &SealKey,
    owner: UserId,
    id: JobId,
    now: Nanos,
) -> Result<Word, Error> {
    let mut row = job::owned(connection, owner, id)?;
    row.verify(key)?;
    match row.word {
        Word::Queued => end(&mut row, Word::Cancelled, now),
        Word::Making => row.cancelling = true,
        // It ended before it was asked to.
        word => return Ok(word),
    }
    row.write(connection, key)?;
    Ok(row.word)
}

/// The version of a song that is to be made anew, which must be one that was finished.
pub(super) fn check_remade(
    connection: &Connection,
    owner: UserId,
    song: crate::ids::SongId,
    version: u32,
) -> Result<(), Error> {
    let found: bool = connection
        .prepare_cached(
            "SELECT EXISTS(SELECT 1 FROM job
             WHERE song = ?1 AND version = ?2 AND user = ?3 AND state = 'finished')",
        )?
        .query_row(params![song, version, owner], |row| row.get(0))?;
    if found { Ok(()) } else { Err(Error::Absent("song")) }
}
