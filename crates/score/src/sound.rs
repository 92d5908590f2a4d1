use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// A General MIDI program, 0 (grand piano) to 127.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "u8", into = "u8")]
pub struct Program(u8);

impl Program {
    /// The program of this number; above 127 is an error.
    pub fn new(number: u8) -> Result<Self, Error> {
        if number <= 127 {
            Ok(Self(number))
        } else {
            Err(Error::Sound(format!("program {number} does not exist: use 0 to 127")))
        }
    }

    /// 0 to 127.
    pub fn number(self) -> u8 {
        self.0
    }

    /// The name General MIDI gives it.
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }
}

impl TryFrom<u8> for Program {
    type Error = Error;
    fn try_from(number: u8) -> Result<Self, Error> {
        Self::new(number)
    }
}

impl From<Program> for u8 {
    fn from(program: Program) -> u8 {
        program.0
    }
}

/// A General MIDI (GS) drum kit by its program number on the drum channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kit(pub u8);

impl Kit {
    /// The standard kit.
    pub const STANDARD: Self = Self(0);
    /// Sticks on a small kit.
    pub const JAZZ: Self = Self(32);
    /// Brushes.
    pub const BRUSH: Self = Self(40);
    /// Timpani, orchestral drums and cymbals.
    pub const ORCHESTRA: Self = Self(48);
}

/// The name of a sound that a genre models itself: lower-case letters, digits and dashes.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct PatchName(String);

impl PatchName {
    /// Checks a name: 1 to 40 of a-z, 0-9 and '-'.
    pub fn new(name: &str) -> Result<Self, Error> {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=40).contains(&name.len()) && name.bytes().all(letters) {
            Ok(Self(name.to_owned()))
        } else {
            Err(Error::Sound(format!(
                "patch name \"{name}\" is not 1 to 40 lower-case letters, digits and dashes"
            )))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PatchName {
    type Error = Error;
    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(&name)
    }
}

impl From<PatchName> for String {
    fn from(name: PatchName) -> String {
        name.0
    }
}

impl fmt::Display for PatchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What plays a part: always a program any MIDI player has, and optionally a modelled sound of
/// the genre that is rendered in its place. For drums the program is the number of the kit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sound {
    /// The General MIDI program, or the kit number on the drum channel.
    pub program: Program,
    /// The genre's own sound that renders instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<PatchName>,
}

#[rustfmt::skip]
const NAMES: [&str; 128] = [
    "Grand Piano", "Bright Piano", "Electric Grand", "Honky-tonk Piano", "Electric Piano 1",
    "Electric Piano 2", "Harpsichord", "Clavinet", "Celesta", "Glockenspiel", "Music Box",
    "Vibraphone", "Marimba", "Xylophone", "Tubular Bells", "Dulcimer", "Drawbar Organ",
    "Percussive Organ", "Rock Organ", "Church Organ", "Reed Organ", "Accordion", "Harmonica",
    "Bandoneon", "Nylon Guitar", "Steel Guitar", "Jazz Guitar", "Clean Guitar", "Muted Guitar",
    "Overdriven Guitar", "Distortion Guitar", "Guitar Harmonics", "Acoustic Bass",
    "Fingered Bass", "Picked Bass", "Fretless Bass", "Slap Bass 1", "Slap Bass 2",
    "Synth Bass 1", "Synth Bass 2", "Violin", "Viola", "Cello", "Contrabass",
    "Tremolo Strings", "Pizzicato Strings", "Harp", "Timpani", "String Ensemble",
    "Slow Strings", "Synth Strings 1", "Synth Strings 2", "Choir Aahs", "Voice Oohs",
    "Synth Voice", "Orchestra Hit", "Trumpet", "Trombone", "Tuba", "Muted Trumpet",
    "French Horn", "Brass Section", "Synth Brass 1", "Synth Brass 2", "Soprano Sax", "Alto Sax",
    "Tenor Sax", "Baritone Sax", "Oboe", "English Horn", "Bassoon", "Clarinet", "Piccolo",
    "Flute", "Recorder", "Pan Flute", "Bottle", "Shakuhachi", "Whistle", "Ocarina",
    "Square Lead", "Saw Lead", "Calliope Lead", "Chiff Lead", "Charang Lead", "Voice Lead",
    "Fifths Lead", "Bass and Lead", "New Age Pad", "Warm Pad", "Polysynth Pad", "Choir Pad",
    "Bowed Pad", "Metallic Pad", "Halo Pad", "Sweep Pad", "Rain", "Soundtrack", "Crystal",
    "Atmosphere", "Brightness", "Goblins", "Echoes", "Sci-fi", "Sitar", "Banjo", "Shamisen",
    "Koto", "Kalimba", "Bagpipe", "Fiddle", "Shanai", "Tinkle Bell", "Agogo", "Steel Drums",
    "Woodblock", "Taiko", "Melodic Tom", "Synth Drum", "Reverse Cymbal", "Fret Noise",
    "Breath Noise", "Seashore", "Bird Tweet", "Telephone", "Helicopter", "Applause", "Gunshot",
];
