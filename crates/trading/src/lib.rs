//! What to do about a market: indicators, structure, risk, orders, the account.
//!
//! Holds: everything between an event and a command, as pure functions of what came before. Must
//! never know: clocks, chance, files, networks, threads, or which venue, real or simulated, is at
//! the other end.
//!
//! Contents: [`portfolio`] · [`orders`] · [`risk`] · [`Error`].

mod error;
pub mod orders;
pub mod portfolio;
pub mod risk;

pub use error::Error;
