//! The archive's client against a server on this machine that does what servers do.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its server has failed")]

mod fetch;
