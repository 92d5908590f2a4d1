use schemars::JsonSchema;
use score::Role;
use serde::{Deserialize, Serialize};

/// An instrument by the name that people use, of those the table below knows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct Instrument(u8);

/// Who must not play.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Absent {
    /// Everyone in this role.
    Role(Role),
    /// This instrument, in whatever role.
    Instrument(Instrument),
}

struct Row {
    /// The name it is reported by, then other names; lower case.
    names: &'static [&'static str],
    program: u8,
    role: Role,
    /// What plays in its place when the bank does not have it; empty when it does.
    instead: &'static str,
}

const fn has(names: &'static [&'static str], program: u8, role: Role) -> Row {
    Row { names, program, role, instead: "" }
}

const fn lacks(
    names: &'static [&'static str],
    program: u8,
    role: Role,
    instead: &'static str,
) -> Row {
    Row { names, program, role, instead }
}

use Role::{Arp, Bass, Chords, Counter, Drums, Melody, Pad, Percussion};

#[rustfmt::skip]
const TABLE: [Row; 74] = [
    has(&["piano", "grand piano", "pianos", "acoustic piano", "keys", "keyboard"], 0, Chords),
    has(&["electric piano", "rhodes", "e-piano", "epiano", "fender rhodes", "suitcase piano"], 4, Chords),
    has(&["fm piano", "dx7", "digital piano"], 5, Chords),
    has(&["celesta", "celeste"], 8, Counter),
    has(&["glockenspiel", "bells", "bell"], 9, Counter),
    has(&["vibraphone", "vibes", "vibraphones"], 11, Chords),
    has(&["marimba"], 12, Arp),
    has(&["tubular bells", "chimes", "church bells"], 14, Counter),
    has(&["organ", "hammond", "hammond organ", "b3", "drawbar organ"], 16, Chords),
    has(&["rock organ"], 18, Chords),
    has(&["nylon guitar", "classical guitar", "spanish guitar"], 24, Chords),
    has(&["acoustic guitar", "steel guitar", "folk guitar"], 25, Chords),
    has(&["jazz guitar", "hollow body guitar", "archtop"], 26, Chords),
    has(&["electric guitar", "clean guitar", "guitar", "guitars"], 27, Chords),
    has(&["muted guitar", "palm muted guitar"], 28, Arp),
    has(&["overdriven guitar", "overdrive guitar", "crunch guitar"], 29, Chords),
    has(&["distorted guitar", "distortion guitar", "heavy guitar", "guitar riffs", "lead guitar"], 30, Melody),
    has(&["upright bass", "double bass", "acoustic bass", "contrabass", "standup bass"], 32, Bass),
    has(&["bass guitar", "electric bass", "fingered bass", "bass", "bassline", "bass line"], 33, Bass),
    has(&["picked bass"], 34, Bass),
    has(&["fretless bass", "fretless"], 35, Bass),
    has(&["slap bass"], 36, Bass),
    has(&["violin", "violins", "fiddle"], 40, Melody),
    has(&["cello", "cellos", "celli"], 42, Counter),
    has(&["double basses", "string basses"], 43, Bass),
    has(&["tremolo strings"], 44, Pad),
    has(&["pizzicato", "pizzicato strings", "plucked strings"], 45, Arp),
    has(&["harp", "harps"], 46, Arp),
    has(&["timpani", "kettledrums", "kettle drums"], 47, Bass),
    has(&["strings", "string section", "string ensemble", "string orchestra", "orchestral strings"], 48, Pad),
    has(&["slow strings", "lush strings"], 49, Pad),
    has(&["choir", "chorus of voices", "aahs", "choral"], 52, Pad),
    has(&["trumpet", "trumpets", "flugelhorn"], 56, Melody),
    has(&["trombone", "trombones"], 57, Counter),
    has(&["french horn", "horn", "french horns"], 60, Melody),
    has(&["brass", "brass section", "horns", "horn section"], 61, Counter),
    has(&["alto sax", "alto saxophone"], 65, Melody),
    has(&["saxophone", "sax", "tenor sax", "tenor saxophone", "saxophones"], 66, Melody),
    has(&["oboe", "oboes"], 68, Melody),
    has(&["bassoon", "bassoons"], 70, Counter),
    has(&["clarinet", "clarinets"], 71, Melody),
    has(&["flute", "flutes"], 73, Melody),
    has(&["drums", "drum kit", "drumkit", "drum set", "beat", "beats"], 0, Drums),
    has(&["brushes", "brushed drums", "brush kit"], 40, Drums),
    has(&["orchestral percussion", "orchestral drums"], 48, Drums),
    has(&["percussion", "congas", "bongos", "shaker", "tambourine", "hand drums"], 0, Percussion),
    has(&["power kit", "rock drums", "big drums"], 16, Drums),
    lacks(&["harpsichord", "clavichord"], 0, Chords, "the grand piano"),
    lacks(&["clavinet", "clav"], 4, Chords, "the electric piano"),
    lacks(&["music box", "kalimba"], 8, Counter, "the celesta"),
    lacks(&["xylophone"], 12, Arp, "the marimba"),
    lacks(&["church organ", "pipe organ"], 18, Pad, "the rock organ"),
    lacks(&["accordion", "concertina"], 18, Chords, "the rock organ"),
    lacks(&["harmonica"], 71, Melody, "the clarinet"),
    lacks(&["synth bass", "sub bass", "808", "808 bass"], 33, Bass, "the bass of the genre"),
    lacks(&["viola", "violas"], 40, Counter, "the violin"),
    lacks(&["ukulele", "banjo", "mandolin", "lute"], 24, Chords, "the nylon guitar"),
    lacks(&["sitar", "koto", "oud", "shamisen"], 24, Melody, "the nylon guitar"),
    lacks(&["tuba", "sousaphone"], 57, Bass, "the trombone"),
    lacks(&["muted trumpet"], 56, Melody, "the open trumpet"),
    lacks(&["soprano sax", "soprano saxophone"], 65, Melody, "the alto saxophone"),
    lacks(&["baritone sax", "baritone saxophone", "bari sax"], 66, Melody, "the tenor saxophone"),
    lacks(&["english horn", "cor anglais"], 68, Melody, "the oboe"),
    lacks(&["piccolo", "recorder", "whistle", "pan flute", "shakuhachi", "ocarina"], 73, Melody, "the flute"),
    lacks(&["synth", "synths", "synthesizer", "synthesizers", "synthesiser"], 5, Chords, "the synthesizers of the genre, or the digital piano"),
    lacks(&["pad", "pads", "synth pad", "synth pads", "warm pad"], 49, Pad, "the pad of the genre, or slow strings"),
    lacks(&["lead synth", "synth lead"], 65, Melody, "the lead of the genre, or the alto saxophone"),
    lacks(&["arp", "arpeggio", "arpeggios", "arpeggiator", "arps"], 5, Arp, "the arpeggio of the genre, or the digital piano"),
    lacks(&["pluck", "plucks"], 45, Arp, "the pluck of the genre, or pizzicato strings"),
    lacks(&["bagpipe", "bagpipes"], 68, Melody, "the oboe"),
    lacks(&["steel drums", "steelpan"], 12, Arp, "the marimba"),
    lacks(&["taiko", "taikos", "war drums"], 48, Drums, "the orchestral drums"),
    lacks(&["drum machine", "909", "linn drum", "tr-808", "tr-909"], 0, Drums, "the drum machine of the genre, or the kit"),
    lacks(&["theremin"], 40, Melody, "the violin"),
];

