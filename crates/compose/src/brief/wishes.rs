use score::{Key, TimeSignature};
use serde::{Deserialize, Serialize};

use super::{Brief, GenreName, LONGEST, SHORTEST, Understood};
use crate::Error;

/// What flags ask for; each overrides what the sentence says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wishes {
    /// Genre by id or another of its names.
    pub genre: Option<String>,
    /// Quarter notes a minute, 20 to 300.
    pub bpm: Option<f64>,
    /// Key.
    pub key: Option<Key>,
    /// Metre.
    pub meter: Option<TimeSignature>,
    /// Seconds, 15 to 900.
    pub duration: Option<f64>,
    /// Title.
    pub title: Option<String>,
}

/// Refuses a length outside 15 seconds to 15 minutes.
pub(super) fn checked_duration(seconds: f64) -> Result<f64, Error> {
    if (SHORTEST..=LONGEST).contains(&seconds) {
        Ok(seconds)
    } else {
        let value = format!("{seconds} seconds");
        Err(Error::OutOfRange { field: "duration", value, range: "15 seconds to 15 minutes" })
    }
}

/// Refuses a tempo outside 20 to 300.
pub(super) fn checked_bpm(bpm: f64) -> Result<f64, Error> {
    if (20.0..=300.0).contains(&bpm) {
        Ok(bpm)
    } else {
        let value = format!("{bpm} bpm");
        Err(Error::OutOfRange { field: "tempo", value, range: "20 to 300 bpm" })
    }
}

impl Brief {
    /// The brief with what flags ask for in place of what was read.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] and [`Error::UnknownGenre`] for wishes that cannot be.
    pub fn with(mut self, wishes: &Wishes, genres: &[GenreName]) -> Result<Self, Error> {
        if let Some(name) = &wishes.genre {
            let wanted = name.trim().to_lowercase();
            let known = genres.iter().find(|g| g.id == wanted || g.names.contains(&wanted));
            let genre = known.ok_or_else(|| unknown(name, genres))?;
            self.set("genre", &genre.name);
            self.genre = Some(genre.id.clone());
        }
        if let Some(bpm) = wishes.bpm {
            self.bpm = Some(checked_bpm(bpm)?);
            self.pace = None;
            self.set("bpm", &format!("{bpm}"));
        }
        if let Some(key) = wishes.key {
            (self.tonic, self.mode) = (Some(key.tonic), Some(key.mode));
            self.set("key", &key.to_string());
        }
        if let Some(meter) = wishes.meter {
            self.meter = Some(meter);
            self.set("meter", &meter.to_string());
        }
        if let Some(seconds) = wishes.duration {
            self.duration = Some(checked_duration(seconds)?);
            self.set("duration", &format!("{seconds} s"));
        }
        if let Some(title) = &wishes.title {
            self.title = Some(title.clone());
            self.set("title", title);
        }
        Ok(self)
    }

    /// Notes that a flag set a field, in place of what was understood of it before.
    fn set(&mut self, field: &str, value: &str) {
        self.understood.retain(|understood| understood.field != field);
        self.understood.push(Understood {
            field: field.to_owned(),
            value: value.to_owned(),
            start: 0,
            words: String::new(),
        });
    }
}

fn unknown(name: &str, genres: &[GenreName]) -> Error {
    let known: Vec<&str> = genres.iter().map(|genre| genre.id.as_str()).collect();
    Error::UnknownGenre { name: name.to_owned(), known: known.join(", ") }
}
