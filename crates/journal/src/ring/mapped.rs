//! The file as atomics in memory: the only place that touches memory others write.
#![expect(unsafe_code, reason = "memory shared with other processes is reached through pointers")]

use std::fs::File;
use std::path::Path;

use memmap2::{MmapOptions, MmapRaw};

use super::atomics::AtomicU64;
use super::header::{CLOSED_AT, HEADER_BYTES, Header, WRITTEN_AT};
use super::slots::{STRIDE, Shared};
use crate::Error;

/// A mapped ring. Its length was checked against its header; whoever shortens the file afterwards
/// kills those who have it mapped (SIGBUS), which is why only its owner may write it.
#[derive(Debug)]
pub(super) struct Mapped {
    map: MmapRaw,
    header: Header,
}

impl Mapped {
    /// Maps a ring to write to it.
    pub(super) fn writable(file: &File, path: &Path, header: Header) -> Result<Self, Error> {
        let map = options(header).map_raw(file).map_err(Error::io("map", path))?;
        Ok(Self { map, header })
    }

    /// Maps a ring whose words may only be loaded: a store would end the process.
    pub(super) fn readable(file: &File, path: &Path, header: Header) -> Result<Self, Error> {
        let map = options(header).map_raw_read_only(file).map_err(Error::io("map", path))?;
        Ok(Self { map, header })
    }

    /// What writer and readers share.
    #[inline]
    pub(super) fn shared(&self) -> Shared<'_> {
        let words = self.words(HEADER_BYTES, self.header.slots as usize * STRIDE);
        Shared { written: &self.words(WRITTEN_AT, 1)[0], words, first: self.header.first.0 }
    }

    /// How many slots it has.
    pub(super) fn slots(&self) -> u64 {
        self.header.slots
    }

    /// Not zero once the writer is done.
    pub(super) fn closed(&self) -> &AtomicU64 {
        &self.words(CLOSED_AT, 1)[0]
    }

    #[inline]
    fn words(&self, offset: usize, count: usize) -> &[AtomicU64] {
        assert!(offset.is_multiple_of(8) && offset + count * 8 <= self.map.len());
        let begin = self.map.as_ptr();
        // SAFETY: the words lie within the mapping, which lives as long as `self` does and begins
        // on a page, so they are aligned; any bits are a valid `AtomicU64`. Others change them at
        // any time, which atomics allow: every access to this memory, in this process and in any
        // of ours, goes through them. Words mapped for reading only are only loaded, relaxed.
        unsafe { std::slice::from_raw_parts(begin.add(offset).cast::<AtomicU64>(), count) }
    }
}

fn options(header: Header) -> MmapOptions {
    let mut options = MmapOptions::new();
    options.len(header.file_bytes() as usize);
    options
}
