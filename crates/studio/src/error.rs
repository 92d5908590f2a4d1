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
    /// A genre file that is not one.
    #[error("genre file {file}: {reason}")]
    GenreFile {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An instrument that could not play its part.
    #[error("part {part}: {source}")]
    Instrument {
        /// The part.
        part: String,
        /// Why.
        source: instruments::Error,
    },
    /// A sentence that did not become a song.
    #[error(transparent)]
    Composition(compose::Error),
    /// A recipe that is not one.
    #[error("recipe: {0}")]
    Recipe(String),
    /// A report or recipe that could not be put into words: a bug of ours.
    #[error("cannot write JSON: {0}")]
    Unwritable(String),
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

    pub(crate) fn instrument(part: &str) -> impl FnOnce(instruments::Error) -> Error {
        let part = part.to_owned();
        move |source| match source {
            instruments::Error::Cancelled => Error::Cancelled(Cancelled),
            source => Error::Instrument { part, source },
        }
    }

    pub(crate) fn mastering(what: impl Into<String>) -> impl FnOnce(mastering::Error) -> Error {
        let what = what.into();
        move |source| match source {
            mastering::Error::Cancelled(cancelled) => Error::Cancelled(cancelled),
            source => Error::Mastering { what, source },
        }
    }
}

impl From<compose::Error> for Error {
    fn from(error: compose::Error) -> Self {
        match error {
            compose::Error::Cancelled(cancelled) => Error::Cancelled(cancelled),
            error => Error::Composition(error),
        }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::File { source, .. } => source.class(),
            Error::Mastering { source, .. } => source.class(),
            Error::Instrument { source, .. } => source.class(),
            Error::Composition(error) => error.class(),
            Error::GenreFile { .. }
            | Error::Recipe(_)
            | Error::SameFile(_)
            | Error::Exists(_)
            | Error::OutputFormat(_)
            | Error::OutOfRange { .. } => Class::User,
            Error::Unwritable(_) => Class::Bug,
            Error::Surroundings(error) => error.class(),
            Error::Cancelled(cancelled) => cancelled.class(),
        }
    }
}
