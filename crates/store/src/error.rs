use std::path::{Path, PathBuf};

use fault::{Class, Fault};
use rusqlite::ErrorCode;

/// Why the database did not do as it was told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk has no room left. What was written before is safe.
    #[error("the disk of the database is full")]
    Full,
    /// The file or its folder may not be written.
    #[error("the database may not be written: {0}")]
    ReadOnly(String),
    /// Somebody else holds the database, or all readers are at work.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The file is not a database any more, or never was: restore a backup.
    #[error("the database is damaged: {0}; restore a backup")]
    Damaged(String),
    /// The file was written by a later version of this program.
    #[error(
        "the database has step {found} of \"{chapter}\"; this program knows {known}: use a newer one"
    )]
    Newer {
        /// The part of the schema.
        chapter: String,
        /// Its newest step in the file.
        found: usize,
        /// The newest step known here.
        known: usize,
    },
    /// A step that was taken reads otherwise now.
    #[error("step {step} of \"{chapter}\" is not what this database was made with")]
    Rewritten {
        /// The part of the schema.
        chapter: String,
        /// The number of the step, from 1.
        step: u32,
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
    /// A batch was taken back as a whole because it could not be committed.
    #[error("what was written could not be kept: {0}")]
    NotKept(String),
    /// The writer is gone: the process is about to end.
    #[error("the database is closed")]
    Closed,
    /// A job panicked; it was taken back.
    #[error("a job of the database panicked")]
    Panicked,
    /// A statement is wrong, or its values are.
    #[error("a statement failed: {0}")]
    Statement(rusqlite::Error),
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |reason| Self::Io { doing, path, reason }
    }

    /// Whether a row that was asked for is not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Statement(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Whether a value would stand twice where it may stand once, or names what is not there.
    pub fn is_conflict(&self) -> bool {
        let Self::Statement(error) = self else { return false };
        error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(said)
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(said),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(said),
            Some(ErrorCode::SystemIoFailure) => Self::NotKept(said),
            _ => Self::Statement(error),
        }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Busy(_) | Self::Closed => Class::Transient,
            Self::Full
            | Self::ReadOnly(_)
            | Self::Damaged(_)
            | Self::Newer { .. }
            | Self::Io { .. }
            | Self::NotKept(_) => Class::Permanent,
            Self::Rewritten { .. } | Self::Panicked | Self::Statement(_) => Class::Bug,
        }
    }
}
