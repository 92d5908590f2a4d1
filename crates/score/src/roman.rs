use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Chord, Error, Key, Mode, PitchClass, Quality};

/// How richly plain triads are coloured when a progression is read in a genre.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Roots and fifths only.
    Power,
    /// As written.
    Triads,
    /// The seventh the scale has.
    Sevenths,
    /// The seventh, and the ninth where the scale has a major one.
    Extended,
}

/// A chord relative to a key: "ii7", "bVII", "V7/vi".
///
/// A plain numeral stands on the mode's own degree (VI in minor is the flat sixth); one with an
/// accidental is measured from the major scale, so bVII is the same chord in every mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Roman {
    degree: Degree,
    quality: Quality,
    /// Whether the numeral said nothing about its quality beyond its case.
    plain: bool,
    applied: Option<Degree>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Degree {
    /// 0 to 6.
    index: u8,
    /// -1, 0 or 1 semitone from the major scale; 0 means the mode's own degree.
    accidental: i8,
    upper: bool,
}

const NUMERALS: [&str; 7] = ["I", "II", "III", "IV", "V", "VI", "VII"];

impl Degree {
    fn semitones(self, mode: Mode) -> i32 {
        let index = usize::from(self.index);
        if self.accidental == 0 {
            i32::from(mode.harmonic_basis().steps()[index])
        } else {
            i32::from(Mode::Major.steps()[index]) + i32::from(self.accidental)
        }
    }

    /// Takes a degree off the front of a numeral.
    fn split(text: &str) -> Option<(Self, &str)> {
        let (accidental, rest) = match text.as_bytes().first()? {
            b'b' => (-1, &text[1..]),
            b'#' => (1, &text[1..]),
            _ => (0, text),
        };
        let length = rest.bytes().take_while(|b| matches!(b, b'I' | b'V' | b'i' | b'v')).count();
        let (numeral, suffix) = rest.split_at(length);
        let upper = numeral.bytes().all(|b| b.is_ascii_uppercase());
        if !upper && numeral.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let index = NUMERALS.iter().position(|n| *n == numeral.to_ascii_uppercase())? as u8;
        Some((Self { index, accidental, upper }, suffix))
    }
}

impl fmt::Display for Degree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.accidental {
            -1 => "b",
            1 => "#",
            _ => "",
        })?;
        let numeral = NUMERALS[usize::from(self.index)];
        if self.upper { f.write_str(numeral) } else { f.write_str(&numeral.to_ascii_lowercase()) }
    }
}

/// What a suffix means after an upper-case and after a lower-case numeral.
const SUFFIXES: [(&str, Quality, Quality); 19] = [
    ("", Quality::Major, Quality::Minor),
    ("7", Quality::Dominant7, Quality::Minor7),
    ("maj7", Quality::Major7, Quality::MinorMajor7),
    ("maj9", Quality::Major9, Quality::MinorMajor7),
    ("9", Quality::Dominant9, Quality::Minor9),
    ("11", Quality::Dominant9, Quality::Minor11),
    ("13", Quality::Dominant13, Quality::Minor11),
    ("6", Quality::Major6, Quality::Minor6),
    ("69", Quality::SixNine, Quality::Minor6),
    ("add9", Quality::Add9, Quality::MinorAdd9),
    ("sus2", Quality::Sus2, Quality::Sus2),
    ("sus4", Quality::Sus4, Quality::Sus4),
    ("7sus4", Quality::Dominant7Sus4, Quality::Dominant7Sus4),
    ("7b9", Quality::Dominant7Flat9, Quality::Dominant7Flat9),
    ("7#9", Quality::Dominant7Sharp9, Quality::Dominant7Sharp9),
    ("5", Quality::Power, Quality::Power),
    ("+", Quality::Augmented, Quality::Augmented),
    ("o", Quality::Diminished, Quality::Diminished),
    ("o7", Quality::Diminished7, Quality::Diminished7),
];

/// Half-diminished is written after lower-case numerals only.
const HALF_DIMINISHED: [&str; 2] = ["7b5", "h7"];

impl Roman {
    /// The chord this numeral is in a key, as written.
    pub fn chord(self, key: Key) -> Chord {
        let (steps, semitones) = self.offset(key.mode);
        Chord::new(key.tonic.above(steps, semitones), self.quality)
    }

    /// The chord in a key, coloured when the numeral leaves its colour open.
    pub fn coloured(self, key: Key, colour: Colour) -> Chord {
        let mut chord = self.chord(key);
        if self.plain {
            chord.quality = colour_of(chord, key, colour, self.applied.is_some());
        } else if colour == Colour::Power {
            chord.quality = Quality::Power;
        }
        chord
    }

    /// Whether this is a dominant: a major chord on the fifth degree.
    pub fn is_dominant(self) -> bool {
        self.degree.index == 4
            && self.degree.accidental == 0
            && self.degree.upper
            && self.applied.is_none()
    }

    /// Whether this is the chord of the tonic.
    pub fn is_tonic(self) -> bool {
        self.degree.index == 0 && self.degree.accidental == 0 && self.applied.is_none()
    }

