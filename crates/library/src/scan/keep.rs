//! What was read becomes rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::Ordering::{AcqRel, Relaxed};

use clock::Nanos;
use store::rusqlite::{Connection, OptionalExtension, params};

use super::album::{self, Named};
use super::identity;
use super::read::{Folder, Found, Read};
use super::status::Counts;
use crate::folding::{identity as one_name, sort_key, words};
use crate::{AlbumId, ArtistId, Error, FolderId, GenreId, RootId, TrackId};

/// Artists, albums, genres and folders whose ids are remembered; past that they are asked for anew.
const MAX_REMEMBERED: usize = 50_000;

/// Writes one root's files, and remembers what was touched.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) root: RootId,
    live: Vec<(RootId, PathBuf)>,
    pub(super) now: Nanos,
    pub(super) counts: Counts,
    /// Albums whose sums are to be made anew.
    pub(super) touched: BTreeSet<AlbumId>,
    /// Where tracks went that left an album.
    pub(super) followed: BTreeMap<AlbumId, AlbumId>,
    /// Whether any file of the root is listed as unreadable.
    had_unreadable: bool,
    folders: BTreeMap<String, FolderId>,
    /// By what makes them one, with the spelling that was kept.
    artists: BTreeMap<String, (ArtistId, String)>,
    genres: BTreeMap<String, GenreId>,
}

/// What is written of somebody's part; 0 is the artist.
const ARTIST_ROLE: i64 = 0;

impl Keeper {
    pub(super) fn new(
        root: RootId,
        live: Vec<(RootId, PathBuf)>,
        now: Nanos,
        had_unreadable: bool,
    ) -> Self {
        Self {
            had_unreadable,
            root,
            live,
            now,
            counts: Counts::default(),
            touched: BTreeSet::new(),
            followed: BTreeMap::new(),
            folders: BTreeMap::new(),
            artists: BTreeMap::new(),
            genres: BTreeMap::new(),
        }
    }

    /// Writes a batch.
    pub(super) fn keep(&mut self, connection: &Connection, batch: Vec<Read>) -> Result<(), Error> {
        for read in batch {
            if let Some(failure) = read.failure {
                return Err(failure);
            }
            let folder = self.folder(connection, &read.folder.path)?;
            for found in &read.found {
                self.file(connection, folder, &read.folder.path, found)?;
            }
            for id in read.returned {
                self.put_back(connection, id)?;
            }
            for (path, reason) in &read.unreadable {
                self.unreadable(connection, folder, path, reason)?;
            }
            for (id, path) in &read.gone {
                self.lose(connection, *id, path)?;
            }
            if read.folder.left.fetch_sub(1, AcqRel) == 1 {
                close(connection, folder, &read.folder)?;
            }
        }
        for remembered in [self.artists.len(), self.genres.len(), self.folders.len()] {
            if remembered > MAX_REMEMBERED {
                self.artists.clear();
                self.genres.clear();
                self.folders.clear();
            }
        }
        Ok(())
    }

