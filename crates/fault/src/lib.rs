//! What every crate says about its errors, and how long work is watched and stopped.
//!
//! Holds: the class of an error ([`Class`], [`Fault`]), the stop signal ([`Cancel`]) and the
//! listener of long work ([`Progress`]). Must never know: any domain, file, clock or terminal.
//!
//! Contents: [`Class`], [`Fault`] · [`Cancel`], [`Cancelled`] · [`Progress`], [`Silent`].

mod cancel;
mod class;
mod progress;

pub use cancel::{Cancel, Cancelled};
pub use class::{Class, Fault};
pub use progress::{Progress, Silent};
