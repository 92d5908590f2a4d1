use std::sync::{Arc, Mutex};

use clock::Nanos;
use store::Store;
use store::rusqlite::{Connection, OptionalExtension};

use crate::covers::Easel;
use crate::playlists::files::Owner;
use crate::watch::Bell;
use crate::{Error, analysis, scan};

/// A collection. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Library(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    now: fn() -> Nanos,
    scanning: Mutex<()>,
    status: scan::Status,
    desk: analysis::Desk,
    easel: Easel,
    bell: Bell,
    owner: Owner,
}

impl Library {
    /// Over an open database that has [`crate::SCHEMA`]. `now` tells the time.
    pub fn new(store: Store, now: fn() -> Nanos) -> Self {
        let (scanning, status) = (Mutex::new(()), scan::Status::default());
        let (desk, easel, bell) = (analysis::Desk::default(), Easel::default(), Bell::default());
        let owner = Owner::default();
        Self(Arc::new(Inner { store, now, scanning, status, desk, easel, bell, owner }))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// How far the scan is that is going on, or how the last one ended.
    pub fn scan_status(&self) -> &scan::Status {
        &self.0.status
    }

    /// When what is in the library last changed, as far as is known: the end of the last scan since the
    /// start, or when the newest track came in.
    ///
    /// # Errors
    /// Those of the database.
    pub fn changed(&self) -> Result<Nanos, Error> {
        let newest: Option<i64> = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT added FROM track WHERE missing IS NULL ORDER BY added DESC, id DESC LIMIT 1",
            )?;
            Ok(statement.query_row([], |row| row.get(0)).optional()?)
        })?;
        Ok(self.scan_status().ended().unwrap_or_default().max(Nanos(newest.unwrap_or(0))))
    }

    /// Reads with one of the database's readers.
    pub(crate) fn read<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.0.store.read(job)
    }

    /// What tells the time.
    pub(crate) fn clock(&self) -> fn() -> Nanos {
        self.0.now
    }

    pub(crate) fn now(&self) -> Nanos {
        (self.0.now)()
    }

    pub(crate) fn scanning(&self) -> &Mutex<()> {
        &self.0.scanning
    }

    /// What the analysis holds.
    pub(crate) fn desk(&self) -> &analysis::Desk {
        &self.0.desk
    }

    /// What pictures are made with.
    pub(crate) fn easel(&self) -> &Easel {
        &self.0.easel
    }

    /// Rung when the roots change.
    pub(crate) fn bell(&self) -> &Bell {
        &self.0.bell
    }

    /// Whose the playlists are that lie among the music.
    pub(crate) fn owner(&self) -> &Owner {
        &self.0.owner
    }
}