    /// The folder's id; it and those above it are made where they are not there.
    fn folder(&mut self, connection: &Connection, path: &str) -> Result<FolderId, Error> {
        if let Some(id) = self.folders.get(path) {
            return Ok(*id);
        }
        let above = match path.rsplit_once('/') {
            _ if path.is_empty() => None,
            Some((above, _)) => Some(self.folder(connection, above)?),
            None => Some(self.folder(connection, "")?),
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let id = connection
            .prepare_cached(
                "INSERT INTO folder(root, parent, path, name) VALUES(?1, ?2, ?3, ?4)
                 ON CONFLICT(root, path) DO UPDATE SET missing = NULL RETURNING id",
            )?
            .query_row(params![self.root, above, path, name], |row| row.get(0))?;
        self.folders.insert(path.to_owned(), id);
        Ok(id)
    }

    fn file(
        &mut self,
        connection: &Connection,
        folder: FolderId,
        folder_path: &str,
        found: &Found,
    ) -> Result<(), Error> {
        let album = self.album(connection, folder_path, found)?;
        let here: Option<(TrackId, AlbumId)> = connection
            .prepare_cached("SELECT id, album FROM track WHERE root = ?1 AND path = ?2")?
            .query_row((self.root, &found.path), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let before = match here {
            Some(known) => {
                self.counts.changed += 1;
                Some(known)
            }
            None => self.moved(connection, found)?,
        };
        let id = match before {
            Some((id, left)) => {
                self.touched.insert(left);
                if left != album {
                    self.followed.insert(left, album);
                }
                Some(id)
            }
            None => {
                self.counts.added += 1;
                None
            }
        };
        if let Some(id) = id {
            forget(connection, id)?;
        }
        let id = self.row(connection, id, folder, album, found)?;
        self.touched.insert(album);
        self.people(connection, id, found)?;
        self.genres(connection, id, &found.said.genres)?;
        if self.had_unreadable {
            connection
                .prepare_cached("DELETE FROM unreadable WHERE root = ?1 AND path = ?2")?
                .execute((self.root, &found.path))?;
        }
        if let Some(text) = &found.said.lyrics {
            connection
                .prepare_cached("INSERT INTO lyrics VALUES(?1, ?2)")?
                .execute(params![id, text])?;
        }
        searched(connection, id, found)
    }

    fn moved(
        &mut self,
        connection: &Connection,
        found: &Found,
    ) -> Result<Option<(TrackId, AlbumId)>, Error> {
        let Some(id) = identity::moved(connection, &self.live, found)? else { return Ok(None) };
        self.counts.moved += 1;
        let (album, was_lost): (_, bool) = connection
            .prepare_cached("SELECT album, missing IS ?2 FROM track WHERE id = ?1")?
            .query_row((id, self.now.0), |row| Ok((row.get(0)?, row.get(1)?)))?;
        // Lost a moment ago in another folder, and found here.
        self.counts.missing -= u64::from(was_lost);
        Ok(Some((id, album)))
    }

    fn row(
        &self,
        connection: &Connection,
        id: Option<TrackId>,
        folder: FolderId,
        album: AlbumId,
        found: &Found,
    ) -> Result<TrackId, Error> {
        let (said, sound, gain) = (&found.said, &found.said.sound, &found.said.replay_gain);
        let file_name = found.path.rsplit('/').next().unwrap_or(&found.path);
        let (stem, suffix) = file_name.rsplit_once('.').unwrap_or((file_name, ""));
        let title = said.title.as_deref().unwrap_or(stem);
        let sort = said.title_sort.as_deref().unwrap_or(title);
        let artists = album::artists(said);
        let line = said.artist_line.as_deref().unwrap_or(UNKNOWN);
        let artist_sort = artists.first().and_then(|a| a.sort.as_deref()).unwrap_or(line);
        let mut statement = connection.prepare_cached(include_str!("keep/track.sql"))?;
        let values = params![
            id,
            self.root,
            folder,
            found.path,
            found.on_disk.size.cast_signed(),
            found.on_disk.modified,
            found.essence,
            found.words,
            album,
            title,
            sort_key(sort),
            line,
            sort_key(artist_sort),
            said.disc,
            said.disc_title,
            said.track,
            said.date.as_deref().and_then(album::year),
            said.date,
            line_of(&said.genres),
            said.comment,
            line_of(&said.moods),
            line_of(&said.isrcs),
            said.recording_id,
            said.bpm,
            sound.codec,
            suffix.to_lowercase(),
            sound.duration_ms.cast_signed(),
            sound.bitrate_kbps,
            sound.rate_hz,
            sound.bits,
            sound.channels,
            gain.track_gain,
            gain.track_peak,
            gain.album_gain,
            gain.album_peak,
            self.now.0,
        ];
        Ok(statement.query_row(values, |row| row.get(0))?)
    }

    /// The album's id. Its words are those of its first track: another place in the order of discs and
    /// numbers changes nothing, whichever thread read it first.
    fn album(
        &mut self,
        connection: &Connection,
        folder: &str,
        found: &Found,
    ) -> Result<AlbumId, Error> {
        let said = &found.said;
        let of = album::album(said, self.root, folder);
        let (disc, number) = (said.disc.unwrap_or(0), said.track.unwrap_or(0));
        let lead = format!("{disc:05}|{number:05}|{}", found.path);
        let line = match (&of.line, of.artists.as_slice()) {
            (Some(line), _) => line.clone(),
            (None, [first, ..]) => first.name.clone(),
            // The tracks decide once all are known.
            (None, []) => said.artist_line.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
        };
        let artist_sort = of.artists.first().and_then(|a| a.sort.as_deref()).unwrap_or(&line);
        let known: Option<(AlbumId, String)> = connection
            .prepare_cached("SELECT id, lead FROM album WHERE key = ?1")?
            .query_row([&of.key], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((id, leads)) = known
            && leads < lead
        {
            return Ok(id);
        }
        let years = [&said.original_date, &said.date, &said.release_date];
        let year = years.into_iter().flatten().find_map(|date| album::year(date));
        let id = connection.prepare_cached(include_str!("keep/album.sql"))?.query_row(
            params![
                of.key,
                lead,
                of.title,
                sort_key(of.sort.as_deref().unwrap_or(&of.title)),
                line,
                sort_key(artist_sort),
                year,
                said.date,
                said.release_date,
                said.original_date,
                said.compilation,
                said.release_id,
                said.release_group_id,
                line_of(&said.labels),
                self.now.0,
            ],
            |row| row.get(0),
        )?;
        self.album_artists(connection, id, &of.artists)?;
        Ok(id)
    }

    fn album_artists(
        &mut self,
        connection: &Connection,
        id: AlbumId,
        artists: &[Named],
    ) -> Result<(), Error> {
        connection.prepare_cached("DELETE FROM album_artist WHERE album = ?1")?.execute([id])?;
        for (position, artist) in (0_i64..).zip(artists) {
            let artist = self.artist(connection, artist)?;
            connection
                .prepare_cached("INSERT INTO album_artist VALUES(?1, ?2, ?3)")?
                .execute(params![id, position, artist])?;
        }
        Ok(())
    }

    fn people(&mut self, connection: &Connection, id: TrackId, found: &Found) -> Result<(), Error> {
        let mut artists = album::artists(&found.said);
        if artists.is_empty() {
            artists.push(Named { name: UNKNOWN.to_owned(), sort: None, mbid: None });
        }
        let others = found.said.people.iter().map(|(part, name)| {
            (part.role(), Named { name: name.clone(), sort: None, mbid: None })
        });
        let all = artists.into_iter().map(|artist| (ARTIST_ROLE, artist)).chain(others);
        let mut positions: BTreeMap<i64, i64> = BTreeMap::new();
        for (role, artist) in all {
            let artist = self.artist(connection, &artist)?;
            let position = positions.entry(role).or_default();
            connection
                .prepare_cached("INSERT INTO credit VALUES(?1, ?2, ?3, ?4)")?
                .execute(params![id, role, *position, artist])?;
            *position += 1;
        }
        Ok(())
    }

    /// Of several spellings of a name the first in the order of letters is kept, whoever was read first.
    fn artist(&mut self, connection: &Connection, artist: &Named) -> Result<ArtistId, Error> {
        let key = one_name(&artist.name);
        if let Some((id, kept)) = self.artists.get(&key)
            && artist.mbid.is_none()
            && *kept <= artist.name
        {
            return Ok(*id);
        }
        let sort = sort_key(artist.sort.as_deref().unwrap_or(&artist.name));
        let (id, name): (ArtistId, String) = connection
            .prepare_cached(
                "INSERT INTO artist(key, name, sort, mbid) VALUES(?1, ?2, ?3, ?4)
                 ON CONFLICT(key) DO UPDATE SET
                    name = min(name, excluded.name), mbid = coalesce(mbid, excluded.mbid)
                 RETURNING id, name",
            )?
            .query_row(params![key, artist.name, sort, artist.mbid], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        connection
            .prepare_cached("INSERT OR REPLACE INTO artist_search(rowid, name) VALUES(?1, ?2)")?
            .execute(params![id, words(&name)])?;
        self.artists.insert(key, (id, name));
        Ok(id)
    }

    fn genres(
        &mut self,
        connection: &Connection,
        id: TrackId,
        names: &[String],
    ) -> Result<(), Error> {
        let mut said = BTreeSet::new();
        for name in names.iter().flat_map(|name| name.split(';')).map(str::trim) {
            let key = one_name(name);
            if key.is_empty() || !said.insert(key.clone()) {
                continue;
            }
            let genre = match self.genres.get(&key) {
                Some(genre) => *genre,
                None => connection
                    .prepare_cached(
                        "INSERT INTO genre(key, name) VALUES(?1, ?2)
                         ON CONFLICT(key) DO UPDATE SET key = key RETURNING id",
                    )?
                    .query_row(params![key, name], |row| row.get(0))?,
            };
            self.genres.insert(key, genre);
            connection
                .prepare_cached("INSERT INTO track_genre VALUES(?1, ?2, ?3)")?
                .execute(params![id, said.len() as i64 - 1, genre])?;
        }
        Ok(())
    }

    fn put_back(&mut self, connection: &Connection, id: TrackId) -> Result<(), Error> {
        let album = connection
            .prepare_cached("UPDATE track SET missing = NULL WHERE id = ?1 RETURNING album")?
            .query_row([id], |row| row.get(0))?;
        self.touched.insert(album);
        self.counts.returned += 1;
        Ok(())
    }

    /// A file that is not where it was, unless it turned up somewhere else meanwhile.
    pub(super) fn lose(
        &mut self,
        connection: &Connection,
        id: TrackId,
        path: &str,
    ) -> Result<(), Error> {
        let album = connection
            .prepare_cached(
                "UPDATE track SET missing = ?1
                 WHERE id = ?2 AND root = ?3 AND path = ?4 AND missing IS NULL RETURNING album",
            )?
            .query_row(params![self.now.0, id, self.root, path], |row| row.get(0))
            .optional()?;
        if let Some(album) = album {
            self.touched.insert(album);
            self.counts.missing += 1;
        }
        Ok(())
    }

    fn unreadable(
        &mut self,
        connection: &Connection,
        folder: FolderId,
        path: &str,
        reason: &str,
    ) -> Result<(), Error> {
        self.counts.unreadable += 1;
        connection
            .prepare_cached(
                "INSERT INTO unreadable VALUES(?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT(root, path) DO UPDATE SET reason = excluded.reason",
            )?
            .execute(params![self.root, folder, path, reason, self.now.0])?;
        Ok(())
    }
}

/// Who plays where nobody is named.
const UNKNOWN: &str = "Unknown Artist";

/// Several values as one text, for people; none of none.
fn line_of(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| values.join("; "))
}

/// A folder all of whose files are written is not looked into again until it changes.
fn close(connection: &Connection, id: FolderId, folder: &Folder) -> Result<(), Error> {
    let digest = (!folder.is_unfinished.load(Relaxed)).then_some(&folder.digest);
    connection
        .prepare_cached("UPDATE folder SET digest = ?1, cover = ?2, missing = NULL WHERE id = ?3")?
        .execute(params![digest, folder.cover, id])?;
    let mut listed = connection.prepare_cached("SELECT path FROM unreadable WHERE folder = ?1")?;
    let listed: Vec<String> =
        listed.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for path in listed {
        if !folder.names.contains(path.rsplit('/').next().unwrap_or(&path)) {
            connection
                .prepare_cached("DELETE FROM unreadable WHERE folder = ?1 AND path = ?2")?
                .execute((id, path))?;
        }
    }
    Ok(())
}

/// What is written anew of a track that is known.
fn forget(connection: &Connection, id: TrackId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM credit WHERE track = ?1",
        "DELETE FROM track_genre WHERE track = ?1",
        "DELETE FROM lyrics WHERE track = ?1",
        "DELETE FROM track_search WHERE rowid = ?1",
    ] {
        connection.prepare_cached(statement)?.execute([id])?;
    }
    Ok(())
}

/// The words that find the track.
fn searched(connection: &Connection, id: TrackId, found: &Found) -> Result<(), Error> {
    let said = &found.said;
    let file_name = found.path.rsplit('/').next().unwrap_or(&found.path);
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let title = words(said.title.as_deref().unwrap_or(stem));
    let mut artist = words(said.artist_line.as_deref().unwrap_or_default());
    if let Some(line) =
        said.album_artist_line.as_ref().filter(|line| said.artist_line.as_ref() != Some(*line))
    {
        artist = format!("{artist} {}", words(line));
    }
    let album = words(said.album.as_deref().unwrap_or_default());
    connection
        .prepare_cached(
            "INSERT INTO track_search(rowid, title, artist, album) VALUES(?1, ?2, ?3, ?4)",
        )?
        .execute(params![id, title, artist, album])?;
    Ok(())
}
