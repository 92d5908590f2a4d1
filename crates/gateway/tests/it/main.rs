//! The shell as strangers meet it: real connections to a real server on a port of its own.
#![expect(clippy::unwrap_used, reason = "a test whose server does not answer has failed")]

mod client;
mod door;
mod drain;
mod edge;
mod failures;
mod house;
mod keys;
mod matrix;
mod parsers;
mod tls;
mod users;
mod watch;
