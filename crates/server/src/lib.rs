//! The routes of Auralis: its own API, OpenSubsonic, the first page.
//!
//! Holds: routes, what they take and what they answer. Must never know: how a request is let in
//! (that is `gateway`'s), how music is found (`library`'s) or made (`studio`'s).
//!
//! Contents: [`VERSION`] · [`subsonic`] · [`range`].

pub mod range;
pub mod subsonic;

/// The version of this server, as every answer of it says.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
