//! From a mix to a master: measure, plan, apply.
//!
//! Holds: the delivery targets, the tone a genre asks for, the plan that reaches a target, and
//! the true-peak limiter. Must never know: files, codecs, threads, the song behind the sound.
//!
//! Contents: [`Target`], [`TARGETS`] · [`Tone`] · [`plan`], [`master`], [`Plan`], [`MAX_LIMITING`], [`MAX_PEAK_LIMITING`] · [`apply`] · [`limiter`] ·
//! [`Error`].

mod apply;
mod error;
pub mod limiter;
mod plan;
mod target;
mod tone;

pub use apply::apply;
pub use error::Error;
pub use plan::{MAX_LIMITING, MAX_PEAK_LIMITING, Plan, master, plan};
pub use target::{TARGETS, Target};
pub use tone::Tone;

/// Raised with every change that moves a sample of a master.
pub const REVISION: u32 = 1;
