//! The score against the outside world: files from other hands, and our own read back.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its input has failed")]
#![expect(clippy::print_stderr, reason = "a test says what it could not run")]

mod foreign;
mod round_trip;
