//! Appends records: one writer a journal, one order, no holes.

mod lock;
mod recover;

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};

use clock::Nanos;
use market::Sequence;

pub use recover::Recovered;
pub(crate) use recover::unfinished;

use crate::disk::Disk;
use crate::error::is_full;
use crate::record::FRAME;
use crate::segment::{self, HEADER, Header};
use crate::{Epoch, Error, Kind, record, snapshot};

/// What is held before it is written: large enough that a write costs nothing a record.
const HELD: usize = 256 << 10;

/// When what was appended must have reached the disk. Whatever the policy, a segment is on the
/// disk before the next is begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncPolicy {
    /// Never but when the caller says [`Writer::sync`].
    OnDemand,
    /// Before [`Writer::append`] returns.
    EveryRecord,
    /// Each time so many bytes were appended since the last.
    EveryBytes(u64),
}

/// How a journal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterOptions {
    /// Which journal this is; one that is there must be the same.
    pub epoch: Epoch,
    /// The first record's sequence, for a journal that is begun.
    pub first: Sequence,
    /// The moment stored in a segment that opening begins.
    pub created: Nanos,
    /// A segment with so many bytes is followed by another; at least one record fits any.
    pub segment_bytes: u64,
    /// When the disk is waited for.
    pub sync: SyncPolicy,
}

impl WriterOptions {
    /// A journal from record 0 in segments of 256 MiB, synchronised on demand.
    pub fn new(epoch: Epoch, created: Nanos) -> Self {
        let (segment_bytes, sync) = (256 << 20, SyncPolicy::OnDemand);
        Self { epoch, first: Sequence(0), created, segment_bytes, sync }
    }
}

/// Appends to the journal in a folder. Dropped, it writes what it still holds if it can; whoever
/// must know calls [`Writer::close`].
///
/// # After an error
/// * [`Error::Full`] and [`Error::Io`] from [`Writer::append`]: that record is not in the journal
///   and its sequence goes to the next one; all accepted before it are kept, those not yet written
///   are written first when there is room again. The file ends with a whole record.
/// * [`Error::Unsynced`]: the disk may have lost what it was given, and asking again would not tell
///   (the kernel reports such a loss once). The writer has stopped: every call says
///   [`Error::Stopped`]; opening the journal anew finds what is there.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    options: WriterOptions,
    recovered: Recovered,
    /// Held while the writer lives; the system lets go of it when the process ends.
    lock: File,
    disk: Disk,
    path: PathBuf,
    /// Bytes of the segment that are written and whole.
    written: u64,
    /// Records accepted and not yet written.
    held: Vec<u8>,
    next: Sequence,
    /// The first record that the disk has not confirmed, and the bytes from it on.
    unsynced: (Sequence, u64),
    stopped: bool,
}

impl Writer {
    /// Opens the journal in `folder` to go on with it, or begins one. A torn tail is cut off;
    /// [`Writer::recovered`] tells.
    ///
    /// # Errors
    /// [`Error::Busy`] where another writer is; [`Error::Corrupt`], [`Error::Gap`] for a last
    /// segment that only a copy can mend; [`Error::Foreign`], [`Error::OtherVersion`],
    /// [`Error::OtherEpoch`]; [`Error::Io`].
    pub fn open(folder: &Path, options: WriterOptions) -> Result<Self, Error> {
        if options.first > segment::LAST {
            let (given, accepted) = (options.first.0, "at most 2^62 - 1 is taken");
            return Err(Error::Limit { what: "a sequence", given, accepted });
        }
        create(folder)?;
        let lock = lock::take(folder)?;
        recover::remove_unfinished(folder)?;
        let (end, recovered) = recover::end_of(folder, &options)?;
        let recover::End { path, file, written, next } = end;
        Ok(Self {
            folder: folder.to_owned(),
            options,
            recovered,
            lock,
            disk: Disk::new(file),
            path,
            written,
            held: Vec::with_capacity(HELD),
            next,
            unsynced: (next, 0),
            stopped: false,
        })
    }

    /// What opening found and did.
    pub fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// The sequence of the next record.
    pub fn next(&self) -> Sequence {
        self.next
    }

    /// Appends a record; its sequence. With [`SyncPolicy::EveryRecord`] it is then on the disk,
    /// with others it may still be held: [`Writer::flush`] shows it to readers, [`Writer::sync`]
    /// makes it outlast a power cut. `now` stamps a segment that this record begins.
    ///
    /// # Errors
    /// [`Error::Limit`] for a payload beyond [`crate::MAX_PAYLOAD`]; else see [`Writer`].
    pub fn append(&mut self, now: Nanos, kind: Kind, payload: &[u8]) -> Result<Sequence, Error> {
        self.check()?;
        self.make_room(now, payload.len())?;
        let before = self.held.len();
        record::put(&mut self.held, self.next, kind, payload)?;
        let bytes = (self.held.len() - before) as u64;
        let due = match self.options.sync {
            SyncPolicy::OnDemand => false,
            SyncPolicy::EveryRecord => true,
            SyncPolicy::EveryBytes(most) => self.unsynced.1 + bytes >= most,
        };
        if due && let Err(error) = self.flush() {
            // The last of what was to be written, so no reader can have seen it whole.
            self.held.truncate(before);
            return Err(error);
        }
        let sequence = self.next;
        self.next = Sequence(sequence.0 + 1);
        self.unsynced.1 += bytes;
        if due {
            self.sync()?;
        }
        Ok(sequence)
    }

