use clock::Nanos;
use serde::{Deserialize, Serialize};
use store::rusqlite::{Connection, OptionalExtension, Row, params};
use store::{Store, UserId};
use utoipa::ToSchema;

use super::{Accounts, Name};
use crate::{Error, Principal, Via};

/// More than any household or team; each is a row that lists are made of.
const MAX_USERS: u32 = 1_000;
const COLUMNS: &str = "id, name, role, created, disabled";

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything, for everybody.
    Admin,
    /// What concerns themselves.
    Listener,
}

impl Role {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Listener => "listener",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "admin" => Ok(Self::Admin),
            "listener" => Ok(Self::Listener),
            other => Err(Error::Broken(format!("a user has the role {other:?}"))),
        }
    }
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Never used twice.
    pub id: UserId,
    /// As they write it.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created: Nanos,
    /// Whether they are kept out.
    pub disabled: bool,
}

/// What is to be otherwise with somebody; what is none stays.
#[derive(Clone, Default)]
pub struct Change {
    /// How they are called.
    pub name: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
    /// Whether they are kept out.
    pub disabled: Option<bool>,
    /// What they prove themselves with.
    pub password: Option<String>,
}

impl Accounts {
    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Taken`], [`Error::Full`], [`Error::TooMany`].
    pub fn create(&self, name: &str, password: &str, role: Role) -> Result<User, Error> {
        let name = Name::parse(name)?;
        let password = self.0.passwords.hash(password)?;
        let now = self.0.now.read();
        self.store().write(move |connection| insert(connection, &name, &password, role, now))
    }

    /// Somebody by their id.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn user(&self, id: UserId) -> Result<User, Error> {
        self.store().read(|connection| find(connection, id))
    }

    /// Whether somebody who was let in would be still: their account is open, and the session or the key
    /// they are known by has not ended.
    ///
    /// # Errors
    /// Those of the database.
    pub fn admits(&self, who: &Principal) -> Result<bool, Error> {
        match self.user(who.user) {
            Ok(user) if !user.disabled => {}
            Ok(_) | Err(Error::Absent) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(match who.via {
            Via::Key(id) => {
                let mut keys = self.keys(who.user)?.into_iter();
                keys.any(|key| key.id == id && key.revoked.is_none())
            }
            Via::Session(id) => self.sessions(who.user)?.iter().any(|session| session.id == id),
        })
    }

    /// Somebody by their name, written in any case.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn user_named(&self, name: &str) -> Result<User, Error> {
        let name = Name::parse(name).map_err(|_| Error::Absent)?;
        self.store().read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM user WHERE folded = ?1");
            let found = connection.query_row(&sql, [name.folded()], |row| Ok(read(row)));
            found.optional()?.ok_or(Error::Absent)?
        })
    }

    /// Everybody, in the order they came.
    ///
    /// # Errors
    /// Those of the database.
    pub fn users(&self) -> Result<Vec<User>, Error> {
        self.store().read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM user ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| Ok(read(row)))?;
            rows.map(|row| row?).collect()
        })
    }

    /// Changes what is said of somebody, all of it or nothing. Who is kept out, or has another
    /// password, has no sessions left; keys of who is kept out sleep.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Invalid`], [`Error::Taken`], [`Error::LastAdmin`],
    /// [`Error::TooMany`].
    pub fn change(&self, id: UserId, change: &Change) -> Result<User, Error> {
        let name = change.name.as_deref().map(Name::parse).transpose()?;
        let password = change.password.as_deref().map(|p| self.0.passwords.hash(p)).transpose()?;
        let (role, disabled) = (change.role.map(Role::as_str), change.disabled);
        self.store().write(move |connection| {
            keeping_an_admin(connection, |connection| {
                let shown = name.as_ref().map(Name::as_str);
                let folded = name.as_ref().map(Name::folded);
                let sql =
                    "UPDATE user SET name = coalesce(?2, name), folded = coalesce(?3, folded),
                           role = coalesce(?4, role), disabled = coalesce(?5, disabled),
                           password = coalesce(?6, password) WHERE id = ?1";
                let values = params![id, shown, folded, role, disabled, password];
                changed(connection.execute(sql, values).map_err(taken)?)?;
                if disabled == Some(true) || password.is_some() {
                    connection.execute("DELETE FROM session WHERE user = ?1", [id])?;
                }
                Ok(())
            })?;
            find(connection, id)
        })
    }

    /// Removes somebody with all that is theirs.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::LastAdmin`].
    pub fn delete(&self, id: UserId) -> Result<(), Error> {
        self.store().write(move |connection| {
            keeping_an_admin(connection, |connection| {
                changed(connection.execute("DELETE FROM user WHERE id = ?1", [id])?)
            })
        })
    }

    /// Gives somebody who knows their password a new one, and ends their sessions but `except`.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a wrong one, [`Error::Invalid`], [`Error::TooMany`].
    pub fn change_password(
        &self,
        id: UserId,
        old: &str,
        new: &str,
        except: Option<i64>,
        client: &str,
    ) -> Result<(), Error> {
        let user = self.user(id)?;
        self.verify(&user.name, old, client)?;
        let password = self.0.passwords.hash(new)?;
        self.store().write(move |connection| {
            let sql = "UPDATE user SET password = ?2 WHERE id = ?1";
            changed(connection.execute(sql, params![id, password])?)?;
            let sql = "DELETE FROM session WHERE user = ?1 AND id IS NOT ?2";
            connection.execute(sql, params![id, except])?;
            Ok(())
        })
    }

    /// Whose name and password they are. Who has no account waits as long for the answer.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::TooMany`] after a few tries from `client`.
    pub fn verify(&self, name: &str, password: &str, client: &str) -> Result<User, Error> {
        let name = Name::parse(name).ok();
        let folded = name.as_ref().map_or("?", Name::folded);
        self.0.logins.try_once(client, folded, self.0.now.read())?;
        let found = self.store().read(|connection| with_password(connection, folded))?;
        let kept = found.as_ref().map(|(_, password)| password.as_str());
        let is_right = self.0.passwords.verify(password, kept)?;
        let (user, _) =
            found.filter(|(user, _)| is_right && !user.disabled).ok_or(Error::Unknown)?;
        self.0.logins.forget(client, folded);
        Ok(user)
    }
}

