use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Mode, NoteName, Pitch, PitchClass};

/// A tonic, as it is spelled, and a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key {
    /// The note everything comes home to.
    pub tonic: NoteName,
    /// The scale on it.
    pub mode: Mode,
}

impl Key {
    /// A key from its parts.
    pub fn new(tonic: NoteName, mode: Mode) -> Self {
        Self { tonic, mode }
    }

    /// The classes of the scale, from the tonic upward.
    pub fn scale(self) -> impl Iterator<Item = PitchClass> {
        let tonic = self.tonic.class();
        self.mode.steps().iter().map(move |step| tonic.above(i32::from(*step)))
    }

    /// Whether a note belongs to the scale.
    pub fn contains(self, class: PitchClass) -> bool {
        self.scale().any(|of_scale| of_scale == class)
    }

    /// Keys of the scale from `low` to `high`, both included, ascending.
    pub fn pitches(self, low: Pitch, high: Pitch) -> Vec<Pitch> {
        (low.number()..=high.number())
            .filter_map(Pitch::new)
            .filter(|pitch| self.contains(pitch.class()))
            .collect()
    }

    /// Sharps (positive) or flats (negative) of the signature, -7 to 7; a key that would need
    /// more is written as its enharmonic twin.
    pub fn signature(self) -> i8 {
        let fifths = self.tonic.fifths() + self.mode.signature_offset();
        let within = match fifths {
            8.. => fifths - 12,
            ..=-8 => fifths + 12,
            near => near,
        };
        within as i8
    }

    /// The same mode on a tonic moved by semitones, spelled plainly.
    pub fn transposed(self, semitones: i32) -> Self {
        Self::new(NoteName::plain(self.tonic.class().above(semitones)), self.mode)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.tonic, self.mode)
    }
}

impl FromStr for Key {
    type Err = Error;

    /// Reads "C", "F#m", "Bb minor", "e flat major", "D dorian". A key with no mode is major.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::Key(text.to_owned());
        let trimmed = text.trim();
        let letter = trimmed.chars().next().ok_or_else(refused)?;
        let rest = &trimmed[letter.len_utf8()..];
        let (accidental, rest) = split_accidental(rest);
        let tonic = NoteName::new(letter, accidental).ok_or_else(refused)?;
        let mode = mode_of(rest).ok_or_else(refused)?;
        Ok(Self { tonic, mode })
    }
}

/// Takes an accidental off the front, written as a sign or as a word.
fn split_accidental(rest: &str) -> (i8, &str) {
    for (sign, value) in [("#", 1), ("\u{266f}", 1), ("b", -1), ("\u{266d}", -1)] {
        if let Some(after) = rest.strip_prefix(sign) {
            return (value, after);
        }
    }
    let spaced = rest.trim_start_matches([' ', '-']);
    for (word, value) in [("sharp", 1), ("flat", -1)] {
        let head = spaced.get(..word.len()).unwrap_or("");
        if head.eq_ignore_ascii_case(word) {
            return (value, &spaced[word.len()..]);
        }
    }
    (0, rest)
}

fn mode_of(rest: &str) -> Option<Mode> {
    match rest.trim_start_matches('-').trim() {
        "" | "M" => Some(Mode::Major),
        "m" => Some(Mode::Minor),
        name => name.parse().ok(),
    }
}

impl TryFrom<String> for Key {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    fn check(text: &str, expected: &str) {
        assert_eq!(text.parse::<Key>().unwrap().to_string(), expected, "{text}");
    }

    #[test]
    fn keys_are_read_as_people_write_them() {
        check("C", "C major");
        check("c", "C major");
        check("C major", "C major");
        check("A minor", "A minor");
        check("Bb minor", "Bb minor");
        check("bb", "Bb major");
        check("b", "B major");
        check("Bm", "B minor");
        check("F#m", "F# minor");
        check("f sharp minor", "F# minor");
        check("e flat major", "Eb major");
        check("E-flat minor", "Eb minor");
        check("D dorian", "D dorian");
        check("G\u{266d}", "Gb major");
        check("A harmonic minor", "A harmonic minor");
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for text in ["H#", "", "C potato", "#", "\u{1F3B5}", "Z minor"] {
            let error = text.parse::<Key>().unwrap_err().to_string();
            assert!(error.contains("letter A to G"), "{text}: {error}");
        }
    }

    #[test]
    fn all_common_keys_print_and_parse_alike() {
        for letter in "ABCDEFG".chars() {
            for accidental in ["", "#", "b"] {
                for mode in super::Mode::all() {
                    let text = format!("{letter}{accidental} {mode}");
                    check(&text, &text);
                    let signature = text.parse::<Key>().unwrap().signature();
                    assert!((-7..=7).contains(&signature), "{text}: {signature}");
                }
            }
        }
    }

    #[test]
    fn signatures_are_those_of_the_circle_of_fifths() {
        for (text, sharps) in
            [("C", 0), ("G", 1), ("F", -1), ("A minor", 0), ("Bb minor", -5), ("D dorian", 0)]
        {
            assert_eq!(text.parse::<Key>().unwrap().signature(), sharps, "{text}");
        }
    }
}
