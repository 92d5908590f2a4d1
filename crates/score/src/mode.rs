use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// A scale: its degrees as semitones above the tonic.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[expect(missing_docs, reason = "the names of scales are their documentation")]
pub enum Mode {
    Major,
    Minor,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    Locrian,
    HarmonicMinor,
    MelodicMinor,
    PhrygianDominant,
    MajorPentatonic,
    MinorPentatonic,
    Blues,
    MajorBlues,
}

/// Every mode with the name it prints as, first, and the other names it is known by.
const NAMES: [(Mode, &[&str]); 14] = [
    (Mode::Major, &["major", "maj", "ionian"]),
    (Mode::Minor, &["minor", "min", "aeolian", "natural minor"]),
    (Mode::Dorian, &["dorian"]),
    (Mode::Phrygian, &["phrygian"]),
    (Mode::Lydian, &["lydian"]),
    (Mode::Mixolydian, &["mixolydian"]),
    (Mode::Locrian, &["locrian"]),
    (Mode::HarmonicMinor, &["harmonic minor"]),
    (Mode::MelodicMinor, &["melodic minor"]),
    (Mode::PhrygianDominant, &["phrygian dominant"]),
    (Mode::MajorPentatonic, &["major pentatonic"]),
    (Mode::MinorPentatonic, &["minor pentatonic", "pentatonic"]),
    (Mode::Blues, &["blues"]),
    (Mode::MajorBlues, &["major blues"]),
];

/// The names that error messages offer.
pub(crate) fn accepted() -> String {
    let names: Vec<&str> = NAMES.iter().filter_map(|(_, names)| names.first().copied()).collect();
    names.join(", ")
}

impl Mode {
    /// Semitones above the tonic, ascending, from 0.
    pub fn steps(self) -> &'static [u8] {
        match self {
            Self::Major => &[0, 2, 4, 5, 7, 9, 11],
            Self::Minor => &[0, 2, 3, 5, 7, 8, 10],
            Self::Dorian => &[0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => &[0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => &[0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => &[0, 2, 4, 5, 7, 9, 10],
            Self::Locrian => &[0, 1, 3, 5, 6, 8, 10],
            Self::HarmonicMinor => &[0, 2, 3, 5, 7, 8, 11],
            Self::MelodicMinor => &[0, 2, 3, 5, 7, 9, 11],
            Self::PhrygianDominant => &[0, 1, 4, 5, 7, 8, 10],
            Self::MajorPentatonic => &[0, 2, 4, 7, 9],
            Self::MinorPentatonic => &[0, 3, 5, 7, 10],
            Self::Blues => &[0, 3, 5, 6, 7, 10],
            Self::MajorBlues => &[0, 2, 3, 4, 7, 9],
        }
    }

    /// Whether its third is minor.
    pub fn is_minor(self) -> bool {
        !self.steps().contains(&4)
    }

    /// The seven-note scale chords are built from: the mode itself when it has seven notes.
    pub fn harmonic_basis(self) -> Mode {
        match self {
            Self::MajorPentatonic | Self::MajorBlues => Self::Major,
            Self::MinorPentatonic | Self::Blues => Self::Minor,
            seven => seven,
        }
    }

    /// Steps on the circle of fifths between this mode's key signature and that of the major key
    /// on the same tonic: minor is -3.
    pub fn signature_offset(self) -> i32 {
        match self {
            Self::Lydian => 1,
            Self::Major | Self::MajorPentatonic | Self::MajorBlues => 0,
            Self::Mixolydian => -1,
            Self::Dorian => -2,
            Self::Phrygian | Self::PhrygianDominant => -4,
            Self::Locrian => -5,
            Self::Minor
            | Self::HarmonicMinor
            | Self::MelodicMinor
            | Self::MinorPentatonic
            | Self::Blues => -3,
        }
    }

    /// Every mode.
    pub fn all() -> impl Iterator<Item = Mode> {
        NAMES.iter().map(|(mode, _)| *mode)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(mode, _)| mode == self).and_then(|(_, n)| n.first());
        f.write_str(name.copied().unwrap_or("major"))
    }
}

impl FromStr for Mode {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let wanted = text.trim().to_lowercase().replace(['-', '_'], " ");
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&wanted.as_str()))
            .map(|(mode, _)| *mode)
            .ok_or_else(|| Error::Mode(text.to_owned()))
    }
}

impl TryFrom<String> for Mode {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Mode> for String {
    fn from(mode: Mode) -> String {
        mode.to_string()
    }
}
