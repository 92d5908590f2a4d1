use std::path::{Path, PathBuf};

use fault::{Cancelled, Class, Fault};

/// Why a job of the studio ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that did not become sound, or sound that did not become a file.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: audio_file::Error,
    },
    /// Mastering refused the sound.
    #[error("{what}: {source}")]
    Mastering {
        /// The file or song.
        what: String,
        /// Why.
        source: mastering::Error,
    },
    /// The output would replace its own input.
    #[error("{} is the input itself; name another file with -o", .0.display())]
    SameFile(PathBuf),
    /// The output is there already.
    #[error("{} exists already; choose another name or pass --force to replace it", .0.display())]
    Exists(PathBuf),
    /// An output name whose ending says no format we write.
    #[error("{}: a master is written as .wav, .flac or .mp3", .0.display())]
    OutputFormat(PathBuf),
    /// A setting outside its range.
    #[error("{setting} is {value}; it must be {accepted}")]
    OutOfRange {
        /// Its name on the command line.
        setting: &'static str,
        /// What was given.
        value: String,
        /// What would be taken.
        accepted: String,
    },
    /// Settings, folders and disks.
    #[error(transparent)]
    Surroundings(#[from] ops::Error),
    /// The job was asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(audio_file::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    }

    pub(crate) fn mastering(what: impl Into<String>) -> impl FnOnce(mastering::Error) -> Error {
        let what = what.into();
        move |source| match source {
            mastering::Error::Cancelled(cancelled) => Error::Cancelled(cancelled),
            source => Error::Mastering { what, source },
        }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::File { source, .. } => source.class(),
            Error::Mastering { source, .. } => source.class(),
            Error::SameFile(_)
            | Error::Exists(_)
            | Error::OutputFormat(_)
            | Error::OutOfRange { .. } => Class::User,
            Error::Surroundings(error) => error.class(),
            Error::Cancelled(cancelled) => cancelled.class(),
        }
    }
}