pub(crate) fn has_admin(store: &Store) -> Result<bool, Error> {
    store.read(|connection| Ok(admins(connection)? > 0))
}

/// How many can let others in.
pub(crate) fn admins(connection: &Connection) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM user WHERE role = 'admin' AND disabled = 0";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

pub(crate) fn insert(
    connection: &Connection,
    name: &Name,
    password: &str,
    role: Role,
    now: Nanos,
) -> Result<User, Error> {
    let count: u32 = connection.query_row("SELECT count(*) FROM user", [], |row| row.get(0))?;
    if count >= MAX_USERS {
        return Err(Error::Full { what: "users", most: MAX_USERS });
    }
    connection
        .execute(
            "INSERT INTO user(name, folded, password, role, created) VALUES(?1, ?2, ?3, ?4, ?5)",
            params![name.as_str(), name.folded(), password, role.as_str(), now.0],
        )
        .map_err(taken)?;
    find(connection, UserId(connection.last_insert_rowid()))
}

fn find(connection: &Connection, id: UserId) -> Result<User, Error> {
    let sql = format!("SELECT {COLUMNS} FROM user WHERE id = ?1");
    connection.query_row(&sql, [id], |row| Ok(read(row))).optional()?.ok_or(Error::Absent)?
}

fn with_password(connection: &Connection, folded: &str) -> Result<Option<(User, String)>, Error> {
    let sql = format!("SELECT {COLUMNS}, password FROM user WHERE folded = ?1");
    let found = connection.query_row(&sql, [folded], |row| Ok((read(row), row.get(5)?)));
    found.optional()?.map(|(user, password)| Ok((user?, password))).transpose()
}

/// Reads the columns of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> Result<User, Error> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        role: Role::parse(&row.get::<_, String>(2)?)?,
        created: Nanos(row.get(3)?),
        disabled: row.get(4)?,
    })
}

/// Makes a change unless it takes the last admin away; the error takes it back.
fn keeping_an_admin(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> Result<(), Error>,
) -> Result<(), Error> {
    let before = admins(connection)?;
    change(connection)?;
    if before > 0 && admins(connection)? == 0 { Err(Error::LastAdmin) } else { Ok(()) }
}

/// A statement about one row changed one.
pub(crate) fn changed(rows: usize) -> Result<(), Error> {
    if rows == 0 { Err(Error::Absent) } else { Ok(()) }
}

fn taken(error: store::rusqlite::Error) -> Error {
    let error = store::Error::from(error);
    if error.is_conflict() { Error::Taken } else { Error::Store(error) }
}
