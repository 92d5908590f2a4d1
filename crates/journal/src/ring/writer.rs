//! The one who writes a ring: creates it, fills it, removes it.

use std::fs;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use market::{Event, HOT_BYTES, Sequence, WIDE_BYTES, encode};

use super::atomics::Ordering;
use super::header::{self, HEADER_BYTES, Header, MAX_SLOTS, MIN_SLOTS};
use super::mapped::Mapped;
use super::slots::{Part, Place};
use crate::error::is_full;
use crate::{Epoch, Error, segment};

/// A reader that asks whether a writer lives holds its lock for an instant; so often is it asked
/// for again before somebody else is believed to be writing.
const ATTEMPTS: u32 = 200;

/// How a ring is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingOptions {
    /// Which run this is; a reader of another one refuses the ring as stale.
    pub epoch: Epoch,
    /// The sequence of the first record: the journal's next, so that both count alike.
    pub first: Sequence,
    /// Slots of 64 bytes, a power of two from 16 to 2^24: how far a reader may fall behind.
    pub slots: u64,
}

/// Writes a ring. Dropped, it marks the ring closed and removes its file; a killed one leaves the
/// file, and the next writer of that path replaces it.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    /// Locked while the writer lives: how readers see that it does.
    file: File,
    mapped: Mapped,
    place: Place,
}

impl Writer {
    /// Creates the ring at `path`, readable by its owner alone. One that a dead writer left there
    /// is replaced; whoever still reads that one is told by [`super::Reader::check_writer`].
    ///
    /// # Errors
    /// [`Error::Busy`] where a writer lives; [`Error::Foreign`] for a file that is no ring;
    /// [`Error::Limit`] for options out of range; [`Error::Missing`] without the folder;
    /// [`Error::Forbidden`], [`Error::Full`], [`Error::Io`].
    pub fn create(path: &Path, options: RingOptions) -> Result<Self, Error> {
        let RingOptions { epoch, first, slots } = options;
        if !slots.is_power_of_two() || !(MIN_SLOTS..=MAX_SLOTS).contains(&slots) {
            let accepted = "a power of two from 16 to 2^24 is taken";
            return Err(Error::Limit { what: "slots", given: slots, accepted });
        }
        if first > segment::LAST {
            let accepted = "at most 2^62 - 1 is taken";
            return Err(Error::Limit { what: "a sequence", given: first.0, accepted });
        }
        let header = Header { slots, epoch, first, pid: std::process::id() };
        let staged = Staged::fill(path, header)?;
        let file = staged.publish(path)?;
        let mapped = Mapped::writable(&file, path, header)?;
        let place = Place { position: 0, sequence: first.0 };
        Ok(Self { path: path.to_owned(), file, mapped, place })
    }

    /// Hands over a payload of one slot; its sequence.
    #[inline]
    pub fn publish(&mut self, payload: &[u8; HOT_BYTES]) -> Sequence {
        let sequence = Sequence(self.place.sequence);
        self.mapped.shared().publish(&mut self.place, &[part(payload)]);
        sequence
    }

    /// Hands over a payload of two slots; its sequence.
    #[inline]
    pub fn publish_wide(&mut self, payload: &[u8; WIDE_BYTES]) -> Sequence {
        let sequence = Sequence(self.place.sequence);
        let (first, second) = payload.split_at(HOT_BYTES);
        self.mapped.shared().publish(&mut self.place, &[part(first), part(second)]);
        sequence
    }

    /// Hands over an event; its sequence, whatever the event's own was.
    #[inline]
    pub fn publish_event(&mut self, event: &Event) -> Sequence {
        let mut bytes = [0; WIDE_BYTES];
        match encode(event, &mut bytes) {
            WIDE_BYTES => self.publish_wide(&bytes),
            _ => {
                let sequence = Sequence(self.place.sequence);
                let shared = self.mapped.shared();
                shared.publish(&mut self.place, &[part(&bytes[..HOT_BYTES])]);
                sequence
            }
        }
    }

