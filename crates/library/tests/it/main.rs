//! The library against real files: what it finds, what it keeps, what it refuses.
#![expect(clippy::unwrap_used, reason = "a test that cannot write its files has failed")]

mod analysing;
mod bookmarks;
mod covers;
mod duplicates;
mod edited;
mod found;
mod house;
mod m3u;
mod meaning;
mod opening;
mod paging;
mod playlists;
mod queue;
mod rooting;
mod rules;
mod scanning;
mod shuffle;
mod singing;
mod statistics;
mod uploading;
mod watching;
mod within;
