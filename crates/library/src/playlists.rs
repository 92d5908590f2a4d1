//! Playlists: lists that listeners make by hand, and those that rules make.
//!
//! Only its owner may change one; a public one may be read by everybody. What is not for who asks is
//! not there.

mod entries;
pub(crate) mod files;

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, Row, params};

pub use entries::Edit;

use crate::catalogue::{self, Page};
use crate::model::Track;
use crate::rules::{Rules, statement};
use crate::{Error, Library, PlaylistId, TrackId, folding};

/// Entries of one playlist: as many as the largest that listeners of other servers report.
pub const MAX_ENTRIES: usize = 50_000;
/// Playlists of one listener: more are made by a program gone wrong.
pub const MAX_PLAYLISTS: usize = 5_000;
/// A longer name does not fit on any screen.
pub const MAX_NAME_CHARS: usize = 250;
/// What is said of a playlist is a paragraph, not a book.
pub const MAX_COMMENT_CHARS: usize = 4_000;

/// A playlist, without its entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Playlist {
    /// Its id.
    pub id: PlaylistId,
    /// Whose it is.
    pub owner: UserId,
    /// What it is called.
    pub name: String,
    /// What is said of it.
    pub comment: String,
    /// Whether everybody may read it.
    pub public: bool,
    /// The rules of a smart one; none where it is made by hand.
    pub rules: Option<Rules>,
    /// When it was made.
    pub created: Nanos,
    /// When it was last changed; later with every change.
    pub changed: Nanos,
    /// Entries whose file is there.
    pub tracks: u64,
    /// Entries whose file is not where it was. They keep their places.
    pub missing: u64,
    /// Milliseconds of those that are there.
    pub duration_ms: u64,
}

/// A playlist with entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// The playlist.
    pub playlist: Playlist,
    /// The entries in their places, those that are missing too: [`Track::missing`] tells.
    pub entries: Vec<Track>,
}

impl Contents {
    /// Only the entries whose file is there, in order.
    pub fn there(&self) -> impl Iterator<Item = &Track> {
        self.entries.iter().filter(|track| track.missing.is_none())
    }
}

/// A playlist to be.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPlaylist {
    /// What it is called.
    pub name: String,
    /// What is said of it.
    pub comment: String,
    /// Whether everybody may read it.
    pub public: bool,
    /// What is in it.
    pub content: Content,
}

/// What is in a playlist.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// These, in this order; the same one perhaps several times.
    Tracks(Vec<TrackId>),
    /// What these rules find for its owner whenever it is read.
    Rules(Rules),
}

/// What is to be another way; all of it or nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Another comment.
    pub comment: Option<String>,
    /// Whether everybody may read it.
    pub public: Option<bool>,
    /// Other rules of a smart one.
    pub rules: Option<Rules>,
    /// What is done to the entries of one made by hand, one after the other.
    pub edits: Vec<Edit>,
}

/// A row as it is kept.
struct Kept {
    id: PlaylistId,
    owner: UserId,
    name: String,
    comment: String,
    public: bool,
    rules: Option<String>,
    created: Nanos,
    changed: Nanos,
}

const COLUMNS: &str =
    "SELECT id, owner, name, comment, public, rules, created, changed FROM playlist";

impl Library {
    /// Makes a playlist.
    ///
    /// # Errors
    /// [`Error::Asked`] for a name, rules or more entries than are taken, [`Error::Absent`] for tracks
    /// and playlists that are not there.
    pub fn create_playlist(&self, user: UserId, new: NewPlaylist) -> Result<PlaylistId, Error> {
        let now = self.now();
        self.store().write(move |connection| create(connection, user, new, now))
    }

    /// Changes a playlist.
    ///
    /// # Errors
    /// [`Error::Absent`] for a playlist of somebody else and for tracks that are not there;
    /// [`Error::Asked`] for places beyond its end, for entries of a smart one, for rules of another.
    pub fn change_playlist(
        &self,
        user: UserId,
        id: PlaylistId,
        change: Change,
    ) -> Result<(), Error> {
        let now = self.now();
        self.store().write(move |connection| self::change(connection, user, id, change, now))
    }

    /// Deletes a playlist.
    ///
    /// # Errors
    /// [`Error::Absent`] for one of somebody else.
    pub fn delete_playlist(&self, user: UserId, id: PlaylistId) -> Result<(), Error> {
        self.store().write(move |connection| {
            own(connection, user, id)?;
            connection.prepare_cached("DELETE FROM playlist WHERE id = ?1")?.execute([id])?;
            Ok(())
        })
    }

