//! Genre files: one table for each engine that reads it.

use std::collections::BTreeMap;

use compose::{GenreName, Style};
use instruments::Patch;
use mastering::Tone;
use schemars::JsonSchema;
use score::PatchName;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::mix::MixTable;

/// The version of genre files this build reads.
pub const SCHEMA: u32 = 1;

/// One genre, as its file states it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Genre {
    /// Version of the file's structure.
    pub schema: u32,
    /// What the composer reads.
    pub style: Style,
    /// Sounds the genre models itself, by the names its parts call them.
    #[serde(default)]
    pub patches: BTreeMap<PatchName, Patch>,
    /// Levels, places, rooms.
    pub mix: MixTable,
    /// The colour of its masters.
    #[serde(default)]
    pub master: Tone,
}

impl Genre {
    /// Reads and checks a genre file; `file` names it in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let broken = |reason: String| Error::GenreFile { file: file.to_owned(), reason };
        let genre: Self = toml::from_str(text).map_err(|error| broken(error.to_string()))?;
        if genre.schema != SCHEMA {
            return Err(broken(format!("schema is {}; this build reads {SCHEMA}", genre.schema)));
        }
        genre.mix.validate().map_err(broken)?;
        genre.master.validate().map_err(|error| broken(error.to_string()))?;
        for part in &genre.style.parts {
            if let Some(patch) = part.patch.as_ref().filter(|p| !genre.patches.contains_key(*p)) {
                let reason = format!("part \"{}\" wants patch \"{}\"", part.name, patch.as_str());
                return Err(broken(format!("{reason}, which is not under [patches]")));
            }
        }
        Ok(genre)
    }
}

/// Every genre there is.
#[derive(Debug, Clone)]
pub struct Genres(Vec<Genre>);

impl Genres {
    /// The genres that came with this build.
    pub fn embedded() -> Result<Self, Error> {
        const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/genres.rs"));
        FILES
            .iter()
            .map(|(file, text)| Genre::parse(file, text))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// With one more from a file of the user's; it replaces a genre of the same id.
    pub fn with(mut self, genre: Genre) -> Self {
        self.0.retain(|other| other.style.id != genre.style.id);
        self.0.push(genre);
        self.0.sort_by(|a, b| a.style.id.cmp(&b.style.id));
        self
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Genre> {
        self.0.iter()
    }

    /// What a sentence may call them.
    pub fn names(&self) -> Vec<GenreName> {
        self.0.iter().map(|genre| genre.style.genre_name()).collect()
    }

    /// The genre of an id.
    pub fn get(&self, id: &str) -> Option<&Genre> {
        self.0.iter().find(|genre| genre.style.id == id)
    }
}
