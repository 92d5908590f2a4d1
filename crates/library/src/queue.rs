//! The queue a listener left, to be taken up on another device, and the ones before it.

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::Track;
use crate::{Error, Library, TrackId, catalogue};

/// Entries of a queue: a day and night of music thrice over; a longer list is a playlist.
pub const MAX_ENTRIES: usize = 10_000;
/// Queues that can be brought back.
pub const MAX_PAST: usize = 20;
/// The name of a client is cut here.
const MAX_CLIENT_CHARS: usize = 64;

/// A queue as it was left.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// The entries in order, those whose file is missing too: [`Track::missing`] tells.
    pub entries: Vec<Track>,
    /// The place of the current one among them.
    pub current: usize,
    /// Milliseconds of it that were played.
    pub position_ms: u64,
    /// When it was saved.
    pub changed: Nanos,
    /// With which client.
    pub client: String,
}

/// A queue to be saved. Without entries there is none any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQueue {
    /// The entries in order.
    pub tracks: Vec<TrackId>,
    /// Which of them is played.
    pub current: Current,
    /// Milliseconds of it that were played.
    pub position_ms: u64,
    /// Which client saves it.
    pub client: String,
}

/// Which entry of a queue is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Current {
    /// The one at a place, counted from 0.
    At(usize),
    /// The first one of a track, as older clients say it; the first of all where it is not there.
    Track(TrackId),
}

/// A queue that can be brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastQueue {
    /// When it was saved last.
    pub changed: Nanos,
    /// With which client.
    pub client: String,
    /// How many entries it had.
    pub entries: u32,
}

/// A queue as it is kept: tracks, the current place, milliseconds, when, by whom.
struct Kept {
    tracks: Vec<TrackId>,
    current: u32,
    position_ms: i64,
    changed: i64,
    client: String,
}

impl Library {
    /// Saves the listener's queue. If it has other entries than before, the one before can be brought
    /// back.
    ///
    /// # Errors
    /// [`Error::Absent`] for a track, [`Error::Asked`] for too many of them or a place beyond the end.
    pub fn save_queue(&self, user: UserId, queue: NewQueue) -> Result<(), Error> {
        let place = queue.place()?;
        let kept = Kept {
            current: small(place),
            position_ms: i64::try_from(queue.position_ms).unwrap_or(i64::MAX),
            changed: self.now().0,
            client: queue.client.chars().take(MAX_CLIENT_CHARS).collect(),
            tracks: queue.tracks,
        };
        self.store().write(move |connection| {
            catalogue::known(connection, &kept.tracks)?;
            let before = load(connection, user)?;
            match before {
                Some(before) if before.tracks == kept.tracks => head(connection, user, &kept),
                before => {
                    if let Some(before) = before {
                        remember(connection, user, &before)?;
                    }
                    put(connection, user, &kept)
                }
            }
        })
    }

    /// The listener's queue; none where nothing was left.
    ///
    /// # Errors
    /// Those of the database.
    pub fn queue(&self, user: UserId) -> Result<Option<Queue>, Error> {
        self.read(|connection| {
            let Some(kept) = load(connection, user)? else { return Ok(None) };
            Ok(Some(Queue {
                entries: catalogue::tracks(connection, user, &kept.tracks)?,
                current: kept.current as usize,
                position_ms: kept.position_ms.unsigned_abs(),
                changed: Nanos(kept.changed),
                client: kept.client,
            }))
        })
    }

