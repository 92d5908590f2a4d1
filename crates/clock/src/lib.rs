//! Where chance comes from. (Where time comes from joins it with the first engine that needs one.)
//!
//! Holds: [`Seed`] and the streams of chance derived from it. Must never know: the machine's
//! clock, its entropy, or anything of music or markets.
//!
//! Contents: [`Seed`] · [`Chance`].

mod seed;

pub use seed::{Chance, Seed};
