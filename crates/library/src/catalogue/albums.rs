use store::UserId;
use store::rusqlite::{Connection, params};

use super::{Page, found, load};
use crate::model::Album;
use crate::{AlbumId, ArtistId, Error, Library, RootId};

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
        self.list_albums_within(user, list, None, page)
    }

    /// A part of a list, of the albums with a track that is there in a root, where one is named.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_albums_within(
        &self,
        user: UserId,
        list: &AlbumList,
        root: Option<RootId>,
        page: Page,
    ) -> Result<Vec<Album>, Error> {
        self.read(|connection| {
            let ids = ids(connection, user, list, root, page)?;
            load::albums(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: &AlbumList,
    root: Option<RootId>,
    page: Page,
) -> Result<Vec<AlbumId>, Error> {
    let (limit, offset) = page.values();
    let all = |sql: &str| found(connection, sql, params![root, limit, offset]);
    let of = |sql: &str, asked: &dyn store::rusqlite::ToSql| {
        found(connection, sql, params![root, limit, offset, asked])
    };
    let between = |sql: &str, from: &i64, to: &i64| {
        found(connection, sql, params![root, limit, offset, from, to])
    };
    match list {
        AlbumList::ByName => all(sql::BY_NAME),
        AlbumList::ByArtist => all(sql::BY_ARTIST),
        AlbumList::Newest => all(sql::NEWEST),
        AlbumList::ByYear(from, to) if from <= to => between(sql::BY_YEAR, from, to),
        AlbumList::ByYear(from, to) => between(sql::BY_YEAR_BACKWARDS, to, from),
        AlbumList::OfGenre(genre) => of(sql::OF_GENRE, &crate::folding::identity(genre)),
        AlbumList::OfArtist(artist) => of(sql::OF_ARTIST, artist),
        AlbumList::WithArtist(artist) => of(sql::WITH_ARTIST, artist),
        AlbumList::Random(seed) => of(sql::RANDOM, &((seed & 0x7fff_ffff).cast_signed() | 1)),
        AlbumList::Starred => of(sql::STARRED, &user),
        AlbumList::Recent => of(sql::RECENT, &user),
        AlbumList::Frequent => of(sql::FREQUENT, &user),
        AlbumList::Highest => of(sql::HIGHEST, &user),
    }
}

/// Every list's statement: ids only. `?1` is the root, or none; `?2` how many, `?3` how many are passed
/// over; from `?4` on what is asked for.
pub(crate) mod sql {
    /// Albums that are there, in the root. The plus keeps SQLite to the album's tracks: those of the
    /// root are many.
    macro_rules! there {
        () => {
            "tracks > 0 AND (?1 IS NULL OR EXISTS(SELECT 1 FROM track
                WHERE track.album = album.id AND track.missing IS NULL AND +track.root = ?1))"
        };
    }

    /// What the listener marked.
    macro_rules! marked {
        ($how:literal, $order:literal) => {
            concat!(
                "SELECT album.id FROM album_mark JOIN album ON album.id = album_mark.album
                WHERE user = ?4 AND ",
                $how,
                " AND ",
                there!(),
                " ORDER BY ",
                $order,
                " DESC, album_mark.album LIMIT ?2 OFFSET ?3"
            )
        };
    }

    pub(crate) const BY_NAME: &str =
        concat!("SELECT id FROM album WHERE ", there!(), " ORDER BY sort, id LIMIT ?2 OFFSET ?3");
    pub(crate) const BY_ARTIST: &str = concat!(
        "SELECT id FROM album WHERE ",
        there!(),
        " ORDER BY artist_sort, sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const NEWEST: &str = concat!(
        "SELECT id FROM album WHERE ",
        there!(),
        " ORDER BY added DESC, id DESC LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const BY_YEAR: &str = concat!(
        "SELECT id FROM album WHERE year BETWEEN ?4 AND ?5 AND ",
        there!(),
        " ORDER BY year, sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const BY_YEAR_BACKWARDS: &str = concat!(
        "SELECT id FROM album WHERE year BETWEEN ?4 AND ?5 AND ",
        there!(),
        " ORDER BY year DESC, sort DESC, id DESC LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const OF_GENRE: &str = concat!(
        "SELECT album.id FROM album WHERE album.id IN (
            SELECT track.album FROM genre JOIN track_genre ON track_genre.genre = genre.id
            JOIN track ON track.id = track_genre.track WHERE genre.key = ?4 AND missing IS NULL)
        AND ",
        there!(),
        " ORDER BY sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const OF_ARTIST: &str = concat!(
        "SELECT album.id FROM album_artist JOIN album ON album.id = album_artist.album
        WHERE album_artist.artist = ?4 AND ",
        there!(),
        " ORDER BY year, sort, album.id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const WITH_ARTIST: &str = concat!(
        "SELECT album.id FROM album WHERE album.id IN (
            SELECT track.album FROM credit JOIN track ON track.id = credit.track
            WHERE credit.artist = ?4 AND missing IS NULL)
        AND NOT EXISTS(SELECT 1 FROM album_artist WHERE album = album.id AND artist = ?4) AND ",
        there!(),
        " ORDER BY year, sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const RANDOM: &str = concat!(
        "SELECT id FROM album WHERE ",
        there!(),
        " ORDER BY (id * 2654435761 * ?4 / 4096) & 2147483647, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const STARRED: &str = marked!("starred IS NOT NULL", "starred");
    pub(crate) const RECENT: &str = marked!("played IS NOT NULL", "played");
    pub(crate) const FREQUENT: &str = marked!("plays > 0", "plays");
    pub(crate) const HIGHEST: &str = marked!("rating IS NOT NULL", "rating");
}
