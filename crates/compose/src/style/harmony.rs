use schemars::JsonSchema;
use score::{Colour, Roman, SectionKind, voicing::Layout};
use serde::{Deserialize, Serialize};

/// The chords of a genre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harmony {
    /// How richly plain numerals are coloured.
    pub colour: Colour,
    /// How comping instruments lay chords out.
    pub layout: Layout,
    /// At most this many notes in a comped chord, 2 to 6.
    pub voices: usize,
    /// Progressions to choose from.
    pub progressions: Vec<Progression>,
    /// Whether the last bar before a new section turns to the dominant.
    pub turnarounds: bool,
    /// The last bars of the song, in major: bars of numerals parted by `|`.
    pub final_major: Bars,
    /// The same, in minor.
    pub final_minor: Bars,
}

/// Chords bar by bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Progression {
    /// Bars parted by `|`; the chords of a bar share it equally.
    pub bars: Bars,
    /// Whether it is for minor modes.
    pub minor: bool,
    /// Kinds of section it is for; any when empty.
    #[serde(default)]
    pub sections: Vec<SectionKind>,
    /// Relative to the others.
    #[serde(default = "super::drums::one")]
    pub weight: f64,
}

/// Numerals, bar by bar; reads "ii V | I" as two chords in one bar and one in the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Bars(pub Vec<Vec<Roman>>);

impl TryFrom<String> for Bars {
    type Error = score::Error;
    fn try_from(text: String) -> Result<Self, score::Error> {
        let bar = |bar: &str| bar.split_whitespace().map(str::parse).collect();
        let bars: Vec<Vec<Roman>> = text.split('|').map(bar).collect::<Result<_, _>>()?;
        if bars.iter().any(|bar| bar.is_empty() || bar.len() > 4) {
            return Err(score::Error::Roman(text));
        }
        Ok(Self(bars))
    }
}

impl From<Bars> for String {
    fn from(bars: Bars) -> String {
        let bar =
            |bar: &Vec<Roman>| bar.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        bars.0.iter().map(bar).collect::<Vec<_>>().join(" | ")
    }
}
