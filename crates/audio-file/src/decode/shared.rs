use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symphonia::core::io::MediaSource;

use super::Source;
use super::front::after_tags;

/// The bytes of a file behind its ID3v2 tags, kept so that a reader can begin again over them.
#[derive(Clone)]
pub(super) struct Shared {
    source: Arc<Mutex<Box<dyn Source>>>,
    /// The byte that counts as the first.
    base: u64,
}

impl Shared {
    pub(super) fn new(mut source: impl Source + 'static) -> std::io::Result<Self> {
        let base = after_tags(&mut source)?;
        source.seek(SeekFrom::Start(base))?;
        Ok(Self { source: Arc::new(Mutex::new(Box::new(source))), base })
    }

    /// A parser that panicked held the lock at most around a read: the source is as good as before.
    fn lock(&self) -> MutexGuard<'_, Box<dyn Source>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Shared {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.lock().read(buf)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(at.saturating_add(self.base)),
            other => other,
        };
        Ok(self.lock().seek(to)?.saturating_sub(self.base))
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