impl Instrument {
    /// Every instrument.
    pub(crate) fn all() -> impl Iterator<Item = Instrument> {
        (0..TABLE.len()).filter_map(|index| u8::try_from(index).ok()).map(Instrument)
    }

    /// The instrument of this name, lower case.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|instrument| instrument.names().contains(&name))
    }

    fn row(self) -> &'static Row {
        &TABLE[usize::from(self.0)]
    }

    /// For people.
    pub fn name(self) -> &'static str {
        self.row().names[0]
    }

    /// Every name, lower case.
    pub fn names(self) -> &'static [&'static str] {
        self.row().names
    }

    /// The General MIDI program (or kit) that plays it.
    pub fn program(self) -> u8 {
        self.row().program
    }

    /// What it does in a band when nothing else is said.
    pub fn role(self) -> Role {
        self.row().role
    }

    /// What plays in its place, when it is not in the bank.
    pub(crate) fn instead(self) -> Option<&'static str> {
        Some(self.row().instead).filter(|instead| !instead.is_empty())
    }

    /// Whether the name means modelled sounds at large: without them the bank plays.
    pub(crate) fn is_electronic(self) -> bool {
        matches!(self.name(), "synth" | "synth bass" | "drum machine")
    }

    /// Whether the name means whatever the genre plays in that role rather than a program.
    pub(crate) fn is_generic(self) -> bool {
        matches!(
            self.name(),
            "synth"
                | "pad"
                | "lead synth"
                | "arp"
                | "pluck"
                | "drum machine"
                | "synth bass"
                | "drums"
                | "bass guitar"
                | "percussion"
        )
    }
}

impl TryFrom<String> for Instrument {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        Self::named(&name).ok_or_else(|| format!("\"{name}\" is no instrument that is known"))
    }
}

impl From<Instrument> for String {
    fn from(instrument: Instrument) -> String {
        instrument.name().to_owned()
    }
}
