use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

use clock::Nanos;

/// How far a scan is; read from any thread while it goes on.
#[derive(Debug, Default)]
pub struct Status {
    running: AtomicBool,
    began: AtomicI64,
    ended: AtomicI64,
    folders: AtomicU64,
    seen: AtomicU64,
    read: AtomicU64,
}

impl Status {
    pub(crate) fn begin(&self, at: Nanos) {
        for counter in [&self.folders, &self.seen, &self.read] {
            counter.store(0, Relaxed);
        }
        self.began.store(at.0, Relaxed);
        self.running.store(true, Relaxed);
    }

    pub(crate) fn end(&self, at: Nanos) {
        self.ended.store(at.0, Relaxed);
        self.running.store(false, Relaxed);
    }

    pub(crate) fn folder(&self, files: usize) {
        self.folders.fetch_add(1, Relaxed);
        self.seen.fetch_add(files as u64, Relaxed);
    }

    pub(crate) fn file(&self) {
        self.read.fetch_add(1, Relaxed);
    }

    /// Whether a scan is going on.
    pub fn is_running(&self) -> bool {
        self.running.load(Relaxed)
    }

    /// Folders looked into.
    pub fn folders(&self) -> u64 {
        self.folders.load(Relaxed)
    }

    /// Sound files seen in them.
    pub fn seen(&self) -> u64 {
        self.seen.load(Relaxed)
    }

    /// Of those, files that were new or changed and have been read.
    pub fn read(&self) -> u64 {
        self.read.load(Relaxed)
    }

    /// When the last scan ended; none before the first has.
    pub fn ended(&self) -> Option<Nanos> {
        Some(Nanos(self.ended.load(Relaxed))).filter(|at| at.0 > 0)
    }
}

/// What a scan of one root found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sound files on the disk.
    pub files: u64,
    /// Folders on the disk.
    pub folders: u64,
    /// Files the library did not know.
    pub added: u64,
    /// Files it knew, with other words or other sound.
    pub changed: u64,
    /// Files it knew at another place.
    pub moved: u64,
    /// Files that are no more where they were. Nothing of theirs is deleted.
    pub missing: u64,
    /// Files that came back to where they were.
    pub returned: u64,
    /// Files that could not be read.
    pub unreadable: u64,
    /// Playlists made or changed because of files that lie among the music.
    pub playlists: u64,
}

impl Counts {
    /// Whether every track is as it was before the scan.
    pub fn is_still(&self) -> bool {
        self.added + self.changed + self.moved + self.missing + self.returned == 0
    }
}
