//! What can be said of a whole sound beyond its loudness.

mod correlation;
mod dynamic_range;
mod envelope;
mod onsets;
mod spectrum;

pub use correlation::correlation;
pub use dynamic_range::dynamic_range;
pub use envelope::{Extremes, dc_offset, extremes, rms};
pub use onsets::{Onsets, TempoReading};
pub use spectrum::{Band, third_octaves};
