//! Jobs: rows, each under a seal.

use clock::Nanos;
use store::UserId;
use store::rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use store::rusqlite::{self, Connection, OptionalExtension, params};

use super::Request;
use crate::Error;
use crate::artifact::SealKey;
use crate::ids::{ArtifactId, JobId, SongId};

/// How far a job is.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It waits for its turn.
    Queued,
    /// It is being made.
    Making {
        /// What is being done, for people.
        stage: String,
        /// The share of that stage that is done, 0 to 1.
        share: f64,
    },
    /// Its song is there.
    Finished {
        /// Which.
        song: SongId,
        /// Which version of it.
        version: u32,
        /// Whether the delivered files were found to be what was asked.
        passed: bool,
    },
    /// A track's master is there.
    Mastered {
        /// Whether it was found to be what was asked.
        passed: bool,
    },
    /// Nothing came of it.
    Failed {
        /// Why, for people.
        reason: String,
    },
    /// It was taken back.
    Cancelled,
    /// Its record is not as this program wrote it: nothing is made or served of it.
    Altered,
}

/// A job as its owner may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id; later jobs have greater ones.
    pub id: JobId,
    /// Who ordered it.
    pub owner: UserId,
    /// What was ordered; unknown where the record was altered.
    pub order: Option<Request>,
    /// The song and version it makes anew.
    pub remakes: Option<(SongId, u32)>,
    /// How far it is.
    pub state: State,
    /// How often an end of the program cut it off.
    pub attempts: u32,
    /// The title of what it made, once finished.
    pub title: Option<String>,
    /// When it was ordered.
    pub created: Nanos,
    /// When it was last begun.
    pub started: Option<Nanos>,
    /// When it ended, however.
    pub ended: Option<Nanos>,
}

/// The state as the database has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Queued,
    Making,
    Finished,
    Failed,
    Cancelled,
    Altered,
}

impl Word {
    const NAMED: [(&'static str, Word); 6] = [
        ("queued", Word::Queued),
        ("making", Word::Making),
        ("finished", Word::Finished),
        ("failed", Word::Failed),
        ("cancelled", Word::Cancelled),
        ("altered", Word::Altered),
    ];

    fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(_, word)| *word == self).map_or("altered", |(name, _)| name)
    }
}

impl ToSql for Word {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.name().to_sql()
    }
}

impl FromSql for Word {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        let found = Self::NAMED.iter().find(|(name, _)| *name == text);
        found.map(|(_, word)| *word).ok_or(FromSqlError::InvalidType)
    }
}

/// A job as the database has it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: JobId,
    pub(super) owner: UserId,
    pub(super) request: String,
    pub(super) song: Option<SongId>,
    pub(super) version: Option<u32>,
    pub(super) parent: Option<u32>,
    pub(super) word: Word,
    pub(super) cancelling: bool,
    pub(super) attempts: u32,
    pub(super) turn: i64,
    pub(super) title: Option<String>,
    pub(super) file: Option<String>,
    pub(super) master: Option<ArtifactId>,
    pub(super) report: Option<ArtifactId>,
    pub(super) passed: Option<bool>,
    pub(super) reason: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) created: Nanos,
    pub(super) started: Option<Nanos>,
    pub(super) ended: Option<Nanos>,
    seal: Vec<u8>,
}

pub(super) const COLUMNS: &str =
    "id, user, request, song, version, parent, state, cancelling, attempts,
    turn, title, file, passed, reason, detail, created, started, ended, seal, master, report";

