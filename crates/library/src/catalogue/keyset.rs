//! Long lists in pages, each found by where the one before it ended: a page deep in the list costs as
//! much as the first, and what is added meanwhile shifts nothing.

mod statement;

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, params};

use super::load;
use crate::model::{Album, Artist, Track};
use crate::{AlbumId, ArtistId, Error, Library, Play, RootId, TrackId, folding};

use statement::{Column, Statement};

/// Where a page ended: the values its last thing is sorted by, its number behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(pub Vec<Part>);

/// One value of a [`Place`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A number, a moment, an id.
    Whole(i64),
    /// Text to sort by.
    Text(String),
    /// Not known.
    Nothing,
}

/// A page of a list, and where it ended; nothing where the list did.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// From where the next page goes on.
    pub next: Option<Place>,
}

/// What tracks are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TrackOrder {
    /// By title.
    #[default]
    Title,
    /// By artist, then title.
    Artist,
    /// The newest in the library first.
    Added,
    /// By year, those of no known year last.
    Year,
    /// The shortest first.
    Duration,
}

/// Which tracks, and in which order. What is not asked for is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackQuery {
    /// What they are sorted by.
    pub order: TrackOrder,
    /// The last one first.
    pub reversed: bool,
    /// Those of an album.
    pub album: Option<AlbumId>,
    /// Those an artist plays.
    pub artist: Option<ArtistId>,
    /// Those of a genre, by its name.
    pub genre: Option<String>,
    /// Those in a root.
    pub root: Option<RootId>,
    /// The listener's favourites, or those that are none.
    pub favourite: Option<bool>,
}

/// What albums are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AlbumOrder {
    /// By title.
    #[default]
    Title,
    /// By artist, then title.
    Artist,
    /// The newest in the library first.
    Added,
    /// By year, those of no known year last.
    Year,
}

/// Which albums, and in which order. What is not asked for is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlbumQuery {
    /// What they are sorted by.
    pub order: AlbumOrder,
    /// The last one first.
    pub reversed: bool,
    /// Those an artist stands before.
    pub artist: Option<ArtistId>,
    /// Those with tracks of a genre, by its name.
    pub genre: Option<String>,
    /// Those with tracks in a root.
    pub root: Option<RootId>,
    /// The listener's favourites, or those that are none.
    pub favourite: Option<bool>,
}

/// Which artists, by name. What is not asked for is any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArtistQuery {
    /// The last one first.
    pub reversed: bool,
    /// Only those with albums of their own.
    pub leading: bool,
    /// Those with tracks in a root; of the leading ones those who stand before a track of it.
    pub root: Option<RootId>,
    /// The listener's favourites, or those that are none.
    pub favourite: Option<bool>,
}

const TITLE: &[Column] = &[Column::text("sort"), Column::whole("id")];
const ARTIST: &[Column] = &[Column::text("artist_sort"), Column::text("sort"), Column::whole("id")];
const ADDED: &[Column] = &[Column::whole("added"), Column::whole("id")];
const YEAR: &[Column] = &[Column::perhaps("year"), Column::text("sort"), Column::whole("id")];
const PLAYED: &[Column] = &[Column::whole("at"), Column::whole("id")];
const DURATION: &[Column] = &[Column::whole("duration_ms"), Column::whole("id")];

