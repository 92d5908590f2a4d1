use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{NoteName, PitchClass};

/// What kind of chord stands on a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names of chord qualities are their documentation")]
pub enum Quality {
    Major,
    Minor,
    Diminished,
    Augmented,
    Sus2,
    Sus4,
    Power,
    Major6,
    Minor6,
    SixNine,
    Dominant7,
    Major7,
    Minor7,
    HalfDiminished7,
    Diminished7,
    MinorMajor7,
    Dominant7Sus4,
    Dominant7Flat9,
    Dominant7Sharp9,
    Dominant9,
    Major9,
    Minor9,
    Add9,
    MinorAdd9,
    Minor11,
    Dominant13,
}

/// Every quality with its symbol after the root and its semitones above the root, in the order
/// in which the notes matter: root, third, fifth, seventh, tensions.
const TABLE: [(Quality, &str, &[u8]); 26] = [
    (Quality::Major, "", &[0, 4, 7]),
    (Quality::Minor, "m", &[0, 3, 7]),
    (Quality::Diminished, "dim", &[0, 3, 6]),
    (Quality::Augmented, "aug", &[0, 4, 8]),
    (Quality::Sus2, "sus2", &[0, 2, 7]),
    (Quality::Sus4, "sus4", &[0, 5, 7]),
    (Quality::Power, "5", &[0, 7]),
    (Quality::Major6, "6", &[0, 4, 7, 9]),
    (Quality::Minor6, "m6", &[0, 3, 7, 9]),
    (Quality::SixNine, "69", &[0, 4, 7, 9, 14]),
    (Quality::Dominant7, "7", &[0, 4, 7, 10]),
    (Quality::Major7, "maj7", &[0, 4, 7, 11]),
    (Quality::Minor7, "m7", &[0, 3, 7, 10]),
    (Quality::HalfDiminished7, "m7b5", &[0, 3, 6, 10]),
    (Quality::Diminished7, "dim7", &[0, 3, 6, 9]),
    (Quality::MinorMajor7, "mM7", &[0, 3, 7, 11]),
    (Quality::Dominant7Sus4, "7sus4", &[0, 5, 7, 10]),
    (Quality::Dominant7Flat9, "7b9", &[0, 4, 7, 10, 13]),
    (Quality::Dominant7Sharp9, "7#9", &[0, 4, 7, 10, 15]),
    (Quality::Dominant9, "9", &[0, 4, 7, 10, 14]),
    (Quality::Major9, "maj9", &[0, 4, 7, 11, 14]),
    (Quality::Minor9, "m9", &[0, 3, 7, 10, 14]),
    (Quality::Add9, "add9", &[0, 4, 7, 14]),
    (Quality::MinorAdd9, "madd9", &[0, 3, 7, 14]),
    (Quality::Minor11, "m11", &[0, 3, 7, 10, 14, 17]),
    (Quality::Dominant13, "13", &[0, 4, 7, 10, 14, 21]),
];

impl Quality {
    fn row(self) -> (&'static str, &'static [u8]) {
        TABLE.iter().find(|row| row.0 == self).map_or(("", &[0, 4, 7]), |row| (row.1, row.2))
    }

    /// Semitones above the root, root first.
    pub fn intervals(self) -> &'static [u8] {
        self.row().1
    }

    /// What follows the root in a chord symbol.
    pub fn symbol(self) -> &'static str {
        self.row().0
    }

    /// Whether its third is minor.
    pub fn is_minor(self) -> bool {
        self.intervals().contains(&3)
    }

    /// Every quality.
    pub fn all() -> impl Iterator<Item = Quality> {
        TABLE.iter().map(|row| row.0)
    }
}

/// A root as it is spelled, a quality, and the note in the bass when that is not the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Chord {
    /// The note the chord is named after.
    pub root: NoteName,
    /// What stands on it.
    pub quality: Quality,
    /// The lowest note of an inversion or slash chord.
    pub bass: Option<NoteName>,
}

impl Chord {
    /// A chord in root position.
    pub fn new(root: NoteName, quality: Quality) -> Self {
        Self { root, quality, bass: None }
    }

    /// Its classes, root first, in order of importance.
    pub fn classes(self) -> impl Iterator<Item = PitchClass> {
        let root = self.root.class();
        self.quality.intervals().iter().map(move |step| root.above(i32::from(*step)))
    }

    /// Whether a note belongs to the chord.
    pub fn contains(self, class: PitchClass) -> bool {
        self.classes().any(|of_chord| of_chord == class)
    }

    /// The note the bass plays on its first beat.
    pub fn bass_class(self) -> PitchClass {
        self.bass.unwrap_or(self.root).class()
    }

    /// Reads a symbol such as "Cm7", "Bbmaj9" or "D/F#"; none when it is no chord.
    pub fn parse(symbol: &str) -> Option<Self> {
        let (main, bass) = match symbol.rsplit_once('/') {
            Some((main, bass)) => (main, Some(NoteName::parse(bass)?)),
            None => (symbol, None),
        };
        let letter = main.chars().next()?;
        let after = &main[letter.len_utf8()..];
        let (accidental, suffix) = match after.as_bytes().first() {
            Some(b'#') => (1, &after[1..]),
            Some(b'b') => (-1, &after[1..]),
            _ => (0, after),
        };
        let root = NoteName::new(letter, accidental)?;
        let quality = TABLE.iter().find(|row| row.1 == suffix).map(|row| row.0)?;
        Some(Self { root, quality, bass })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.quality.symbol())?;
        match self.bass {
            Some(bass) if bass != self.root => write!(f, "/{bass}"),
            _ => Ok(()),
        }
    }
}

impl From<Chord> for String {
    fn from(chord: Chord) -> String {
        chord.to_string()
    }
}

impl<'de> Deserialize<'de> for Chord {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is not a chord symbol")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Chord, Quality};

    #[test]
    fn a_minor_chord_contains_the_minor_third() {
        for quality in Quality::all().filter(|q| {
            q.symbol().starts_with('m') && *q != Quality::Major7 && *q != Quality::Major9
        }) {
            assert!(quality.is_minor(), "{quality:?}");
            assert!(!quality.intervals().contains(&4), "{quality:?}");
        }
    }

    #[test]
    fn every_symbol_prints_and_parses_alike() {
        for root in ["C", "F#", "Bb", "Eb", "A"] {
            for quality in Quality::all() {
                let text = format!("{root}{}", quality.symbol());
                assert_eq!(Chord::parse(&text).unwrap().to_string(), text);
            }
        }
        assert_eq!(Chord::parse("D/F#").unwrap().bass_class().number(), 6);
        for text in ["", "H", "Cxyz", "C/", "\u{266d}"] {
            assert_eq!(Chord::parse(text), None, "{text}");
        }
    }
}
