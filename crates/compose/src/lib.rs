//! From a sentence to a score: what it asks for, what is decided, what is written.
//!
//! Holds: the [`Brief`] a sentence becomes, the [`Style`] a genre file describes, the [`Plan`] of
//! a song and the writing of its parts ([`compose`]), and [`metrics`] that judge the result. Must
//! never know: how anything sounds, files, threads, clocks, or chance other than a
//! [`clock::Seed`]. The same inputs and seed give the same score on every machine.
//!
//! Contents: [`Brief`], [`Wishes`], [`GenreName`], [`Mood`] · [`style`], [`Style`] · [`plan`],
//! [`Plan`] · [`compose`], [`REVISION`] · [`metrics`] · [`Error`].

pub mod brief;
mod error;
pub mod metrics;
pub mod plan;
pub mod style;
mod write;

pub use brief::{Brief, GenreName, Mood, Wishes};
pub use error::Error;
pub use plan::Plan;
pub use style::Style;
pub use write::compose;

/// Raised whenever the same brief, style and seed give another score than before.
pub const REVISION: u32 = 1;