impl Library {
    /// A page of the tracks that are there.
    ///
    /// # Errors
    /// [`Error::Asked`] for a place of another list.
    pub fn page_tracks(
        &self,
        user: UserId,
        query: &TrackQuery,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Paged<Track>, Error> {
        let statement = query.statement(user);
        self.read(|connection| {
            let (ids, next) = statement.page(connection, after, limit)?;
            let ids: Vec<TrackId> = ids.into_iter().map(TrackId).collect();
            Ok(Paged { items: load::tracks(connection, user, &ids)?, next })
        })
    }

    /// A page of the albums with tracks that are there.
    ///
    /// # Errors
    /// [`Error::Asked`] for a place of another list.
    pub fn page_albums(
        &self,
        user: UserId,
        query: &AlbumQuery,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Paged<Album>, Error> {
        let statement = query.statement(user);
        self.read(|connection| {
            let (ids, next) = statement.page(connection, after, limit)?;
            let ids: Vec<AlbumId> = ids.into_iter().map(AlbumId).collect();
            Ok(Paged { items: load::albums(connection, user, &ids)?, next })
        })
    }

    /// A page of the artists, by name.
    ///
    /// # Errors
    /// [`Error::Asked`] for a place of another list.
    pub fn page_artists(
        &self,
        user: UserId,
        query: ArtistQuery,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Paged<Artist>, Error> {
        let statement = query.statement(user);
        self.read(|connection| {
            let (ids, next) = statement.page(connection, after, limit)?;
            let ids: Vec<ArtistId> = ids.into_iter().map(ArtistId).collect();
            Ok(Paged { items: load::artists(connection, user, &ids)?, next })
        })
    }

    /// A page of what the listener played, the latest first.
    ///
    /// # Errors
    /// [`Error::Asked`] for a place of another list.
    pub fn page_plays(
        &self,
        user: UserId,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Paged<Play>, Error> {
        let mut statement = Statement::new("play", PLAYED, true);
        statement.keep("user = ?", user.0);
        self.read(|connection| {
            let (ids, next) = statement.page(connection, after, limit)?;
            Ok(Paged { items: plays(connection, user, &ids)?, next })
        })
    }
}

impl TrackQuery {
    fn statement(&self, user: UserId) -> Statement {
        let (columns, falls) = match self.order {
            TrackOrder::Title => (TITLE, false),
            TrackOrder::Artist => (ARTIST, false),
            TrackOrder::Added => (ADDED, true),
            TrackOrder::Year => (YEAR, false),
            TrackOrder::Duration => (DURATION, false),
        };
        let mut statement = Statement::new("track", columns, falls != self.reversed);
        statement.keep_all("missing IS NULL");
        if let Some(album) = self.album {
            statement.keep("album = ?", album.0);
        }
        if let Some(artist) = self.artist {
            let sql = "id IN (SELECT track FROM credit WHERE artist = ? AND role = 0)";
            statement.keep(sql, artist.0);
        }
        if let Some(genre) = &self.genre {
            let sql = "id IN (SELECT track FROM track_genre
                JOIN genre ON genre.id = track_genre.genre WHERE genre.key = ?)";
            statement.keep(sql, folding::identity(genre));
        }
        if let Some(root) = self.root {
            // With the plus the list's own index is taken, not the one of the root's paths.
            statement.keep("+root = ?", root.0);
        }
        statement.keep_marked("track", self.favourite, user);
        statement
    }
}

impl AlbumQuery {
    fn statement(&self, user: UserId) -> Statement {
        let (columns, falls) = match self.order {
            AlbumOrder::Title => (TITLE, false),
            AlbumOrder::Artist => (ARTIST, false),
            AlbumOrder::Added => (ADDED, true),
            AlbumOrder::Year => (YEAR, false),
        };
        let mut statement = Statement::new("album", columns, falls != self.reversed);
        statement.keep_all("tracks > 0");
        if let Some(artist) = self.artist {
            statement.keep("id IN (SELECT album FROM album_artist WHERE artist = ?)", artist.0);
        }
        if let Some(genre) = &self.genre {
            let sql = "id IN (SELECT track.album FROM genre
                JOIN track_genre ON track_genre.genre = genre.id
                JOIN track ON track.id = track_genre.track
                WHERE genre.key = ? AND missing IS NULL)";
            statement.keep(sql, folding::identity(genre));
        }
        if let Some(root) = self.root {
            let sql = "EXISTS(SELECT 1 FROM track WHERE track.album = album.id
                AND track.missing IS NULL AND +track.root = ?)";
            statement.keep(sql, root.0);
        }
        statement.keep_marked("album", self.favourite, user);
        statement
    }
}

impl ArtistQuery {
    fn statement(self, user: UserId) -> Statement {
        let mut statement = Statement::new("artist", TITLE, self.reversed);
        statement.keep_all(if self.leading { "albums > 0" } else { "tracks > 0" });
        if let Some(root) = self.root {
            let sql = if self.leading {
                "EXISTS(SELECT 1 FROM album_artist
                    CROSS JOIN track ON track.album = album_artist.album
                    WHERE album_artist.artist = artist.id
                    AND track.missing IS NULL AND +track.root = ?)"
            } else {
                "EXISTS(SELECT 1 FROM credit CROSS JOIN track ON track.id = credit.track
                    WHERE credit.artist = artist.id
                    AND track.missing IS NULL AND +track.root = ?)"
            };
            statement.keep(sql, root.0);
        }
        statement.keep_marked("artist", self.favourite, user);
        statement
    }
}

/// Plays by their ids, in that order.
fn plays(connection: &Connection, user: UserId, ids: &[i64]) -> Result<Vec<Play>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT track, at, client FROM play WHERE id = ?1")?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(statement.query_row(params![id], |row| {
            Ok((row.get(0)?, Nanos(row.get(1)?), row.get::<_, String>(2)?))
        })?);
    }
    let tracks: Vec<TrackId> = rows.iter().map(|(track, ..)| *track).collect();
    let tracks = load::tracks(connection, user, &tracks)?;
    let plays = rows.into_iter().zip(tracks);
    Ok(plays.map(|((_, at, client), track)| Play { track, at, client }).collect())
}

#[cfg(test)]
mod tests {
    use super::{AlbumOrder, AlbumQuery, ArtistQuery, TrackOrder, TrackQuery};
    use crate::RootId;
    use store::UserId;
    use store::rusqlite::Connection;

    #[test]
    fn every_order_is_the_order_of_an_index_both_ways() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE user(id INTEGER PRIMARY KEY) STRICT").unwrap();
        connection.execute_batch(crate::SCHEMA.steps[0]).unwrap();
        let user = UserId(1);
        let mut statements = Vec::new();
        let each = |reversed| [(reversed, None), (reversed, Some(RootId(1)))];
        for (reversed, root) in [false, true].into_iter().flat_map(each) {
            use TrackOrder::{Added, Artist, Duration, Title, Year};
            for order in [Title, Artist, Added, Year, Duration] {
                let query = TrackQuery { order, reversed, root, ..TrackQuery::default() };
                statements.push(query.statement(user));
            }
            for order in
                [AlbumOrder::Title, AlbumOrder::Artist, AlbumOrder::Added, AlbumOrder::Year]
            {
                let query = AlbumQuery { order, reversed, root, ..AlbumQuery::default() };
                statements.push(query.statement(user));
            }
            for leading in [false, true] {
                let query = ArtistQuery { reversed, leading, root, favourite: None };
                statements.push(query.statement(user));
            }
        }
        for statement in statements {
            for plan in statement.plans(&connection) {
                assert!(!plan.contains("TEMP B-TREE"), "{plan}");
                assert!(plan.contains("INDEX"), "{plan}");
                assert!(!plan.contains("(root="), "{plan}");
            }
        }
    }
}
