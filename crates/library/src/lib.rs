//! A collection of music: what is there, what is known of it, and how it is found.
//!
//! Holds: the scan, identities, the catalogue, search, what listeners mark and play, playlists, covers,
//! lyrics, what is measured of the sound, the watch over the folders.
//! Must never know: HTTP, how anything is played or shown, the machine's clock.
//!
//! Contents: [`Library`] · [`SCHEMA`] · [`Root`] · ids ([`ItemId`]) · [`scan`] · [`catalogue`], [`model`] ·
//! [`search`] · [`Play`] · [`folding`] · [`OpenTrack`] · [`covers`] · [`Lyrics`] · [`analysis`] ·
//! [`watch`] · [`Error`].

pub mod analysis;
pub mod catalogue;
pub mod covers;
mod error;
pub mod folding;
mod ids;
mod library;
mod lyrics;
mod marks;
pub mod model;
mod opened;
mod roots;
pub mod scan;
mod schema;
pub mod search;
pub mod watch;

pub use error::Error;
pub use ids::{AlbumId, ArtistId, FolderId, GenreId, ItemId, NotAnId, PlaylistId, RootId, TrackId};
pub use library::Library;
pub use lyrics::{Line, Lyrics};
pub use marks::Play;
pub use opened::OpenTrack;
pub use roots::Root;
pub use schema::SCHEMA;
