//! What surrounds a running process, the same for every executable.
//!
//! Holds: settings with their origins, logging without secrets, exit codes, files that appear
//! whole or not at all, the interrupt signal, what is said to the terminal. Must never know: engines, drivers, sound, markets.
//!
//! Contents: [`console`] · [`settings`] · [`telemetry`], [`redact`] · [`exit_code`] · [`open`], [`text`] ·
//! [`publish`] · [`cancel_on_interrupt`] · [`Error`].

pub mod console;
mod error;
mod exit;
mod interrupt;
pub mod publish;
mod read;
mod redact;
pub mod settings;
pub mod telemetry;

pub use error::Error;
pub use exit::exit_code;
pub use interrupt::cancel_on_interrupt;
pub use read::{open, text};
pub use redact::redact;
