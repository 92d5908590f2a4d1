use score::{Mode, TimeSignature};

use super::missing;
use super::token::words_of;
use super::{Energy, Era, Feel, GenreName, Instrument, Mood, Pace, Shape};

/// What a phrase means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Genre(String),
    /// A genre without a file: its name and the id of the nearest that may have one.
    NoGenre(&'static str, &'static str),
    Instrument(Instrument),
    Mood(Mood),
    Era(Era),
    Pace(Pace),
    Feel(Feel),
    Energy(Energy),
    Shape(Shape),
    Meter(TimeSignature),
    Mode(Mode),
    Only,
    Instrumental,
    /// The answer, and whether the thing is never there, so that doing without it is easy.
    Unmet(&'static str, bool),
    /// A word before the name of an artist.
    Like,
    /// Says nothing about the music.
    Filler,
}

/// Every phrase that is known, with what it means.
pub(super) struct Dictionary {
    /// Longest first; among equals the first wins.
    entries: Vec<(Vec<String>, Meaning)>,
}

const PACES: [(Pace, &[&str]); 5] = [
    (Pace::VerySlow, &["very slow", "very slowly", "largo", "grave", "lento", "really slow"]),
    (
        Pace::Slow,
        &["slow", "slowly", "adagio", "downtempo", "slower", "ballad", "larghetto", "unhurried"],
    ),
    (
        Pace::Medium,
        &["medium tempo", "mid tempo", "midtempo", "moderate", "moderato", "andante", "medium"],
    ),
    (
        Pace::Fast,
        &[
            "fast",
            "quick",
            "uptempo",
            "up tempo",
            "allegro",
            "faster",
            "brisk",
            "vivace",
            "fast paced",
            "quickly",
            "rapid",
        ],
    ),
    (Pace::VeryFast, &["very fast", "presto", "prestissimo", "breakneck", "really fast"]),
];

const ENERGIES: [(Energy, &[&str]); 3] = [
    (
        Energy::Low,
        &[
            "low energy",
            "soft",
            "softly",
            "gentle",
            "gently",
            "quiet",
            "minimal",
            "sparse",
            "subdued",
            "understated",
            "subtle",
            "light",
            "delicate",
            "stripped down",
            "softer",
            "quieter",
            "gentler",
        ],
    ),
    (Energy::Middle, &["medium energy", "moderate energy"]),
    (
        Energy::High,
        &[
            "energetic",
            "high energy",
            "loud",
            "full on",
            "powerful energy",
            "hard",
            "huge",
            "big",
            "banging",
            "explosive",
            "anthemic",
            "busy",
            "dense",
            "bigger",
            "louder",
            "harder",
            "full of energy",
        ],
    ),
];

const SHAPES: [(Shape, &[&str]); 3] = [
    (
        Shape::Builds,
        &[
            "builds up",
            "build up",
            "building",
            "builds",
            "crescendo",
            "grows",
            "growing",
            "gradually builds",
            "swelling",
            "rising",
            "energy rising",
            "rising energy",
            "intensifies",
            "rises",
            "slowly builds",
            "slow build",
        ],
    ),
    (
        Shape::Fades,
        &["fades", "fading", "winds down", "decrescendo", "diminuendo", "fades out", "dies away"],
    ),
    (
        Shape::Steady,
        &[
            "steady",
            "constant",
            "steady energy",
            "hypnotic",
            "flat",
            "loopable",
            "background",
            "in the background",
            "background music",
        ],
    ),
];

const METERS: [((u8, u8), &[&str]); 7] = [
    ((2, 4), &["in two", "two four", "polka"]),
    (
        (3, 4),
        &["waltz", "in three", "three four", "three four time", "waltz time", "viennese waltz"],
    ),
    ((4, 4), &["common time", "four four", "in four", "four on the floor time"]),
    ((5, 4), &["in five", "five four", "five four time"]),
    ((6, 8), &["in six", "six eight", "six eight time", "jig"]),
    ((7, 8), &["in seven", "seven eight", "seven eight time"]),
    ((12, 8), &["twelve eight", "in twelve", "slow blues time"]),
];

