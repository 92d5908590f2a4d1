//! What can be said of a whole sound beyond its loudness.
//!
//! [`Analyser`] reads everything at once from blocks; the functions on a [`Buffer`] answer one
//! question each, by the same means.
//!
//! [`Buffer`]: crate::Buffer

mod beats;
mod correlation;
mod dynamic_range;
mod envelope;
mod fingerprint;
mod frames;
mod harmonic;
mod key;
mod levels;
mod medians;
mod onset_curve;
mod onsets;
mod pitch;
mod programme;
mod rhythm;
pub mod similarity;
mod spectrum;
mod stereo_field;
mod tonality;
mod whole;

use programme::{Programme, Stereo};

pub use correlation::correlation;
pub use dynamic_range::dynamic_range;
pub use envelope::{Extremes, dc_offset, extremes, rms};
pub use fingerprint::{ANALYSIS_REVISION, Fingerprint};
pub use key::{KeyReading, Mode};
pub use onsets::{Onsets, TempoReading};
pub use rhythm::Tempo;
pub use spectrum::{Band, third_octaves};
pub use stereo_field::{StereoBand, StereoField};
pub use whole::{Analyser, Analysis, analyse};
