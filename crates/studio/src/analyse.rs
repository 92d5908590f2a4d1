//! `analyze`: everything that can be read from one file.

use std::path::Path;

use fault::Cancel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::character::Character;
use crate::measured::Measured;
use crate::track::{Heard, Track};

mod page;

/// The version of this structure.
pub const SCHEMA: u32 = 1;

/// What a file is, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Described {
    /// Version of this structure.
    pub schema: u32,
    /// The file.
    pub file: String,
    /// The revision of the analysis; fingerprints of two revisions are not to be compared.
    pub analysis_revision: u32,
    /// Lengths and levels.
    pub figures: Measured,
    /// What it is like.
    pub character: Character,
}

/// A description with the pictures that go with it.
pub struct Analysed {
    /// The figures.
    pub described: Described,
    heard: Heard,
}

/// Hears a file once, from its beginning to its end.
pub fn analyse(path: &Path, cancel: &Cancel) -> Result<Analysed, Error> {
    let heard = Track::open(path)?.hear(cancel)?;
    Ok(Analysed { described: Described::of(path, &heard), heard })
}

impl Analysed {
    /// Writes pictures and tables as one HTML file: to a name that ends in `.html` if the sound is
    /// the only one of `count`, else into a folder, under the name of the sound.
    pub fn write_page(&self, place: &Path, count: usize) -> Result<(), Error> {
        let sound = Path::new(&self.described.file).file_name().unwrap_or_default();
        let name = format!("{}.html", sound.to_string_lossy());
        let path = if count == 1 { crate::page_path(place, &name) } else { place.join(name) };
        crate::publish_text(&path, &page::build(&self.described, &self.heard).html())
    }
}

impl Described {
    pub(crate) fn of(path: &Path, heard: &Heard) -> Self {
        Self {
            schema: SCHEMA,
            file: path.display().to_string(),
            analysis_revision: audio::analysis::ANALYSIS_REVISION,
            figures: Measured::of_analysis(&heard.analysis, &heard.format),
            character: Character::of(&heard.analysis),
        }
    }

    /// Title of a group, then name and value of each figure in it, for people.
    pub fn groups(&self) -> Vec<(&'static str, Vec<(String, String)>)> {
        let levels = self.figures.lines().into_iter();
        let levels = levels.map(|(name, value)| (name.to_owned(), value)).collect();
        std::iter::once(("Levels", levels)).chain(self.character.groups()).collect()
    }
}
