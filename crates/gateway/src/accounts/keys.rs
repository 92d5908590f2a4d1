use clock::Nanos;
use store::rusqlite::{OptionalExtension, params};
use store::{Store, UserId};

use super::sessions::USE_IS_WRITTEN_AFTER;
use super::{Accounts, Name, users};
use crate::{Error, Principal, Via, secret};

/// More programs than anybody has.
const MAX_KEYS: u32 = 100;
/// Of the name of a key, in characters.
const MAX_NAME: usize = 100;

/// A key that a program of somebody's comes in with. The token itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its number.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// Whether its token can be read again by this program, for protocols that need that.
    pub legacy: bool,
    /// Since when.
    pub created: Nanos,
    /// When it was last used, to a minute.
    pub last_used: Option<Nanos>,
    /// Since when it opens nothing any more.
    pub revoked: Option<Nanos>,
}

/// The token of a legacy key, for a protocol that proves to know it without saying it.
#[derive(Clone)]
pub struct LegacySecret {
    /// Who comes in with it.
    pub principal: Principal,
    /// The token. Never to be logged or shown.
    pub token: String,
}

impl std::fmt::Debug for LegacySecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LegacySecret").field("principal", &self.principal).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Makes a key: what is kept of it, and its token. One marked legacy is kept sealed as well,
    /// because some protocols ask for a digest of the token with a salt.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Full`].
    pub fn make_key(&self, user: UserId, name: &str, legacy: bool) -> Result<(Key, String), Error> {
        let name = name.trim().to_owned();
        let is_named = !name.is_empty() && name.chars().count() <= MAX_NAME;
        if !is_named || name.chars().any(char::is_control) {
            return Err(Error::Invalid { field: "name", accepted: "1 to 100 characters" });
        }
        let secret = secret::hex(&secret::random::<20>()?);
        let token = format!("{}{secret}", self.0.program.key_prefix);
        let hash = secret::hash(&token);
        let sealed = legacy.then(|| self.0.seal.seal(&token, &hash)).transpose()?;
        let now = self.0.now.read();
        let id = self.store().write(move |connection| {
            let sql = "SELECT count(*) FROM api_key WHERE user = ?1 AND revoked IS NULL";
            let count: u32 = connection.query_row(sql, [user], |row| row.get(0))?;
            if count >= MAX_KEYS {
                return Err(Error::Full { what: "keys", most: MAX_KEYS });
            }
            forget_revoked(connection, user)?;
            connection.execute(
                "INSERT INTO api_key(user, name, token_hash, sealed, created)
                 VALUES(?1, ?2, ?3, ?4, ?5)",
                params![user, name, hash, sealed, now.0],
            )?;
            Ok(connection.last_insert_rowid())
        })?;
        Ok((self.key(user, id)?, token))
    }

    /// The keys of somebody, revoked ones too, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn keys(&self, user: UserId) -> Result<Vec<Key>, Error> {
        self.store().read(|connection| {
            let sql = "SELECT id, name, sealed IS NOT NULL, created, last_used, revoked
                       FROM api_key WHERE user = ?1 ORDER BY id DESC";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map([user], |row| {
                Ok(Key {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    legacy: row.get(2)?,
                    created: Nanos(row.get(3)?),
                    last_used: row.get::<_, Option<i64>>(4)?.map(Nanos),
                    revoked: row.get::<_, Option<i64>>(5)?.map(Nanos),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// One key of somebody.
    ///
    /// # Errors
    /// [`Error::Absent`], also for one of somebody else.
    pub fn key(&self, user: UserId, id: i64) -> Result<Key, Error> {
        self.keys(user)?.into_iter().find(|key| key.id == id).ok_or(Error::Absent)
    }

    /// Ends a key. What was sealed of it is gone at once.
    ///
    /// # Errors
    /// [`Error::Absent`], also for one of somebody else and one that is ended.
    pub fn revoke_key(&self, user: UserId, id: i64) -> Result<(), Error> {
        let now = self.0.now.read();
        self.store().write(move |connection| {
            let sql = "UPDATE api_key SET revoked = ?3, sealed = NULL
                       WHERE id = ?1 AND user = ?2 AND revoked IS NULL";
            users::changed(connection.execute(sql, params![id, user, now.0])?)
        })
    }

    /// Who holds the token of a key.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn authenticate_key(&self, token: &str) -> Result<Principal, Error> {
        let hash = secret::hash(token);
        let found = self.store().read(|connection| -> Result<_, Error> {
            let mut statement = connection.prepare_cached(
                "SELECT u.id, u.name, u.role, u.created, u.disabled, k.id, k.last_used
                 FROM api_key k JOIN user u ON u.id = k.user
                 WHERE k.token_hash = ?1 AND k.revoked IS NULL AND u.disabled = 0",
            )?;
            let found = statement.query_row([hash], |row| {
                Ok((users::read(row), row.get(5)?, row.get::<_, Option<i64>>(6)?.map(Nanos)))
            });
            Ok(found.optional()?)
        })?;
        let (user, id, last_used) = found.ok_or(Error::Unknown)?;
        let user = user?;
        self.note_use_of_key(id, last_used)?;
        Ok(Principal { user: user.id, name: user.name, role: user.role, via: Via::Key(id) })
    }

    /// Who holds a legacy key whose digest with `salt` is `digest`: the hexadecimal MD5 of the token
    /// followed by the salt, in any case. Names that nobody has take the same way.
    ///
    /// # Errors
    /// [`Error::Unknown`].
    pub fn authenticate_salted(
        &self,
        name: &str,
        salt: &str,
        digest: &str,
    ) -> Result<Principal, Error> {
        let digest = digest.to_ascii_lowercase();
        let mut found = None;
        for candidate in self.legacy_secrets_of(name)? {
            let expected = secret::salted(&candidate.token, salt);
            // Every candidate is compared: the time tells nothing of which it was.
            if secret::same(expected.as_bytes(), digest.as_bytes()) {
                found = Some(candidate.principal);
            }
        }
        let principal = found.ok_or(Error::Unknown)?;
        if let Via::Key(id) = principal.via {
            let last_used = self.key(principal.user, id)?.last_used;
            self.note_use_of_key(id, last_used)?;
        }
        Ok(principal)
    }

    /// The tokens of the legacy keys of somebody, none for a name that nobody has.
    ///
    /// # Errors
    /// Those of the database; [`Error::Broken`] when a token was sealed with another key.
    pub fn legacy_secrets_of(&self, name: &str) -> Result<Vec<LegacySecret>, Error> {
        let name = Name::parse(name).ok();
        let folded = name.as_ref().map_or("", Name::folded);
        self.store().read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT u.id, u.name, u.role, u.created, u.disabled, k.id, k.sealed, k.token_hash
                 FROM user u JOIN api_key k ON k.user = u.id
                 WHERE u.folded = ?1 AND k.sealed IS NOT NULL AND k.revoked IS NULL
                 AND u.disabled = 0",
            )?;
            let rows = statement.query_map([folded], |row| {
                let (sealed, hash) = (row.get::<_, Vec<u8>>(6)?, row.get::<_, Vec<u8>>(7)?);
                Ok((users::read(row), row.get(5)?, sealed, hash))
            })?;
            let mut secrets = Vec::new();
            for row in rows {
                let (user, id, sealed, hash) = row?;
                let user = user?;
                let token = self.0.seal.open_sealed(&sealed, &hash)?;
                let (name, role, via) = (user.name, user.role, Via::Key(id));
                let principal = Principal { user: user.id, name, role, via };
                secrets.push(LegacySecret { principal, token });
            }
            Ok(secrets)
        })
    }

    fn note_use_of_key(&self, id: i64, last_used: Option<Nanos>) -> Result<(), Error> {
        let now = self.0.now.read();
        if last_used.is_some_and(|last| now.since(last) < USE_IS_WRITTEN_AFTER) {
            return Ok(());
        }
        self.store().write(move |connection| {
            let sql = "UPDATE api_key SET last_used = ?2 WHERE id = ?1";
            connection.execute(sql, params![id, now.0])?;
            Ok(())
        })
    }
}

