//! What a few typed letters find.

use std::collections::BTreeSet;

use store::UserId;
use store::rusqlite::types::{FromSql, ToSql};
use store::rusqlite::{Connection, params};

use crate::catalogue::{self, AlbumList, ArtistList, Page, TrackList};
use crate::model::{Album, Artist, Track};
use crate::{Error, Library, RootId, folding};

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
    /// Only what is in this root.
    pub within: Option<RootId>,
}

impl Library {
    /// Finds artists, albums and tracks all of whose words begin as those asked for, in any order and
    /// without regard to accents. Nothing asked finds everything, by name: that is how clients fetch
    /// a whole library.
    ///
    /// # Errors
    /// Those of the database.
    pub fn search(&self, user: UserId, asked: &str, wanted: Wanted) -> Result<Found, Error> {
        let within = wanted.within;
        match folding::query(asked) {
            Some(query) => {
                let typed =
                    Typed { query, name: folding::sort_key(asked), asked: folding::plain(asked) };
                self.read(|connection| found(connection, user, &typed, wanted))
            }
            None if asked.trim().is_empty() => Ok(Found {
                artists: self.list_artists_within(
                    user,
                    ArtistList::WithAlbums,
                    within,
                    wanted.artists,
                )?,
                albums: self.list_albums_within(user, &AlbumList::ByName, within, wanted.albums)?,
                tracks: self.list_tracks_within(user, &TrackList::All, within, wanted.tracks)?,
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
    let artists = ids(connection, &sql::ARTISTS, typed, wanted.within, wanted.artists)?;
    let albums = ids(connection, &sql::ALBUMS, typed, wanted.within, wanted.albums)?;
    let tracks = ids(connection, &sql::TRACKS, typed, wanted.within, wanted.tracks)?;
    Ok(Found {
        artists: catalogue::artists(connection, user, &artists)?,
        albums: catalogue::albums(connection, user, &albums)?,
        tracks: catalogue::tracks(connection, user, &tracks)?,
    })
}

/// Goes one way after the other until the page is full. None of them sorts, so that a letter which
/// finds half of the library costs what is shown of it and no more.
fn ids<I: FromSql + ToSql + Ord + Copy>(
    connection: &Connection,
    kind: &Kind,
    typed: &Typed,
    within: Option<RootId>,
    page: Page,
) -> Result<Vec<I>, Error> {
    let until = page.offset.saturating_add(page.limit);
    let (mut seen, mut ids) = (BTreeSet::new(), Vec::new());
    let mut lies_in = connection.prepare_cached(kind.lies_in)?;
    for way in kind.ways {
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
            let is_sought =
                begins && within.map_or(Ok(true), |root| lies_in.exists(params![root, id]))?;
            if is_sought && seen.insert(id) && seen.len() as u64 > page.offset {
                ids.push(id);
            }
        }
    }
    Ok(ids)
}

/// A kind of things that are looked for.
pub(crate) struct Kind {
    /// The best first.
    pub(crate) ways: &'static [Way],
    /// Whether one of them, `?2`, has a part in the root `?1`.
    pub(crate) lies_in: &'static str,
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
    use super::Kind;
    use super::Way::{Named, Worded};

    pub(crate) const ARTISTS: Kind = Kind {
        ways: &[
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
        ],
        lies_in: "SELECT 1 FROM credit CROSS JOIN track ON track.id = credit.track
            WHERE credit.artist = ?2 AND missing IS NULL AND +root = ?1 UNION ALL
            SELECT 1 FROM album_artist CROSS JOIN track ON track.album = album_artist.album
            WHERE album_artist.artist = ?2 AND missing IS NULL AND +root = ?1",
    };
    pub(crate) const ALBUMS: Kind = Kind {
        ways: &[
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
        ],
        lies_in: "SELECT 1 FROM track WHERE album = ?2 AND missing IS NULL AND +root = ?1",
    };
    pub(crate) const TRACKS: Kind = Kind {
        ways: &[
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
        ],
        lies_in: "SELECT 1 FROM track WHERE id = ?2 AND root = ?1",
    };
}
