//! What happened, kept in order: on disk for good, in shared memory for whoever listens now.
//!
//! Holds: the append-only journal (segments, recovery, snapshots, readers that follow a writer) and
//! the ring in shared memory that hands the same records to other processes. This is the one engine
//! that touches files and shared memory, by the paths it is given; it needs a Unix. Must never
//! know: clocks (stamps are given), networks, threads, or what a record means beyond its kind.
//!
//! Contents: [`Writer`], [`WriterOptions`], [`SyncPolicy`], [`Recovered`] · [`Reader`],
//! [`ReaderOptions`], [`Start`], [`Checksums`], [`Tail`] · [`Record`], [`Kind`], [`Epoch`],
//! [`MAX_PAYLOAD`] · [`snapshot`] · [`events`], [`contracts`] · [`ring`] · [`Error`].
#![cfg_attr(
    all(test, loom),
    allow(dead_code, unused_imports, reason = "the model runs the algorithm of the ring alone")
)]

pub mod contracts;
mod disk;
mod error;
pub mod events;
mod reader;
mod record;
pub mod ring;
mod segment;
pub mod snapshot;
mod writer;

pub use error::Error;
pub use reader::{Checksums, Reader, ReaderOptions, Start, Tail};
pub use record::{Kind, MAX_PAYLOAD, Record};
pub use segment::Epoch;
pub use writer::{Recovered, SyncPolicy, Writer, WriterOptions};