/// Of the revoked ones as many stay as there may be of the others: lists stay short.
fn forget_revoked(connection: &store::rusqlite::Connection, user: UserId) -> Result<(), Error> {
    connection.execute(
        "DELETE FROM api_key WHERE user = ?1 AND revoked IS NOT NULL AND id NOT IN
         (SELECT id FROM api_key WHERE user = ?1 AND revoked IS NOT NULL
          ORDER BY id DESC LIMIT ?2)",
        params![user, MAX_KEYS],
    )?;
    Ok(())
}

/// Whether there is anything that only the server's key can read.
pub(crate) fn any_is_sealed(store: &Store) -> Result<bool, Error> {
    store.read(|connection| {
        let sql = "SELECT EXISTS(SELECT 1 FROM api_key WHERE sealed IS NOT NULL)";
        Ok(connection.query_row(sql, [], |row| row.get(0))?)
    })
}

/// Revokes every legacy key, for when the key they were sealed with is lost for good: how many
/// there were.
///
/// # Errors
/// Those of the database.
pub fn forget_legacy_keys(store: &Store, now: Nanos) -> Result<usize, Error> {
    store.write(move |connection| {
        let sql = "UPDATE api_key SET revoked = ?1, sealed = NULL WHERE sealed IS NOT NULL";
        Ok(connection.execute(sql, [now.0])?)
    })
}
