use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use fault::{Class, Fault};

/// Why the surroundings refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A settings file that is no TOML.
    #[error("{} is not valid TOML: {reason}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        reason: String,
    },
    /// A key nobody reads.
    #[error("{origin}: unknown setting \"{key}\"; known are {known}")]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where it stands.
        origin: String,
        /// Every key there is.
        known: String,
    },
    /// A value its reader does not take.
    #[error("{origin}: {key} is \"{value}\"; it must be {accepted}")]
    BadValue {
        /// The key.
        key: String,
        /// Where the value came from.
        origin: String,
        /// The value as written.
        value: String,
        /// What would be taken.
        accepted: String,
    },
    /// A folder that already holds something.
    #[error("{} is not empty; choose another folder or pass --force to replace it", .0.display())]
    NotEmpty(PathBuf),
    /// A place that is no folder.
    #[error("{} exists and is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder the process was started in, or one around it.
    #[error("{} holds the current folder; name one that can be made or replaced", .0.display())]
    StandsIn(PathBuf),
    /// A pipe or device where a file is read.
    #[error("cannot read {}: it is a pipe or device, not a file", .0.display())]
    NotAFile(PathBuf),
    /// More text than any file of its kind has.
    #[error("cannot read {}: it has more than {max_bytes} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most that is read.
        max_bytes: u64,
    },
    /// A variable of ours whose value is no text.
    #[error("environment: {0} is not UTF-8")]
    NotText(String),
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The process could not be set up.
    #[error("cannot {0}: {1}")]
    Setup(&'static str, String),
}

impl Error {
    /// Names the path and the act that failed; for use with `map_err`.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { action, path, source }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::NotToml { .. }
            | Error::UnknownKey { .. }
            | Error::BadValue { .. }
            | Error::NotEmpty(_)
            | Error::NotAFolder(_)
            | Error::StandsIn(_)
            | Error::NotAFile(_)
            | Error::TooLarge { .. }
            | Error::NotText(_) => Class::User,
            Error::Io { source, .. } => match source.kind() {
                // Names and contents that another word on the command line would put right.
                ErrorKind::NotFound
                | ErrorKind::IsADirectory
                | ErrorKind::NotADirectory
                | ErrorKind::InvalidFilename
                | ErrorKind::InvalidData => Class::User,
                ErrorKind::Interrupted => Class::Transient,
                _ => Class::Permanent,
            },
            Error::Setup(..) => Class::Bug,
        }
    }
}
