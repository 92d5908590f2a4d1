//! The entries of a playlist that is made by hand.

use std::collections::BTreeSet;

use store::rusqlite::{Connection, params};

use super::MAX_ENTRIES;
use crate::catalogue::{self, Page};
use crate::{Error, PlaylistId, TrackId};

/// What is done to the entries of a playlist. Places are counted from 0, as they are before the edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// These instead of all that was there.
    Replace(Vec<TrackId>),
    /// These behind the last one.
    Append(Vec<TrackId>),
    /// These before the entry at a place; at the end where the place is just behind it.
    Insert {
        /// The place of the first of them.
        at: usize,
        /// What is put there.
        tracks: Vec<TrackId>,
    },
    /// Without the entries at these places.
    Remove(Vec<usize>),
    /// One entry taken out and put where it then has this place.
    Move {
        /// Where it is.
        from: usize,
        /// Where it comes to be.
        to: usize,
    },
}

/// Edits the entries, one edit after the other. Only what comes after the first difference is written.
pub(super) fn apply(
    connection: &Connection,
    id: PlaylistId,
    edits: Vec<Edit>,
) -> Result<(), Error> {
    if edits.is_empty() {
        return Ok(());
    }
    let before = rows(connection, id)?;
    let mut tracks: Vec<TrackId> = before.iter().map(|(_, track)| *track).collect();
    for edit in edits {
        catalogue::known(connection, edit.brings())?;
        edit.on(&mut tracks)?;
    }
    let same = before.iter().zip(&tracks).take_while(|((_, was), is)| was == *is).count();
    let first = match same.checked_sub(1).and_then(|last| before.get(last)) {
        Some((position, _)) => position + 1,
        None => 0,
    };
    connection
        .prepare_cached("DELETE FROM playlist_entry WHERE playlist = ?1 AND position >= ?2")?
        .execute(params![id, first])?;
    let mut insert = connection.prepare_cached("INSERT INTO playlist_entry VALUES(?1, ?2, ?3)")?;
    for (position, track) in (first..).zip(tracks.iter().skip(same)) {
        insert.execute(params![id, position, track])?;
    }
    Ok(())
}

impl Edit {
    fn brings(&self) -> &[TrackId] {
        match self {
            Self::Replace(tracks) | Self::Append(tracks) | Self::Insert { tracks, .. } => tracks,
            Self::Remove(_) | Self::Move { .. } => &[],
        }
    }

    fn on(self, entries: &mut Vec<TrackId>) -> Result<(), Error> {
        match self {
            Self::Replace(tracks) => *entries = tracks,
            Self::Append(tracks) => entries.extend(tracks),
            Self::Insert { at, tracks } => {
                place(at, entries.len() + 1)?;
                entries.splice(at..at, tracks);
            }
            Self::Remove(places) => {
                let places: BTreeSet<usize> = places.into_iter().collect();
                places.last().map_or(Ok(()), |last| place(*last, entries.len()))?;
                let mut at = 0..;
                entries.retain(|_| at.next().is_none_or(|at| !places.contains(&at)));
            }
            Self::Move { from, to } => {
                place(from, entries.len())?;
                place(to, entries.len())?;
                let moved = entries.remove(from);
                entries.insert(to, moved);
            }
        }
        if entries.len() > MAX_ENTRIES {
            let given = entries.len().to_string();
            let (what, accepted) = ("a number of entries", "at most 50000");
            return Err(Error::Asked { what, given, accepted });
        }
        Ok(())
    }
}

fn place(at: usize, below: usize) -> Result<(), Error> {
    if at < below {
        return Ok(());
    }
    let (what, accepted) = ("the place", "one within the playlist, counted from 0");
    Err(Error::Asked { what, given: at.to_string(), accepted })
}

/// Positions only order; where a track was deleted one is left out.
fn rows(connection: &Connection, id: PlaylistId) -> Result<Vec<(i64, TrackId)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT position, track FROM playlist_entry WHERE playlist = ?1 ORDER BY position",
    )?;
    let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ids of a part of the entries.
pub(super) fn page(
    connection: &Connection,
    id: PlaylistId,
    page: Page,
) -> Result<Vec<TrackId>, Error> {
    let (limit, offset) = page.values();
    let mut statement = connection.prepare_cached(
        "SELECT track FROM playlist_entry WHERE playlist = ?1 ORDER BY position
         LIMIT ?2 OFFSET ?3",
    )?;
    let rows = statement.query_map(params![id, limit, offset], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Entries, those that are missing, and the milliseconds of the others.
pub(super) fn sums(connection: &Connection, id: PlaylistId) -> Result<(i64, i64, i64), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*), count(missing),
            coalesce(sum(duration_ms) FILTER (WHERE missing IS NULL), 0)
         FROM playlist_entry JOIN track ON track.id = playlist_entry.track WHERE playlist = ?1",
    )?;
    Ok(statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
