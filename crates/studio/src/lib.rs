//! The jobs of a studio: from files and sentences to masters that were measured.
//!
//! Holds: reading, mastering and measuring files, the verdict on what was delivered. Must never
//! know: the terminal, the network, how its work is asked for or shown.
//!
//! Contents: [`measured`] (what a delivered file measures) · [`master`] (a file brought to a
//! target) · [`verdict`] · [`Error`].

mod error;
pub mod master;
pub mod measured;
pub mod verdict;

pub use error::Error;

/// The version every file, recipe and report names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the files we write say made them.
pub(crate) fn maker() -> String {
    format!("Triad {VERSION}")
}
