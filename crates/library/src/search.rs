//! What a few typed letters find.

use store::UserId;
use store::rusqlite::{Connection, params};

use crate::catalogue::{self, AlbumList, ArtistList, Page, TrackList};
use crate::model::{Album, Artist, Track};
use crate::{Error, Library, folding};

/// What was found, the best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Artists.
    pub artists: Vec<Artist>,
    /// Albums.
    pub albums: Vec<Album>,
    /// Tracks.
    pub tracks: Vec<Track>,
}

/// How much of each is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Of the artists.
    pub artists: Page,
    /// Of the albums.
    pub albums: Page,
    /// Of the tracks.
    pub tracks: Page,
}

impl Library {
    /// Finds artists, albums and tracks all of whose words begin as those asked for, in any order and
    /// without regard to accents. Nothing asked finds everything, by name: that is how clients fetch
    /// a whole library.
    ///
    /// # Errors
    /// Those of the database.
    pub fn search(&self, user: UserId, asked: &str, wanted: Wanted) -> Result<Found, Error> {
        match folding::query(asked) {
            Some(query) => self.read(|connection| found(connection, user, &query, asked, wanted)),
            None if asked.trim().is_empty() => Ok(Found {
                artists: self.list_artists(user, ArtistList::WithAlbums, wanted.artists)?,
                albums: self.list_albums(user, &AlbumList::ByName, wanted.albums)?,
                tracks: self.list_tracks(user, &TrackList::All, wanted.tracks)?,
            }),
            // Signs alone are no word, and nothing has them for a name that could be found.
            None => Ok(Found { artists: Vec::new(), albums: Vec::new(), tracks: Vec::new() }),
        }
    }
}

fn found(
    connection: &Connection,
    user: UserId,
    query: &str,
    asked: &str,
    wanted: Wanted,
) -> Result<Found, Error> {
    let name = folding::sort_key(asked);
    let artists = ids(connection, sql::ARTISTS, query, &name, wanted.artists)?;
    let albums = ids(connection, sql::ALBUMS, query, &name, wanted.albums)?;
    let tracks = ids(connection, sql::TRACKS, query, &name, wanted.tracks)?;
    Ok(Found {
        artists: catalogue::artists(connection, user, &artists)?,
        albums: catalogue::albums(connection, user, &albums)?,
        tracks: catalogue::tracks(connection, user, &tracks)?,
    })
}

fn ids<I: store::rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    query: &str,
    name: &str,
    page: Page,
) -> Result<Vec<I>, Error> {
    if page.limit == 0 {
        return Ok(Vec::new());
    }
    let (limit, offset) = page.values();
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![query, name, limit, offset], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// `?1` is the full-text expression, `?2` the plain name: who is called just so comes first, then who
/// begins so, then by name.
pub(crate) mod sql {
    pub(crate) const ARTISTS: &str = "SELECT artist.id FROM artist_search
        JOIN artist ON artist.id = artist_search.rowid
        WHERE artist_search MATCH ?1 AND tracks + albums > 0
        ORDER BY sort <> ?2, substr(sort, 1, length(?2)) <> ?2, albums = 0, sort, artist.id
        LIMIT ?3 OFFSET ?4";
    pub(crate) const ALBUMS: &str = "SELECT album.id FROM album_search
        JOIN album ON album.id = album_search.rowid
        WHERE album_search MATCH ?1 AND tracks > 0
        ORDER BY sort <> ?2, substr(sort, 1, length(?2)) <> ?2, sort, album.id LIMIT ?3 OFFSET ?4";
    pub(crate) const TRACKS: &str = "SELECT track.id FROM track_search
        JOIN track ON track.id = track_search.rowid
        WHERE track_search MATCH ?1 AND missing IS NULL
        ORDER BY sort <> ?2, substr(sort, 1, length(?2)) <> ?2, sort, track.id LIMIT ?3 OFFSET ?4";
}
