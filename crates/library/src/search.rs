//! What a few typed letters find.

use std::collections::BTreeSet;

use store::UserId;
use store::rusqlite::Connection;
use store::rusqlite::types::FromSql;

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
            Some(query) => {
                let typed =
                    Typed { query, name: folding::sort_key(asked), asked: folding::plain(asked) };
                self.read(|connection| found(connection, user, &typed, wanted))
            }
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

/// What was typed, as it is looked for.
struct Typed {
    /// As the full-text index is asked.
    query: String,
    /// As names are sorted: without an article before it.
    name: String,
    /// Plainly, with it.
    asked: String,
}

impl Typed {
    /// Whether a name that is sorted behind what was typed also reads so: "the b" finds no "Beck".
    fn begins(&self, name: &str) -> bool {
        self.asked == self.name || folding::plain(name).starts_with(&self.asked)
    }
}

fn found(
    connection: &Connection,
    user: UserId,
    typed: &Typed,
    wanted: Wanted,
) -> Result<Found, Error> {
    let artists = ids(connection, &sql::ARTISTS, typed, wanted.artists)?;
    let albums = ids(connection, &sql::ALBUMS, typed, wanted.albums)?;
    let tracks = ids(connection, &sql::TRACKS, typed, wanted.tracks)?;
    Ok(Found {
        artists: catalogue::artists(connection, user, &artists)?,
        albums: catalogue::albums(connection, user, &albums)?,
        tracks: catalogue::tracks(connection, user, &tracks)?,
    })
}

/// Goes one way after the other until the page is full. None of them sorts, so that a letter which
/// finds half of the library costs what is shown of it and no more.
fn ids<I: FromSql + Ord + Copy>(
    connection: &Connection,
    ways: &[Way],
    typed: &Typed,
    page: Page,
) -> Result<Vec<I>, Error> {
    let until = page.offset.saturating_add(page.limit);
    let (mut seen, mut ids) = (BTreeSet::new(), Vec::new());
    for way in ways {
        let mut statement = connection.prepare_cached(way.sql())?;
        let mut rows = statement.query([way.asks(typed)])?;
        while (seen.len() as u64) < until
            && let Some(row) = rows.next()?
        {
            let begins = match way {
                Way::Named(_) => typed.begins(&row.get::<_, String>(1)?),
                Way::Worded(_) => true,
            };
            let id: I = row.get(0)?;
            if begins && seen.insert(id) && seen.len() as u64 > page.offset {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// How things are looked for.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// By the index of names: whose name begins so, by name.
    Named(&'static str),
    /// By the index of words: in the order in which things came to the library.
    Worded(&'static str),
}

impl Way {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Way::Named(sql) | Way::Worded(sql) => sql,
        }
    }

    fn asks(self, typed: &Typed) -> &str {
        match self {
            Way::Named(_) => &typed.name,
            Way::Worded(_) => &typed.query,
        }
    }
}

/// `?1` is the name or the full-text expression. No text is behind one that ends in the last of all
/// characters, which is how far names begin so.
pub(crate) mod sql {
    use super::Way::{self, Named, Worded};

    pub(crate) const ARTISTS: [Way; 4] = [
        Named(
            "SELECT id, name FROM artist WHERE albums > 0
            AND sort >= ?1 AND sort < ?1 || char(1114111) ORDER BY sort, id",
        ),
        Worded(
            "SELECT artist.id FROM artist_search CROSS JOIN artist ON artist.id = artist_search.rowid
            WHERE artist_search MATCH ?1 AND albums > 0",
        ),
        Named(
            "SELECT id, name FROM artist WHERE tracks > 0
            AND sort >= ?1 AND sort < ?1 || char(1114111) ORDER BY sort, id",
        ),
        Worded(
            "SELECT artist.id FROM artist_search CROSS JOIN artist ON artist.id = artist_search.rowid
            WHERE artist_search MATCH ?1 AND tracks > 0",
        ),
    ];
    pub(crate) const ALBUMS: [Way; 3] = [
        Named(
            "SELECT id, title FROM album WHERE tracks > 0
            AND sort >= ?1 AND sort < ?1 || char(1114111) ORDER BY sort, id",
        ),
        Worded(
            "SELECT album.id FROM album_search CROSS JOIN album ON album.id = album_search.rowid
            WHERE album_search MATCH 'title : (' || ?1 || ')' AND tracks > 0",
        ),
        Worded(
            "SELECT album.id FROM album_search CROSS JOIN album ON album.id = album_search.rowid
            WHERE album_search MATCH ?1 AND tracks > 0",
        ),
    ];
    pub(crate) const TRACKS: [Way; 3] = [
        Named(
            "SELECT id, title FROM track WHERE missing IS NULL
            AND sort >= ?1 AND sort < ?1 || char(1114111) ORDER BY sort, id",
        ),
        Worded(
            "SELECT track.id FROM track_search CROSS JOIN track ON track.id = track_search.rowid
            WHERE track_search MATCH 'title : (' || ?1 || ')' AND missing IS NULL",
        ),
        Worded(
            "SELECT track.id FROM track_search CROSS JOIN track ON track.id = track_search.rowid
            WHERE track_search MATCH ?1 AND missing IS NULL",
        ),
    ];
}
