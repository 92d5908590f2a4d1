use store::UserId;
use store::rusqlite::{Connection, params};

use super::{Page, load};
use crate::model::Artist;
use crate::{ArtistId, Error, Library};

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
        self.read(|connection| {
            let ids = ids(connection, user, list, page)?;
            load::artists(connection, user, &ids)
        })
    }
}

fn ids(
    connection: &Connection,
    user: UserId,
    list: ArtistList,
    page: Page,
) -> Result<Vec<ArtistId>, Error> {
    let (limit, offset) = page.values();
    let sql = match list {
        ArtistList::WithAlbums => sql::WITH_ALBUMS,
        ArtistList::All => sql::ALL,
        ArtistList::Starred => sql::STARRED,
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![user, limit, offset], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every list's statement. `?1` is the listener, `?2` how many, `?3` how many are passed over.
pub(crate) mod sql {
    pub(crate) const WITH_ALBUMS: &str = "SELECT id FROM artist WHERE albums > 0 AND ?1 IS NOT NULL
        ORDER BY sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const ALL: &str = "SELECT id FROM artist WHERE tracks > 0 AND ?1 IS NOT NULL
        ORDER BY sort, id LIMIT ?2 OFFSET ?3";
    pub(crate) const STARRED: &str = "SELECT artist FROM artist_mark
        WHERE user = ?1 AND starred IS NOT NULL ORDER BY starred DESC, artist LIMIT ?2 OFFSET ?3";
}