    /// The listener's own playlists and those all may read, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub fn playlists(&self, user: UserId) -> Result<Vec<Playlist>, Error> {
        let now = self.now();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{COLUMNS} WHERE owner = ?1 UNION ALL {COLUMNS} WHERE public = 1 AND owner <> ?1"
            ))?;
            let rows = statement.query_map([user], kept)?.collect::<Result<Vec<_>, _>>()?;
            let told = rows.into_iter().map(|row| told(connection, row, now));
            let mut told = told.collect::<Result<Vec<_>, _>>()?;
            told.sort_by_cached_key(|one| (folding::sort_key(&one.name), one.name.clone(), one.id));
            Ok(told)
        })
    }

    /// One playlist without its entries.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn playlist(&self, user: UserId, id: PlaylistId) -> Result<Playlist, Error> {
        let now = self.now();
        self.read(|connection| told(connection, visible(connection, user, id)?, now))
    }

    /// One playlist with a part of its entries, as the listener sees them. Rules are asked for its
    /// owner, whoever reads it.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn playlist_contents(
        &self,
        user: UserId,
        id: PlaylistId,
        page: Page,
    ) -> Result<Contents, Error> {
        let now = self.now();
        self.read(|connection| {
            let kept = visible(connection, user, id)?;
            let ids = part(connection, &kept, now, page)?;
            let entries = catalogue::tracks(connection, user, &ids)?;
            Ok(Contents { playlist: told(connection, kept, now)?, entries })
        })
    }

    /// The ids of all entries in order, those of missing tracks too.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn playlist_ids(&self, user: UserId, id: PlaylistId) -> Result<Vec<TrackId>, Error> {
        self.playlist_part(user, id, Page::WHOLE)
    }

    /// The ids of a part of the entries, those of missing tracks too.
    pub(crate) fn playlist_part(
        &self,
        user: UserId,
        id: PlaylistId,
        page: Page,
    ) -> Result<Vec<TrackId>, Error> {
        let now = self.now();
        self.read(|connection| part(connection, &visible(connection, user, id)?, now, page))
    }

    /// What rules would find for a listener, before they are a playlist.
    ///
    /// # Errors
    /// [`Error::Asked`] for rules beyond the limits.
    pub fn preview_rules(
        &self,
        user: UserId,
        rules: &Rules,
        page: Page,
    ) -> Result<Vec<Track>, Error> {
        rules.check()?;
        let now = self.now();
        self.read(|connection| {
            let ids = statement(connection, (user, None), rules, now, page)?.ids(connection)?;
            catalogue::tracks(connection, user, &ids)
        })
    }
}

fn create(
    connection: &Connection,
    user: UserId,
    new: NewPlaylist,
    now: Nanos,
) -> Result<PlaylistId, Error> {
    checked(Some(&new.name), Some(&new.comment))?;
    room(connection, user)?;
    let rules = match &new.content {
        Content::Rules(rules) => Some(rules.to_json()),
        Content::Tracks(_) => None,
    };
    let id = connection
        .prepare_cached(
            "INSERT INTO playlist(owner, name, comment, public, rules, created, changed)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING id",
        )?
        .query_row(params![user, new.name, new.comment, new.public, rules, now.0], |row| {
            row.get(0)
        })?;
    match new.content {
        Content::Tracks(tracks) => entries::apply(connection, id, vec![Edit::Append(tracks)])?,
        Content::Rules(rules) => sound(connection, user, id, &rules, now)?,
    }
    Ok(id)
}

fn change(
    connection: &Connection,
    user: UserId,
    id: PlaylistId,
    change: Change,
    now: Nanos,
) -> Result<(), Error> {
    checked(change.name.as_deref(), change.comment.as_deref())?;
    let kept = own(connection, user, id)?;
    let by_hand = kept.rules.is_none();
    if !by_hand && !change.edits.is_empty() {
        let (what, accepted) = ("an edit by hand of", "a playlist without rules");
        return Err(Error::Asked { what, given: kept.name, accepted });
    }
    if by_hand && change.rules.is_some() {
        let (what, accepted) = ("rules for", "a playlist that was made with rules");
        return Err(Error::Asked { what, given: kept.name, accepted });
    }
    let rules = change.rules.as_ref().map(Rules::to_json);
    connection
        .prepare_cached(
            "UPDATE playlist SET name = coalesce(?2, name), comment = coalesce(?3, comment),
                public = coalesce(?4, public), rules = coalesce(?5, rules),
                changed = max(?6, changed + 1)
             WHERE id = ?1",
        )?
        .execute(params![id, change.name, change.comment, change.public, rules, now.0])?;
    if let Some(rules) = &change.rules {
        sound(connection, user, id, rules, now)?;
    }
    entries::apply(connection, id, change.edits)
}

