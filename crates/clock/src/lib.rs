//! Where chance comes from, and what a moment is. (Who tells the time joins with the first engine
//! that runs on it.)
//!
//! Holds: [`Seed`] and the streams of chance derived from it; [`Nanos`], a moment, and its
//! [`Date`]. Must never know: the machine's clock, its entropy, or anything of music or markets.
//!
//! Contents: [`Seed`] · [`Chance`] · [`Nanos`], [`Date`].

mod date;
mod nanos;
mod seed;

pub use date::Date;
pub use nanos::Nanos;
pub use seed::{Chance, Seed};
