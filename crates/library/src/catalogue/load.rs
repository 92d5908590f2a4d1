//! Things by their ids, in the order of the ids. What is not there is left out.

use std::collections::BTreeMap;

use audio_file::{Part, ReplayGain};
use store::UserId;
use store::rusqlite::{Connection, Row};

use crate::model::{Album, Artist, Credit, Mark, Track};
use crate::{AlbumId, ArtistId, Error, TrackId};

/// Ids loaded by one statement.
const CHUNK: usize = 1_000;

pub(crate) fn tracks(
    connection: &Connection,
    user: UserId,
    ids: &[TrackId],
) -> Result<Vec<Track>, Error> {
    let mut loaded = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let listed = json(ids.iter().map(|id| id.0));
        let mut statement = connection.prepare_cached(include_str!("load/tracks.sql"))?;
        let rows = statement.query_map((user, &listed), track)?;
        let mut found: BTreeMap<TrackId, Track> = BTreeMap::new();
        for track in rows {
            let track = track?;
            found.insert(track.id, track);
        }
        credits(connection, &listed, &mut found)?;
        album_artists(connection, &listed, &mut found)?;
        track_genres(connection, &listed, &mut found)?;
        loaded.extend(in_order(ids, &found));
    }
    Ok(loaded)
}

pub(crate) fn albums(
    connection: &Connection,
    user: UserId,
    ids: &[AlbumId],
) -> Result<Vec<Album>, Error> {
    let mut loaded = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let listed = json(ids.iter().map(|id| id.0));
        let mut statement = connection.prepare_cached(include_str!("load/albums.sql"))?;
        let rows = statement.query_map((user, &listed), album)?;
        let mut found: BTreeMap<AlbumId, Album> = BTreeMap::new();
        for album in rows {
            let album = album?;
            found.insert(album.id, album);
        }
        let mut statement = connection.prepare_cached(include_str!("load/album_artists.sql"))?;
        let mut rows = statement.query([&listed])?;
        while let Some(row) = rows.next()? {
            if let Some(album) = found.get_mut(&row.get(0)?) {
                album.artists.push(Credit { id: row.get(1)?, name: row.get(2)? });
            }
        }
        let mut statement = connection.prepare_cached(include_str!("load/album_genres.sql"))?;
        let mut rows = statement.query([&listed])?;
        while let Some(row) = rows.next()? {
            if let Some(album) = found.get_mut(&row.get(0)?) {
                album.genres.push(row.get(1)?);
            }
        }
        let mut statement = connection.prepare_cached(include_str!("load/discs.sql"))?;
        let mut rows = statement.query([&listed])?;
        while let Some(row) = rows.next()? {
            if let Some(album) = found.get_mut(&row.get(0)?) {
                album.discs.push((row.get(1)?, row.get(2)?));
            }
        }
        loaded.extend(in_order(ids, &found));
    }
    Ok(loaded)
}

pub(crate) fn artists(
    connection: &Connection,
    user: UserId,
    ids: &[ArtistId],
) -> Result<Vec<Artist>, Error> {
    let mut loaded = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let listed = json(ids.iter().map(|id| id.0));
        let mut statement = connection.prepare_cached(
            "SELECT artist.id, name, sort, mbid, albums, tracks, starred, rating, plays, played
             FROM artist LEFT JOIN artist_mark ON artist_mark.artist = artist.id AND user = ?1
             WHERE artist.id IN (SELECT value FROM json_each(?2))",
        )?;
        let rows = statement.query_map((user, &listed), |row| {
            Ok(Artist {
                id: row.get(0)?,
                name: row.get(1)?,
                sort: row.get(2)?,
                mbid: row.get(3)?,
                albums: count(row, 4)?,
                tracks: count(row, 5)?,
                mark: mark(row, 6)?,
            })
        })?;
        let mut found: BTreeMap<ArtistId, Artist> = BTreeMap::new();
        for artist in rows {
            let artist = artist?;
            found.insert(artist.id, artist);
        }
        loaded.extend(in_order(ids, &found));
    }
    Ok(loaded)
}

/// A thing that is listed twice comes twice.
fn in_order<I: Ord, T: Clone>(ids: &[I], found: &BTreeMap<I, T>) -> Vec<T> {
    ids.iter().filter_map(|id| found.get(id).cloned()).collect()
}

/// Refuses ids of tracks that never were.
pub(crate) fn known(connection: &Connection, ids: &[TrackId]) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS(SELECT 1 FROM json_each(?1) AS listed
         WHERE NOT EXISTS(SELECT 1 FROM track WHERE track.id = listed.value))",
    )?;
    for ids in ids.chunks(CHUNK) {
        let is_strange =
            statement.query_row([json(ids.iter().map(|id| id.0))], |row| row.get(0))?;
        if is_strange {
            return Err(Error::Absent("a track of that id"));
        }
    }
    Ok(())
}

/// Ids as a statement takes them, however many: one value that `json_each` reads.
pub(crate) fn json(ids: impl Iterator<Item = i64>) -> String {
    let ids = ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    format!("[{ids}]")
}

