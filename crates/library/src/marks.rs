//! What listeners think of things, and what they played.

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, params};

use crate::model::Track;
use crate::{AlbumId, ArtistId, Error, ItemId, Library, TrackId, catalogue};

/// A play of the same track by the same listener within this is the same play, told twice: clients
/// send again what they are not sure has arrived.
const SAME_PLAY_NANOS: i64 = 30 * 1_000_000_000;
/// Plays and histories are told with a name of the client, cut here.
const MAX_CLIENT_CHARS: usize = 64;

/// One play.
#[derive(Debug, Clone, PartialEq)]
pub struct Play {
    /// What was played.
    pub track: Track,
    /// When.
    pub at: Nanos,
    /// With which client.
    pub client: String,
}

/// A thing that can be marked, with its table.
enum Marked {
    Track(TrackId),
    Album(AlbumId),
    Artist(ArtistId),
}

impl Marked {
    fn of(item: ItemId) -> Result<Self, Error> {
        match item {
            ItemId::TrackId(id) => Ok(Self::Track(id)),
            ItemId::AlbumId(id) => Ok(Self::Album(id)),
            ItemId::ArtistId(id) => Ok(Self::Artist(id)),
            _ => Err(Error::Absent("a track, an album or an artist of that id")),
        }
    }

    /// The name of its table and column.
    fn kind(&self) -> (&'static str, i64) {
        match self {
            Self::Track(id) => ("track", id.0),
            Self::Album(id) => ("album", id.0),
            Self::Artist(id) => ("artist", id.0),
        }
    }

    /// Sets one column of the listener's mark.
    fn set(
        &self,
        connection: &Connection,
        user: UserId,
        column: &'static str,
        value: Option<i64>,
    ) -> Result<(), Error> {
        let (kind, id) = self.kind();
        let is_there: bool = connection
            .prepare_cached(&format!("SELECT EXISTS(SELECT 1 FROM {kind} WHERE id = ?1)"))?
            .query_row([id], |row| row.get(0))?;
        if !is_there {
            return Err(Error::Absent("a track, an album or an artist of that id"));
        }
        connection
            .prepare_cached(&format!(
                "INSERT INTO {kind}_mark(user, {kind}, {column}) VALUES(?1, ?2, ?3)
                 ON CONFLICT(user, {kind}) DO UPDATE SET {column} = excluded.{column}"
            ))?
            .execute(params![user, id, value])?;
        Ok(())
    }
}

impl Library {
    /// Makes things favourites, or no favourites any more; all of them or none.
    ///
    /// # Errors
    /// [`Error::Absent`] for what is no track, album or artist.
    pub fn star(&self, user: UserId, items: Vec<ItemId>, starred: bool) -> Result<(), Error> {
        let since = starred.then_some(self.now().0);
        self.store().write(move |connection| {
            let marked = items.into_iter().map(Marked::of);
            marked.into_iter().try_for_each(|item| item?.set(connection, user, "starred", since))
        })
    }

    /// Gives stars; 0 takes them back.
    ///
    /// # Errors
    /// [`Error::Asked`] for more than 5, [`Error::Absent`] for what is no track, album or artist.
    pub fn rate(&self, user: UserId, item: ItemId, stars: u8) -> Result<(), Error> {
        if stars > 5 {
            let (what, given, accepted) = ("a rating of", stars.to_string(), "0 to 5");
            return Err(Error::Asked { what, given, accepted });
        }
        let stars = (stars > 0).then_some(i64::from(stars));
        self.store()
            .write(move |connection| Marked::of(item)?.set(connection, user, "rating", stars))
    }

    /// Counts a play: of the track, its album and its artists. Told twice, it counts once; told late,
    /// it counts for when it was.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn played(
        &self,
        user: UserId,
        track: TrackId,
        at: Nanos,
        client: &str,
    ) -> Result<(), Error> {
        let client: String = client.chars().take(MAX_CLIENT_CHARS).collect();
        // A clock ahead of ours does not write history.
        let at = at.min(self.now());
        self.store().write(move |connection| {
            let album: Option<AlbumId> = {
                let mut statement =
                    connection.prepare_cached("SELECT album FROM track WHERE id = ?1")?;
                let mut rows = statement.query([track])?;
                rows.next()?.map(|row| row.get(0)).transpose()?
            };
            let album = album.ok_or(Error::Absent("the track"))?;
            let is_known: bool = connection
                .prepare_cached(
                    "SELECT EXISTS(SELECT 1 FROM play WHERE track = ?1 AND user = ?2
                     AND abs(at - ?3) < ?4)",
                )?
                .query_row(params![track, user, at.0, SAME_PLAY_NANOS], |row| row.get(0))?;
            if is_known {
                return Ok(());
            }
            connection
                .prepare_cached("INSERT INTO play(user, track, at, client) VALUES(?1, ?2, ?3, ?4)")?
                .execute(params![user, track, at.0, client])?;
            count(connection, "track", user, track.0, at)?;
            count(connection, "album", user, album.0, at)?;
            let mut statement = connection.prepare_cached(
                "SELECT DISTINCT artist FROM credit WHERE track = ?1 AND role = 0",
            )?;
            let artists: Vec<i64> =
                statement.query_map([track], |row| row.get(0))?.collect::<Result<_, _>>()?;
            artists.into_iter().try_for_each(|artist| count(connection, "artist", user, artist, at))
        })
    }

    /// Counts a track that was left before it counts as played.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn skipped(&self, user: UserId, track: TrackId) -> Result<(), Error> {
        self.store().write(move |connection| {
            let known = connection
                .prepare_cached(
                    "INSERT INTO track_mark(user, track, skips)
                     SELECT ?1, id, 1 FROM track WHERE id = ?2
                     ON CONFLICT(user, track) DO UPDATE SET skips = skips + 1",
                )?
                .execute(params![user, track])?;
            if known == 0 { Err(Error::Absent("the track")) } else { Ok(()) }
        })
    }

    /// What the listener played, the latest first, before a moment.
    ///
    /// # Errors
    /// Those of the database.
    pub fn history(&self, user: UserId, before: Nanos, limit: u64) -> Result<Vec<Play>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT track, at, client FROM play WHERE user = ?1 AND at < ?2
                 ORDER BY at DESC, id DESC LIMIT ?3",
            )?;
            let rows = statement.query_map(params![user, before.0, limit], |row| {
                Ok((row.get(0)?, Nanos(row.get(1)?), row.get(2)?))
            })?;
            let plays: Vec<(TrackId, Nanos, String)> = rows.collect::<Result<_, _>>()?;
            let ids: Vec<TrackId> = plays.iter().map(|(track, ..)| *track).collect();
            let tracks = catalogue::tracks(connection, user, &ids)?;
            let plays = plays.into_iter().zip(tracks);
            Ok(plays.map(|((_, at, client), track)| Play { track, at, client }).collect())
        })
    }
}

fn count(
    connection: &Connection,
    kind: &'static str,
    user: UserId,
    id: i64,
    at: Nanos,
) -> Result<(), Error> {
    connection
        .prepare_cached(&format!(
            "INSERT INTO {kind}_mark(user, {kind}, plays, played) VALUES(?1, ?2, 1, ?3)
             ON CONFLICT(user, {kind}) DO UPDATE SET
                plays = plays + 1, played = max(coalesce(played, 0), excluded.played)"
        ))?
        .execute(params![user, id, at.0])?;
    Ok(())
}
