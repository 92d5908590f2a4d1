use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symphonia::core::io::MediaSource;

use super::Source;

/// The bytes of a file, kept so that a reader can begin again over them.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Box<dyn Source>>>);

impl Shared {
    pub(super) fn new(source: impl Source + 'static) -> Self {
        Self(Arc::new(Mutex::new(Box::new(source))))
    }

    /// A parser that panicked held the lock at most around a read: the source is as good as before.
    fn lock(&self) -> MutexGuard<'_, Box<dyn Source>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Shared {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.lock().read(buf)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.lock().seek(to)
    }
}

impl MediaSource for Shared {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}
