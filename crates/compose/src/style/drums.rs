use std::collections::BTreeMap;

use schemars::JsonSchema;
use score::{Pitch, SectionKind, drum};
use serde::{Deserialize, Serialize};

use super::Pattern;

/// The drum kit of a genre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drums {
    /// The cymbal that opens a section; none in genres that do not mark sections so.
    #[serde(default)]
    pub crash: Option<String>,
    /// Bars from one fill to the next; 0 for none but at the ends of sections.
    #[serde(default)]
    pub fill_every: u32,
    /// Grooves.
    pub patterns: Vec<DrumPattern>,
    /// Fills, a bar each.
    #[serde(default)]
    pub fills: Vec<DrumPattern>,
}

/// One groove or fill. Symbols: `X` accent, `x` normal, `o` soft, `g` ghost, `?` normal half of
/// the time, `~` ghost half of the time, `.` nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrumPattern {
    /// Lowest and highest energy it suits.
    #[serde(default = "any_energy")]
    pub energy: [f64; 2],
    /// Kinds of section it is kept for; any when empty.
    #[serde(default)]
    pub sections: Vec<SectionKind>,
    /// Relative to others that suit as well.
    #[serde(default = "one")]
    pub weight: f64,
    /// Drums by name, with what each plays.
    pub lines: BTreeMap<String, Pattern>,
}

pub(super) fn any_energy() -> [f64; 2] {
    [0.0, 1.0]
}

pub(super) fn one() -> f64 {
    1.0
}

impl DrumPattern {
    /// The symbols drums play.
    pub(crate) const ALPHABET: &[u8] = b"Xxog?~";

    /// Lines with their keys on the keyboard.
    pub(crate) fn keyed(&self) -> impl Iterator<Item = (Pitch, &Pattern)> {
        self.lines.iter().filter_map(|(name, line)| drum::key(name).map(|key| (key, line)))
    }
}
