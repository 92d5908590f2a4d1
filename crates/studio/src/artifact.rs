//! Files that were made: stored once by what is in them, each under records of who owns it.
//!
//! An object is a file called by the SHA-256 of its bytes. A record says what an object is to its
//! owner; a seal over the record, made with a key that is not in the database, tells when it was
//! altered. What is read was verified: the record by its seal, the bytes by their sum. A record put
//! back to what it was once, seal and all, is not noticed.

mod objects;
mod private;
mod record;
mod seal;
mod sum;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clock::Nanos;
use store::{Store, UserId};

pub(crate) use objects::Staged;
pub use record::{Artifact, Kind, New};
pub(crate) use record::{insert, of_song, set_deleted};
pub(crate) use seal::Seal;
pub use seal::SealKey;
pub use sum::Sum;

use crate::Error;
use crate::ids::{ArtifactId, SongId};
use objects::Objects;

/// What may be stored, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of all files of a user, the deleted with them until they are collected.
    pub user_bytes: u64,
    /// Days a deleted file can be taken back.
    pub days_deleted: u32,
}

impl Default for Limits {
    /// Of a machine at home.
    fn default() -> Self {
        Self {
            // Fifteen minutes of the most a song can be, 96 kHz in 32 bits, are 0.7 GB.
            file_bytes: 1 << 30,
            // A few hundred songs without stems.
            user_bytes: 20 << 30,
            // Longer than a holiday.
            days_deleted: 30,
        }
    }
}

/// The files that were made. Clones are the same store; one process has it at a time.
#[derive(Clone)]
pub struct Artifacts(Arc<Inner>);

struct Inner {
    store: Store,
    objects: Arc<Objects>,
    key: SealKey,
    now: fn() -> Nanos,
    limits: Limits,
}

impl std::fmt::Debug for Artifacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Artifacts").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

/// A stored file, verified and open at its first byte.
#[derive(Debug)]
pub struct Opened {
    /// Its record.
    pub record: Artifact,
    file: File,
}

impl Opened {
    /// The file itself.
    pub fn into_file(self) -> File {
        self.file
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, std::io::Error> {
        self.file.read(into)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, std::io::Error> {
        self.file.seek(to)
    }
}

/// What a collection did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// Records that were deleted long enough ago.
    pub records: u64,
    /// Objects that nobody referred to any more.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records that were altered. While there is one no object is removed: nobody knows which ones
    /// are needed.
    pub altered: u64,
}

impl Artifacts {
    /// Over an open database that has [`crate::SCHEMA`], in a folder of its own that is made if it is
    /// not there. `now` tells the time.
    ///
    /// # Errors
    /// [`Error::Held`] while another process has the folder; a folder that cannot be written.
    pub fn open(
        store: Store,
        folder: &Path,
        key: SealKey,
        now: fn() -> Nanos,
        limits: Limits,
    ) -> Result<Self, Error> {
        let objects = Arc::new(Objects::open(folder)?);
        Ok(Self(Arc::new(Inner { store, objects, key, now, limits })))
    }

    /// Stores all a reader gives, once if the same is there already.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a name that is none, [`Error::TooLong`], [`Error::NoRoom`]; a disk
    /// that refuses. Nothing is stored then.
    pub fn put(&self, new: &New, from: &mut dyn Read) -> Result<Artifact, Error> {
        new.validate()?;
        let staged = self.stage(from)?;
        let (content, new, inner) = (staged.content, new.clone(), Arc::clone(&self.0));
        self.0.store.write(move |connection| {
            let most = inner.limits.user_bytes;
            insert(connection, &inner.key, &new, content, (inner.now)(), most)
        })
    }

    /// The same of a file.
    ///
    /// # Errors
    /// Those of [`Artifacts::put`]; a file that cannot be read.
    pub fn put_file(&self, new: &New, path: &Path) -> Result<Artifact, Error> {
        self.put(new, &mut ops::open(path)?)
    }

    /// Writes bytes that have no record yet. They stay for as long as what is returned does.
    pub(crate) fn stage(&self, from: &mut dyn Read) -> Result<Staged, Error> {
        self.0.objects.stage(from, self.0.limits.file_bytes)
    }

    /// The record of a file, deleted or not.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none of this owner, [`Error::Altered`].
    pub fn record(&self, owner: UserId, id: ArtifactId) -> Result<Artifact, Error> {
        self.0.store.read(|connection| record::owned(connection, &self.0.key, owner, id))
    }

