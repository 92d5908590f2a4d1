//! Whoever reads a ring: attaches where it likes, never holds anybody up, knows what it missed.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use market::{Event, HOT_BYTES, Sequence, WIDE_BYTES, decode};

use super::atomics::Ordering;
use super::header::{self, Header};
use super::mapped::Mapped;
use super::slots::{Cursor, Part, Place};
use crate::{Epoch, Error, Start};

/// A record from a ring, in the reader's own memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// Its sequence: more than one above the last one's where records were lost.
    pub sequence: Sequence,
    /// 56 or 112 bytes.
    pub payload: &'a [u8],
}

/// Reads a ring that another process writes.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    file: File,
    header: Header,
    mapped: Mapped,
    cursor: Cursor,
    parts: [Part; 2],
    bytes: [u8; WIDE_BYTES],
}

impl Reader {
    /// Attaches to the ring at `path`: to any, or only to one of this epoch. [`Start::Oldest`] is
    /// the oldest record that the writer cannot be about to overwrite. With [`Start::At`] records
    /// between that one and the oldest there is count as lost.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Forbidden`], [`Error::WrongSize`], [`Error::Foreign`],
    /// [`Error::OtherVersion`], [`Error::Corrupt`]; [`Error::OtherEpoch`] and
    /// [`Error::Abandoned`] for a stale ring; [`Error::OutOfRange`] for a start that is not yet
    /// written; [`Error::Io`].
    pub fn open(path: &Path, epoch: Option<Epoch>, start: Start) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::missing("ring", "read", path))?;
        let header = header::read(&file, path)?;
        if let Some(expected) = epoch.filter(|expected| *expected != header.epoch) {
            let (path, found) = (path.to_owned(), header.epoch);
            return Err(Error::OtherEpoch { path, found, expected });
        }
        let mapped = Mapped::readable(&file, path, header)?;
        check_writer(&file, path, header, &mapped)?;
        let (place, lost) = begin(&mapped, path, start)?;
        let cursor = Cursor { place, read: 0, lost };
        let (parts, bytes) = ([Part::default(); 2], [0; WIDE_BYTES]);
        Ok(Self { path: path.to_owned(), file, header, mapped, cursor, parts, bytes })
    }

    /// The next record, or none if it is not there yet. Never waits.
    #[inline]
    pub fn poll(&mut self) -> Option<Message<'_>> {
        let count = self.cursor.poll(self.mapped.shared(), &mut self.parts)?;
        let words = self.parts[..count].iter().flatten();
        for (bytes, word) in self.bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *bytes = word.to_le_bytes();
        }
        let sequence = Sequence(self.cursor.place.sequence - 1);
        Some(Message { sequence, payload: &self.bytes[..count * HOT_BYTES] })
    }

    /// The next event, or none if it is not there yet.
    ///
    /// # Errors
    /// [`Error::NotAnEvent`]; asked again, it goes on behind it.
    #[inline]
    pub fn poll_event(&mut self) -> Result<Option<Event>, Error> {
        let Some(Message { sequence, payload }) = self.poll() else { return Ok(None) };
        let event = decode(sequence, payload);
        event.map(Some).map_err(|source| Error::NotAnEvent { sequence, source })
    }

    /// The sequence that is read next unless it is lost.
    pub fn next(&self) -> Sequence {
        Sequence(self.cursor.place.sequence)
    }

    /// Records read since this reader attached.
    pub fn read(&self) -> u64 {
        self.cursor.read
    }

    /// Records that were overwritten before this reader came to them. With those read, all between
    /// where it attached and [`Reader::next`].
    pub fn lost(&self) -> u64 {
        self.cursor.lost
    }

    /// The epoch of the ring.
    pub fn epoch(&self) -> Epoch {
        self.header.epoch
    }

    /// Whether anybody is still writing: worth asking when nothing came for a while. What was
    /// written before can still be read after an error.
    ///
    /// # Errors
    /// [`Error::Closed`], [`Error::Abandoned`]; [`Error::Io`].
    pub fn check_writer(&self) -> Result<(), Error> {
        check_writer(&self.file, &self.path, self.header, &self.mapped)
    }
}

/// A writer has its ring locked as long as it lives, whatever ends it.
fn check_writer(file: &File, path: &Path, header: Header, mapped: &Mapped) -> Result<(), Error> {
    if mapped.closed().load(Ordering::Relaxed) != 0 {
        return Err(Error::Closed(path.to_owned()));
    }
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
        Ok(()) => {
            file.unlock().map_err(Error::io("unlock", path))?;
            // It may have closed the ring between the two looks.
            if mapped.closed().load(Ordering::Relaxed) != 0 {
                return Err(Error::Closed(path.to_owned()));
            }
            Err(Error::Abandoned { path: path.to_owned(), pid: header.pid })
        }
    }
}

/// Where to begin, and what was lost before that.
fn begin(mapped: &Mapped, path: &Path, start: Start) -> Result<(Place, u64), Error> {
    let shared = mapped.shared();
    let place = match start {
        Start::Oldest => shared.oldest(),
        Start::Latest => shared.latest(),
        Start::At(sequence) => shared.at(sequence.0),
    };
    let Some(place) = place else {
        // The writer went half round the ring at each of several looks: it is far too small.
        let (given, accepted) = (mapped.slots(), "more are needed for this writer");
        return Err(Error::Limit { what: "slots", given, accepted });
    };
    let Start::At(wanted) = start else { return Ok((place, 0)) };
    let first = Sequence(shared.first);
    if wanted > Sequence(place.sequence) || wanted < first {
        let (path, next) = (path.to_owned(), Sequence(place.sequence));
        return Err(Error::OutOfRange { path, wanted, first, next });
    }
    Ok((place, place.sequence - wanted.0))
}