    /// Letters and semitones from the tonic to the root.
    fn offset(self, mode: Mode) -> (u8, i32) {
        let leading = self.degree.index == 6
            && self.degree.accidental == 0
            && matches!(self.quality, Quality::Diminished | Quality::Diminished7);
        let own = if leading { 11 } else { self.degree.semitones(mode) };
        match self.applied {
            // An applied chord is named as if its target were the tonic of a major key.
            Some(target) => {
                let here = i32::from(Mode::Major.steps()[usize::from(self.degree.index)])
                    + i32::from(self.degree.accidental);
                ((self.degree.index + target.index) % 7, target.semitones(mode) + here)
            }
            None => (self.degree.index, own),
        }
    }
}

fn colour_of(chord: Chord, key: Key, colour: Colour, applied: bool) -> Quality {
    let basis = Key::new(key.tonic, key.mode.harmonic_basis());
    let has = |semitones: i32| basis.contains(chord.root.class().above(semitones));
    let ninth = colour == Colour::Extended && has(2);
    match (colour, chord.quality) {
        (Colour::Triads, quality) => quality,
        (Colour::Power, _) => Quality::Power,
        (_, Quality::Major) if applied => Quality::Dominant7,
        (_, Quality::Major) => major_colour(has(10) && !is_tonic(chord.root.class(), key), ninth),
        (_, Quality::Minor) if ninth => Quality::Minor9,
        (_, Quality::Minor) => Quality::Minor7,
        (_, Quality::Diminished) if has(9) && !has(10) => Quality::Diminished7,
        (_, Quality::Diminished) => Quality::HalfDiminished7,
        (_, quality) => quality,
    }
}

fn is_tonic(class: PitchClass, key: Key) -> bool {
    class == key.tonic.class()
}

fn major_colour(dominant: bool, ninth: bool) -> Quality {
    match (dominant, ninth) {
        (true, true) => Quality::Dominant9,
        (true, false) => Quality::Dominant7,
        (false, true) => Quality::Major9,
        (false, false) => Quality::Major7,
    }
}

impl FromStr for Roman {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text.trim()).ok_or_else(|| Error::Roman(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Roman> {
    let (main, applied) = match text.split_once('/') {
        Some((main, target)) => {
            let (target, rest) = Degree::split(target)?;
            (main, rest.is_empty().then_some(target).map(Some)?)
        }
        None => (text, None),
    };
    let (degree, suffix) = Degree::split(main)?;
    let quality = if HALF_DIMINISHED.contains(&suffix) {
        (!degree.upper).then_some(Quality::HalfDiminished7)?
    } else {
        let row = SUFFIXES.iter().find(|row| row.0 == suffix)?;
        if degree.upper { row.1 } else { row.2 }
    };
    Some(Roman { degree, quality, plain: suffix.is_empty() || suffix == "o", applied })
}

impl fmt::Display for Roman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let suffix = if self.quality == Quality::HalfDiminished7 {
            HALF_DIMINISHED[0]
        } else {
            SUFFIXES
                .iter()
                .find(|row| self.quality == if self.degree.upper { row.1 } else { row.2 })
                .map_or("", |row| row.0)
        };
        write!(f, "{}{suffix}", self.degree)?;
        self.applied.map_or(Ok(()), |target| write!(f, "/{target}"))
    }
}

impl TryFrom<String> for Roman {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Roman> for String {
    fn from(roman: Roman) -> String {
        roman.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Colour, Roman};
    use crate::Key;

    fn check(key: &str, numerals: &str, colour: Colour, expected: &str) {
        let key: Key = key.parse().unwrap();
        let chords: Vec<String> = numerals
            .split_whitespace()
            .map(|n| n.parse::<Roman>().unwrap().coloured(key, colour).to_string())
            .collect();
        assert_eq!(chords.join(" "), expected, "{key}: {numerals}");
    }

    #[test]
    fn numerals_become_the_right_chords() {
        check("C", "I ii iii IV V vi viio", Colour::Triads, "C Dm Em F G Am Bdim");
        check("A minor", "i iio III iv v VI VII", Colour::Triads, "Am Bdim C Dm Em F G");
        check("A minor", "i V viio", Colour::Triads, "Am E G#dim");
        check("C", "I bVII IV bVI", Colour::Triads, "C Bb F Ab");
        check("A minor", "i bVII bVI", Colour::Triads, "Am G F");
        check("D dorian", "i IV VII", Colour::Triads, "Dm G C");
        check("Bb minor", "i VI III VII", Colour::Triads, "Bbm Gb Db Ab");
    }

    #[test]
    fn colour_adds_the_sevenths_of_the_scale() {
        check("C", "ii V I vi", Colour::Sevenths, "Dm7 G7 Cmaj7 Am7");
        check("C", "ii V I iii", Colour::Extended, "Dm9 G9 Cmaj9 Em7");
        check("A minor", "i iv V VI", Colour::Sevenths, "Am7 Dm7 E7 Fmaj7");
        check("C", "vii7b5 V7/vi V/ii ii7 V7b9", Colour::Sevenths, "Bm7b5 E7 A7 Dm7 G7b9");
        check("E minor", "i VII", Colour::Power, "E5 D5");
    }

    #[test]
    fn numerals_print_and_parse_alike() {
        for text in ["I", "bVII", "ii7", "V7/vi", "iv6", "vii7b5", "#ivo7", "Imaj9", "V7sus4"] {
            assert_eq!(text.parse::<Roman>().unwrap().to_string(), text);
        }
        for text in ["", "VIII", "iV", "IX", "V/", "V/x", "I?", "IVb"] {
            assert!(text.parse::<Roman>().is_err(), "{text}");
        }
    }
}
