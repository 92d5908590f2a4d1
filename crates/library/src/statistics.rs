//! How much there is, and how much of it was played.

use clock::Nanos;
use store::UserId;
use store::rusqlite::params;

use crate::catalogue::{self, Page};
use crate::model::Track;
use crate::{Error, Library, TrackId};

/// A collection in figures, as one listener sees it. Only what is there counts, unless it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Tracks.
    pub tracks: u64,
    /// Albums.
    pub albums: u64,
    /// Everybody who has a part in a track.
    pub artists: u64,
    /// Genres.
    pub genres: u64,
    /// Their length in milliseconds.
    pub duration_ms: u64,
    /// Bytes of their files.
    pub bytes: u64,
    /// Tracks whose file is not where it was.
    pub missing: u64,
    /// Files that could not be read.
    pub unreadable: u64,
    /// The listener's plays, of missing tracks too.
    pub plays: u64,
    /// Milliseconds of them, had they been whole.
    pub played_ms: u64,
    /// Tracks the listener played at least once.
    pub heard: u64,
    /// The listener's favourites among the tracks.
    pub starred_tracks: u64,
    /// Among the albums.
    pub starred_albums: u64,
    /// Among the artists.
    pub starred_artists: u64,
}

impl Library {
    /// The collection in figures.
    ///
    /// # Errors
    /// Those of the database.
    pub fn statistics(&self, user: UserId) -> Result<Statistics, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(include_str!("statistics/all.sql"))?;
            Ok(statement.query_row([user], |row| {
                let count = |name| row.get::<_, i64>(name).map(i64::unsigned_abs);
                Ok(Statistics {
                    tracks: count("tracks")?,
                    albums: count("albums")?,
                    artists: count("artists")?,
                    genres: count("genres")?,
                    duration_ms: count("duration_ms")?,
                    bytes: count("bytes")?,
                    missing: count("missing")?,
                    unreadable: count("unreadable")?,
                    plays: count("plays")?,
                    played_ms: count("played_ms")?,
                    heard: count("heard")?,
                    starred_tracks: count("starred_tracks")?,
                    starred_albums: count("starred_albums")?,
                    starred_artists: count("starred_artists")?,
                })
            })?)
        })
    }

    /// What the listener played most since a moment, with how often; missing tracks too.
    ///
    /// # Errors
    /// Those of the database.
    pub fn most_played(
        &self,
        user: UserId,
        since: Nanos,
        page: Page,
    ) -> Result<Vec<(Track, u64)>, Error> {
        let (limit, offset) = page.values();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT track, count(*) AS plays FROM play WHERE user = ?1 AND at >= ?2
                 GROUP BY track ORDER BY plays DESC, max(at) DESC, track LIMIT ?3 OFFSET ?4",
            )?;
            let rows = statement.query_map(params![user, since.0, limit, offset], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
            let rows: Vec<(TrackId, u64)> = rows.collect::<Result<_, _>>()?;
            let ids: Vec<TrackId> = rows.iter().map(|(track, _)| *track).collect();
            let tracks = catalogue::tracks(connection, user, &ids)?;
            Ok(tracks.into_iter().zip(rows.into_iter().map(|(_, plays)| plays)).collect())
        })
    }
}
