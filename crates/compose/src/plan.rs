//! From a brief and a genre to every decision that is made before a note is written.

mod ensemble;
mod fit;
mod form;
mod harmony;
mod title;

use clock::Seed;
use score::{Chord, Key, Mode, NoteName, Program, Role, Sound, TempoMap, Ticks, TimeSignature};
use score::{Section, SectionKind};
use serde::{Deserialize, Serialize};

use crate::brief::{Energy, Feel, Shape, Wish};
use crate::{Brief, Error, Style};

/// Version of the structure of a [`Plan`].
const SCHEMA: u32 = 1;

/// The whole song as decided: the single source for the score, the mix, reports and checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this structure.
    pub schema: u32,
    /// Revision of the composer that made it.
    pub revision: u32,
    /// The seed it was made with.
    pub seed: Seed,
    /// The title.
    pub title: String,
    /// Id of the genre.
    pub genre: String,
    /// How fast, the last bars' slowing included.
    pub tempo: TempoMap,
    /// Metre.
    pub meter: TimeSignature,
    /// Key.
    pub key: Key,
    /// Half or double time.
    pub feel: Option<Feel>,
    /// Factor on timing drift and touch: eras differ in how loosely people played.
    pub looseness: f64,
    /// Scale steps the tune lies above (or below) the middle of its range.
    pub height: i32,
    /// Bars in all.
    pub bars: u32,
    /// The last bar line.
    pub end: Ticks,
    /// The form.
    pub sections: Vec<PlannedSection>,
    /// The harmony.
    pub chords: Vec<PlannedChord>,
    /// Where phrases end, and how.
    pub cadences: Vec<Cadence>,
    /// The band.
    pub parts: Vec<PlannedPart>,
    /// Players who were asked for and whom this genre has to replace or leave out.
    pub unmet: Vec<Wish>,
}

/// A section with its place in the story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedSection {
    /// What it is for.
    pub kind: SectionKind,
    /// What it is called, such as "Verse 2".
    pub label: String,
    /// Its first bar, from 0.
    pub start_bar: u32,
    /// How many bars.
    pub bars: u32,
    /// 0 to 1.
    pub energy: f64,
    /// How many of its kind came before.
    pub occurrence: u32,
    /// Whether it is the last of at least two of its kind: the one that is lifted.
    pub last: bool,
}

/// A chord in its bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedChord {
    /// When it begins.
    pub start: Ticks,
    /// Until the next.
    pub length: Ticks,
    /// The chord.
    pub chord: Chord,
    /// What it is in the key.
    pub roman: String,
}

/// The end of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// The bar that ends the phrase.
    pub bar: u32,
    /// How.
    pub kind: CadenceKind,
}

/// How a phrase ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CadenceKind {
    /// Dominant to tonic, or the genre's way home in the last bar of the song.
    Authentic,
    /// On the dominant.
    Half,
    /// Dominant to something other than the tonic.
    Deceptive,
    /// Subdominant to tonic.
    Plagal,
    /// On another chord: the loop goes on.
    Open,
}

/// A player and where they play.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedPart {
    /// For people; unique.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// What it sounds like.
    pub sound: Sound,
    /// MIDI channel.
    pub channel: u8,
    /// Lowest and highest key.
    pub range: [u8; 2],
    /// Which table of the genre's parts it plays by.
    pub table: usize,
    /// Whether it plays, section by section.
    pub active: Vec<bool>,
}

impl Plan {
    /// Decides everything. The same brief, style and seed give the same plan.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] when nobody is left to play.
    pub fn new(brief: &Brief, style: &Style, seed: Seed) -> Result<Self, Error> {
        let meter = brief.meter.unwrap_or(style.meters[0]);
        let key = choose_key(brief, style, seed);
        let fitted = fit::fit(brief, style, meter, seed)?;
        let sections = form::sections(brief, style, fitted.bars, seed);
        let chords = harmony::chords(style, key, meter, &sections, seed);
        let cadences = harmony::cadences(&chords, key, meter, &sections);
        let (parts, unmet) = ensemble::parts(brief, style, &sections, seed)?;
        Ok(Self {
            schema: SCHEMA,
            revision: crate::REVISION,
            seed,
            title: brief
                .title
                .clone()
                .unwrap_or_else(|| title::invent(brief, key, seed.child(&style.id))),
            genre: style.id.clone(),
            tempo: fitted.tempo,
            meter,
            key,
            feel: brief.feel,
            looseness: brief.era.map_or(1.0, |era| era.looseness()),
            height: brief.moods.iter().map(|mood| mood.bend().height).sum::<i32>().clamp(-4, 4),
            bars: fitted.bars,
            end: meter.bar() * u64::from(fitted.bars),
            sections,
            chords,
            cadences,
            parts,
            unmet,
        })
    }

