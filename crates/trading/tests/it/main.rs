//! Readings against TA-Lib, against plain batch versions of themselves, and on real bars.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its bars has failed")]

mod allocation;
mod batch;
mod crosses;
mod differential;
mod edges;
mod real;
mod structure;
mod talib;
mod walk;
