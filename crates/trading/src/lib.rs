//! What to do about a market: indicators, structure, risk, orders, the account.
//!
//! Holds: everything between an event and a command, as pure functions of what came before. Must
//! never know: clocks, chance, files, networks, threads, or which venue, real or simulated, is at
//! the other end.
//!
//! Contents: [`Core`], [`Settings`], [`Input`] · [`Outbox`], [`Command`], [`Note`], [`Purpose`],
//! [`Declined`] · [`strategy`] · [`Exits`], [`Stagnation`], [`ExitReason`] · [`Sizing`] ·
//! [`portfolio`] · [`orders`] · [`risk`] · [`Error`].

mod core;
mod error;
mod exits;
pub mod orders;
mod outbox;
pub mod portfolio;
pub mod risk;
mod sizing;
pub mod strategy;

pub use core::{Core, Input, Settings};
pub use error::Error;
pub use exits::{ExitReason, Exits, Stagnation};
pub use outbox::{Command, Declined, Note, Outbox, Purpose};
pub use sizing::Sizing;
