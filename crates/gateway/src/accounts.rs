//! Who may come in: users, their sessions and keys, and what is written down about them.

pub(crate) mod audit;
mod keys;
mod names;
mod passwords;
mod seal;
mod sessions;
mod setup;
mod throttle;
mod users;

use std::path::Path;
use std::sync::Arc;

use store::Store;

pub use audit::{Action, Audited, Entry, Outcome};
pub use keys::{Key, LegacySecret, forget_legacy_keys};
pub use names::Name;
pub(crate) use seal::write_private;
pub use sessions::Session;
pub(crate) use sessions::{ABSOLUTE, is_written};
pub use users::{Change, Role, User};

use crate::{Error, Now, Program};
use passwords::Passwords;
use seal::Seal;
use setup::Setup;
use throttle::Throttle;

/// The accounts of one program. Clones are the same ones.
///
/// All calls block, some for as long as a password takes to check: they belong on a thread that may.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    store: Store,
    program: Program,
    now: Now,
    passwords: Passwords,
    logins: Throttle,
    setup: Setup,
    seal: Seal,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").field("program", &self.0.program.name).finish_non_exhaustive()
    }
}

impl Accounts {
    /// The accounts in a database that has [`crate::SCHEMA`]. The key that seals secrets is kept in
    /// `folder`, and made there when nothing is sealed yet.
    ///
    /// # Errors
    /// [`Error::ServerKey`] when the key is lost, unreadable or open to others: there is no other.
    pub fn open(store: Store, folder: &Path, program: Program, now: Now) -> Result<Self, Error> {
        let is_sealed = keys::any_is_sealed(&store)?;
        let inner = Inner {
            seal: Seal::open(folder, is_sealed)?,
            passwords: Passwords::new()?,
            logins: Throttle::default(),
            setup: Setup::new(users::has_admin(&store)?)?,
            store,
            program,
            now,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Whose accounts they are.
    pub fn program(&self) -> Program {
        self.0.program
    }

    /// The database they are in.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The clock they go by.
    pub fn now(&self) -> &Now {
        &self.0.now
    }

    /// How many wait for a password to be checked, and how many are being checked.
    pub fn passwords_at_work(&self) -> (usize, usize) {
        self.0.passwords.at_work()
    }
}
