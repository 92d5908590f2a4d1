//! SoundFont 2.04 banks, with samples as PCM (SF2) or as Ogg Vorbis streams (SF3).
//!
//! Reading is strict about structure and trusts no size or index; nothing is decoded until a
//! note asks for it.

mod bank;
mod curve;
pub(crate) mod generator;
mod hydra;
mod modulator;
mod region;
mod riff;
mod sample;
mod subset;
mod vorbis;

pub use bank::{Bank, Preset};
pub(crate) use curve::convex;
pub(crate) use modulator::Controls;
pub(crate) use region::Region;
pub(crate) use sample::Sample;
pub use subset::subset;
