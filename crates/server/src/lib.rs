//! The routes of Auralis: OpenSubsonic, its own API, the first page.
//!
//! Holds: routes, what they take and what they answer. Must never know: how a request is let in
//! (that is `gateway`'s), how music is found (`library`'s) or made (`studio`'s).
//!
//! Contents: [`House`], [`Parts`], [`router`] · [`subsonic`], the protocol itself · [`range`], parts of files ·
//! [`understands`], what players say · [`sounds`], [`opener`], tracks for the studio · [`SCHEMA`] · [`VERSION`].

mod api;
mod house;
mod ids;
mod offered;
mod page;
mod playing;
pub mod range;
mod rest;
mod served;
mod sounds;
mod streams;
pub mod subsonic;
mod tastes;

pub use house::{House, Parts, log};
pub use sounds::{opener, sounds};
pub use streams::understands;
pub use tastes::SCHEMA;

/// The version of the server, in every answer that names one.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Every route of a house, to be wrapped in a [`gateway::Shell`].
pub fn router(house: House) -> utoipa_axum::router::OpenApiRouter {
    utoipa_axum::router::OpenApiRouter::new()
        .merge(rest::router(house.clone()).into())
        .merge(api::router(house))
        .merge(page::router().into())
}
