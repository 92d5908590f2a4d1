//! Which files may hold the picture of something, the best first.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::PathBuf;

use audio_file::Tags;
use store::rusqlite::{Connection, OptionalExtension, Row, params};

use super::MAX_LIST_TRACKS;
use super::decode::MAX_FILE_BYTES;
use crate::opened::open_below;
use crate::{AlbumId, ArtistId, Error, FolderId, ItemId, Library, TrackId};

/// Albums of an artist that are looked through for a picture.
const MAX_ALBUMS: i64 = 4;
/// Albums of a list that are looked through for four pictures.
const MAX_LIST_ALBUMS: usize = 16;
/// Folders of an album that are looked into: a box has a folder for each disc.
const MAX_FOLDERS: usize = 8;
/// How folders of one disc of several begin: the album's picture may lie above them.
const DISCS: [&str; 6] = ["cd", "disc", "disk", "dvd", "lp", "vinyl"];

/// A file that may hold a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    root: PathBuf,
    path: String,
    /// Whether it is sound with a picture in it.
    embedded: bool,
}

/// A candidate that is there.
#[derive(Debug)]
pub(super) struct Source {
    file: File,
    len: u64,
    embedded: bool,
    /// What is another one for another content.
    pub(super) identity: Vec<u8>,
}

impl Source {
    /// The picture's file; none where sound has none in it.
    pub(super) fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        let mut file = &self.file;
        file.rewind().map_err(audio_file::Error::from)?;
        if self.embedded {
            let tags = Tags::read(&mut BufReader::new(file));
            return Ok(tags.front_cover().map(<[u8]>::to_vec));
        }
        if self.len > MAX_FILE_BYTES {
            return Err(Error::Picture("it has more than 20 MiB".to_owned()));
        }
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(audio_file::Error::from)?;
        Ok(Some(bytes))
    }
}

impl Library {
    pub(super) fn source(&self, candidate: &Candidate) -> Result<Source, Error> {
        let opened = open_below(&candidate.root, &candidate.path)?;
        let place = candidate.root.join(&candidate.path);
        let (len, modified) = (opened.len.to_le_bytes(), opened.modified.to_le_bytes());
        let what = [u8::from(candidate.embedded)];
        let place = place.as_os_str().as_encoded_bytes();
        let identity = [&what[..], &len, &modified, place].concat();
        let (file, embedded) = (opened.file, candidate.embedded);
        Ok(Source { file, len: opened.len, embedded, identity })
    }

    pub(super) fn candidates(&self, item: ItemId) -> Result<Vec<Candidate>, Error> {
        match item {
            ItemId::TrackId(track) => self.of_track(track),
            ItemId::AlbumId(album) => self.of_album(album),
            ItemId::ArtistId(artist) => self.of_artist(artist),
            ItemId::FolderId(folder) => self.of_folder(folder),
            ItemId::GenreId(_) | ItemId::RootId(_) | ItemId::PlaylistId(_) => Ok(Vec::new()),
        }
    }

