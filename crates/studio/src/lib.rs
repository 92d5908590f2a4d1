//! The jobs of a studio: from files and sentences to masters that were measured.
//!
//! Holds: genre files, the song pipeline from a sentence to a release folder, the mix, reports
//! and recipes; mastering and measuring files; the verdict on what was delivered. Must never
//! know: the terminal, the network, how its work is asked for or shown.
//!
//! Contents: [`make`] (a sentence to a song) · [`genre`] · [`stems`] · [`mix`] · [`master`] (a
//! file brought to a target) · [`measured`] · [`verdict`] · [`report`] · [`recipe`] · [`schema`] ·
//! [`Error`].

mod error;
pub mod genre;
pub mod make;
pub mod master;
pub mod measured;
pub mod mix;
mod page;
pub mod recipe;
pub mod report;
pub mod schema;
pub mod stems;
pub mod verdict;

pub use error::Error;

/// The version every file, recipe and report names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the files we write say made them.
pub(crate) fn maker() -> String {
    format!("Triad {VERSION}")
}

/// Raised with every change that moves a sample of a mix, or a word of a report.
pub const REVISION: u32 = 1;