impl Row {
    pub(super) fn read(row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        let moment =
            |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Nanos));
        Ok(Self {
            id: row.get(0)?,
            owner: row.get(1)?,
            request: row.get(2)?,
            song: row.get(3)?,
            version: row.get(4)?,
            parent: row.get(5)?,
            word: row.get(6)?,
            cancelling: row.get(7)?,
            attempts: row.get(8)?,
            turn: row.get(9)?,
            title: row.get(10)?,
            file: row.get(11)?,
            passed: row.get(12)?,
            reason: row.get(13)?,
            detail: row.get(14)?,
            created: Nanos(row.get(15)?),
            started: moment(16)?,
            ended: moment(17)?,
            seal: row.get(18)?,
            master: row.get(19)?,
            report: row.get(20)?,
        })
    }

    /// Over all that says what is made, for whom, and where it is.
    fn sealed(&self, key: &SealKey) -> crate::artifact::Seal {
        key.seal("job")
            .number(self.id.0)
            .number(self.owner.0)
            .text(&self.request)
            .maybe_number(self.song.map(|song| song.0))
            .maybe_number(self.version.map(i64::from))
            .maybe_number(self.parent.map(i64::from))
            .text(self.word.name())
            .maybe_text(self.title.as_deref())
            .maybe_text(self.file.as_deref())
            .maybe_number(self.passed.map(i64::from))
            .maybe_number(self.master.map(|file| file.0))
            .maybe_number(self.report.map(|file| file.0))
    }

    pub(super) fn is_sealed(&self, key: &SealKey) -> bool {
        self.sealed(key).is(&self.seal)
    }

    /// Refuses a record that is not as it was written.
    pub(super) fn verify(&self, key: &SealKey) -> Result<(), Error> {
        let is_whole = self.is_sealed(key);
        if is_whole { Ok(()) } else { Err(Error::Altered { what: "job", id: self.id.0 }) }
    }

    /// Seals and writes all that changes in the life of a job.
    pub(super) fn write(&mut self, connection: &Connection, key: &SealKey) -> Result<(), Error> {
        self.seal = self.sealed(key).finish().to_vec();
        connection
            .prepare_cached(
                "UPDATE job SET song = ?2, version = ?3, state = ?4, cancelling = ?5,
                    attempts = ?6, turn = ?7, title = ?8, file = ?9, passed = ?10, reason = ?11,
                    detail = ?12, started = ?13, ended = ?14, seal = ?15, master = ?16,
                    report = ?17 WHERE id = ?1",
            )?
            .execute(params![
                self.id,
                self.song,
                self.version,
                self.word,
                self.cancelling,
                self.attempts,
                self.turn,
                self.title,
                self.file,
                self.passed,
                self.reason,
                self.detail,
                self.started.map(|at| at.0),
                self.ended.map(|at| at.0),
                self.seal,
                self.master,
                self.report
            ])?;
        Ok(())
    }

    /// As its owner may see it, but for how far it is just now.
    pub(super) fn into_job(self, key: &SealKey) -> Result<Job, Error> {
        let is_whole = self.is_sealed(key);
        let order = is_whole.then(|| Request::parse(&self.request)).transpose()?;
        let remakes = self.song.zip(self.parent).filter(|_| is_whole);
        let state = match self.word {
            _ if !is_whole => State::Altered,
            Word::Altered => State::Altered,
            Word::Queued => State::Queued,
            Word::Making => State::Making { stage: String::new(), share: 0.0 },
            Word::Cancelled => State::Cancelled,
            Word::Failed => State::Failed { reason: self.reason.unwrap_or_default() },
            Word::Finished => match (self.song, self.version, self.master, self.passed) {
                (Some(song), Some(version), None, Some(passed)) => {
                    State::Finished { song, version, passed }
                }
                (None, None, Some(_), Some(passed)) => State::Mastered { passed },
                _ => State::Altered,
            },
        };
        let (id, owner, attempts) = (self.id, self.owner, self.attempts);
        let is_done = matches!(state, State::Finished { .. } | State::Mastered { .. });
        let title = self.title.filter(|_| is_done);
        let (created, started, ended) = (self.created, self.started, self.ended);
        Ok(Job { id, owner, order, remakes, state, attempts, title, created, started, ended })
    }
}

/// What a new job is.
pub(super) struct NewJob {
    pub(super) owner: UserId,
    pub(super) request: String,
    pub(super) remakes: Option<(SongId, u32)>,
}

/// Writes a new job.
pub(super) fn insert(
    connection: &Connection,
    key: &SealKey,
    new: &NewJob,
    now: Nanos,
) -> Result<JobId, Error> {
    let (song, parent) = (new.remakes.map(|of| of.0), new.remakes.map(|of| of.1));
    connection
        .prepare_cached(
            "INSERT INTO job(user, request, song, parent, state, created, seal)
             VALUES(?1, ?2, ?3, ?4, 'queued', ?5, x'')",
        )?
        .execute(params![new.owner, new.request, song, parent, now.0])?;
    let id = JobId(connection.last_insert_rowid());
    find(connection, id)?.ok_or(Error::Absent("job"))?.write(connection, key)?;
    Ok(id)
}

/// The job of that id, whoever owns it and whatever became of its record.
pub(super) fn find(connection: &Connection, id: JobId) -> Result<Option<Row>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE id = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([id], Row::read).optional()?)
}

/// The job, if it is this owner's. What is another's is not there.
pub(super) fn owned(connection: &Connection, owner: UserId, id: JobId) -> Result<Row, Error> {
    let found = find(connection, id)?.filter(|row| row.owner == owner);
    found.ok_or(Error::Absent("job"))
}

/// Jobs before one, the latest first; of one owner or of all.
pub(super) fn page(
    connection: &Connection,
    owner: Option<UserId>,
    before: Option<JobId>,
    most: usize,
) -> Result<Vec<Row>, Error> {
    // Two texts: with an OR the index of owners would not be used.
    let whose = if owner.is_some() { "user = ?1 AND" } else { "?1 IS NULL AND" };
    let sql = format!("SELECT {COLUMNS} FROM job WHERE {whose} id < ?2 ORDER BY id DESC LIMIT ?3");
    let before = before.map_or(i64::MAX, |before| before.0);
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![owner, before, most.cast_signed()], Row::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
