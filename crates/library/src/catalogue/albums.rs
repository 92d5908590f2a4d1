use store::UserId;
use store::rusqlite::{Connection, Params, params};

use super::{Page, load};
use crate::model::Album;
use crate::{AlbumId, ArtistId, Error, Library};

/// A list of albums with tracks that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlbumList {
    /// By title.
    ByName,
    /// By artist, then title.
    ByArtist,
    /// The newest in the library first.
    Newest,
    /// From one year to another; backwards where the first is the later one.
    ByYear(i64, i64),
    /// Of a genre, by its name.
    OfGenre(String),
    /// Those an artist stands before, by year.
    OfArtist(ArtistId),
    /// Those an artist plays along on without standing before them.
    WithArtist(ArtistId),
    /// In an order of chance that the seed decides.
    Random(u64),
    /// The listener's favourites, the latest first.
    Starred,
    /// What the listener played, the latest first.
    Recent,
    /// What the listener played most.
    Frequent,
    /// What the listener rates highest.
    Highest,
}

impl Library {
    /// Albums by their ids, in that order; what never was is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn albums(&self, user: UserId, ids: &[AlbumId]) -> Result<Vec<Album>, Error> {
        self.read(|connection| load::albums(connection, user, ids))
    }

    /// One album.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub fn album(&self, user: UserId, id: AlbumId) -> Result<Album, Error> {
        self.albums(user, &[id])?.pop().ok_or(Error::Absent("the album"))
    }

    /// A part of a list.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_albums(
        &self,
        user: UserId,
        list: &AlbumList,
        page: Page,
    ) -> Result<Vec<Album>, Error> {
        self.read(|connection| {
            let ids = ids(connection, user, list, page)?;
            load::albums(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: &AlbumList,
    page: Page,
) -> Result<Vec<AlbumId>, Error> {
    let (limit, offset) = page.values();
    let find = |sql: &str, asked: &dyn store::rusqlite::ToSql| {
        found(connection, sql, params![asked, limit, offset])
    };
    match list {
        AlbumList::ByName => find(sql::BY_NAME, &None::<i64>),
        AlbumList::ByArtist => find(sql::BY_ARTIST, &None::<i64>),
        AlbumList::Newest => find(sql::NEWEST, &None::<i64>),
        AlbumList::ByYear(from, to) if from <= to => {
            found(connection, sql::BY_YEAR, params![from, to, limit, offset])
        }
        AlbumList::ByYear(from, to) => {
            found(connection, sql::BY_YEAR_BACKWARDS, params![to, from, limit, offset])
        }
        AlbumList::OfGenre(genre) => find(sql::OF_GENRE, &crate::folding::identity(genre)),
        AlbumList::OfArtist(artist) => find(sql::OF_ARTIST, artist),
        AlbumList::WithArtist(artist) => find(sql::WITH_ARTIST, artist),
        AlbumList::Random(seed) => find(sql::RANDOM, &((seed & 0x7fff_ffff).cast_signed() | 1)),
        AlbumList::Starred => find(sql::STARRED, &user),
        AlbumList::Recent => find(sql::RECENT, &user),
        AlbumList::Frequent => find(sql::FREQUENT, &user),
        AlbumList::Highest => find(sql::HIGHEST, &user),
    }
}

fn found(connection: &Connection, sql: &str, asked: impl Params) -> Result<Vec<AlbumId>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(asked, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every list's statement: ids only. `?1` is what is asked for, `?2` how many, `?3` how many are passed
/// over.
pub(crate) mod sql {
    pub(crate) const BY_NAME: &str = "SELECT id FROM album WHERE tracks > 0 AND ?1 IS NULL
        ORDER BY sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const BY_ARTIST: &str = "SELECT id FROM album WHERE tracks > 0 AND ?1 IS NULL
        ORDER BY artist_sort, sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const NEWEST: &str = "SELECT id FROM album WHERE tracks > 0 AND ?1 IS NULL
        ORDER BY added DESC, id DESC LIMIT ?2 OFFSET ?3";
    pub(crate) const BY_YEAR: &str =
        "SELECT id FROM album WHERE tracks > 0 AND year BETWEEN ?1 AND ?2
        ORDER BY year, sort, id LIMIT ?3 OFFSET ?4";
    pub(crate) const BY_YEAR_BACKWARDS: &str = "SELECT id FROM album
        WHERE tracks > 0 AND year BETWEEN ?1 AND ?2
        ORDER BY year DESC, sort DESC, id DESC LIMIT ?3 OFFSET ?4";
    pub(crate) const OF_GENRE: &str =
        "SELECT album.id FROM album WHERE tracks > 0 AND album.id IN (
            SELECT track.album FROM genre JOIN track_genre ON track_genre.genre = genre.id
            JOIN track ON track.id = track_genre.track WHERE genre.key = ?1 AND missing IS NULL)
        ORDER BY sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const OF_ARTIST: &str = "SELECT album.id FROM album_artist
        JOIN album ON album.id = album_artist.album WHERE album_artist.artist = ?1 AND tracks > 0
        ORDER BY year, sort, album.id LIMIT ?2 OFFSET ?3";
    pub(crate) const WITH_ARTIST: &str =
        "SELECT album.id FROM album WHERE tracks > 0 AND album.id IN (
            SELECT track.album FROM credit JOIN track ON track.id = credit.track
            WHERE credit.artist = ?1 AND missing IS NULL)
        AND NOT EXISTS(SELECT 1 FROM album_artist WHERE album = album.id AND artist = ?1)
        ORDER BY year, sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const RANDOM: &str = "SELECT id FROM album WHERE tracks > 0
        ORDER BY (id * 2654435761 * ?1 / 4096) & 2147483647, id LIMIT ?2 OFFSET ?3";
    pub(crate) const STARRED: &str = "SELECT album.id FROM album_mark
        JOIN album ON album.id = album_mark.album WHERE user = ?1 AND starred IS NOT NULL
        AND tracks > 0 ORDER BY starred DESC, album_mark.album LIMIT ?2 OFFSET ?3";
    pub(crate) const RECENT: &str = "SELECT album.id FROM album_mark
        JOIN album ON album.id = album_mark.album WHERE user = ?1 AND played IS NOT NULL
        AND tracks > 0 ORDER BY played DESC, album_mark.album LIMIT ?2 OFFSET ?3";
    pub(crate) const FREQUENT: &str = "SELECT album.id FROM album_mark
        JOIN album ON album.id = album_mark.album WHERE user = ?1 AND plays > 0
        AND tracks > 0 ORDER BY plays DESC, album_mark.album LIMIT ?2 OFFSET ?3";
    pub(crate) const HIGHEST: &str = "SELECT album.id FROM album_mark
        JOIN album ON album.id = album_mark.album WHERE user = ?1 AND rating IS NOT NULL
        AND tracks > 0 ORDER BY rating DESC, album_mark.album LIMIT ?2 OFFSET ?3";
}
