//! What the venue offers over the network: today its public archive of past markets.
//!
//! Holds: addresses of the archive's files, and fetching them whole or not at all. Must never know:
//! keys, orders, what a file says, environment variables.
//!
//! Contents: [`archive`] · [`Error`].

pub mod archive;
mod error;

pub use error::Error;
