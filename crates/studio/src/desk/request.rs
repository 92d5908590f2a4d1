use serde::{Deserialize, Serialize};

use super::{MasterOrder, SongOrder};
use crate::Error;

/// What a job makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Request {
    /// A song.
    Song(SongOrder),
    /// A master of a track.
    Master(MasterOrder),
}

impl Request {
    /// Reads a request as JSON; what it does not know it refuses.
    ///
    /// # Errors
    /// [`Error::Order`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::Order(error.to_string()))
    }

    pub(super) fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::Unwritable(error.to_string()))
    }
}
