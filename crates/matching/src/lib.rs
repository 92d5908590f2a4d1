//! What a venue would have done: fills, fees, queues, refusals, and what is assumed about them.
//!
//! Holds: a venue played from its own data, pessimistic wherever the data does not say. Must never
//! know: who trades or why, how an account is kept, files, networks, clocks, chance.
//!
//! Contents: [`Assumptions`], [`Fees`], [`Rules`] · [`Maintenance`], [`Brackets`] · [`Venue`] · [`Error`] · [`REVISION`].

mod assumptions;
mod error;
mod maintenance;
mod venue;

pub use assumptions::{Assumptions, Fees, Rules};
pub use error::Error;
pub use maintenance::{Brackets, Maintenance};
pub use venue::Venue;

/// Raised whenever the same orders lead to other reports, together with the golden files.
pub const REVISION: u32 = 2;
