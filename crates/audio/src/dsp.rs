//! Filters, transforms and the small mathematics of sound, with no state of their own to hide.

mod biquad;
mod oversampler;
mod window;

pub use biquad::{Biquad, BiquadFilter};
pub use oversampler::Oversampler;
pub use window::{kaiser, kaiser_beta, sinc};
