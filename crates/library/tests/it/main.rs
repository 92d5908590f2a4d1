//! The library against real files: what it finds, what it keeps, what it refuses.
#![expect(clippy::unwrap_used, reason = "a test that cannot write its files has failed")]

mod analysing;
mod covers;
mod house;
mod m3u;
mod opening;
mod playlists;
mod queue;
mod rest;
mod rules;
mod scanning;
mod shuffle;
mod singing;
mod watching;
