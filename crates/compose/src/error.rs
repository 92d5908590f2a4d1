use fault::{Class, Fault};

/// What keeps a sentence from becoming a song.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There was nothing to read.
    #[error("the sentence is empty: say what the song should be, such as \"a calm lo-fi song\"")]
    EmptySentence,
    /// More text than is read.
    #[error("the sentence has {length} characters: at most {max} are read")]
    LongSentence {
        /// Characters given.
        length: usize,
        /// Characters accepted.
        max: usize,
    },
    /// A value that was asked for lies outside its range.
    #[error("{field} {value} is not possible: it must be {range}")]
    OutOfRange {
        /// What was asked for.
        field: &'static str,
        /// As it was given.
        value: String,
        /// What is accepted, with its unit.
        range: &'static str,
    },
    /// A genre was asked for that no genre file defines.
    #[error("there is no genre \"{name}\": choose one of {known}")]
    UnknownGenre {
        /// As it was given.
        name: String,
        /// The ids there are.
        known: String,
    },
    /// A genre file contradicts itself.
    #[error("genre \"{genre}\": {what}")]
    Style {
        /// The id in the file.
        genre: String,
        /// What is wrong, with the name of the table.
        what: String,
    },
    /// The plan does not belong to this style.
    #[error("the plan was made for genre \"{plan}\", not for \"{style}\"")]
    Mismatch {
        /// The plan's genre.
        plan: String,
        /// The style's genre.
        style: String,
    },
    /// Text or numbers that the score cannot hold.
    #[error(transparent)]
    Score(#[from] score::Error),
    /// The job was stopped.
    #[error(transparent)]
    Cancelled(#[from] fault::Cancelled),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Cancelled(stopped) => stopped.class(),
            Self::Mismatch { .. } => Class::Bug,
            _ => Class::User,
        }
    }
}
