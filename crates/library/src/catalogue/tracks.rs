use store::UserId;
use store::rusqlite::{Connection, params};

use super::{Page, found, load};
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
        self.list_tracks_within(user, list, None, page)
    }

    /// A part of a list, of the tracks in a root, where one is named.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_tracks_within(
        &self,
        user: UserId,
        list: &TrackList,
        root: Option<RootId>,
        page: Page,
    ) -> Result<Vec<Track>, Error> {
        self.read(|connection| {
            let ids = ids(connection, user, list, root, page)?;
            load::tracks(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: &TrackList,
    root: Option<RootId>,
    page: Page,
) -> Result<Vec<TrackId>, Error> {
    let (limit, offset) = page.values();
    let all = |sql: &str| found(connection, sql, params![root, limit, offset]);
    let of = |sql: &str, asked: &dyn store::rusqlite::ToSql| {
        found(connection, sql, params![root, limit, offset, asked])
    };
    match list {
        TrackList::All => all(sql::ALL),
        TrackList::Newest => all(sql::NEWEST),
        TrackList::OfAlbum(album) => of(sql::OF_ALBUM, album),
        TrackList::OfArtist(artist) => of(sql::OF_ARTIST, artist),
        TrackList::TopOfArtist(artist) => of(sql::TOP_OF_ARTIST, artist),
        TrackList::InFolder(folder) => of(sql::IN_FOLDER, folder),
        TrackList::OfGenre(genre) => of(sql::OF_GENRE, &crate::folding::identity(genre)),
        TrackList::Starred => of(sql::STARRED, &user),
        TrackList::Recent => of(sql::RECENT, &user),
        TrackList::Frequent => of(sql::FREQUENT, &user),
        TrackList::Random { seed, genre, from_year, to_year } => {
            let genre = genre.as_deref().map(crate::folding::identity);
            // A mix of seed and id that is the same for ever; the low bits of a product are worthless
            // as an order, so they are divided away.
            let seed = (seed & 0x7fff_ffff).cast_signed() | 1;
            let asked = params![root, limit, offset, seed, genre, from_year, to_year];
            found(connection, sql::RANDOM, asked)
        }
    }
}

/// Every list's statement: ids only, each by an index. `?1` is the root, or none; `?2` how many, `?3`
/// how many are passed over; from `?4` on what is asked for.
pub(crate) mod sql {
    /// Tracks that are there, in the root.
    macro_rules! there {
        () => {
            "missing IS NULL AND (?1 IS NULL OR root = ?1)"
        };
    }

    /// What the listener marked.
    macro_rules! marked {
        ($how:literal, $order:literal) => {
            concat!(
                "SELECT track.id FROM track_mark JOIN track ON track.id = track_mark.track
                WHERE user = ?4 AND ",
                $how,
                " AND ",
                there!(),
                " ORDER BY ",
                $order,
                " DESC, track_mark.track LIMIT ?2 OFFSET ?3"
            )
        };
    }

    pub(crate) const ALL: &str =
        concat!("SELECT id FROM track WHERE ", there!(), " ORDER BY sort, id LIMIT ?2 OFFSET ?3");
    pub(crate) const NEWEST: &str = concat!(
        "SELECT id FROM track WHERE ",
        there!(),
        " ORDER BY added DESC, id DESC LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const OF_ALBUM: &str = concat!(
        "SELECT id FROM track WHERE album = ?4 AND ",
        there!(),
        " ORDER BY disc, number, path LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const OF_ARTIST: &str = concat!(
        "SELECT track.id FROM credit
        JOIN track ON track.id = credit.track JOIN album ON album.id = track.album
        WHERE credit.artist = ?4 AND role = 0 AND ",
        there!(),
        " ORDER BY album.year, album.sort, album.id, disc, number, path LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const TOP_OF_ARTIST: &str = concat!(
        "SELECT track.id FROM credit JOIN track ON track.id = credit.track
        WHERE credit.artist = ?4 AND role = 0 AND ",
        there!(),
        " ORDER BY (SELECT sum(plays) FROM track_mark WHERE track_mark.track = track.id)
            DESC NULLS LAST, track.sort, track.id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const IN_FOLDER: &str = concat!(
        "SELECT id FROM track WHERE folder = ?4 AND ",
        there!(),
        " ORDER BY path LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const OF_GENRE: &str = concat!(
        "SELECT track.id FROM genre
        JOIN track_genre ON track_genre.genre = genre.id JOIN track ON track.id = track_genre.track
        WHERE genre.key = ?4 AND ",
        there!(),
        " ORDER BY track.sort, track.id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const STARRED: &str = marked!("starred IS NOT NULL", "starred");
    pub(crate) const RECENT: &str = marked!("played IS NOT NULL", "played");
    pub(crate) const FREQUENT: &str = marked!("plays > 0", "plays");
    pub(crate) const RANDOM: &str = concat!(
        "SELECT id FROM track WHERE ",
        there!(),
        " AND (?5 IS NULL OR id IN (SELECT track FROM track_genre
            JOIN genre ON genre.id = track_genre.genre WHERE genre.key = ?5))
        AND (?6 IS NULL OR year >= ?6) AND (?7 IS NULL OR year <= ?7)
        ORDER BY (id * 2654435761 * ?4 / 4096) & 2147483647, id LIMIT ?2 OFFSET ?3"
    );
}
