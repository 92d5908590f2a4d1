//! The one loudness meter of the house.
//!
//! Integrated loudness and gating follow ITU-R BS.1770-5, momentary and short-term maxima EBU
//! Tech 3341 v4 on a 10 ms hop, loudness range EBU Tech 3342 v4, true peak BS.1770-5 annex 2.

mod k_weighting;
mod meter;
mod true_peak;

pub use k_weighting::KWeighting;
pub use meter::{History, Measurement, Meter, integrated, measure, weight};
pub use true_peak::{Oversampling, TruePeak};
