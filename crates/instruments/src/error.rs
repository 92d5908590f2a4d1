use fault::{Cancelled, Class, Fault};

/// Why an instrument could not be read or played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are not a SoundFont at all: choose another file.
    #[error("not a SoundFont: {0}")]
    NotABank(&'static str),
    /// The bytes begin as a SoundFont and then break its rules: fetch or repair the file.
    #[error("broken SoundFont: chunk {chunk}: {reason}")]
    BrokenBank {
        /// The four letters of the chunk at fault.
        chunk: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A sample of the bank cannot be decoded: use another program or repair the bank.
    #[error("sample {name:?} cannot be played: {reason}")]
    BrokenSample {
        /// The sample's name in the bank.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The bank has no such program: choose one that it lists.
    #[error("the bank has no program {program} in bank {bank}")]
    NoPreset {
        /// MIDI bank, 128 for percussion.
        bank: u16,
        /// MIDI program, 0 to 127.
        program: u8,
    },
    /// The drum machine has no voice on this key: change the note or the kit.
    #[error("the drum machine has no sound on key {key}")]
    NoDrum {
        /// MIDI key.
        key: u8,
    },
    /// A patch parameter is outside its range: change it in the genre file.
    #[error("patch parameter {name} is {value}: it must be {low} to {high}")]
    Parameter {
        /// The parameter's name in the table.
        name: &'static str,
        /// The value found, as text.
        value: String,
        /// Smallest allowed value, as text.
        low: String,
        /// Largest allowed value, as text.
        high: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::Cancelled => Class::Transient,
            _ => Class::User,
        }
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Error::Cancelled
    }
}

/// Checks a patch parameter against its range. NaN is outside every range.
pub(crate) fn in_range(name: &'static str, value: f64, low: f64, high: f64) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::Parameter {
        name,
        value: value.to_string(),
        low: low.to_string(),
        high: high.to_string(),
    })
}
