//! Music as data: pitch, harmony, time and the finished score, and its passage through MIDI files.
//!
//! Holds: the theory that composing needs ([`Key`], [`Chord`], [`Roman`], [`voicing`]), musical
//! time ([`Ticks`], [`TempoMap`], [`TimeSignature`]) and the [`Score`] that every later stage
//! plays. Must never know: how music is invented, how it sounds, files, randomness, clocks.
//!
//! Contents: [`Pitch`], [`PitchClass`], [`NoteName`] · [`Mode`], [`Key`] · [`Quality`], [`Chord`],
//! [`Roman`], [`Colour`] · [`voicing`] · [`Ticks`], [`PPQ`], [`TimeSignature`], [`Pulse`],
//! [`TempoMap`], [`Tempo`] · [`Sound`], [`Program`], [`Kit`], [`PatchName`], [`drum`] · [`Score`],
//! [`Part`], [`Section`], [`SectionKind`], [`Role`], [`Note`], [`Velocity`], [`Control`],
//! [`ChordSpan`] · [`midi`] · [`Error`].

mod chord;
pub mod drum;
mod error;
mod key;
mod meter;
pub mod midi;
mod mode;
mod pitch;
mod roman;
mod song;
mod sound;
mod tempo;
mod time;
pub mod voicing;

pub use chord::{Chord, Quality};
pub use error::Error;
pub use key::Key;
pub use meter::{Pulse, TimeSignature};
pub use mode::Mode;
pub use pitch::{NoteName, Pitch, PitchClass};
pub use roman::{Colour, Roman};
pub use song::{ChordSpan, Control, Note, Part, Role, Score, Section, SectionKind, Velocity};
pub use sound::{Kit, PatchName, Program, Sound};
pub use tempo::{Tempo, TempoMap};
pub use time::{PPQ, Ticks};
