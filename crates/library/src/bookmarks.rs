//! Places in tracks that listeners want to come back to.

use clock::Nanos;
use store::UserId;
use store::rusqlite::params;

use crate::model::Track;
use crate::{Error, Library, TrackId, catalogue};

/// What is said of a place is a line.
const MAX_COMMENT_CHARS: usize = 1_000;
/// Bookmarks of one listener: clients fetch all of them at once.
const MAX_BOOKMARKS: i64 = 10_000;

/// A place in a track; a listener has one in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// The track.
    pub track: Track,
    /// Milliseconds from its beginning.
    pub position_ms: u64,
    /// What is said of it.
    pub comment: String,
    /// When it was first set.
    pub created: Nanos,
    /// When it was last set.
    pub changed: Nanos,
}

impl Library {
    /// Sets the listener's bookmark of a track, or moves it. What is said beyond 1000 signs is cut.
    ///
    /// # Errors
    /// [`Error::Absent`] for the track, [`Error::Asked`] for more bookmarks than are kept.
    pub fn set_bookmark(
        &self,
        user: UserId,
        track: TrackId,
        position_ms: u64,
        comment: &str,
    ) -> Result<(), Error> {
        let comment: String = comment.chars().take(MAX_COMMENT_CHARS).collect();
        let position = i64::try_from(position_ms).unwrap_or(i64::MAX);
        let now = self.now();
        self.store().write(move |connection| {
            catalogue::known(connection, &[track])?;
            let others: i64 = connection
                .prepare_cached("SELECT count(*) FROM bookmark WHERE user = ?1 AND track <> ?2")?
                .query_row((user, track), |row| row.get(0))?;
            if others >= MAX_BOOKMARKS {
                let (what, accepted) = ("one more bookmark beside", "at most 10000");
                return Err(Error::Asked { what, given: others.to_string(), accepted });
            }
            connection
                .prepare_cached(
                    "INSERT INTO bookmark(user, track, position_ms, comment, created, changed)
                     VALUES(?1, ?2, ?3, ?4, ?5, ?5)
                     ON CONFLICT(user, track) DO UPDATE SET position_ms = excluded.position_ms,
                        comment = excluded.comment, changed = excluded.changed",
                )?
                .execute(params![user, track, position, comment, now.0])?;
            Ok(())
        })
    }

    /// Takes the listener's bookmark of a track away.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none.
    pub fn delete_bookmark(&self, user: UserId, track: TrackId) -> Result<(), Error> {
        self.store().write(move |connection| {
            let deleted = connection
                .prepare_cached("DELETE FROM bookmark WHERE user = ?1 AND track = ?2")?
                .execute((user, track))?;
            if deleted == 0 { Err(Error::Absent("the bookmark")) } else { Ok(()) }
        })
    }

    /// The listener's bookmarks, the last one set first. Those in missing tracks are among them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn bookmarks(&self, user: UserId) -> Result<Vec<Bookmark>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT track, position_ms, comment, created, changed FROM bookmark
                 WHERE user = ?1 ORDER BY changed DESC, track DESC",
            )?;
            let rows = statement.query_map([user], |row| {
                let position = row.get::<_, i64>(1)?.unsigned_abs();
                Ok((row.get(0)?, (position, row.get(2)?, row.get(3)?, row.get(4)?)))
            })?;
            let rows: Vec<(TrackId, (u64, String, i64, i64))> = rows.collect::<Result<_, _>>()?;
            let ids: Vec<TrackId> = rows.iter().map(|(track, _)| *track).collect();
            let tracks = catalogue::tracks(connection, user, &ids)?.into_iter().zip(rows);
            let told = tracks.map(|(track, (_, (position_ms, comment, created, changed)))| {
                let (created, changed) = (Nanos(created), Nanos(changed));
                Bookmark { track, position_ms, comment, created, changed }
            });
            Ok(told.collect())
        })
    }
}
