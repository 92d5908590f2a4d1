//! Records of artifacts: rows, each under a seal.

use clock::Nanos;
use store::UserId;
use store::rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use store::rusqlite::{self, Connection, OptionalExtension, Row, params};

use super::objects::Content;
use super::{SealKey, Sum};
use crate::Error;
use crate::ids::{ArtifactId, SongId};

/// Longer names are a mistake.
const MAX_NAME: usize = 200;

/// What a file is of a song.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The song in one of its formats.
    Master,
    /// One part of it.
    Stem,
    /// Its notes.
    Midi,
    /// What was measured, as JSON or as a page.
    Report,
    /// How to make it again.
    Recipe,
    /// Anything else.
    Other,
}

impl Kind {
    /// All of them with their names.
    pub const NAMED: [(&'static str, Kind); 6] = [
        ("master", Kind::Master),
        ("stem", Kind::Stem),
        ("midi", Kind::Midi),
        ("report", Kind::Report),
        ("recipe", Kind::Recipe),
        ("other", Kind::Other),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, kind)| *kind == self).map_or("other", |(name, _)| name)
    }
}

impl ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::NAMED.iter().find(|(name, _)| *name == text);
        found.map(|(_, kind)| *kind).ok_or(FromSqlError::InvalidType)
    }
}

/// A file that is stored, as its record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its id.
    pub id: ArtifactId,
    /// Whose it is.
    pub owner: UserId,
    /// What it is.
    pub kind: Kind,
    /// Its path within what it belongs to, such as `stems/bass.wav`.
    pub name: String,
    /// Its media type, such as `audio/flac`.
    pub media: String,
    /// What its bytes are.
    pub sum: Sum,
    /// How many.
    pub bytes: u64,
    /// The version of a song it is of.
    pub of: Option<(SongId, u32)>,
    /// What it was made anew from; that may be gone.
    pub parent: Option<ArtifactId>,
    /// When it was stored.
    pub created: Nanos,
    /// When it was deleted, if it was. It can be taken back until it is collected.
    pub deleted: Option<Nanos>,
}

/// A file to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// Whose it is.
    pub owner: UserId,
    /// What it is.
    pub kind: Kind,
    /// Names in a tree: no empty, `.` or `..` step, no control character; 1 to 200 bytes.
    pub name: String,
    /// The version of a song it is of.
    pub of: Option<(SongId, u32)>,
    /// What it was made anew from.
    pub parent: Option<ArtifactId>,
}

impl New {
    pub(super) fn validate(&self) -> Result<(), Error> {
        let name = &self.name;
        let is_step = |step: &str| !step.is_empty() && step != "." && step != "..";
        let is_plain = !name.contains(|c: char| c.is_control() || c == '\\');
        if name.len() <= MAX_NAME && is_plain && name.split('/').all(is_step) {
            return Ok(());
        }
        Err(Error::OutOfRange {
            setting: "name",
            value: format!("{name:?}"),
            accepted: "names with slashes between them, at most 200 bytes".to_owned(),
        })
    }
}

/// The media type of a file we write, by its ending.
pub(super) fn media(name: &str) -> &'static str {
    const TYPES: [(&str, &str); 7] = [
        ("wav", "audio/wav"),
        ("flac", "audio/flac"),
        ("mp3", "audio/mpeg"),
        ("mid", "audio/midi"),
        ("json", "application/json"),
        ("html", "text/html; charset=utf-8"),
        ("svg", "image/svg+xml"),
    ];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = TYPES.iter().find(|(name, _)| *name == ending);
    known.map_or("application/octet-stream", |(_, media)| media)
}

const COLUMNS: &str =
    "id, user, kind, name, media, sha256, bytes, song, version, parent, created, deleted, seal";

impl Artifact {
    fn seal(&self, key: &SealKey) -> super::seal::Seal {
        let (song, version) = (self.of.map(|of| of.0.0), self.of.map(|of| i64::from(of.1)));
        key.seal("artifact")
            .number(self.id.0)
            .number(self.owner.0)
            .text(self.kind.name())
            .text(&self.name)
            .text(&self.media)
            .bytes(&self.sum.0)
            .bytes(&self.bytes.to_le_bytes())
            .maybe_number(song)
            .maybe_number(version)
            .maybe_number(self.parent.map(|parent| parent.0))
            .number(self.created.0)
            .maybe_number(self.deleted.map(|deleted| deleted.0))
    }

    pub(super) fn content(&self) -> Content {
        Content { sum: self.sum, bytes: self.bytes }
    }
}

/// A row as it stands in the database: of whatever kind, until its seal was looked at. A column that
/// does not read as what it is was altered as well.
fn verified(row: &Row<'_>, key: &SealKey) -> Result<Artifact, Error> {
    let id = row.get(0)?;
    let altered = || Error::Altered { what: "artifact", id };
    let artifact = unverified(row).map_err(|_| altered())?;
    let seal: Vec<u8> = row.get(12).map_err(|_| altered())?;
    if artifact.seal(key).is(&seal) { Ok(artifact) } else { Err(altered()) }
}