    /// Opens a file that is not deleted.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none of this owner, [`Error::Altered`] for a record that is
    /// not as it was written, [`Error::Damaged`] for bytes that are not.
    pub fn open_file(&self, owner: UserId, id: ArtifactId) -> Result<Opened, Error> {
        let record = self.record(owner, id)?;
        if record.deleted.is_some() {
            return Err(Error::Absent("artifact"));
        }
        let file = self.0.objects.open_object(record.content())?;
        Ok(Opened { record, file })
    }

    /// The files of a version of a song by their names, but for the deleted.
    ///
    /// # Errors
    /// [`Error::Altered`] if any of the records is.
    pub fn of_version(
        &self,
        owner: UserId,
        song: SongId,
        version: u32,
    ) -> Result<Vec<Artifact>, Error> {
        let mut found = self
            .0
            .store
            .read(|connection| of_song(connection, &self.0.key, owner, song, Some(version)))?;
        found.retain(|artifact| artifact.deleted.is_none());
        Ok(found)
    }

    /// Deletes a file. It can be taken back until it is collected; one that was deleted before stays
    /// so from then.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Altered`].
    pub fn delete(&self, owner: UserId, id: ArtifactId) -> Result<Artifact, Error> {
        self.mark(owner, id, |artifact, now| artifact.deleted.or(Some(now)))
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`Error::Absent`], also once it was collected; [`Error::Altered`].
    pub fn undelete(&self, owner: UserId, id: ArtifactId) -> Result<Artifact, Error> {
        self.mark(owner, id, |_, _| None)
    }

    fn mark(
        &self,
        owner: UserId,
        id: ArtifactId,
        when: fn(&Artifact, Nanos) -> Option<Nanos>,
    ) -> Result<Artifact, Error> {
        let inner = Arc::clone(&self.0);
        self.0.store.write(move |connection| {
            let artifact = record::owned(connection, &inner.key, owner, id)?;
            let when = when(&artifact, (inner.now)());
            set_deleted(connection, &inner.key, artifact, when)
        })
    }

    /// Forgets a file for good, and gives its owner the room back; its bytes go with the next
    /// collection unless another record needs them.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Altered`].
    pub fn forget(&self, owner: UserId, id: ArtifactId) -> Result<(), Error> {
        let inner = Arc::clone(&self.0);
        self.0.store.write(move |connection| {
            record::owned(connection, &inner.key, owner, id)?;
            record::forget(connection, id)
        })
    }

    /// Bytes a user's records stand for.
    ///
    /// # Errors
    /// Those of the database.
    pub fn used(&self, owner: UserId) -> Result<u64, Error> {
        self.0.store.read(|connection| record::used(connection, owner))
    }

    /// Forgets what was deleted longer ago than it can be taken back, and removes objects that no
    /// record needs. What is being written at the same time stays.
    ///
    /// # Errors
    /// Those of the database and the disk; what was collected until then is.
    pub fn collect(&self) -> Result<Collected, Error> {
        let inner = Arc::clone(&self.0);
        let mut done = self
            .0
            .store
            .write(move |connection| forget_old(connection, &inner.key, inner.oldest()))?;
        if done.altered == 0 {
            let is_needed =
                |sum| self.0.store.read(|connection| record::is_needed(connection, sum));
            (done.objects, done.bytes) = self.0.objects.sweep(is_needed)?;
        }
        Ok(done)
    }

    /// A folder for work in progress; empty when the process starts.
    pub(crate) fn work(&self) -> PathBuf {
        self.0.objects.work()
    }

    pub(crate) fn key(&self) -> &SealKey {
        &self.0.key
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }
}

impl Inner {
    /// What was deleted before can no longer be taken back.
    fn oldest(&self) -> Nanos {
        const DAY: i64 = 86_400_000_000_000;
        (self.now)().plus(-i64::from(self.limits.days_deleted).saturating_mul(DAY))
    }
}

fn forget_old(
    connection: &store::rusqlite::Connection,
    key: &SealKey,
    oldest: Nanos,
) -> Result<Collected, Error> {
    let mut done = Collected::default();
    let mut old = Vec::new();
    record::each(connection, key, |artifact| match artifact {
        Ok(artifact) => {
            let is_old = artifact.deleted.is_some_and(|deleted| deleted < oldest);
            old.extend(is_old.then_some(artifact.id));
        }
        Err(_) => done.altered += 1,
    })?;
    for id in old {
        record::forget(connection, id)?;
        done.records += 1;
    }
    Ok(done)
}
