use audio::Frames;
use fault::{Cancelled, Class, Fault};

/// Why a master could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// No target of that name.
    #[error("target \"{0}\" is unknown; known are {known}", known = crate::target::names())]
    UnknownTarget(String),
    /// No preset of that name.
    #[error("preset \"{0}\" is unknown; known are {known}", known = crate::preset::names())]
    UnknownPreset(String),
    /// Silence, or less than 400 ms above the gate of BS.1770: there is no loudness to bring to
    /// a target.
    #[error("loudness is not measurable: the sound is silent or shorter than 400 ms")]
    NotMeasurable,
    /// A sample that is no number.
    #[error("channel {channel} holds NaN or an infinite sample at frame {}", at.0)]
    NotFinite {
        /// The channel, from 0.
        channel: usize,
        /// The frame, from 0.
        at: Frames,
    },
    /// A setting outside its range.
    #[error("{setting} is {value}; it must be {low} to {high}")]
    OutOfRange {
        /// The setting's name in the genre file or on the command line.
        setting: &'static str,
        /// What was given.
        value: f64,
        /// The least accepted.
        low: f64,
        /// The most accepted.
        high: f64,
    },
    /// A setting that would change nothing.
    #[error("{0} has no effect; leave it out")]
    NoEffect(&'static str),
    /// A chain that names a loudness was given to what needs a gain.
    #[error("the chain's loudness is to be found first: a plan turns it into a gain")]
    Unsolved,
    /// The job was asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::UnknownTarget(_)
            | Error::UnknownPreset(_)
            | Error::NotMeasurable
            | Error::NotFinite { .. }
            | Error::NoEffect(_)
            | Error::OutOfRange { .. } => Class::User,
            Error::Unsolved => Class::Bug,
            Error::Cancelled(cancelled) => cancelled.class(),
        }
    }
}
