use std::io::{self, ErrorKind};

use crate::{Error, TrackId};

/// Why a track's file was not edited, in words that may leave: without a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Look where it went, and scan.
    #[error("its file is not there")]
    Missing,
    /// Look at a new preview.
    #[error("its file has changed since the preview")]
    Changed,
    /// Let the program write there.
    #[error("its folder or file cannot be written")]
    ReadOnly,
    /// Make room.
    #[error("the disk is full")]
    Full,
    /// Its path leads out of its root, or to what is no file.
    #[error("its file lies outside of its root")]
    Elsewhere,
    /// Give it once.
    #[error("it is given twice")]
    Twice,
    /// Ask for something else: in what way the file refuses.
    #[error("{0}")]
    Refused(String),
    /// The copy would not have played as the original.
    #[error("its sound would not play as before")]
    Sound,
    /// What the log says.
    #[error("its file cannot be read or written")]
    World,
}

/// The track an error is told of.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) track: TrackId,
    pub(super) title: String,
}

impl Name {
    pub(super) fn refused(&self, why: Why) -> Error {
        Error::NotEdited { track: self.track, title: self.title.clone(), why, source: None }
    }

    /// The track and why; what the error says besides is for the log.
    pub(super) fn refuse(&self, error: Error) -> Error {
        let why = match &error {
            Error::NotEdited { .. } => return error,
            Error::Io { reason, .. } | Error::Sound(audio_file::Error::Io(reason)) => of(reason),
            Error::Sound(error) => Why::Refused(error.to_string()),
            _ => Why::World,
        };
        let (track, title) = (self.track, self.title.clone());
        Error::NotEdited { track, title, why, source: Some(Box::new(error)) }
    }
}

fn of(error: &io::Error) -> Why {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Why::Missing,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Why::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Why::Full,
        _ => Why::World,
    }
}
