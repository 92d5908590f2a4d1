//! The jobs of a studio: from files and sentences to masters that were measured.
//!
//! Holds: genre files, the song pipeline from a sentence to a release folder, the mix, reports
//! and recipes; mastering and measuring files; the verdict on what was delivered; the queue of
//! songs to be made and the store of what was. Must never know: the terminal, the network, how
//! its work is asked for or shown.
//!
//! Contents: [`make`] (a sentence to a song) · [`genre`] · [`stems`] · [`mix`] · [`master`] (a
//! file brought to a target) · [`treatment`] (how) · [`batch`] (a folder) · [`compare`] (two) · [`similar`] · [`analyse`], [`character`] · [`measured`] · [`verdict`] · [`report`] · [`recipe`] · [`schema`] ·
//! [`plans`] (what is done to tracks while they are heard) · [`desk`] (songs made one after the other, for many) · [`starter`] · [`artifact`] (files that were made) ·
//! [`SCHEMA`] · [`SongId`], [`JobId`], [`ArtifactId`] · [`Error`].

pub mod analyse;
pub mod artifact;
pub mod batch;
pub mod character;
mod charts;
pub mod compare;
pub mod desk;
mod error;
mod folder;
pub mod genre;
mod ids;
pub mod make;
pub mod master;
pub mod measured;
pub mod mix;
mod outline;
mod page;
pub mod plans;
pub mod recipe;
pub mod report;
pub mod schema;
pub mod similar;
pub mod starter;
pub mod stems;
mod tables;
mod track;
pub mod treatment;
pub mod verdict;

pub use error::Error;
pub use ids::{ArtifactId, JobId, SongId};
pub use tables::SCHEMA;

/// The version every file, recipe and report names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What the files we write say made them.
pub(crate) fn maker() -> String {
    format!("Triad {VERSION}")
}

/// Writes a text file whole or not at all, in a folder that is made if it is not there.
pub(crate) fn publish_text(path: &std::path::Path, text: &str) -> Result<(), Error> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(ops::Error::io("create", folder))?;
    }
    let refused = ops::Error::io("write", path);
    Ok(ops::publish::file(path, |out| out.write_all(text.as_bytes()).map_err(refused))?)
}

/// A name that ends in `.html` is the page, any other a folder for it.
pub(crate) fn page_path(place: &std::path::Path, name: &str) -> std::path::PathBuf {
    let is_page = place.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html"));
    if is_page { place.to_owned() } else { place.join(name) }
}

/// Raised with every change that moves a sample of a mix, or a word of a report.
pub const REVISION: u32 = 1;
