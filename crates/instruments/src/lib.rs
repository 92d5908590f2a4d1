//! Instruments: a performance in, a stem of sound out.
//!
//! Holds: the SoundFont engine, the modelled synthesiser, the drum machines and the bank that is
//! carried along. Must never know: files, threads, clocks, genres, mixes. Stems are dry; sends
//! and buses are the mixer's. Every render is a pure function of its arguments and gives the same
//! bits on every x86-64 processor: the SIMD paths have scalar twins that sum in the same order.
//!
//! Contents: [`render`], [`render_into`], [`Setting`], [`Kernel`] · [`Performance`], [`Event`], [`Message`] ·
//! [`Patch`], [`SynthPatch`] (its parts in [`synth`]), [`DrumMachine`] (its kits in [`drums`]) ·
//! [`Bank`], [`Preset`], [`subset`] · [`Error`] · [`REVISION`].

pub mod drums;
mod error;
mod exponent;
mod patch;
mod performance;
mod render;
mod sampler;
mod soundfont;
mod strip;
pub mod synth;

pub use drums::DrumMachine;
pub use error::Error;
pub use patch::Patch;
pub use performance::{Event, Message, Performance};
pub use render::{Setting, render, render_into};
pub use sampler::Kernel;
pub use soundfont::{Bank, Preset, subset};
pub use synth::SynthPatch;

/// Raised whenever the sound of any instrument changes, together with its golden files.
pub const REVISION: u32 = 2;
