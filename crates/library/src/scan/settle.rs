//! What follows from all that was written: sums, who an album is by, where marks go, what is missing.

use std::collections::BTreeSet;

use store::rusqlite::{Connection, OptionalExtension, params};

use super::album::VARIOUS;
use super::keep::Keeper;
use super::status::Counts;
use super::walk::Walked;
use crate::folding::{identity, sort_key, words};
use crate::{AlbumId, ArtistId, Error, FolderId, Library, TrackId};

/// Albums settled in one batch of writing.
const BATCH_ALBUMS: usize = 500;

impl Library {
    pub(super) fn settle(&self, mut keeper: Keeper, walked: Walked) -> Result<Counts, Error> {
        (keeper.counts.files, keeper.counts.folders) = (walked.files, walked.folders);
        keeper = self.store().write(move |connection| -> Result<Keeper, Error> {
            for folder in walked.gone {
                lose_folder(connection, &mut keeper, folder)?;
            }
            Ok(keeper)
        })?;
        let touched: Vec<AlbumId> = std::mem::take(&mut keeper.touched).into_iter().collect();
        for albums in touched.chunks(BATCH_ALBUMS).map(<[AlbumId]>::to_vec) {
            self.store().write(move |connection| -> Result<(), Error> {
                albums.into_iter().try_for_each(|album| settle_album(connection, album))
            })?;
        }
        let followed = std::mem::take(&mut keeper.followed);
        let is_changed = !touched.is_empty();
        self.store().write(move |connection| -> Result<(), Error> {
            for (from, to) in followed {
                follow(connection, from, to)?;
            }
            if is_changed { count(connection) } else { Ok(()) }
        })?;
        Ok(keeper.counts)
    }
}

/// A folder that is not there any more, with the tracks in it; a folder below it comes by itself.
fn lose_folder(connection: &Connection, keeper: &mut Keeper, id: FolderId) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE folder SET missing = coalesce(missing, ?1), digest = NULL WHERE id = ?2",
        )?
        .execute(params![keeper.now.0, id])?;
    connection.prepare_cached("DELETE FROM unreadable WHERE folder = ?1")?.execute([id])?;
    let lost: Vec<(TrackId, String)> = connection
        .prepare_cached("SELECT id, path FROM track WHERE folder = ?1 AND missing IS NULL")?
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    lost.into_iter().try_for_each(|(track, path)| keeper.lose(connection, track, &path))
}

/// Makes the sums of albums anew, and what follows from them.
pub(crate) fn settle_albums(connection: &Connection, albums: Vec<AlbumId>) -> Result<(), Error> {
    albums.into_iter().try_for_each(|album| settle_album(connection, album))?;
    count(connection)
}

fn settle_album(connection: &Connection, id: AlbumId) -> Result<(), Error> {
    connection.prepare_cached(include_str!("settle/album.sql"))?.execute([id])?;
    let key: String = connection
        .prepare_cached("SELECT key FROM album WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    if key.starts_with("folder|") {
        by_its_tracks(connection, id)?;
    }
    let (title, line): (String, String) = connection
        .prepare_cached("SELECT title, artist_line FROM album WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO album_search(rowid, title, artist) VALUES(?1, ?2, ?3)",
        )?
        .execute(params![id, words(&title), words(&line)])?;
    Ok(())
}

/// An album without an album artist is by who plays all of it, or by many.
fn by_its_tracks(connection: &Connection, id: AlbumId) -> Result<(), Error> {
    let leads: BTreeSet<ArtistId> = connection
        .prepare_cached(
            "SELECT DISTINCT credit.artist FROM track JOIN credit ON credit.track = track.id
             WHERE track.album = ?1 AND track.missing IS NULL AND role = 0 AND position = 0",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut leads = leads.into_iter();
    let artist = match (leads.next(), leads.next()) {
        (None, _) => return Ok(()),
        (Some(only), None) => only,
        (Some(_), Some(_)) => various(connection)?,
    };
    connection.prepare_cached("DELETE FROM album_artist WHERE album = ?1")?.execute([id])?;
    connection
        .prepare_cached("INSERT INTO album_artist VALUES(?1, 0, ?2)")?
        .execute(params![id, artist])?;
    connection
        .prepare_cached(
            "UPDATE album SET artist_line = artist.name, artist_sort = artist.sort
             FROM artist WHERE artist.id = ?2 AND album.id = ?1",
        )?
        .execute(params![id, artist])?;
    Ok(())
}

fn various(connection: &Connection) -> Result<ArtistId, Error> {
    let key = identity(VARIOUS);
    let known = connection
        .prepare_cached("SELECT id FROM artist WHERE key = ?1")?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let id = connection.query_row(
        "INSERT INTO artist(key, name, sort) VALUES(?1, ?2, ?3) RETURNING id",
        params![key, VARIOUS, sort_key(VARIOUS)],
        |row| row.get(0),
    )?;
    connection.execute(
        "INSERT INTO artist_search(rowid, name) VALUES(?1, ?2)",
        params![id, words(VARIOUS)],
    )?;
    Ok(id)
}

/// What listeners marked on an album goes with its tracks when all of them left it for another.
fn follow(connection: &Connection, from: AlbumId, to: AlbumId) -> Result<(), Error> {
    let is_empty: bool = connection.query_row(
        "SELECT NOT EXISTS(SELECT 1 FROM track WHERE album = ?1)",
        [from],
        |row| row.get(0),
    )?;
    if is_empty {
        connection
            .execute("UPDATE OR IGNORE album_mark SET album = ?2 WHERE album = ?1", (from, to))?;
        connection.execute(
            "UPDATE album SET added = min(added, (SELECT added FROM album WHERE id = ?1)) WHERE id = ?2",
            (from, to),
        )?;
        connection.execute("DELETE FROM album_search WHERE rowid = ?1", [from])?;
        connection.execute("DELETE FROM album WHERE id = ?1", [from])?;
    }
    Ok(())
}

/// How much there is of every artist and genre.
fn count(connection: &Connection) -> Result<(), Error> {
    connection.execute_batch(include_str!("settle/counts.sql"))?;
    Ok(())
}
