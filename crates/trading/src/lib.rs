//! What a trader knows and does: readings of a market, and decisions under risk.
//!
//! Holds: everything between a market event and a command, as pure functions of what has happened:
//! indicators, structure, agreement of timeframes, features, strategies, sizing, risk, orders, the
//! account. Must never know: files, networks, clocks, threads, chance, how a venue spells things,
//! or any event that has not happened yet; nor whether the venue at the other end is real.
//!
//! A reading that lacks history is absent, never a neutral number; a reading that was given never
//! changes. Nothing is allocated after construction.
//!
//! Contents: [`Candle`], [`Price`] · [`Period`] · [`indicators`] · [`structure`] ·
//! [`agreement`] · [`features`] · [`Core`], [`Settings`], [`Input`] · [`Outbox`], [`Command`],
//! [`Note`], [`Purpose`], [`Declined`], [`Ask`] · [`strategy`], [`strategies`] · [`Exits`],
//! [`Stagnation`], [`ExitReason`] · [`Sizing`] · [`portfolio`] · [`orders`] · [`risk`] ·
//! [`Error`] · [`REVISION`].
#![expect(
    clippy::unnecessary_lazy_evaluations,
    reason = "making and dropping errors that are not needed took a fifth of a step"
)]

pub mod agreement;
mod candle;
mod core;
mod error;
mod exits;
pub mod features;
pub mod indicators;
pub mod orders;
mod outbox;
pub mod portfolio;
pub mod risk;
mod setting;
mod sizing;
pub mod strategies;
pub mod strategy;
pub mod structure;

pub use candle::{Candle, MAX_PRICE, MAX_VOLUME, MIN_PRICE, Price};
pub use core::{Core, Input, Settings};
pub use error::Error;
pub use exits::{ExitReason, Exits, Stagnation};
pub use outbox::{Ask, Command, Declined, Note, Outbox, Purpose};
pub use setting::{MAX_PERIOD, Period};
pub use sizing::Sizing;

/// Raised whenever the same events lead to other commands, together with the golden files.
pub const REVISION: u32 = 2;
