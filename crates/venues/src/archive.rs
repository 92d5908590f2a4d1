//! The venue's public archive: zips of past markets by contract, kind and day or month, each with a
//! checksum beside it.

mod checksum;
mod client;
mod part;
mod place;

pub use client::{Archive, Fetched, Patience};
pub use place::{Every, Kind, Place};

/// Where the archive is.
pub const BASE: &str = "https://data.binance.vision";
