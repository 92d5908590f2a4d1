//! From a sound to its master: measure, plan, apply.
//!
//! Holds: delivery targets, the presets and the function from what a sound is to what is done to
//! it, reference matching, the chain of stages and their settings, the plan that reaches a
//! loudness, and the one stream that masters. Must never know: files, codecs, threads, the song
//! behind the sound.
//!
//! Contents: [`Target`], [`TARGETS`], [`LISTENING`] · [`Preset`], [`decide`], [`Decision`], [`Reason`] ·
//! [`liken`], [`spectral_distance`] · [`chain`] ([`Chain`] and its stages, [`Intensity`]) · [`Tone`] ·
//! [`Stream`], [`WARM_UP_S`], [`PRE_ROLL_S`] · [`Whole`], [`render`] · [`Sound`], [`Listener`], [`solve`], [`master`],
//! [`Plan`], [`HeldBack`], [`MAX_LIMITING`], [`MAX_PEAK_LIMITING`] · [`limiter`] · [`Error`].

mod balance;
pub mod chain;
mod decide;
mod error;
mod fit;
mod liken;
pub mod limiter;
mod plan;
mod preset;
mod rack;
mod stream;
mod target;
mod tone;
mod whole;

pub use chain::{Chain, Intensity};
pub use decide::{Decision, MAX_TONE, Reason, decide};
pub use error::Error;
pub use liken::{MAX_MATCH, liken, spectral_distance};
pub use plan::{HeldBack, Listener, MAX_LIMITING, MAX_PEAK_LIMITING, Plan, Sound, master, solve};
pub use preset::Preset;
pub use stream::{DITHER_SEED, PRE_ROLL_S, Stream, WARM_UP_S};
pub use target::{LISTENING, LISTENING_RANGE, TARGETS, Target};
pub use tone::Tone;
pub use whole::{Whole, render};

/// Raised with every change that moves a sample of a master.
pub const REVISION: u32 = 3;
