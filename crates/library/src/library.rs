use std::sync::{Arc, Mutex};

use clock::Nanos;
use store::Store;
use store::rusqlite::Connection;

use crate::{Error, scan};

/// A collection. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Library(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    now: fn() -> Nanos,
    scanning: Mutex<()>,
    status: scan::Status,
}

impl Library {
    /// Over an open database that has [`crate::SCHEMA`]. `now` tells the time.
    pub fn new(store: Store, now: fn() -> Nanos) -> Self {
        let (scanning, status) = (Mutex::new(()), scan::Status::default());
        Self(Arc::new(Inner { store, now, scanning, status }))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// How far the scan is that is going on, or how the last one ended.
    pub fn scan_status(&self) -> &scan::Status {
        &self.0.status
    }

    /// Reads with one of the database's readers.
    pub(crate) fn read<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.0.store.read(job)
    }

    pub(crate) fn now(&self) -> Nanos {
        (self.0.now)()
    }

    pub(crate) fn scanning(&self) -> &Mutex<()> {
        &self.0.scanning
    }
}
