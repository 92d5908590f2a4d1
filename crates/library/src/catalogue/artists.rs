use store::UserId;
use store::rusqlite::{Connection, params};

use super::{Page, found, load};
use crate::model::Artist;
use crate::{ArtistId, Error, Library, RootId};

/// A list of artists, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArtistList {
    /// Those with albums of their own.
    WithAlbums,
    /// Everybody who has a part in any track.
    All,
    /// The listener's favourites, the latest first.
    Starred,
}

impl Library {
    /// Artists by their ids, in that order; who never was is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub fn artists(&self, user: UserId, ids: &[ArtistId]) -> Result<Vec<Artist>, Error> {
        self.read(|connection| load::artists(connection, user, ids))
    }

    /// One artist.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub fn artist(&self, user: UserId, id: ArtistId) -> Result<Artist, Error> {
        self.artists(user, &[id])?.pop().ok_or(Error::Absent("the artist"))
    }

    /// An artist by name, whatever its case and composition.
    ///
    /// # Errors
    /// Those of the database.
    pub fn artist_named(&self, name: &str) -> Result<Option<ArtistId>, Error> {
        let key = crate::folding::identity(name);
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id FROM artist WHERE key = ?1")?;
            let mut rows = statement.query([key])?;
            Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
        })
    }

    /// A part of a list.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_artists(
        &self,
        user: UserId,
        list: ArtistList,
        page: Page,
    ) -> Result<Vec<Artist>, Error> {
        self.list_artists_within(user, list, None, page)
    }

    /// A part of a list, of the artists with tracks that are there in a root, where one is named: of
    /// those with albums the ones who stand before a track of it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn list_artists_within(
        &self,
        user: UserId,
        list: ArtistList,
        root: Option<RootId>,
        page: Page,
    ) -> Result<Vec<Artist>, Error> {
        self.read(|connection| {
            let ids = ids(connection, user, list, root, page)?;
            load::artists(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: ArtistList,
    root: Option<RootId>,
    page: Page,
) -> Result<Vec<ArtistId>, Error> {
    let (limit, offset) = page.values();
    match list {
        ArtistList::WithAlbums => found(connection, sql::WITH_ALBUMS, params![root, limit, offset]),
        ArtistList::All => found(connection, sql::ALL, params![root, limit, offset]),
        ArtistList::Starred => found(connection, sql::STARRED, params![root, limit, offset, user]),
    }
}

/// Every list's statement. `?1` is the root, or none; `?2` how many, `?3` how many are passed over;
/// `?4` the listener.
pub(crate) mod sql {
    /// Who stands before an album with a track in the root. The order of the join is the written one:
    /// the root's tracks are many.
    macro_rules! leads {
        () => {
            "EXISTS(SELECT 1 FROM album_artist CROSS JOIN track ON track.album = album_artist.album
                WHERE album_artist.artist = artist.id
                AND track.missing IS NULL AND +track.root = ?1)"
        };
    }

    /// Who has a part in a track in the root.
    macro_rules! plays {
        () => {
            "EXISTS(SELECT 1 FROM credit CROSS JOIN track ON track.id = credit.track
                WHERE credit.artist = artist.id AND track.missing IS NULL AND +track.root = ?1)"
        };
    }

    pub(crate) const WITH_ALBUMS: &str = concat!(
        "SELECT id FROM artist WHERE albums > 0 AND (?1 IS NULL OR ",
        leads!(),
        ") ORDER BY sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const ALL: &str = concat!(
        "SELECT id FROM artist WHERE tracks > 0 AND (?1 IS NULL OR ",
        plays!(),
        ") ORDER BY sort, id LIMIT ?2 OFFSET ?3"
    );
    pub(crate) const STARRED: &str = concat!(
        "SELECT artist.id FROM artist_mark JOIN artist ON artist.id = artist_mark.artist
        WHERE user = ?4 AND starred IS NOT NULL AND (?1 IS NULL OR ",
        plays!(),
        " OR ",
        leads!(),
        ") ORDER BY starred DESC, artist_mark.artist LIMIT ?2 OFFSET ?3"
    );
}
