use clock::Nanos;
use store::UserId;
use store::rusqlite::params;

use super::Accounts;
use crate::{Error, Principal};

/// Lines kept of what was done: years of a household.
const MAX_DONE: i64 = 200_000;
/// Lines kept of what was refused: a stranger's tries push out their like and nothing else.
const MAX_REFUSED: i64 = 20_000;
/// Counting them reads them, so it is not done for every line.
const TRIM_EVERY: i64 = 256;
/// Of what an action was about, in characters.
const MAX_SUBJECT: usize = 500;

/// What was done, as two words and a dot. Other crates add their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action(pub &'static str);

impl Action {
    /// The first admin was made.
    pub const SETUP: Self = Self("setup.done");
    /// Somebody came in.
    pub const LOGIN: Self = Self("session.begun");
    /// Somebody went.
    pub const LOGOUT: Self = Self("session.ended");
    /// A password was changed.
    pub const PASSWORD: Self = Self("user.password");
    /// A key was made.
    pub const KEY_MADE: Self = Self("key.made");
    /// A key was ended.
    pub const KEY_REVOKED: Self = Self("key.revoked");
    /// An account was made.
    pub const USER_MADE: Self = Self("user.made");
    /// An account has another name.
    pub const USER_RENAMED: Self = Self("user.renamed");
    /// Somebody may do more or less.
    pub const ROLE: Self = Self("user.role");
    /// Somebody is kept out.
    pub const USER_DISABLED: Self = Self("user.disabled");
    /// Somebody is let in again.
    pub const USER_ENABLED: Self = Self("user.enabled");
    /// An account was removed.
    pub const USER_DELETED: Self = Self("user.deleted");
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not.
    Refused,
}

impl Outcome {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// Something to write down. The moment is taken when it is.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who did it, where that is known.
    pub user: Option<UserId>,
    /// Their name at the time, or the one that was tried.
    pub name: String,
    /// What they did.
    pub action: Action,
    /// To what: a name or a number, never a secret.
    pub subject: String,
    /// What came of it.
    pub outcome: Outcome,
    /// From where.
    pub client: String,
}

impl Entry {
    /// Something that was done.
    pub fn done(by: &Principal, action: Action, subject: impl Into<String>) -> Self {
        Self {
            user: Some(by.user),
            name: by.name.clone(),
            action,
            subject: subject.into(),
            outcome: Outcome::Done,
            client: String::new(),
        }
    }

    /// The same, from where.
    #[must_use]
    pub fn from(self, client: impl Into<String>) -> Self {
        Self { client: client.into(), ..self }
    }
}

/// A line that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Its number: higher is later.
    pub id: i64,
    /// When.
    pub at: Nanos,
    /// Who, where that was known.
    pub user: Option<UserId>,
    /// Their name at the time.
    pub name: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Whether it was done.
    pub outcome: Outcome,
    /// From where.
    pub client: String,
}

impl Accounts {
    /// Writes down what somebody did.
    ///
    /// # Errors
    /// Those of the database.
    pub fn record(&self, entry: Entry) -> Result<(), Error> {
        let now = self.0.now.read();
        self.store().write(move |connection| {
            let outcome = entry.outcome.as_str();
            connection.execute(
                "INSERT INTO audit(at, user, name, action, subject, outcome, client)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    now.0,
                    entry.user,
                    bounded(&entry.name),
                    entry.action.0,
                    bounded(&entry.subject),
                    outcome,
                    bounded(&entry.client)
                ],
            )?;
            if connection.last_insert_rowid() % TRIM_EVERY != 0 {
                return Ok(());
            }
            let most = match entry.outcome {
                Outcome::Done => MAX_DONE,
                Outcome::Refused => MAX_REFUSED,
            };
            connection.execute(
                "DELETE FROM audit WHERE outcome = ?1 AND id <=
                 (SELECT id FROM audit WHERE outcome = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                params![outcome, most],
            )?;
            Ok(())
        })
    }

    /// What was written down before line `before` (the newest without it), the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit(&self, before: Option<i64>, limit: u32) -> Result<Vec<Audited>, Error> {
        self.store().read(|connection| {
            let sql = "SELECT id, at, user, name, action, subject, outcome, client FROM audit
                       WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
                let is_done = row.get::<_, String>(6)? == Outcome::Done.as_str();
                Ok(Audited {
                    id: row.get(0)?,
                    at: Nanos(row.get(1)?),
                    user: row.get(2)?,
                    name: row.get(3)?,
                    action: row.get(4)?,
                    subject: row.get(5)?,
                    outcome: if is_done { Outcome::Done } else { Outcome::Refused },
                    client: row.get(7)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn bounded(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_SUBJECT).collect()
}
