//! The report of a song: what was asked, what was decided, what was delivered and measured.

use compose::brief::{Understood, Wish};
use compose::{Brief, Plan};
use schemars::JsonSchema;
use score::{Part, Role, Score};
use serde::{Deserialize, Serialize};

use crate::measured::Measured;
use crate::verdict::Check;

/// The version of report files.
pub const SCHEMA: u32 = 1;

/// `report.json`. Every figure of a sound was measured on the file that was delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of this structure.
    pub schema: u32,
    /// Version of the program.
    pub version: String,
    /// The song.
    pub song: Song,
    /// The sentence and what was read in it.
    pub reading: Reading,
    /// The form, in order.
    pub sections: Vec<SectionLine>,
    /// The band.
    pub parts: Vec<PartLine>,
    /// The path from the mix to the master.
    pub mastering: MasteringLine,
    /// Each delivered file, decoded and measured.
    pub files: Vec<FileLine>,
    /// What had to be so.
    pub checks: Vec<Check>,
    /// Whether all of it is.
    pub passed: bool,
}

/// What the song is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Song {
    /// Its title.
    pub title: String,
    /// Who plays it.
    pub artist: String,
    /// Where it belongs.
    pub album: String,
    /// The genre's id.
    pub genre: String,
    /// The seed all chance came from.
    pub seed: u64,
    /// Quarter notes a minute at the start.
    pub bpm: f64,
    /// Metre.
    pub meter: String,
    /// Key.
    pub key: String,
    /// Bars.
    pub bars: u32,
    /// Seconds that were asked for; null where the form was left to the genre.
    pub requested_seconds: Option<f64>,
    /// Seconds to the last bar line; the tail rings after it.
    pub last_bar_line_seconds: f64,
}

/// What was read in the sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The sentence.
    pub sentence: String,
    /// What was understood, with the words it came from.
    pub understood: Vec<UnderstoodLine>,
    /// Words that were not.
    pub not_understood: Vec<String>,
    /// What was understood and cannot be done yet.
    pub unmet: Vec<UnmetLine>,
    /// Whether nobody named a genre, and the one that suits the sentence best was chosen.
    pub genre_was_chosen: bool,
}

/// One thing understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnderstoodLine {
    /// What it decides.
    pub field: String,
    /// How.
    pub value: String,
    /// The words; empty for a flag.
    pub words: String,
}

/// One wish that cannot be met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmetLine {
    /// The words that ask.
    pub words: String,
    /// Why not.
    pub answer: String,
}

/// A stretch of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionLine {
    /// What it is called.
    pub label: String,
    /// Its first bar, from 0.
    pub start_bar: u32,
    /// How many bars.
    pub bars: u32,
    /// 0 to 1.
    pub energy: f64,
    /// The chords, in order.
    pub chords: Vec<String>,
}

/// A player.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartLine {
    /// The part, and its stem's name.
    pub name: String,
    /// What it does.
    pub role: String,
    /// What it sounds like.
    pub sound: String,
    /// How many notes.
    pub notes: usize,
    /// The gain that brought its stem to level, dB.
    pub gain_db: f64,
}

/// What mastering did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MasteringLine {
    /// The target's name.
    pub target: String,
    /// Loudness to reach, LUFS.
    pub target_lufs: f64,
    /// True peak to stay under, dBTP.
    pub ceiling_dbtp: f64,
    /// Gain before the limiter, dB.
    pub gain_db: f64,
    /// The deepest reach of the limiter, dB.
    pub limiting_db: f64,
    /// The limiter's mean reach over the whole song, dB.
    pub mean_limiting_db: f64,
    /// Whether the bounds on limiting kept the master from its target.
    pub held_back: bool,
}

/// A delivered file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// Its name in the folder.
    pub name: String,
    /// What it measures.
    pub measured: Measured,
}

impl Reading {
    pub(crate) fn of(brief: &Brief, plan: &Plan, genre_was_chosen: bool) -> Self {
        let understood = |u: &Understood| UnderstoodLine {
            field: u.field.clone(),
            value: u.value.clone(),
            words: u.words.clone(),
        };
        let unmet = |w: &Wish| UnmetLine { words: w.words.clone(), answer: w.answer.clone() };
        Self {
            sentence: brief.sentence.clone(),
            understood: brief.understood.iter().map(understood).collect(),
            not_understood: brief.not_understood.clone(),
            unmet: brief.unmet.iter().chain(&plan.unmet).map(unmet).collect(),
            genre_was_chosen,
        }
    }
}

/// The form with its chords.
pub(crate) fn sections(plan: &Plan) -> Vec<SectionLine> {
    let bar = plan.meter.bar();
    plan.sections
        .iter()
        .map(|section| {
            let from = bar * u64::from(section.start_bar);
            let to = from + bar * u64::from(section.bars);
            let inside = plan.chords.iter().filter(|c| c.start >= from && c.start < to);
            SectionLine {
                label: section.label.clone(),
                start_bar: section.start_bar,
                bars: section.bars,
                energy: section.energy,
                chords: inside.map(|c| c.chord.to_string()).collect(),
            }
        })
        .collect()
}

/// The band, with the gains the mix gave.
pub(crate) fn parts(score: &Score, gains_db: &[f64]) -> Vec<PartLine> {
    score
        .parts
        .iter()
        .zip(gains_db)
        .map(|(part, gain_db)| PartLine {
            name: part.name.clone(),
            role: format!("{:?}", part.role).to_lowercase(),
            sound: sound_name(part),
            notes: part.notes.len(),
            gain_db: *gain_db,
        })
        .collect()
}

fn sound_name(part: &Part) -> String {
    let program = part.sound.program;
    match (&part.sound.patch, part.role) {
        (Some(patch), _) => patch.as_str().to_owned(),
        (None, Role::Drums | Role::Percussion) => format!("Kit {}", program.number()),
        (None, _) => program.name().to_owned(),
    }
}
