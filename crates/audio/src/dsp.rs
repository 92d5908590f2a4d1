//! Filters, transforms and the small mathematics of sound, with no state of their own to hide.

mod biquad;
mod cascade;
mod convolve;
mod dither;
mod echo;
mod fourier;
mod halver;
mod matched;
mod oversampler;
mod pair;
mod reverb;
mod window;

pub(crate) use convolve::convolve;

pub use biquad::{Biquad, BiquadFilter};
pub use cascade::cascade;
pub use dither::Dither;
pub use echo::{Echo, EchoSettings};
pub use fourier::Fourier;
pub use halver::Halver;
pub use oversampler::Oversampler;
pub use pair::{Pair, PairFilter, settle};
pub use reverb::{Reverb, Room};
pub use window::{hann, kaiser, kaiser_beta, sinc};
