//! Sounds that live elsewhere, opened for a user by who keeps them.

use std::fmt;
use std::io::Read;

use serde::{Deserialize, Serialize};
use store::UserId;

use crate::Error;

/// A sound by the number it has where it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SoundId(pub i64);

/// A sound that is to be mastered.
pub struct Sound {
    /// What it is called.
    pub title: String,
    /// The ending of its file's name, without the dot.
    pub suffix: String,
    /// How long it is said to be, seconds.
    pub seconds: f64,
    /// The bytes of its file.
    pub from: Box<dyn Read + Send>,
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sound").field("title", &self.title).finish_non_exhaustive()
    }
}

/// Opens a sound for a user. What is not there, or not for them, is [`Error::Absent`].
pub type Sounds = Box<dyn Fn(UserId, SoundId) -> Result<Sound, Error> + Send + Sync>;