    /// The sequence of the next record.
    pub fn next(&self) -> Sequence {
        Sequence(self.place.sequence)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.mapped.closed().store(1, Ordering::Release);
        // Never the file of somebody who came after; and nobody is left to be told of an error.
        if is_same(&self.file, &self.path).unwrap_or(false) {
            drop(fs::remove_file(&self.path));
        }
        // Said aloud, because a child being started at this moment has the file open too.
        drop(self.file.unlock());
    }
}

/// A ring nobody can see yet. Dropped before it is published, it vanishes.
struct Staged {
    path: PathBuf,
    file: File,
}

impl Staged {
    /// Writes the whole file, so that no page can be lacking later, when its absence would kill.
    fn fill(target: &Path, header: Header) -> Result<Self, Error> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".{}.partial", header.pid));
        let path = PathBuf::from(name);
        // Left by a killed process that had our number.
        drop(fs::remove_file(&path));
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(Error::missing("folder", "create", target))?;
        let mut staged = Self { path, file };
        staged.write(header).map_err(|source| {
            if is_full(&source) {
                Error::Full { path: target.to_owned(), next: header.first, source }
            } else {
                Error::io("write", target)(source)
            }
        })?;
        staged.file.lock().map_err(Error::io("lock", target))?;
        Ok(staged)
    }

    fn write(&mut self, header: Header) -> io::Result<()> {
        let mut head = [0; HEADER_BYTES];
        let bytes = header.bytes();
        head[..bytes.len()].copy_from_slice(&bytes);
        self.file.write_all(&head)?;
        let zeros = vec![0; 1 << 20];
        let mut left = header.file_bytes() - HEADER_BYTES as u64;
        while left > 0 {
            let now = left.min(zeros.len() as u64);
            self.file.write_all(&zeros[..now as usize])?;
            left -= now;
        }
        Ok(())
    }

    /// Gives the ring its name, if no living writer has that.
    fn publish(self, target: &Path) -> Result<File, Error> {
        for _ in 0..ATTEMPTS {
            let given = match dead_ring(target)? {
                // The lock on the dead one is held until the name is ours.
                Some(_dead) => fs::rename(&self.path, target),
                // Unlike a rename, a link fails where somebody was faster.
                None => fs::hard_link(&self.path, target),
            };
            match given {
                Ok(()) => return self.file.try_clone().map_err(Error::io("open", target)),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io("create", target)(error)),
            }
        }
        Err(Error::Busy { path: target.to_owned(), holder: "unknown".to_owned() })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Gone already if it was renamed.
        drop(fs::remove_file(&self.path));
    }
}

/// The ring that stands at `path` without a writer, locked; none where nothing stands.
fn dead_ring(path: &Path) -> Result<Option<File>, Error> {
    let mut holder = "unknown".to_owned();
    for _ in 0..ATTEMPTS {
        let file = match File::options().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("open", path)(error)),
        };
        match header::read(&file, path) {
            Ok(header) => holder = header.pid.to_string(),
            // Ours, of whatever size and version; only what is not ours is left alone.
            Err(error @ Error::Foreign { .. }) => return Err(error),
            Err(_) => {}
        }
        match file.try_lock() {
            // Somebody else may have replaced it before it was locked.
            Ok(()) if is_same(&file, path).map_err(Error::io("read", path))? => {
                return Ok(Some(file));
            }
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => std::thread::yield_now(),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
        }
    }
    Err(Error::Busy { path: path.to_owned(), holder })
}

/// Whether the open file is the one that has the name.
fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    let (ours, named) = (
        file.metadata()?,
        match fs::metadata(path) {
            Ok(named) => named,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        },
    );
    Ok((ours.dev(), ours.ino()) == (named.dev(), named.ino()))
}

/// Bytes of one slot as its words.
#[inline]
fn part(bytes: &[u8]) -> Part {
    let mut words = Part::default();
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}
