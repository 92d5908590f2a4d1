use std::sync::{Mutex, PoisonError};

use super::{Accounts, Name, Role, User, users};
use crate::{Error, secret};

/// The token that makes the first admin: whoever can read the console, not who comes first.
pub(crate) struct Setup(Mutex<Option<String>>);

impl Setup {
    pub(crate) fn new(has_admin: bool) -> Result<Self, Error> {
        let token = if has_admin { None } else { Some(secret::hex(&secret::random::<16>()?)) };
        Ok(Self(Mutex::new(token)))
    }
}

impl Accounts {
    /// The one-time token, while there is no admin: for the console, and for nothing that is kept.
    pub fn setup_token(&self) -> Option<String> {
        self.0.setup.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes the first admin, and ends the token.
    ///
    /// # Errors
    /// [`Error::Unknown`] for another token, [`Error::AlreadySetUp`] when there is an admin,
    /// [`Error::TooMany`], and those of [`Accounts::create`].
    pub fn set_up(
        &self,
        token: &str,
        name: &str,
        password: &str,
        client: &str,
    ) -> Result<User, Error> {
        self.0.logins.try_once(client, "", self.0.now.read())?;
        if !self.needs_setup()? {
            return Err(Error::AlreadySetUp);
        }
        let expected = self.setup_token().ok_or(Error::AlreadySetUp)?;
        if !secret::same(expected.as_bytes(), token.as_bytes()) {
            return Err(Error::Unknown);
        }
        let name = Name::parse(name)?;
        let password = self.0.passwords.hash(password)?;
        let now = self.0.now.read();
        let user = self.store().write(move |connection| {
            // An admin may have been made by the command line meanwhile.
            if users::admins(connection)? > 0 {
                return Err(Error::AlreadySetUp);
            }
            users::insert(connection, &name, &password, Role::Admin, now)
        });
        if matches!(user, Ok(_) | Err(Error::AlreadySetUp)) {
            self.end_setup();
        }
        user
    }

    /// Whether the first admin is still to be made, here or on the command line.
    ///
    /// # Errors
    /// Those of the database.
    pub fn needs_setup(&self) -> Result<bool, Error> {
        if self.setup_token().is_none() {
            return Ok(false);
        }
        let has_admin = users::has_admin(self.store())?;
        if has_admin {
            self.end_setup();
        }
        Ok(!has_admin)
    }

    fn end_setup(&self) {
        *self.0.setup.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
