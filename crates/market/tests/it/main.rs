//! Events, scanner, book and bars against real frames and against themselves.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its frames has failed")]

mod allocation;
mod any;
mod bars;
mod book;
mod capture;
mod codec;
mod conflate;
mod contracts;
mod firewall;
mod scan;
