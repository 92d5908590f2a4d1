use store::UserId;
use store::rusqlite::{Connection, Params, params};

use super::{Page, load};
use crate::model::Track;
use crate::{AlbumId, ArtistId, Error, FolderId, Library, RootId, TrackId};

/// A list of tracks that are there.
#[derive(Debug, Clone, PartialEq)]
pub enum TrackList {
    /// All of them by title.
    All,
    /// Those of an album, disc by disc.
    OfAlbum(AlbumId),
    /// Those an artist plays, by album and number.
    OfArtist(ArtistId),
    /// Those an artist plays, the most played by anybody first.
    TopOfArtist(ArtistId),
    /// Those in a folder, by name.
    InFolder(FolderId),
    /// Those of a genre, by its name, by title.
    OfGenre(String),
    /// Some at random that keep to all of this: the seed says which.
    Random {
        /// What chance begins with.
        seed: u64,
        /// Of this genre.
        genre: Option<String>,
        /// Not older.
        from_year: Option<i64>,
        /// Not younger.
        to_year: Option<i64>,
        /// In this root.
        root: Option<RootId>,
    },
    /// The listener's favourites, the latest first.
    Starred,
    /// What the listener played, the latest first.
    Recent,
    /// What the listener played most.
    Frequent,
    /// The newest in the library first.
    Newest,
}

impl Library {
    /// Tracks by their ids, in that order; those that are missing too, what never was is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tracks(&self, user: UserId, ids: &[TrackId]) -> Result<Vec<Track>, Error> {
        self.read(|connection| load::tracks(connection, user, ids))
    }

    /// One track.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub fn track(&self, user: UserId, id: TrackId) -> Result<Track, Error> {
        self.tracks(user, &[id])?.pop().ok_or(Error::Absent("the track"))
    }

    /// A part of a list.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_tracks(
        &self,
        user: UserId,
        list: &TrackList,
        page: Page,
    ) -> Result<Vec<Track>, Error> {
        self.read(|connection| {
            let ids = ids(connection, user, list, page)?;
            load::tracks(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: &TrackList,
    page: Page,
) -> Result<Vec<TrackId>, Error> {
    let (limit, offset) = page.values();
    let find = |sql: &str, asked: &dyn store::rusqlite::ToSql| {
        found(connection, sql, params![asked, limit, offset])
    };
    match list {
        TrackList::All => find(sql::ALL, &None::<i64>),
        TrackList::OfAlbum(album) => find(sql::OF_ALBUM, album),
        TrackList::OfArtist(artist) => find(sql::OF_ARTIST, artist),
        TrackList::TopOfArtist(artist) => find(sql::TOP_OF_ARTIST, artist),
        TrackList::InFolder(folder) => find(sql::IN_FOLDER, folder),
        TrackList::OfGenre(genre) => find(sql::OF_GENRE, &crate::folding::identity(genre)),
        TrackList::Starred => find(sql::STARRED, &user),
        TrackList::Recent => find(sql::RECENT, &user),
        TrackList::Frequent => find(sql::FREQUENT, &user),
        TrackList::Newest => find(sql::NEWEST, &None::<i64>),
        TrackList::Random { seed, genre, from_year, to_year, root } => {
            let genre = genre.as_deref().map(crate::folding::identity);
            // A mix of seed and id that is the same for ever; the low bits of a product are worthless
            // as an order, so they are divided away.
            let seed = (seed & 0x7fff_ffff).cast_signed() | 1;
            let asked = params![genre, from_year, to_year, root, seed, limit, offset];
            found(connection, sql::RANDOM, asked)
        }
    }
}

fn found(connection: &Connection, sql: &str, asked: impl Params) -> Result<Vec<TrackId>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(asked, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every list's statement: ids only, each by an index. `?1` is what is asked for, `?2` how many, `?3`
/// how many are passed over.
pub(crate) mod sql {
    pub(crate) const ALL: &str = "SELECT id FROM track WHERE missing IS NULL AND ?1 IS NULL
        ORDER BY sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const OF_ALBUM: &str = "SELECT id FROM track WHERE album = ?1 AND missing IS NULL
        ORDER BY disc, number, path LIMIT ?2 OFFSET ?3";
    pub(crate) const OF_ARTIST: &str = "SELECT track.id FROM credit
        JOIN track ON track.id = credit.track JOIN album ON album.id = track.album
        WHERE credit.artist = ?1 AND role = 0 AND missing IS NULL
        ORDER BY album.year, album.sort, album.id, disc, number, path LIMIT ?2 OFFSET ?3";
    pub(crate) const TOP_OF_ARTIST: &str = "SELECT track.id FROM credit
        JOIN track ON track.id = credit.track
        WHERE credit.artist = ?1 AND role = 0 AND missing IS NULL
        ORDER BY (SELECT sum(plays) FROM track_mark WHERE track_mark.track = track.id) DESC NULLS LAST,
            track.sort, track.id LIMIT ?2 OFFSET ?3";
    pub(crate) const IN_FOLDER: &str = "SELECT id FROM track WHERE folder = ?1 AND missing IS NULL
        ORDER BY path LIMIT ?2 OFFSET ?3";
    pub(crate) const OF_GENRE: &str = "SELECT track.id FROM genre
        JOIN track_genre ON track_genre.genre = genre.id JOIN track ON track.id = track_genre.track
        WHERE genre.key = ?1 AND missing IS NULL ORDER BY track.sort, track.id LIMIT ?2 OFFSET ?3";
    pub(crate) const STARRED: &str = "SELECT track.id FROM track_mark
        JOIN track ON track.id = track_mark.track WHERE user = ?1 AND starred IS NOT NULL
        AND missing IS NULL ORDER BY starred DESC, track_mark.track LIMIT ?2 OFFSET ?3";
    pub(crate) const RECENT: &str = "SELECT track.id FROM track_mark
        JOIN track ON track.id = track_mark.track WHERE user = ?1 AND played IS NOT NULL
        AND missing IS NULL ORDER BY played DESC, track_mark.track LIMIT ?2 OFFSET ?3";
    pub(crate) const FREQUENT: &str = "SELECT track.id FROM track_mark
        JOIN track ON track.id = track_mark.track WHERE user = ?1 AND plays > 0
        AND missing IS NULL ORDER BY plays DESC, track_mark.track LIMIT ?2 OFFSET ?3";
    pub(crate) const NEWEST: &str = "SELECT id FROM track WHERE missing IS NULL AND ?1 IS NULL
        ORDER BY added DESC, id DESC LIMIT ?2 OFFSET ?3";
    pub(crate) const RANDOM: &str = "SELECT id FROM track WHERE missing IS NULL
        AND (?1 IS NULL OR id IN (SELECT track FROM track_genre
            JOIN genre ON genre.id = track_genre.genre WHERE genre.key = ?1))
        AND (?2 IS NULL OR year >= ?2) AND (?3 IS NULL OR year <= ?3) AND (?4 IS NULL OR root = ?4)
        ORDER BY (id * 2654435761 * ?5 / 4096) & 2147483647, id LIMIT ?6 OFFSET ?7";
}
