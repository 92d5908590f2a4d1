//! The library against real files: what it finds, what it keeps, what it refuses.
#![expect(clippy::unwrap_used, reason = "a test that cannot write its files has failed")]

mod edited;
mod house;
mod paging;
mod rooting;
mod scanning;
mod uploading;
