//! The engine's parts held to what must always be true of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its world has failed")]

mod accounts;
mod core;
mod orders;
mod risk;
mod world;
