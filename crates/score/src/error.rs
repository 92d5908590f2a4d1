use fault::{Class, Fault};

/// What can be wrong with music that is read from text or bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text names no key.
    #[error(
        "\"{0}\" is not a key: write a letter A to G, then # or b if needed, then a mode, \
         such as \"C\", \"F#m\", \"Bb minor\", \"e flat major\" or \"D dorian\""
    )]
    Key(String),
    /// The text names no mode.
    #[error("\"{0}\" is not a mode: use one of {list}", list = crate::mode::accepted())]
    Mode(String),
    /// The text is no roman numeral of a chord.
    #[error("\"{0}\" is not a chord numeral: use I to VII or i to vii, such as bVII, ii7 or V7/ii")]
    Roman(String),
    /// The metre is not one of those supported.
    #[error("\"{0}\" is not a supported metre: use 2/4, 3/4, 4/4, 5/4, 6/8, 7/8 or 12/8")]
    Meter(String),
    /// The tempo is outside the range in which music is counted.
    #[error("{0} bpm is not a tempo: it must be 20 to 300")]
    Tempo(String),
    /// A program, kit or patch that cannot exist.
    #[error("{0}")]
    Sound(String),
    /// The bytes are no standard MIDI file, or a broken one.
    #[error("not a readable MIDI file: {0}")]
    Midi(String),
}

impl Fault for Error {
    fn class(&self) -> Class {
        Class::User
    }
}
