//! A collection of music: what is there, what is known of it, and how it is found.
//!
//! Holds: the scan, identities, the catalogue, search, what listeners mark and play, playlists, covers,
//! lyrics, what is measured of the sound, the watch over the folders.
//! Must never know: HTTP, how anything is played or shown, the machine's clock.
//!
//! Contents: [`Library`] · [`SCHEMA`] · [`Root`], [`Allowed`] · ids ([`ItemId`]) · [`scan`], [`watch`] · [`catalogue`],
//! [`model`] · [`search`] · [`Play`] · [`playlists`], [`rules`], [`m3u`] · [`queue`], [`shuffle`],
//! [`Bookmark`] · [`Statistics`], [`Likeness`] · [`OpenTrack`], [`covers`], [`Lyrics`], [`analysis`] ·
//! [`tagging`], [`uploads`] · [`folding`] · [`Error`].

pub mod analysis;
mod bookmarks;
pub mod catalogue;
pub mod covers;
mod duplicates;
mod error;
pub mod folding;
mod hearing;
mod ids;
mod library;
mod lyrics;
pub mod m3u;
mod marks;
pub mod model;
mod opened;
pub mod playlists;
pub mod queue;
mod roots;
pub mod rules;
pub mod scan;
mod schema;
pub mod search;
pub mod shuffle;
mod statistics;
pub mod tagging;
mod unreadable;
pub mod uploads;
pub mod watch;

pub use bookmarks::Bookmark;
pub use duplicates::Likeness;
pub use error::Error;
pub use ids::{AlbumId, ArtistId, FolderId, GenreId, ItemId, NotAnId, PlaylistId, RootId, TrackId};
pub use library::Library;
pub use lyrics::{Line, Lyrics};
pub use marks::Play;
pub use opened::OpenTrack;
pub use roots::{Allowed, Root};
pub use schema::SCHEMA;
pub use statistics::Statistics;
pub use unreadable::Unreadable;
