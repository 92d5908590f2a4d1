//! Readings against TA-Lib, against plain batch versions of themselves, and on real bars; the
//! account and the core held to what must always be true of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its world has failed")]

mod accounts;
mod agreement;
mod allocation;
mod batch;
mod core;
mod crosses;
mod differential;
mod edges;
mod features;
mod orders;
mod real;
mod repair;
mod resting;
mod risk;
mod structure;
mod talib;
mod walk;
mod world;