    /// Seconds from the start to the last bar line.
    pub fn seconds(&self) -> f64 {
        self.tempo.seconds(self.end)
    }

    /// The form as the score keeps it.
    pub fn form(&self) -> Vec<Section> {
        let plain = |section: &PlannedSection| Section {
            kind: section.kind,
            label: section.label.clone(),
            start_bar: section.start_bar,
            bars: section.bars,
            energy: section.energy,
        };
        self.sections.iter().map(plain).collect()
    }

    /// The chord at a position; the last one beyond the end.
    pub(crate) fn chord_at(&self, at: Ticks) -> &PlannedChord {
        let after = self.chords.partition_point(|chord| chord.start <= at);
        &self.chords[after.saturating_sub(1)]
    }
}

/// How much energy the brief adds to every section.
fn energy_shift(brief: &Brief) -> f64 {
    let asked = match brief.energy {
        Some(Energy::Low) => -0.2,
        Some(Energy::High) => 0.18,
        Some(Energy::Middle) | None => 0.0,
    };
    let mood: f64 = brief.moods.iter().map(|mood| mood.bend().energy).sum();
    asked + mood.clamp(-0.25, 0.25)
}

/// The share of the song's energy left at a place in it, 0 start to 1 end.
fn shaped(energy: f64, shape: Option<Shape>, place: f64) -> f64 {
    match shape {
        Some(Shape::Builds) => energy * (0.5 + 0.65 * place),
        Some(Shape::Fades) => energy * (1.1 - 0.6 * place),
        Some(Shape::Steady) => 0.55 + (energy - 0.55) * 0.3,
        None => energy,
    }
}

/// The key: as asked, else in a mode that suits the moods on a tonic that lies well.
fn choose_key(brief: &Brief, style: &Style, seed: Seed) -> Key {
    let wanted = |mood: &crate::Mood| i32::from(mood.bend().mode);
    let leaning: i32 = brief.moods.iter().map(wanted).sum::<i32>()
        - brief.moods_avoided.iter().map(wanted).sum::<i32>();
    let suits = |mode: Mode| match leaning {
        0 => 1.0,
        lean if (lean < 0) == mode.is_minor() => 1.0,
        _ => 0.0,
    };
    let weights: Vec<f64> = style.modes.iter().map(|m| m.weight * suits(m.mode)).collect();
    let drawn = seed.stream("mode").weighted(&weights).map(|index| style.modes[index].mode);
    let fallback = match leaning {
        0 => style.modes[0].mode,
        lean if lean < 0 => Mode::Minor,
        _ => Mode::Major,
    };
    let mode = brief.mode.unwrap_or(drawn.unwrap_or(fallback));
    let tonics = style.tonics();
    let drawn = seed.stream("tonic").pick(&tonics).copied();
    let drawn = drawn.map(|tonic| easier(tonic, mode));
    let tonic = brief.tonic.or(drawn).unwrap_or(NoteName::plain(score::PitchClass::of(0)));
    Key::new(tonic, mode)
}

/// The spelling of a drawn tonic with the fewer accidentals in the signature.
fn easier(tonic: NoteName, mode: Mode) -> NoteName {
    let other = |spelling: NoteName| (spelling.fifths() + mode.signature_offset()).abs();
    let sharp = ['C', 'D', 'F', 'G', 'A'].into_iter().filter_map(|letter| NoteName::new(letter, 1));
    let twins = sharp.filter(|spelling| spelling.class() == tonic.class());
    twins.chain([tonic]).min_by_key(|spelling| other(*spelling)).unwrap_or(tonic)
}

/// A sound without a patch of its own.
fn bank_sound(program: Program) -> Sound {
    Sound { program, patch: None }
}
