//! Standard MIDI files, out and in.
//!
//! Out: [`write()`] makes format 1 at 960 ticks a quarter. In: [`read`] takes any readable file to
//! plain tracks of notes; what cannot be read is a typed error, never a panic.

mod read;
mod write;

pub use read::{File, Track, TrackNote, read};
pub use write::{melodic_channel, write};
