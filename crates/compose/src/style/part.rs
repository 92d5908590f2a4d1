use schemars::JsonSchema;
use score::{PatchName, Program, Role, SectionKind};
use serde::{Deserialize, Serialize};

use super::Pattern;

/// A player of the band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartTable {
    /// For people; unique in the file.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// The General MIDI program, or the kit's number for drums.
    pub program: Program,
    /// The genre's own sound that renders instead.
    #[serde(default)]
    pub patch: Option<PatchName>,
    /// Other programs that may take its place, chosen by seed.
    #[serde(default)]
    pub alternatives: Vec<Program>,
    /// Lowest and highest key; drums need none.
    #[serde(default)]
    pub range: Option<[u8; 2]>,
    /// Sections in which it plays; every one when empty.
    #[serde(default)]
    pub sections: Vec<SectionKind>,
    /// It plays from this energy on.
    #[serde(default)]
    pub from_energy: f64,
    /// How often it is in the band at all, 0 to 1.
    #[serde(default = "super::drums::one")]
    pub chance: f64,
    /// How it finds its notes.
    #[serde(default)]
    pub playing: Playing,
    /// What it plays, by energy; roles that need none ignore it.
    #[serde(default)]
    pub patterns: Vec<PartPattern>,
    /// MIDI volume 0 to 127 in the exported file; by role when absent.
    #[serde(default)]
    pub volume: Option<u8>,
    /// MIDI pan in the exported file, -64 (left) to 63 (right).
    #[serde(default)]
    pub pan: i8,
}

/// How a part finds its notes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Playing {
    /// By its patterns.
    #[default]
    Pattern,
    /// A jazz bass line: steps and chord tones toward the next root.
    Walking,
    /// Whole chords held for as long as they last.
    Sustained,
}

/// What a part plays at an energy. Symbols of basses: `R` root, `3`, `5`, `7` of the chord, `8`
/// octave, `a` approach to the next root, `r` a soft root; of chords and pads: `X`, `x`, `o` by
/// accent; of arpeggios: `0` to `9`, notes of the chord upward. `-` holds, `.` rests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartPattern {
    /// Lowest and highest energy it suits.
    #[serde(default = "super::drums::any_energy")]
    pub energy: [f64; 2],
    /// Kinds of section it is kept for; any when empty.
    #[serde(default)]
    pub sections: Vec<SectionKind>,
    /// Relative to others that suit as well.
    #[serde(default = "super::drums::one")]
    pub weight: f64,
    /// The rhythm with its notes.
    pub steps: Pattern,
}

impl PartPattern {
    /// The symbols a role may use beside `-` and `.`; none for roles without patterns.
    pub(crate) fn alphabet(role: Role) -> &'static [u8] {
        match role {
            Role::Bass => b"R3578ar",
            Role::Chords | Role::Pad => b"Xxo",
            Role::Arp => b"0123456789",
            Role::Drums | Role::Percussion | Role::Melody | Role::Counter => b"",
        }
    }
}
