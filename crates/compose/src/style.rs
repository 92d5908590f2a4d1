//! What the composer reads of a genre file: one table, `style`, checked before it is used.

mod check;
mod drums;
mod form;
mod groove;
mod harmony;
mod melody;
mod part;
mod pattern;

use std::ops::Deref;

use schemars::JsonSchema;
use score::{Mode, NoteName, TimeSignature};
use serde::{Deserialize, Serialize};

pub use drums::{DrumPattern, Drums};
pub use form::{Form, FormSection};
pub use groove::{Groove, SwingUnit};
pub use harmony::{Bars, Harmony, Progression};
pub use melody::MelodyTable;
pub use part::{PartPattern, PartTable, Playing};
pub use pattern::{Pattern, Step};

use crate::{Error, GenreName};

/// The tables of one genre, checked: patterns use their alphabets, programs and drums exist,
/// ranges are ranges, weights can be drawn from. Reads as the table `style` of a genre file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Tables", into = "Tables")]
pub struct Style(Tables);

/// The tables as they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tables {
    /// Lower-case letters and dashes; the name of the file.
    pub id: String,
    /// For people.
    pub name: String,
    /// What else people call it, lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// In quarter notes a minute.
    pub tempo: TempoRange,
    /// Seconds of a song when nothing else is asked for, 15 to 900.
    pub duration: f64,
    /// Whether the last bars slow down.
    #[serde(default)]
    pub ritardando: bool,
    /// Whether players enter one after another in long intros and leave so in long outros.
    #[serde(default)]
    pub layered: bool,
    /// Modes and how often each is chosen.
    pub modes: Vec<ModeWeight>,
    /// Tonics that lie well for the instruments; all twelve when empty.
    #[serde(default)]
    pub tonics: Vec<NoteName>,
    /// Metres; the first is used unless another is asked for.
    pub meters: Vec<TimeSignature>,
    /// Chords.
    pub harmony: Harmony,
    /// Sections and their order.
    pub forms: Vec<Form>,
    /// Timing and touch.
    pub groove: Groove,
    /// The drum kit's patterns; none for genres without.
    #[serde(default)]
    pub drums: Option<Drums>,
    /// The tune.
    pub melody: MelodyTable,
    /// The band.
    pub parts: Vec<PartTable>,
}

/// Tempi that belong to a genre, in quarter notes a minute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TempoRange {
    /// The slowest.
    pub low: f64,
    /// The fastest.
    pub high: f64,
    /// The most usual.
    pub typical: f64,
}

/// A mode and how often it is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModeWeight {
    /// The mode, of seven notes.
    pub mode: Mode,
    /// Relative to the others.
    pub weight: f64,
}

impl Style {
    /// What a sentence may call this genre.
    pub fn genre_name(&self) -> GenreName {
        let mut names = vec![self.id.replace('-', " "), self.id.clone(), self.name.to_lowercase()];
        names.extend(self.aliases.iter().cloned());
        GenreName { id: self.id.clone(), name: self.name.clone(), names }
    }

    /// Tonics that lie well, spelled.
    pub(crate) fn tonics(&self) -> Vec<NoteName> {
        if self.tonics.is_empty() {
            (0..12).map(|class| NoteName::plain(score::PitchClass::of(class))).collect()
        } else {
            self.tonics.clone()
        }
    }
}

impl Deref for Style {
    type Target = Tables;
    fn deref(&self) -> &Tables {
        &self.0
    }
}

impl TryFrom<Tables> for Style {
    type Error = Error;
    fn try_from(tables: Tables) -> Result<Self, Error> {
        check::check(&tables).map_err(|what| Error::Style { genre: tables.id.clone(), what })?;
        Ok(Self(tables))
    }
}

impl From<Style> for Tables {
    fn from(style: Style) -> Tables {
        style.0
    }
}
