//! What one listener hears: one continuous sound, whatever the tracks are.
//!
//! Holds: the timeline, which reads tracks at one rate on two speakers, masters them as they go, joins
//! them without a gap or fades from one to the next. Must never know: where tracks come from, who
//! listens, how the sound travels.
//!
//! Contents: [`Timeline`], [`Portion`], [`Mark`], [`Failure`], [`Fade`] · [`Source`], [`Slot`],
//! [`Treatment`] · [`Error`].

mod error;
mod fade;
mod filters;
mod gain;
mod run;
mod source;
mod timeline;

pub use error::Error;
pub use source::{Slot, Source, Treatment};
pub use timeline::{Fade, Failure, MAX_CROSSFADE_S, Mark, Portion, Timeline};
