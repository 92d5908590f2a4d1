//! The few atomics the ring is made of: the processor's, or loom's to try every interleaving.

#[cfg(all(test, loom))]
pub(super) use loom::sync::atomic::{AtomicU64, Ordering, fence};
#[cfg(not(all(test, loom)))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering, fence};

/// Words of payload in a slot; two are enough to be torn.
pub(super) const PAYLOAD_WORDS: usize = if cfg!(all(test, loom)) { 2 } else { 7 };