    /// What is in it, then what its album shows.
    fn of_track(&self, track: TrackId) -> Result<Vec<Candidate>, Error> {
        let (own, album) = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT root.path, track.path, album FROM track JOIN root ON root.id = root
                 WHERE track.id = ?1",
            )?;
            let found = statement.query_row([track], |row| {
                Ok((candidate(row, 0, true)?, row.get::<_, AlbumId>(2)?))
            });
            found.optional()?.ok_or(Error::Absent("the track"))
        })?;
        let mut candidates = vec![own];
        candidates.extend(self.of_album(album)?);
        Ok(candidates)
    }

    /// The pictures beside its tracks, disc by disc, then what is in the first one.
    pub(super) fn of_album(&self, album: AlbumId) -> Result<Vec<Candidate>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT root.path, track.path, folder.path, folder.cover, folder.name,
                    above.path, above.cover
                 FROM track JOIN root ON root.id = track.root
                 JOIN folder ON folder.id = track.folder
                 LEFT JOIN folder AS above ON above.id = folder.parent
                 WHERE track.album = ?1 AND track.missing IS NULL
                 ORDER BY disc, number, track.path",
            )?;
            let mut rows = statement.query([album])?;
            let (mut beside, mut within): (Vec<Candidate>, Vec<Candidate>) = Default::default();
            while let Some(row) = rows.next()? {
                if within.is_empty() {
                    within.push(candidate(row, 0, true)?);
                }
                let picture = picture_beside(row)?.filter(|picture| !beside.contains(picture));
                beside.extend(picture);
                if beside.len() == MAX_FOLDERS {
                    break;
                }
            }
            beside.append(&mut within);
            Ok(beside)
        })
    }

    /// That of their first album, or of the first track they play on.
    fn of_artist(&self, artist: ArtistId) -> Result<Vec<Candidate>, Error> {
        let albums: Vec<AlbumId> = self.read(|connection| {
            let own = "SELECT album.id FROM album_artist JOIN album ON album.id = album
                WHERE artist = ?1 AND tracks > 0 ORDER BY year, sort, album.id LIMIT ?2";
            let with = "SELECT DISTINCT album.id FROM credit JOIN track ON track.id = credit.track
                JOIN album ON album.id = album WHERE credit.artist = ?1 AND missing IS NULL
                ORDER BY album.year, album.sort, album.id LIMIT ?2";
            let albums = listed(connection, own, artist)?;
            if albums.is_empty() { listed(connection, with, artist) } else { Ok(albums) }
        })?;
        let each: Vec<Vec<Candidate>> =
            albums.into_iter().map(|album| self.of_album(album)).collect::<Result<_, _>>()?;
        Ok(each.concat())
    }

    /// The picture in it, then what the first album in it or below shows.
    fn of_folder(&self, folder: FolderId) -> Result<Vec<Candidate>, Error> {
        let (own, album) = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT root.path, folder.path, cover, root.id FROM folder
                 JOIN root ON root.id = root WHERE folder.id = ?1",
            )?;
            let found = statement.query_row([folder], |row| {
                let (root, path): (String, String) = (row.get(0)?, row.get(1)?);
                let cover: Option<String> = row.get(2)?;
                Ok((cover.map(|cover| beside(&root, &path, &cover)), path, row.get::<_, i64>(3)?))
            });
            let (own, path, root) = found.optional()?.ok_or(Error::Absent("the folder"))?;
            // "0" follows "/": everything below, by the index of paths.
            let (from, to) = match path.as_str() {
                "" => (String::new(), "\u{10ffff}".to_owned()),
                path => (format!("{path}/"), format!("{path}0")),
            };
            let mut statement = connection.prepare_cached(
                "SELECT album FROM track WHERE root = ?1 AND path >= ?2 AND path < ?3
                 AND missing IS NULL ORDER BY path LIMIT 1",
            )?;
            let album: Option<AlbumId> =
                statement.query_row(params![root, from, to], |row| row.get(0)).optional()?;
            Ok::<_, Error>((own, album))
        })?;
        let mut candidates: Vec<Candidate> = own.into_iter().collect();
        if let Some(album) = album {
            candidates.extend(self.of_album(album)?);
        }
        Ok(candidates)
    }

    /// The albums of the first tracks that are there, in their order.
    pub(super) fn albums_of_tracks(&self, tracks: &[TrackId]) -> Result<Vec<AlbumId>, Error> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT album FROM track WHERE id = ?1 AND missing IS NULL")?;
            let mut albums = Vec::new();
            for track in tracks.iter().take(MAX_LIST_TRACKS as usize) {
                let album: Option<AlbumId> =
                    statement.query_row([track], |row| row.get(0)).optional()?;
                albums.extend(album.filter(|album| !albums.contains(album)));
                if albums.len() == MAX_LIST_ALBUMS {
                    break;
                }
            }
            Ok(albums)
        })
    }
}

fn listed(
    connection: &Connection,
    sql: &'static str,
    artist: ArtistId,
) -> Result<Vec<AlbumId>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![artist, MAX_ALBUMS], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Root and path, in two columns from `at` on.
fn candidate(row: &Row<'_>, at: usize, embedded: bool) -> store::rusqlite::Result<Candidate> {
    let root: String = row.get(at)?;
    Ok(Candidate { root: root.into(), path: row.get(at + 1)?, embedded })
}

/// The picture in a track's folder; of a folder of one disc the one above it.
fn picture_beside(row: &Row<'_>) -> store::rusqlite::Result<Option<Candidate>> {
    let (root, folder, name): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(4)?);
    let (cover, above, cover_above): (Option<String>, Option<String>, Option<String>) =
        (row.get(3)?, row.get(5)?, row.get(6)?);
    let own = cover.map(|cover| beside(&root, &folder, &cover));
    let of_all = || {
        let (above, cover) = (above?, cover_above?);
        is_disc(&name).then(|| beside(&root, &above, &cover))
    };
    Ok(own.or_else(of_all))
}

fn beside(root: &str, folder: &str, name: &str) -> Candidate {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    Candidate { root: root.into(), path, embedded: false }
}

/// "CD1", "Disc 2", "disk-03".
fn is_disc(name: &str) -> bool {
    let name = name.to_lowercase();
    DISCS.iter().any(|disc| {
        name.strip_prefix(disc).is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '-', '_', '.', '#']);
            rest.starts_with(|first: char| first.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_disc;

    #[test]
    fn folders_of_discs_are_known() {
        assert!(["CD1", "Disc 2", "disk-03 (Live)", "LP 1"].into_iter().all(is_disc));
        assert!(["", "CD", "Discovery", "Live", "2"].into_iter().all(|name| !is_disc(name)));
    }
}