fn unverified(row: &Row<'_>) -> Result<Artifact, rusqlite::Error> {
    let song: Option<SongId> = row.get(7)?;
    let version: Option<u32> = row.get(8)?;
    Ok(Artifact {
        id: row.get(0)?,
        owner: row.get(1)?,
        kind: row.get(2)?,
        name: row.get(3)?,
        media: row.get(4)?,
        sum: row.get(5)?,
        bytes: row.get::<_, i64>(6)?.cast_unsigned(),
        of: song.zip(version),
        parent: row.get(9)?,
        created: Nanos(row.get(10)?),
        deleted: row.get::<_, Option<i64>>(11)?.map(Nanos),
    })
}

/// The record of that id, whoever owns it.
fn find(connection: &Connection, key: &SealKey, id: ArtifactId) -> Result<Option<Artifact>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM artifact WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([id], |row| Ok(verified(row, key))).optional()?;
    found.transpose()
}

/// The record, if it is this owner's. What is another's is not there.
pub(super) fn owned(
    connection: &Connection,
    key: &SealKey,
    owner: UserId,
    id: ArtifactId,
) -> Result<Artifact, Error> {
    let found = find(connection, key, id)?.filter(|artifact| artifact.owner == owner);
    found.ok_or(Error::Absent("artifact"))
}

/// The records of a version of a song, or of all its versions, by version and name; the deleted too.
pub(crate) fn of_song(
    connection: &Connection,
    key: &SealKey,
    owner: UserId,
    song: SongId,
    version: Option<u32>,
) -> Result<Vec<Artifact>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM artifact
         WHERE song = ?1 AND (?2 IS NULL OR version = ?2) ORDER BY version, name, id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![song, version], |row| Ok(verified(row, key)))?;
    // A record given to somebody else is to be noticed, not passed over: all are looked at.
    let mut found: Vec<Artifact> = rows.map(|row| row?).collect::<Result<_, Error>>()?;
    found.retain(|artifact| artifact.owner == owner);
    Ok(found)
}

/// Bytes of all records of a user; what was deleted counts until it is collected.
pub(super) fn used(connection: &Connection, owner: UserId) -> Result<u64, Error> {
    let mut statement = connection
        .prepare_cached("SELECT coalesce(sum(bytes), 0) FROM artifact WHERE user = ?1")?;
    let sum: i64 = statement.query_row([owner], |row| row.get(0))?;
    Ok(sum.cast_unsigned())
}

/// Writes a new record, where the owner has room for it.
pub(crate) fn insert(
    connection: &Connection,
    key: &SealKey,
    new: &New,
    content: Content,
    now: Nanos,
    most: u64,
) -> Result<Artifact, Error> {
    let used = used(connection, new.owner)?;
    if used.saturating_add(content.bytes) > most {
        return Err(Error::NoRoom { used, more: content.bytes, most });
    }
    let (song, version) = (new.of.map(|of| of.0), new.of.map(|of| of.1));
    connection
        .prepare_cached(
            "INSERT INTO artifact(user, kind, name, media, sha256, bytes, song, version, parent,
                created, seal) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, x'')",
        )?
        .execute(params![
            new.owner,
            new.kind,
            new.name,
            media(&new.name),
            content.sum,
            content.bytes.cast_signed(),
            song,
            version,
            new.parent,
            now.0
        ])?;
    let artifact = Artifact {
        id: ArtifactId(connection.last_insert_rowid()),
        owner: new.owner,
        kind: new.kind,
        name: new.name.clone(),
        media: media(&new.name).to_owned(),
        sum: content.sum,
        bytes: content.bytes,
        of: new.of,
        parent: new.parent,
        created: now,
        deleted: None,
    };
    set_deleted(connection, key, artifact, None)
}

/// Marks a record as deleted or not, and seals it.
pub(crate) fn set_deleted(
    connection: &Connection,
    key: &SealKey,
    mut artifact: Artifact,
    deleted: Option<Nanos>,
) -> Result<Artifact, Error> {
    artifact.deleted = deleted;
    connection
        .prepare_cached("UPDATE artifact SET deleted = ?2, seal = ?3 WHERE id = ?1")?
        .execute(params![
            artifact.id,
            deleted.map(|deleted| deleted.0),
            artifact.seal(key).finish().as_slice()
        ])?;
    Ok(artifact)
}

/// Forgets a record.
pub(super) fn forget(connection: &Connection, id: ArtifactId) -> Result<(), Error> {
    connection.prepare_cached("DELETE FROM artifact WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Every record in turn; an altered one as the error it is.
pub(super) fn each(
    connection: &Connection,
    key: &SealKey,
    mut visit: impl FnMut(Result<Artifact, Error>),
) -> Result<(), Error> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM artifact"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visit(verified(row, key));
    }
    Ok(())
}

/// Whether any record needs the object.
pub(super) fn is_needed(connection: &Connection, sum: Sum) -> Result<bool, Error> {
    let mut statement =
        connection.prepare_cached("SELECT EXISTS(SELECT 1 FROM artifact WHERE sha256 = ?1)")?;
    Ok(statement.query_row([sum], |row| row.get(0))?)
}