/// Words of sentences that carry no wish.
const FILLERS: &str = "a an the and or with of in on for to from by as is it its it's i me my we \
    you your please make create write compose generate give produce want need like would could \
    can should let have has had get some something someone piece song songs track tracks tune \
    tunes music number composition melody theme instrumental that this these those which who \
    where when while but so very really quite pretty rather bit little lot much more most less \
    too also just about around roughly approximately long lasting length duration featuring \
    feature features using use include including plus add adding over under through at key tempo \
    time signature style styled feel feeling feelings vibe vibes mood moody-sounding sound \
    sounding sounds genre kind type sort nice good great beautiful lovely cool awesome perfect \
    set into out up down be are was were will shall then there here all any every each other \
    another one two new night late day evening listen listening play playing plays played \
    lead-in intro outro verse section part parts group band ensemble solo-ish made his her their \
    our them they he she do does goes go going keep keeping kept driven based heavy-handed mostly \
    mainly main only-ish full complete entire whole short shorter longer low high line lines \
    groove grooves rhythm rhythms groovy lead leads trio quartet quintet duo climax jingle study \
    studying work working coding reading sleeping sleep running dancing driving-along battle \
    don't soloist solos backing classic proper real true typical classy";

impl Dictionary {
    /// All phrases, those of the given genres included. A genre that has a file is never missing.
    pub(super) fn new(genres: &[GenreName]) -> Self {
        let mut entries: Vec<(Vec<String>, Meaning)> = Vec::new();
        let mut add = |phrase: &str, meaning: Meaning| {
            let words = words_of(phrase);
            if !words.is_empty() && !entries.iter().any(|(known, _)| *known == words) {
                entries.push((words, meaning));
            }
        };
        for genre in genres {
            for name in &genre.names {
                add(name, Meaning::Genre(genre.id.clone()));
            }
        }
        for (names, nearest) in missing::GENRES {
            names.iter().for_each(|name| add(name, Meaning::NoGenre(names[0], nearest)));
        }
        for instrument in Instrument::all() {
            instrument.names().iter().for_each(|name| add(name, Meaning::Instrument(instrument)));
        }
        add_words(&mut add);
        entries.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        Self { entries }
    }

    /// The longest phrase that begins at a place, and how many words it has.
    pub(super) fn longest(&self, words: &[&str]) -> Option<(&Meaning, usize)> {
        let begins = |phrase: &[String]| {
            phrase.len() <= words.len() && phrase.iter().zip(words).all(|(a, b)| same(a, b))
        };
        self.entries
            .iter()
            .find(|(phrase, _)| begins(phrase))
            .map(|(phrase, meaning)| (meaning, phrase.len()))
    }
}

/// Whether a word of the sentence is a word of a phrase, or its plural.
fn same(known: &str, word: &str) -> bool {
    known == word || (known.len() > 3 && word.strip_suffix('s') == Some(known))
}

/// Phrases that are the same whatever genres there are.
fn add_words(add: &mut impl FnMut(&str, Meaning)) {
    fn all<T: Copy>(
        add: &mut impl FnMut(&str, Meaning),
        rows: impl IntoIterator<Item = (T, &'static [&'static str])>,
        meaning: impl Fn(T) -> Meaning,
    ) {
        for (value, names) in rows {
            names.iter().for_each(|name| add(name, meaning(value)));
        }
    }
    all(add, ENERGIES, Meaning::Energy);
    all(add, PACES, Meaning::Pace);
    all(add, SHAPES, Meaning::Shape);
    all(add, Mood::words(), Meaning::Mood);
    all(add, Era::words(), Meaning::Era);
    for ((upper, lower), names) in METERS {
        if let Ok(meter) = TimeSignature::new(upper, lower) {
            names.iter().for_each(|name| add(name, Meaning::Meter(meter)));
        }
    }
    for mode in Mode::all().filter(|mode| *mode != Mode::Blues) {
        add(&mode.to_string(), Meaning::Mode(mode));
    }
    add("half time", Meaning::Feel(Feel::HalfTime));
    add("double time", Meaning::Feel(Feel::DoubleTime));
    for only in ["solo", "only", "nothing but", "unaccompanied", "just a"] {
        add(only, Meaning::Only);
    }
    for alone in ["instrumental", "purely instrumental"] {
        add(alone, Meaning::Instrumental);
    }
    for (names, answer, never) in missing::WISHES {
        names.iter().for_each(|name| add(name, Meaning::Unmet(answer, never)));
    }
    missing::LIKE.iter().for_each(|phrase| add(phrase, Meaning::Like));
    FILLERS.split_whitespace().for_each(|word| add(word, Meaning::Filler));
}