fn checked(name: Option<&str>, comment: Option<&str>) -> Result<(), Error> {
    let count = |text: Option<&str>| text.map_or(1, |text| text.trim().chars().count());
    if count(name) == 0 || count(name) > MAX_NAME_CHARS {
        let given = name.unwrap_or_default().chars().take(MAX_NAME_CHARS).collect();
        let (what, accepted) = ("a playlist named", "a name of 1 to 250 signs");
        return Err(Error::Asked { what, given, accepted });
    }
    if count(comment) > MAX_COMMENT_CHARS {
        let (what, accepted) = ("a comment of", "at most 4000 signs");
        return Err(Error::Asked { what, given: format!("{} signs", count(comment)), accepted });
    }
    Ok(())
}

fn room(connection: &Connection, user: UserId) -> Result<(), Error> {
    let count: i64 = connection
        .prepare_cached("SELECT count(*) FROM playlist WHERE owner = ?1")?
        .query_row([user], |row| row.get(0))?;
    if count < MAX_PLAYLISTS as i64 {
        return Ok(());
    }
    let (what, accepted) = ("one more playlist beside", "at most 5000");
    Err(Error::Asked { what, given: count.to_string(), accepted })
}

/// Refuses rules that could not be asked: beyond the limits, of playlists that are not there for their
/// owner, or that lead back to themselves.
fn sound(
    connection: &Connection,
    owner: UserId,
    id: PlaylistId,
    rules: &Rules,
    now: Nanos,
) -> Result<(), Error> {
    rules.check()?;
    for named in rules.playlists() {
        visible(connection, owner, named)?;
    }
    statement(connection, (owner, Some(id)), rules, now, Page::WHOLE).map(drop)
}

fn kept(row: &Row<'_>) -> store::rusqlite::Result<Kept> {
    Ok(Kept {
        id: row.get(0)?,
        owner: row.get(1)?,
        name: row.get(2)?,
        comment: row.get(3)?,
        public: row.get(4)?,
        rules: row.get(5)?,
        created: Nanos(row.get(6)?),
        changed: Nanos(row.get(7)?),
    })
}

fn visible(connection: &Connection, user: UserId, id: PlaylistId) -> Result<Kept, Error> {
    connection
        .prepare_cached(&format!("{COLUMNS} WHERE id = ?1 AND (owner = ?2 OR public = 1)"))?
        .query_row((id, user), kept)
        .optional()?
        .ok_or(Error::Absent("the playlist"))
}

fn own(connection: &Connection, user: UserId, id: PlaylistId) -> Result<Kept, Error> {
    connection
        .prepare_cached(&format!("{COLUMNS} WHERE id = ?1 AND owner = ?2"))?
        .query_row((id, user), kept)
        .optional()?
        .ok_or(Error::Absent("a playlist of one's own with that id"))
}

/// The tracks in a part of it. Rules are asked for its owner.
fn part(
    connection: &Connection,
    kept: &Kept,
    now: Nanos,
    page: Page,
) -> Result<Vec<TrackId>, Error> {
    let Some(rules) = &kept.rules else { return entries::page(connection, kept.id, page) };
    let (rules, asked) = (Rules::from_json(rules)?, (kept.owner, Some(kept.id)));
    statement(connection, asked, &rules, now, page)?.ids(connection)
}

/// With its sums.
fn told(connection: &Connection, kept: Kept, now: Nanos) -> Result<Playlist, Error> {
    let rules = kept.rules.as_deref().map(Rules::from_json).transpose()?;
    let (all, missing, duration) = match &rules {
        None => entries::sums(connection, kept.id)?,
        Some(rules) => {
            let asked = (kept.owner, Some(kept.id));
            statement(connection, asked, rules, now, Page::WHOLE)?.sums(connection)?
        }
    };
    Ok(Playlist {
        id: kept.id,
        owner: kept.owner,
        name: kept.name,
        comment: kept.comment,
        public: kept.public,
        rules,
        created: kept.created,
        changed: kept.changed,
        tracks: (all - missing).unsigned_abs(),
        missing: missing.unsigned_abs(),
        duration_ms: duration.unsigned_abs(),
    })
}
