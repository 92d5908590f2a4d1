//! Filters, transforms and the small mathematics of sound, with no state of their own to hide.

mod biquad;
mod cascade;
mod dither;
mod echo;
mod matched;
mod oversampler;
mod pair;
mod reverb;
mod window;

pub use biquad::{Biquad, BiquadFilter};
pub use cascade::cascade;
pub use dither::Dither;
pub use echo::{Echo, EchoSettings};
pub use oversampler::Oversampler;
pub use pair::{Pair, PairFilter, settle};
pub use reverb::{Reverb, Room};
pub use window::{kaiser, kaiser_beta, sinc};
