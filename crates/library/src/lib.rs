//! A collection of music: what is there, what is known of it, and how it is found.
//!
//! Holds: the scan, identities, the catalogue, search, what listeners mark and play, playlists, covers.
//! Must never know: HTTP, how anything is played or shown, the machine's clock.
//!
//! Contents: [`Library`] · [`SCHEMA`] · [`Root`] · ids ([`ItemId`]) · [`scan`] · [`catalogue`], [`model`] ·
//! [`search`] · [`tagging`], [`uploads`], [`Allowed`] · [`Play`] · [`folding`] · [`Error`].

pub mod catalogue;
mod error;
pub mod folding;
mod hearing;
mod ids;
mod library;
mod marks;
pub mod model;
mod roots;
pub mod scan;
mod schema;
pub mod search;
pub mod tagging;
pub mod uploads;

pub use error::Error;
pub use ids::{AlbumId, ArtistId, FolderId, GenreId, ItemId, NotAnId, PlaylistId, RootId, TrackId};
pub use library::Library;
pub use marks::Play;
pub use roots::{Allowed, Root};
pub use schema::SCHEMA;
