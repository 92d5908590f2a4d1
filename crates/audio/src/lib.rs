//! Sound as numbers: buffers with units, and the mathematics on them.
//!
//! Holds: [`Buffer`], the units of sound, and the modules `dsp`, `loudness` and `analysis`.
//! Must never know: files, codecs, threads, clocks, randomness that is not passed in. Every
//! function is pure and gives the same bits on every processor: no fused multiply-add, no
//! transcendental of the platform, sums in a fixed order.
//!
//! Contents: [`Buffer`], [`Layout`], [`Speaker`], [`stereo_into`] · [`SampleRate`], [`Frames`], [`Decibels`],
//! [`Lufs`].

pub mod analysis;
pub mod dsp;
pub mod loudness;

mod buffer;
mod downmix;
mod layout;
mod units;

pub use buffer::{Buffer, ShapeError};
pub use downmix::stereo_into;
pub use layout::{Layout, Speaker};
pub use units::{Decibels, Frames, Lufs, RateError, SampleRate};
