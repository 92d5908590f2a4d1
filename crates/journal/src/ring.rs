//! A ring in shared memory: one writer hands records to any number of other processes, waits for
//! none of them, and each of them knows exactly what it missed.
//!
//! The file, under `/dev/shm` or wherever its path says: a header of 4,096 bytes, then slots of 64
//! bytes each, a power of two of them. A slot is one cache line: a word of 8 bytes (the record's
//! sequence and the state of the slot) and 56 bytes of payload. A payload of 112 bytes takes two
//! slots and is put together again by the reader. Little-endian, as everything of ours that is
//! stored.
//!
//! One owner a cursor: how far the writer is stands in a line of its own that only the writer
//! writes; how far a reader is only that reader knows, and its mapping cannot be written at all. So
//! a reader can neither stop nor harm the writer; one that falls a whole ring behind goes on half a
//! ring behind the writer and counts what it lost. With the sequences of a journal, what the ring
//! lost can be read there.
//!
//! The algorithm is in `ring/slots.rs` over the atomics of `ring/atomics.rs`; loom runs it through
//! its interleavings and every order the memory model allows, in ten seconds once built:
//!
//! ```text
//! RUSTFLAGS="--cfg loom" cargo test -p journal --release --lib ring::model
//! ```

mod atomics;
mod header;
#[cfg(not(all(test, loom)))]
mod mapped;
#[cfg(all(test, loom))]
mod model;
#[cfg(not(all(test, loom)))]
mod reader;
mod slots;
#[cfg(not(all(test, loom)))]
mod writer;

#[cfg(not(all(test, loom)))]
pub use reader::{Message, Reader};
#[cfg(not(all(test, loom)))]
pub use writer::{RingOptions, Writer};
