use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Chord, Key, Pitch, Sound, TempoMap, Ticks, TimeSignature};

/// How hard a note is struck, 1 to 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "u8", into = "u8")]
pub struct Velocity(u8);

impl Velocity {
    /// The nearest velocity there is.
    pub fn clamped(value: f64) -> Self {
        Self(value.round().clamp(1.0, 127.0) as u8)
    }

    /// 1 to 127.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl From<u8> for Velocity {
    fn from(value: u8) -> Self {
        Self(value.clamp(1, 127))
    }
}

impl From<Velocity> for u8 {
    fn from(velocity: Velocity) -> u8 {
        velocity.0
    }
}

/// One note of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When it begins.
    pub start: Ticks,
    /// How long the key is held; never 0.
    pub length: Ticks,
    /// The key; on the drum channel, the drum.
    pub pitch: Pitch,
    /// How hard it is struck.
    pub velocity: Velocity,
}

impl Note {
    /// When it ends.
    pub fn end(&self) -> Ticks {
        self.start + self.length
    }
}

/// A MIDI controller set to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// When.
    pub at: Ticks,
    /// Controller number: 7 volume, 10 pan, 11 expression, 64 sustain, 91 reverb, 93 chorus.
    pub number: u8,
    /// 0 to 127.
    pub value: u8,
}

/// What a part does in the band.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The drum kit.
    Drums,
    /// Hand percussion beside the kit; shares its channel.
    Percussion,
    /// The bass line.
    Bass,
    /// The instrument that comps the harmony.
    Chords,
    /// Sustained harmony behind the band.
    Pad,
    /// Broken chords in a steady rhythm.
    Arp,
    /// The tune.
    Melody,
    /// A second line that answers or supports the tune.
    Counter,
}

/// What a section is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names of sections are their documentation")]
pub enum SectionKind {
    Intro,
    Verse,
    PreChorus,
    Chorus,
    Bridge,
    Breakdown,
    Build,
    Drop,
    Groove,
    Solo,
    Theme,
    Development,
    Climax,
    Resolution,
    Interlude,
    Outro,
}

impl SectionKind {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intro => "Intro",
            Self::Verse => "Verse",
            Self::PreChorus => "Pre-chorus",
            Self::Chorus => "Chorus",
            Self::Bridge => "Bridge",
            Self::Breakdown => "Breakdown",
            Self::Build => "Build",
            Self::Drop => "Drop",
            Self::Groove => "Groove",
            Self::Solo => "Solo",
            Self::Theme => "Theme",
            Self::Development => "Development",
            Self::Climax => "Climax",
            Self::Resolution => "Resolution",
            Self::Interlude => "Interlude",
            Self::Outro => "Outro",
        }
    }
}

/// A stretch of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// What it is for.
    pub kind: SectionKind,
    /// What it is called, such as "Verse 2".
    pub label: String,
    /// Its first bar, from 0.
    pub start_bar: u32,
    /// How many bars.
    pub bars: u32,
    /// 0 (still) to 1 (full).
    pub energy: f64,
}

/// One player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// For people; unique in the score.
    pub name: String,
    /// What it does in the band.
    pub role: Role,
    /// What it sounds like.
    pub sound: Sound,
    /// MIDI channel 0 to 15; 9 is the drum channel.
    pub channel: u8,
    /// By start, then pitch.
    pub notes: Vec<Note>,
    /// By time.
    pub controls: Vec<Control>,
}

/// A chord of the harmony and how long it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChordSpan {
    /// When it begins.
    pub start: Ticks,
    /// Until the next.
    pub length: Ticks,
    /// The chord.
    pub chord: Chord,
    /// What it is in the key, such as "ii7".
    pub roman: String,
}

/// A finished piece, ready to be played or written as MIDI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The title.
    pub title: String,
    /// How fast.
    pub tempo: TempoMap,
    /// The metre, one throughout.
    pub meter: TimeSignature,
    /// The key.
    pub key: Key,
    /// The form, in order, without gaps.
    pub sections: Vec<Section>,
    /// The players.
    pub parts: Vec<Part>,
    /// The harmony, in order, without gaps.
    pub chords: Vec<ChordSpan>,
    /// The last bar line.
    pub end: Ticks,
}

impl Score {
    /// Seconds from the start to the last bar line.
    pub fn seconds(&self) -> f64 {
        self.tempo.seconds(self.end)
    }

    /// The chord sounding at a position; the last one after the end, none without harmony.
    pub fn chord_at(&self, at: Ticks) -> Option<Chord> {
        let after = self.chords.partition_point(|span| span.start <= at);
        self.chords.get(after.saturating_sub(1)).map(|span| span.chord)
    }
}
