//! What a trader knows and does: readings of a market, and decisions under risk.
//!
//! Holds: everything between a market event and a command, as pure functions of what has happened:
//! indicators, structure, agreement of timeframes, features. Must never know: files, networks,
//! clocks, threads, chance, how a venue spells things, or any event that has not happened yet.
//!
//! A reading that lacks history is absent, never a neutral number; a reading that was given never
//! changes. Nothing is allocated after construction.
//!
//! Contents: [`Candle`], [`Price`] · [`Period`] · [`indicators`] · [`structure`] ·
//! [`Error`].

mod candle;
mod error;
pub mod indicators;
mod setting;
pub mod structure;

pub use candle::{Candle, MAX_PRICE, MAX_VOLUME, MIN_PRICE, Price};
pub use error::Error;
pub use setting::{MAX_PERIOD, Period};
