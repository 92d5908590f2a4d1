use audio::{RateError, ShapeError};
use fault::{Class, Fault};

/// Why bytes did not become sound, or sound did not become bytes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No format we know.
    #[error(
        "not a sound file we can read: WAV, FLAC, MP3, Ogg Vorbis, Opus, AAC/M4A, ALAC, AIFF and AU are"
    )]
    UnknownFormat,
    /// A known container with something in it that we cannot decode; never decoded wrongly instead.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// The bytes contradict themselves.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The file ends before the length its header states.
    #[error("the file is cut short: {found} of {stated} frames")]
    Truncated {
        /// Frames that could be decoded.
        found: u64,
        /// Frames the header states.
        stated: u64,
    },
    /// The header states a rate outside our range.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// The header states a number of channels we do not have a layout for.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// No sound at all in the file.
    #[error("the file holds no sound: 0 samples")]
    Empty,
    /// A format that cannot hold this sound.
    #[error("{format} cannot hold {what}; it takes {accepted}")]
    CannotHold {
        /// The format.
        format: &'static str,
        /// What was asked.
        what: String,
        /// What it takes.
        accepted: &'static str,
    },
    /// A value that a field of a file does not take.
    #[error("{field} \"{given}\": accepted is {accepted}")]
    Value {
        /// The field.
        field: &'static str,
        /// What was given, shortened.
        given: String,
        /// What would be taken.
        accepted: &'static str,
    },
    /// A file whose words cannot be changed without harm to something else in it.
    #[error("its tags cannot be edited: {0}")]
    NotEditable(String),
    /// This build was made without an encoder.
    #[error("this build cannot write {0}: it was built without the feature \"{1}\"")]
    NotBuilt(&'static str, &'static str),
    /// An encoder failed on sound it should take.
    #[error("the {0} encoder failed: {1}")]
    Encoder(&'static str, String),
    /// A transform failed on sound it should take.
    #[error("resampling failed: {0}")]
    Resampling(String),
    /// Reading or writing failed below us.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::UnknownFormat
            | Error::Unsupported(_)
            | Error::Damaged(_)
            | Error::Truncated { .. }
            | Error::Rate(_)
            | Error::Shape(_)
            | Error::Empty
            | Error::CannotHold { .. }
            | Error::Value { .. }
            | Error::NotEditable(_)
            | Error::NotBuilt(..) => Class::User,
            Error::Encoder(..) | Error::Resampling(_) => Class::Bug,
            Error::Io(error) if error.kind() == std::io::ErrorKind::Interrupted => Class::Transient,
            Error::Io(_) => Class::Permanent,
        }
    }
}