    /// The queues that can be brought back, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn past_queues(&self, user: UserId) -> Result<Vec<PastQueue>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT changed, client, json_array_length(tracks) FROM queue_past
                 WHERE user = ?1 ORDER BY id DESC",
            )?;
            let rows = statement.query_map([user], |row| {
                let changed = Nanos(row.get(0)?);
                Ok(PastQueue { changed, client: row.get(1)?, entries: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Brings the queue before this one back, with its place. This one is gone.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none before.
    pub fn undo_queue(&self, user: UserId) -> Result<(), Error> {
        self.store().write(move |connection| {
            let past = connection
                .prepare_cached(
                    "DELETE FROM queue_past
                     WHERE id = (SELECT max(id) FROM queue_past WHERE user = ?1)
                     RETURNING tracks, current, position_ms, changed, client",
                )?
                .query_row([user], past)
                .optional()?;
            let (tracks, mut kept) = past.ok_or(Error::Absent("an earlier queue"))?;
            // Tracks may have been deleted since.
            let mut statement = connection.prepare_cached(
                "SELECT listed.key, track.id FROM json_each(?1) AS listed
                 JOIN track ON track.id = listed.value ORDER BY listed.key",
            )?;
            let rows = statement.query_map([tracks], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let left: Vec<(u32, TrackId)> = rows.collect::<Result<_, _>>()?;
            kept.settle(left);
            put(connection, user, &kept)
        })
    }
}

impl NewQueue {
    fn place(&self) -> Result<usize, Error> {
        if self.tracks.len() > MAX_ENTRIES {
            let given = self.tracks.len().to_string();
            return Err(Error::Asked {
                what: "entries of a queue,",
                given,
                accepted: "at most 10000",
            });
        }
        match self.current {
            Current::At(at) if at < self.tracks.len().max(1) => Ok(at),
            Current::At(at) => {
                let (what, accepted) = ("the current place", "one within the queue, from 0");
                Err(Error::Asked { what, given: at.to_string(), accepted })
            }
            Current::Track(track) => {
                Ok(self.tracks.iter().position(|one| *one == track).unwrap_or(0))
            }
        }
    }
}

/// No place is beyond [`MAX_ENTRIES`].
fn small(place: usize) -> u32 {
    place.min(MAX_ENTRIES) as u32
}

impl Kept {
    /// Takes the entries that are left of it, with the places they had. If the current one is gone,
    /// the next one begins.
    fn settle(&mut self, left: Vec<(u32, TrackId)>) {
        let before = left.iter().take_while(|(place, _)| *place < self.current).count();
        if left.get(before).is_none_or(|(place, _)| *place != self.current) {
            self.position_ms = 0;
        }
        self.current = small(before.min(left.len().saturating_sub(1)));
        self.tracks = left.into_iter().map(|(_, track)| track).collect();
    }
}

fn load(connection: &Connection, user: UserId) -> Result<Option<Kept>, Error> {
    let head = connection
        .prepare_cached("SELECT current, position_ms, changed, client FROM queue WHERE user = ?1")?
        .query_row([user], |row| {
            Ok(Kept {
                tracks: Vec::new(),
                current: row.get(0)?,
                position_ms: row.get(1)?,
                changed: row.get(2)?,
                client: row.get(3)?,
            })
        })
        .optional()?;
    let Some(mut kept) = head else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT position, track FROM queue_entry WHERE user = ?1 ORDER BY position",
    )?;
    let rows = statement.query_map([user], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let left: Vec<(u32, TrackId)> = rows.collect::<Result<_, _>>()?;
    kept.settle(left);
    Ok((!kept.tracks.is_empty()).then_some(kept))
}

/// Writes a queue instead of the one that is there.
fn put(connection: &Connection, user: UserId, kept: &Kept) -> Result<(), Error> {
    connection.prepare_cached("DELETE FROM queue WHERE user = ?1")?.execute([user])?;
    if kept.tracks.is_empty() {
        return Ok(());
    }
    head(connection, user, kept)?;
    let mut insert = connection.prepare_cached("INSERT INTO queue_entry VALUES(?1, ?2, ?3)")?;
    for (position, track) in (0_i64..).zip(&kept.tracks) {
        insert.execute(params![user, position, track])?;
    }
    Ok(())
}

/// Where the listener is in it. Of a queue that lost tracks the place is told among all that were.
fn head(connection: &Connection, user: UserId, kept: &Kept) -> Result<(), Error> {
    let position: Option<i64> = connection
        .prepare_cached(
            "SELECT position FROM queue_entry WHERE user = ?1 ORDER BY position LIMIT 1 OFFSET ?2",
        )?
        .query_row(params![user, kept.current], |row| row.get(0))
        .optional()?;
    let position = position.unwrap_or(kept.current.into());
    connection
        .prepare_cached(
            "INSERT INTO queue(user, current, position_ms, changed, client)
             VALUES(?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(user) DO UPDATE SET current = excluded.current,
                position_ms = excluded.position_ms, changed = excluded.changed,
                client = excluded.client",
        )?
        .execute(params![user, position, kept.position_ms, kept.changed, kept.client])?;
    Ok(())
}

fn remember(connection: &Connection, user: UserId, kept: &Kept) -> Result<(), Error> {
    let tracks = catalogue::json(kept.tracks.iter().map(|track| track.0));
    connection
        .prepare_cached(
            "INSERT INTO queue_past(user, tracks, current, position_ms, changed, client)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            user,
            tracks,
            kept.current,
            kept.position_ms,
            kept.changed,
            kept.client
        ])?;
    connection
        .prepare_cached(
            "DELETE FROM queue_past WHERE user = ?1 AND id NOT IN (
                SELECT id FROM queue_past WHERE user = ?1 ORDER BY id DESC LIMIT ?2)",
        )?
        .execute(params![user, MAX_PAST as i64])?;
    Ok(())
}

fn past(row: &Row<'_>) -> store::rusqlite::Result<(String, Kept)> {
    let kept = Kept {
        tracks: Vec::new(),
        current: row.get(1)?,
        position_ms: row.get(2)?,
        changed: row.get(3)?,
        client: row.get(4)?,
    };
    Ok((row.get(0)?, kept))
}
