//! Reading the sentence: what it asks for, in which words, and what it asks in vain.

mod dictionary;
mod era;
mod instrument;
mod key;
mod length;
mod missing;
mod mood;
mod negation;
mod read;
mod suggest;
mod tempo;
mod title;
mod token;
mod wishes;

use schemars::JsonSchema;
use score::{Mode, NoteName, TimeSignature};
use serde::{Deserialize, Serialize};

pub use era::Era;
pub use instrument::{Absent, Instrument};
pub use mood::Mood;
pub use wishes::Wishes;

/// A genre as sentences may call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenreName {
    /// The id of its file.
    pub id: String,
    /// For people.
    pub name: String,
    /// What it is called, lower case, its name and id included.
    pub names: Vec<String>,
}

/// What a song should be, as far as it was said. Everything left open is chosen by the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    /// Version of this structure.
    pub schema: u32,
    /// The sentence as it was given.
    pub sentence: String,
    /// The title asked for.
    pub title: Option<String>,
    /// Id of the genre.
    pub genre: Option<String>,
    /// Tempo in quarter notes a minute.
    pub bpm: Option<f64>,
    /// Tempo within what the genre plays.
    pub pace: Option<Pace>,
    /// Half time or double time.
    pub feel: Option<Feel>,
    /// Metre.
    pub meter: Option<TimeSignature>,
    /// Tonic.
    pub tonic: Option<NoteName>,
    /// Mode.
    pub mode: Option<Mode>,
    /// Moods, in the order they were said.
    pub moods: Vec<Mood>,
    /// Moods it must not have.
    pub moods_avoided: Vec<Mood>,
    /// Decade or period.
    pub era: Option<Era>,
    /// Instruments that must play.
    pub instruments: Vec<Instrument>,
    /// Whether nobody else may play.
    pub only: bool,
    /// Who must not play.
    pub absent: Vec<Absent>,
    /// Length in seconds.
    pub duration: Option<f64>,
    /// How full it is.
    pub energy: Option<Energy>,
    /// How that changes.
    pub shape: Option<Shape>,
    /// What was understood, in the order of the sentence.
    pub understood: Vec<Understood>,
    /// Words that were not.
    pub not_understood: Vec<String>,
    /// What was understood but cannot be done yet.
    pub unmet: Vec<Wish>,
}

/// Something the sentence says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Understood {
    /// The field of the brief it sets.
    pub field: String,
    /// To what, for people.
    pub value: String,
    /// First byte of the words that say so, in the sentence; 0 with an empty text for a flag.
    pub start: usize,
    /// The words themselves.
    pub words: String,
}

/// Something asked for in vain, said plainly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wish {
    /// The words that ask.
    pub words: String,
    /// Why not, and what happens instead.
    pub answer: String,
}

/// Tempo words.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words are their documentation")]
pub enum Pace {
    VerySlow,
    Slow,
    Medium,
    Fast,
    VeryFast,
}

/// How drums divide the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Feel {
    /// Backbeat on the third beat only.
    HalfTime,
    /// Backbeat on every off-beat.
    DoubleTime,
}

/// How full the music is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Energy {
    /// Sparse and soft.
    Low,
    /// As the genre is.
    Middle,
    /// Dense and loud.
    High,
}

/// How energy goes over the song.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// From little to much.
    Builds,
    /// From much to little.
    Fades,
    /// The same throughout.
    Steady,
}

/// The longest sentence that is read, in characters.
pub const MAX_SENTENCE: usize = 2_000;
/// The shortest song, in seconds.
pub const SHORTEST: f64 = 15.0;
/// The longest song, in seconds.
pub const LONGEST: f64 = 900.0;

/// Version of the structure of a [`Brief`].
pub const SCHEMA: u32 = 1;

impl Brief {
    /// A brief that asks for nothing.
    pub fn open(sentence: &str) -> Self {
        Self {
            schema: SCHEMA,
            sentence: sentence.to_owned(),
            title: None,
            genre: None,
            bpm: None,
            pace: None,
            feel: None,
            meter: None,
            tonic: None,
            mode: None,
            moods: Vec::new(),
            moods_avoided: Vec::new(),
            era: None,
            instruments: Vec::new(),
            only: false,
            absent: Vec::new(),
            duration: None,
            energy: None,
            shape: None,
            understood: Vec::new(),
            not_understood: Vec::new(),
            unmet: Vec::new(),
        }
    }
}