    /// Writes all that is held, so that readers see it and a killed process does not lose it.
    ///
    /// # Errors
    /// [`Error::Full`], [`Error::Io`]: it stays held; ask again. [`Error::Stopped`].
    pub fn flush(&mut self) -> Result<(), Error> {
        self.check()?;
        if self.held.is_empty() {
            return Ok(());
        }
        if let Err(source) = self.disk.write(&self.held, self.written) {
            // What was written of it is taken back, so that the file ends with a whole record.
            self.stopped = self.disk.cut(self.written).is_err();
            let path = self.path.clone();
            return Err(if is_full(&source) {
                Error::Full { path, next: self.next, source }
            } else {
                Error::io("write", &path)(source)
            });
        }
        self.written += self.held.len() as u64;
        self.held.clear();
        Ok(())
    }

    /// Writes all that is held and returns once the disk has it.
    ///
    /// # Errors
    /// As [`Writer::flush`]; [`Error::Unsynced`].
    pub fn sync(&mut self) -> Result<(), Error> {
        self.flush()?;
        if self.unsynced.1 == 0 {
            return Ok(());
        }
        if let Err(source) = self.disk.sync() {
            self.stopped = true;
            let since = self.unsynced.0;
            return Err(Error::Unsynced { path: self.path.clone(), since, source });
        }
        self.unsynced = (self.next, 0);
        Ok(())
    }

    /// Stores `state`, which is what the caller made of all records before [`Writer::next`], for
    /// [`snapshot::restore`]. The journal is on the disk before it, so that no snapshot stands for
    /// records that are lost. `schema` is the caller's version of what `state` holds.
    ///
    /// # Errors
    /// As [`Writer::sync`] and [`snapshot::store`].
    pub fn snapshot(&mut self, schema: u32, state: &[u8]) -> Result<PathBuf, Error> {
        self.sync()?;
        snapshot::store(&self.folder, self.options.epoch, self.next, schema, state)
    }

    /// Writes and synchronises what is left.
    ///
    /// # Errors
    /// As [`Writer::sync`]; what was held is then lost.
    pub fn close(mut self) -> Result<(), Error> {
        self.sync()
    }

    fn check(&self) -> Result<(), Error> {
        if self.stopped { Err(Error::Stopped(self.path.clone())) } else { Ok(()) }
    }

    /// Makes room for one more record: in memory, and in a segment.
    fn make_room(&mut self, now: Nanos, payload: usize) -> Result<(), Error> {
        if self.held.len() + FRAME + payload > HELD {
            self.flush()?;
        }
        let bytes = self.written + self.held.len() as u64;
        if bytes >= self.options.segment_bytes && bytes > HEADER as u64 {
            self.rotate(now)?;
        }
        Ok(())
    }

    /// Seals this segment and begins the next. After an error this one goes on.
    fn rotate(&mut self, now: Nanos) -> Result<(), Error> {
        self.sync()?;
        let header = Header { epoch: self.options.epoch, first: self.next, created: now };
        let (path, file) = begin_segment(&self.folder, &header).inspect_err(|_| {
            // Once it has its name it is the one to go on with: opening anew does.
            self.stopped = segment::path_of(&self.folder, header.first).exists();
        })?;
        (self.path, self.disk, self.written) = (path, Disk::new(file), HEADER as u64);
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Nobody is left to be told; `close` tells.
        drop(self.flush());
        // Said aloud, because a child being started at this moment has the file open too.
        drop(self.lock.unlock());
    }
}

/// Creates the folder of a journal, so that it outlasts a power cut.
fn create(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    folder.parent().filter(|parent| parent.is_dir()).map_or(Ok(()), segment::sync_folder)
}

/// Begins a segment: its file appears with a whole header or not at all.
fn begin_segment(folder: &Path, header: &Header) -> Result<(PathBuf, File), Error> {
    let path = segment::path_of(folder, header.first);
    let unfinished = unfinished(&path);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&unfinished)
        .map_err(Error::io("create", &path))?;
    let mut disk = Disk::new(file);
    disk.write(&header.bytes(), 0).and_then(|()| disk.sync()).map_err(|source| {
        let (path, next) = (path.clone(), header.first);
        if is_full(&source) {
            Error::Full { path, next, source }
        } else {
            Error::io("begin", &path)(source)
        }
    })?;
    fs::rename(&unfinished, &path).map_err(Error::io("begin", &path))?;
    segment::sync_folder(folder)?;
    Ok((path, disk.into_file()))
}

#[cfg(test)]
mod tests;