fn track(row: &Row<'_>) -> store::rusqlite::Result<Track> {
    Ok(Track {
        id: row.get("id")?,
        album: row.get("album")?,
        folder: row.get("folder")?,
        root: row.get("root")?,
        path: row.get("path")?,
        size: row.get::<_, i64>("size")?.unsigned_abs(),
        title: row.get("title")?,
        sort: row.get("sort")?,
        album_title: row.get("album_title")?,
        album_artist_line: row.get("album_artist_line")?,
        artist_line: row.get("artist_line")?,
        artists: Vec::new(),
        album_artists: Vec::new(),
        people: Vec::new(),
        genres: Vec::new(),
        moods: listed(row.get("moods")?),
        isrcs: listed(row.get("isrcs")?),
        disc: row.get("disc")?,
        number: row.get("number")?,
        disc_title: row.get("disc_title")?,
        year: row.get("year")?,
        mbid: row.get("mbid")?,
        bpm: row.get("bpm")?,
        comment: row.get("comment")?,
        codec: row.get("codec")?,
        suffix: row.get("suffix")?,
        duration_ms: row.get::<_, i64>("duration_ms")?.unsigned_abs(),
        bitrate_kbps: row.get("bitrate_kbps")?,
        rate_hz: row.get("rate_hz")?,
        bits: row.get("bits")?,
        channels: row.get("channels")?,
        gain: ReplayGain {
            track_gain: row.get("track_gain")?,
            track_peak: row.get("track_peak")?,
            album_gain: row.get("album_gain")?,
            album_peak: row.get("album_peak")?,
        },
        added: clock::Nanos(row.get("added")?),
        missing: row.get::<_, Option<i64>>("missing")?.map(clock::Nanos),
        mark: mark(row, 0)?,
    })
}

fn album(row: &Row<'_>) -> store::rusqlite::Result<Album> {
    Ok(Album {
        id: row.get("id")?,
        title: row.get("title")?,
        sort: row.get("sort")?,
        artist_line: row.get("artist_line")?,
        artists: Vec::new(),
        genres: Vec::new(),
        year: row.get("year")?,
        date: row.get("date")?,
        release_date: row.get("release_date")?,
        original_date: row.get("original_date")?,
        compilation: row.get("compilation")?,
        mbid: row.get("mbid")?,
        label: row.get("label")?,
        discs: Vec::new(),
        tracks: row.get::<_, i64>("tracks")?.unsigned_abs(),
        duration_ms: row.get::<_, i64>("duration_ms")?.unsigned_abs(),
        added: clock::Nanos(row.get("added")?),
        mark: mark(row, 0)?,
    })
}

/// Starred, rating, plays and the last play, in four columns from `at` on; empty where there is none.
fn mark(row: &Row<'_>, at: usize) -> store::rusqlite::Result<Mark> {
    Ok(Mark {
        starred: row.get::<_, Option<i64>>(at)?.map(clock::Nanos),
        rating: row.get(at + 1)?,
        plays: row.get::<_, Option<i64>>(at + 2)?.unwrap_or(0).unsigned_abs(),
        played: row.get::<_, Option<i64>>(at + 3)?.map(clock::Nanos),
    })
}

fn count(row: &Row<'_>, at: usize) -> store::rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(at)?.unsigned_abs())
}

/// Values as the scan joined them.
fn listed(line: Option<String>) -> Vec<String> {
    line.map_or_else(Vec::new, |line| line.split("; ").map(str::to_owned).collect())
}

fn credits(
    connection: &Connection,
    listed: &str,
    found: &mut BTreeMap<TrackId, Track>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT track, role, artist.id, artist.name FROM credit
         JOIN artist ON artist.id = credit.artist
         WHERE track IN (SELECT value FROM json_each(?1)) ORDER BY track, role, position",
    )?;
    let mut rows = statement.query([listed])?;
    while let Some(row) = rows.next()? {
        let Some(track) = found.get_mut(&row.get(0)?) else { continue };
        let credit = Credit { id: row.get(2)?, name: row.get(3)? };
        match Part::of_role(row.get(1)?) {
            Some(part) => track.people.push((part, credit)),
            None => track.artists.push(credit),
        }
    }
    Ok(())
}

fn album_artists(
    connection: &Connection,
    listed: &str,
    found: &mut BTreeMap<TrackId, Track>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT track.id, artist.id, artist.name FROM track
         JOIN album_artist ON album_artist.album = track.album
         JOIN artist ON artist.id = album_artist.artist
         WHERE track.id IN (SELECT value FROM json_each(?1)) ORDER BY track.id, position",
    )?;
    let mut rows = statement.query([listed])?;
    while let Some(row) = rows.next()? {
        if let Some(track) = found.get_mut(&row.get(0)?) {
            track.album_artists.push(Credit { id: row.get(1)?, name: row.get(2)? });
        }
    }
    Ok(())
}

fn track_genres(
    connection: &Connection,
    listed: &str,
    found: &mut BTreeMap<TrackId, Track>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(
        "SELECT track, name FROM track_genre JOIN genre ON genre.id = track_genre.genre
         WHERE track IN (SELECT value FROM json_each(?1)) ORDER BY track, position",
    )?;
    let mut rows = statement.query([listed])?;
    while let Some(row) = rows.next()? {
        if let Some(track) = found.get_mut(&row.get(0)?) {
            track.genres.push(row.get(1)?);
        }
    }
    Ok(())
}
