use std::path::{Path, PathBuf};

use fault::{Class, Fault};

/// Why somebody was not let in, or the shell could not stand.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name, the password or the token is not one that is known; which of them is not said.
    #[error("not known here: who asks")]
    Unknown,
    /// What was asked for is not there, or is somebody else's.
    #[error("there is no such thing")]
    Absent,
    /// Somebody has this name.
    #[error("the name is taken")]
    Taken,
    /// A value is not one that is accepted: say it otherwise.
    #[error("{field}: {accepted}")]
    Invalid {
        /// The field, as it is called on the wire.
        field: &'static str,
        /// What is accepted.
        accepted: &'static str,
    },
    /// Without an admin nobody could ever let anybody in again.
    #[error("the last admin stays one")]
    LastAdmin,
    /// The first admin was made before.
    #[error("the first admin is there already")]
    AlreadySetUp,
    /// No more of these: remove one first.
    #[error("there are {most} {what} already")]
    Full {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: u32,
    },
    /// Too many tries, or too many at once: ask again later.
    #[error("too many tries; again in {seconds} s")]
    TooMany {
        /// When asking again may help.
        seconds: u64,
    },
    /// The key that seals secrets is not usable, and without it they cannot be read.
    #[error("the server's key {path}: {reason}", path = path.display())]
    ServerKey {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The certificate or its key is not usable.
    #[error("the certificate {path}: {reason}", path = path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting is not one that is accepted.
    #[error("{name} is {value:?}; it must be {accepted}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// What it was.
        value: String,
        /// What is accepted.
        accepted: &'static str,
    },
    /// The world refused.
    #[error("cannot {doing} {path}: {reason}", path = path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the world said.
        reason: std::io::Error,
    },
    /// The network refused.
    #[error("cannot {doing}: {reason}")]
    Network {
        /// What was being done.
        doing: &'static str,
        /// What the world said.
        reason: std::io::Error,
    },
    /// The database did not do as it was told.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Something that cannot happen, and did.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |reason| Self::Io { doing, path, reason }
    }

    pub(crate) fn network(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |reason| Self::Network { doing, reason }
    }
}

impl From<store::rusqlite::Error> for Error {
    fn from(error: store::rusqlite::Error) -> Self {
        Self::Store(store::Error::from(error))
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Unknown
            | Self::Absent
            | Self::Taken
            | Self::Invalid { .. }
            | Self::LastAdmin
            | Self::AlreadySetUp
            | Self::Full { .. }
            | Self::Setting { .. } => Class::User,
            Self::TooMany { .. } => Class::Transient,
            Self::ServerKey { .. }
            | Self::Certificate { .. }
            | Self::Io { .. }
            | Self::Network { .. } => Class::Permanent,
            Self::Store(error) => error.class(),
            Self::Broken(_) => Class::Bug,
        }
    }
}
