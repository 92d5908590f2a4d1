use clock::Nanos;
use store::rusqlite::{Connection, OptionalExtension, params};
use store::{Store, UserId};

use super::{Accounts, User, users};
use crate::{Error, Principal, Via, secret};

const DAY: i64 = 86_400_000_000_000;
/// A session nobody used for so long has ended.
const IDLE: i64 = 30 * DAY;
/// Whoever is here longer logs in again.
pub(crate) const ABSOLUTE: i64 = 180 * DAY;
/// How long a session must have been still before its use is written down: no write a request.
pub(crate) const USE_IS_WRITTEN_AFTER: i64 = 60_000_000_000;
/// More devices than anybody has; the session unused for longest goes.
const MAX_SESSIONS: u32 = 64;
/// What is kept of what a browser says it is, in characters.
const MAX_AGENT: usize = 200;

/// Somebody logged in somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// Since when.
    pub created: Nanos,
    /// When it was last used, to a minute.
    pub last_used: Nanos,
    /// When it ends whatever happens.
    pub expires: Nanos,
    /// What the browser says it is.
    pub agent: String,
}

impl Accounts {
    /// Lets somebody in who knows their password: who it is, and the token of the new session,
    /// which is kept nowhere.
    ///
    /// # Errors
    /// Those of [`Accounts::verify`].
    pub fn log_in(
        &self,
        name: &str,
        password: &str,
        client: &str,
        agent: &str,
    ) -> Result<(User, String), Error> {
        let user = self.verify(name, password, client)?;
        let token = self.begin_session(user.id, agent)?;
        Ok((user, token))
    }

    /// Begins a session of somebody who is known.
    pub(crate) fn begin_session(&self, user: UserId, agent: &str) -> Result<String, Error> {
        let token = secret::hex(&secret::random::<32>()?);
        let hash = secret::hash(&token);
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
        let now = self.0.now.read();
        self.store().write(move |connection| -> Result<(), Error> {
            forget_ended(connection, now)?;
            connection.execute(
                "INSERT INTO session(token_hash, user, created, last_used, expires, agent)
                 VALUES(?1, ?2, ?3, ?3, ?4, ?5)",
                params![hash, user, now.0, now.plus(ABSOLUTE).0, agent],
            )?;
            connection.execute(
                "DELETE FROM session WHERE user = ?1 AND id NOT IN
                 (SELECT id FROM session WHERE user = ?1 ORDER BY last_used DESC, id DESC LIMIT ?2)",
                params![user, MAX_SESSIONS],
            )?;
            Ok(())
        })?;
        Ok(token)
    }

    /// Who holds the token of a session that has not ended.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn authenticate_session(&self, token: &str) -> Result<Principal, Error> {
        let (now, hash) = (self.0.now.read(), secret::hash(token));
        let (id, user, last_used) =
            self.store().read(|connection| find(connection, &hash, now))?.ok_or(Error::Unknown)?;
        if now.since(last_used) >= USE_IS_WRITTEN_AFTER {
            self.store().write(move |connection| -> Result<(), Error> {
                let sql = "UPDATE session SET last_used = ?2 WHERE id = ?1";
                connection.execute(sql, params![id, now.0])?;
                Ok(())
            })?;
        }
        Ok(Principal { user: user.id, name: user.name, role: user.role, via: Via::Session(id) })
    }

    /// Ends a session of somebody.
    ///
    /// # Errors
    /// [`Error::Absent`], also for one of somebody else.
    pub fn end_session(&self, user: UserId, id: i64) -> Result<(), Error> {
        self.store().write(move |connection| {
            let sql = "DELETE FROM session WHERE id = ?1 AND user = ?2";
            users::changed(connection.execute(sql, params![id, user])?)
        })
    }

    /// The sessions of somebody that have not ended, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn sessions(&self, user: UserId) -> Result<Vec<Session>, Error> {
        let now = self.0.now.read();
        self.store().read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, created, last_used, expires, agent FROM session
                 WHERE user = ?1 AND last_used > ?2 AND expires > ?3 ORDER BY id DESC",
            )?;
            let rows = statement.query_map(params![user, now.plus(-IDLE).0, now.0], |row| {
                Ok(Session {
                    id: row.get(0)?,
                    created: Nanos(row.get(1)?),
                    last_used: Nanos(row.get(2)?),
                    expires: Nanos(row.get(3)?),
                    agent: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn find(
    connection: &Connection,
    hash: &[u8; 32],
    now: Nanos,
) -> Result<Option<(i64, User, Nanos)>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT u.id, u.name, u.role, u.created, u.disabled, s.id, s.last_used
         FROM session s JOIN user u ON u.id = s.user
         WHERE s.token_hash = ?1 AND s.last_used > ?2 AND s.expires > ?3 AND u.disabled = 0",
    )?;
    let found = statement
        .query_row(params![hash, now.plus(-IDLE).0, now.0], |row| {
            Ok((row.get(5)?, users::read(row), Nanos(row.get(6)?)))
        })
        .optional()?;
    found.map(|(id, user, last_used)| Ok((id, user?, last_used))).transpose()
}

fn forget_ended(connection: &Connection, now: Nanos) -> Result<(), Error> {
    let sql = "DELETE FROM session WHERE last_used <= ?1 OR expires <= ?2";
    connection.execute(sql, params![now.plus(-IDLE).0, now.0])?;
    Ok(())
}

/// Whether the database is there and takes what is written: the probe of the shell.
pub(crate) fn is_written(store: &Store) -> Result<(), Error> {
    store.write(|_| Ok(()))
}
