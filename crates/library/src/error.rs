use std::path::{Path, PathBuf};

use fault::{Cancelled, Class, Fault};

use crate::tagging::Why;
use crate::{TrackId, uploads};

/// Why the library did not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing of that name is there, or not for who asks.
    #[error("{0} is not there")]
    Absent(&'static str),
    /// What was asked cannot be.
    #[error("{what} \"{given}\": accepted is {accepted}")]
    Asked {
        /// What.
        what: &'static str,
        /// As it was given.
        given: String,
        /// What would be taken.
        accepted: &'static str,
    },
    /// A folder that must not be a root.
    #[error("{path} cannot be a root of the library: {reason}", path = path.display())]
    NotARoot {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// The folder of a root is gone or empty while the library knows of music in it: most likely
    /// a disk that is not mounted. Nothing is changed.
    #[error("{path} is {state} but the library knows {tracks} tracks in it: is the disk there?", path = path.display())]
    Vanished {
        /// The folder.
        path: PathBuf,
        /// "not there", "empty".
        state: &'static str,
        /// How many tracks.
        tracks: u64,
    },
    /// A scan is going on already.
    #[error("a scan is going on")]
    Scanning,
    /// An analysis is going on already.
    #[error("an analysis is going on")]
    Analysing,
    /// A batch of edits is being written, by this program or another.
    #[error("another batch of edits is being written")]
    Editing,
    /// A track whose file was not edited. What this says may leave; the source may name a path, and
    /// is for the log.
    #[error("{track} \"{title}\": {why}")]
    NotEdited {
        /// The track.
        track: TrackId,
        /// Its title.
        title: String,
        /// Why.
        why: Why,
        /// What was found, for the log.
        source: Option<Box<Error>>,
    },
    /// An upload that is not taken; nothing of it is left. What this says may leave.
    #[error("the upload is not taken: {0}")]
    Upload(#[from] uploads::Refused),
    /// Whose the playlists are that lie among the music could not be asked.
    #[error("whose the playlists among the music are: {0}")]
    Owner(Box<dyn Fault + Send + Sync>),
    /// The work was stopped.
    #[error(transparent)]
    Stopped(#[from] Cancelled),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A file of sound.
    #[error(transparent)]
    Sound(#[from] audio_file::Error),
    /// A picture that is none, or more than we take.
    #[error("not a picture we take: {0}")]
    Picture(String),
    /// The world refused.
    #[error("cannot {doing} {path}: {reason}", path = path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the world said.
        reason: std::io::Error,
    },
}

impl Error {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |reason| Self::Io { doing, path, reason }
    }
}

impl From<store::rusqlite::Error> for Error {
    fn from(error: store::rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Absent(_) | Self::Asked { .. } | Self::NotARoot { .. } | Self::Picture(_) => {
                Class::User
            }
            Self::Scanning | Self::Analysing | Self::Editing => Class::Transient,
            Self::NotEdited { why: Why::ReadOnly | Why::Full | Why::World, .. } => Class::Permanent,
            Self::NotEdited { .. } | Self::Upload(_) => Class::User,
            Self::Owner(error) => error.class(),
            Self::Stopped(error) => error.class(),
            Self::Vanished { .. } | Self::Io { .. } => Class::Permanent,
            Self::Store(error) => error.class(),
            Self::Sound(error) => error.class(),
        }
    }
}
