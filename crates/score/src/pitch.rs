use std::fmt;

use serde::{Deserialize, Serialize};

/// A key on the MIDI keyboard, 0 to 127; 60 is middle C (C4), 69 is A4 at 440 Hz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Pitch(u8);

impl Pitch {
    /// The lowest key.
    pub const MIN: Self = Self(0);
    /// The highest key.
    pub const MAX: Self = Self(127);
    /// Middle C.
    pub const MIDDLE_C: Self = Self(60);

    /// The key with this number; none above 127.
    pub const fn new(number: u8) -> Option<Self> {
        if number <= 127 { Some(Self(number)) } else { None }
    }

    /// The nearest key there is.
    pub fn clamped(number: i32) -> Self {
        Self(number.clamp(0, 127) as u8)
    }

    /// The nearest key there is, for constants.
    pub const fn at_most_127(number: u8) -> Self {
        if number <= 127 { Self(number) } else { Self(127) }
    }

    /// The key number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The key number, for arithmetic.
    pub fn semitones(self) -> i32 {
        i32::from(self.0)
    }

    /// Which of the twelve notes this is.
    pub fn class(self) -> PitchClass {
        PitchClass::of(self.semitones())
    }

    /// This key moved by semitones; none beyond the keyboard.
    pub fn moved(self, semitones: i32) -> Option<Self> {
        u8::try_from(self.semitones() + semitones).ok().and_then(Self::new)
    }
}

impl TryFrom<u8> for Pitch {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("pitch {number} is not within 0 to 127"))
    }
}

impl From<Pitch> for u8 {
    fn from(pitch: Pitch) -> u8 {
        pitch.0
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
        write!(f, "{}{}", NAMES[usize::from(self.0 % 12)], i32::from(self.0 / 12) - 1)
    }
}

/// One of the twelve notes whatever the octave; 0 is C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PitchClass(u8);

impl PitchClass {
    /// The class of any number of semitones above C.
    pub fn of(semitones: i32) -> Self {
        Self(semitones.rem_euclid(12) as u8)
    }

    /// 0 (C) to 11 (B).
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The class a number of semitones above (or below) this one.
    pub fn above(self, semitones: i32) -> Self {
        Self::of(i32::from(self.0) + semitones)
    }

    /// Semitones to climb from `other` to this class, 0 to 11.
    pub fn from_class(self, other: Self) -> i32 {
        (i32::from(self.0) - i32::from(other.0)).rem_euclid(12)
    }

    /// The key of this class nearest to `near`; the lower of two equally near.
    pub fn nearest(self, near: Pitch) -> Pitch {
        let up = self.from_class(near.class());
        let step = if up <= 5 { up } else { up - 12 };
        near.moved(step)
            .or_else(|| near.moved(step + 12))
            .or_else(|| near.moved(step - 12))
            .unwrap_or(near)
    }
}

/// A note as it is spelled: a letter and its accidental, so that Bb and A# differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteName {
    /// 0 is C, 6 is B.
    letter: u8,
    /// Semitones: -2 (double flat) to 2 (double sharp).
    accidental: i8,
}

impl NoteName {
    const LETTERS: [char; 7] = ['C', 'D', 'E', 'F', 'G', 'A', 'B'];
    const SEMITONES: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

    /// A letter (either case) with an accidental of -2 to 2 semitones; none otherwise.
    pub fn new(letter: char, accidental: i8) -> Option<Self> {
        let upper = letter.to_ascii_uppercase();
        let letter = Self::LETTERS.iter().position(|l| *l == upper)? as u8;
        (-2..=2).contains(&accidental).then_some(Self { letter, accidental })
    }

    /// Reads a letter with `#`, `b`, `##` or `bb`; none when the text is no note.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = text.chars().next()?;
        let accidental = match &text[letter.len_utf8()..] {
            "" => 0,
            "#" => 1,
            "##" => 2,
            "b" => -1,
            "bb" => -2,
            _ => return None,
        };
        Self::new(letter, accidental)
    }

    /// The class it sounds as.
    pub fn class(self) -> PitchClass {
        PitchClass::of(Self::SEMITONES[usize::from(self.letter)] + i32::from(self.accidental))
    }

    /// The letter, A to G.
    pub fn letter(self) -> char {
        Self::LETTERS[usize::from(self.letter)]
    }

    /// Semitones the accidental adds.
    pub fn accidental(self) -> i8 {
        self.accidental
    }

    /// The note `steps` letters and `semitones` semitones above, spelled on that letter when an
    /// accidental of at most two reaches it, else with the plainest name.
    pub fn above(self, steps: u8, semitones: i32) -> Self {
        let letter = (self.letter + steps) % 7;
        let wanted = self.class().above(semitones);
        let natural = PitchClass::of(Self::SEMITONES[usize::from(letter)]);
        let up = wanted.from_class(natural);
        let accidental = if up > 6 { up - 12 } else { up };
        if accidental.abs() <= 2 {
            Self { letter, accidental: accidental as i8 }
        } else {
            Self::plain(wanted)
        }
    }

    /// The commonest spelling of a class as the tonic of a key.
    pub fn plain(class: PitchClass) -> Self {
        const PLAIN: [(u8, i8); 12] = [
            (0, 0),
            (1, -1),
            (1, 0),
            (2, -1),
            (2, 0),
            (3, 0),
            (3, 1),
            (4, 0),
            (5, -1),
            (5, 0),
            (6, -1),
            (6, 0),
        ];
        let (letter, accidental) = PLAIN[usize::from(class.number())];
        Self { letter, accidental }
    }

    /// Steps of this note from C on the circle of fifths: F is -1, G is 1, F# is 6.
    pub fn fifths(self) -> i32 {
        const OF: [i32; 7] = [0, 2, 4, -1, 1, 3, 5];
        OF[usize::from(self.letter)] + 7 * i32::from(self.accidental)
    }
}

impl fmt::Display for NoteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.accidental {
            -2 => "bb",
            -1 => "b",
            1 => "#",
            2 => "##",
            _ => "",
        };
        write!(f, "{}{sign}", self.letter())
    }
}

impl TryFrom<String> for NoteName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("\"{text}\" is not a note: use A to G, # and b"))
    }
}

impl From<NoteName> for String {
    fn from(name: NoteName) -> String {
        name.to_string()
    }
}
