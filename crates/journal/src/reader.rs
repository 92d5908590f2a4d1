//! Reads a journal from some record on, through all its segments, and follows it while it grows.

mod resync;

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use clock::Nanos;
use market::Sequence;

use crate::record::{FRAME, Parsed, parse};
use crate::segment::{self, HEADER, Header};
use crate::{Epoch, Error, Kind, Record};

/// Read at once: fits the second cache beside what is done with it, and a thousandth of the calls
/// that single records would take.
const BLOCK: usize = 256 << 10;

/// Where a reader begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// With the oldest record that is there.
    Oldest,
    /// With the next record to come.
    Latest,
    /// With this record.
    At(Sequence),
}

/// Whether a reader checks what it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checksums {
    /// Every record's checksum is checked.
    Verified,
    /// Only lengths and sequences are: for a journal that was verified before.
    Trusted,
}

/// What a reader opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderOptions {
    /// The epoch it must have; none takes the one of the first segment read, for all of them.
    pub epoch: Option<Epoch>,
    /// Where to begin.
    pub start: Start,
    /// Whether to check.
    pub checksums: Checksums,
}

impl Default for ReaderOptions {
    /// Any journal, from its oldest record, checked.
    fn default() -> Self {
        Self { epoch: None, start: Start::Oldest, checksums: Checksums::Verified }
    }
}

/// How the journal ended where a reader last found no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// After a whole record.
    Whole,
    /// In a part of a record: one being written, or torn by a crash; the next writer cuts it off.
    Torn {
        /// Where in the last segment it begins, in bytes.
        offset: u64,
        /// How much of it is there.
        bytes: u64,
    },
}

/// Reads records in order. One that was opened before the writer, or by another process, follows
/// it: [`Reader::poll`] never waits.
#[derive(Debug)]
pub struct Reader {
    folder: PathBuf,
    epoch: Option<Epoch>,
    checksums: Checksums,
    next: Sequence,
    /// None before the segment that `next` begins is there.
    segment: Option<Segment>,
    buffer: Vec<u8>,
    /// What of the buffer is read, and how much of it is filled.
    at: usize,
    filled: usize,
    tail: Tail,
    /// The tail that was judged last, by its place and the length of the file: once is enough.
    judged: Option<(u64, u64)>,
}

#[derive(Debug)]
struct Segment {
    first: Sequence,
    created: Nanos,
    path: PathBuf,
    file: File,
    /// Where in the file the buffer begins.
    base: u64,
}

impl Reader {
    /// Opens the journal in `folder`.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::OutOfRange`], and what [`Reader::poll`] may say of the records
    /// before the one to start with.
    pub fn open(folder: &Path, options: ReaderOptions) -> Result<Self, Error> {
        let segments = segment::list(folder)?;
        let (Some(oldest), Some(newest)) = (segments.first(), segments.last()) else {
            return Err(Error::Missing { path: folder.to_owned(), what: "journal" });
        };
        let next = match options.start {
            Start::Oldest => *oldest,
            Start::Latest => *newest,
            Start::At(wanted) => {
                segments.iter().rev().copied().find(|first| *first <= wanted).unwrap_or(*oldest)
            }
        };
        let mut reader = Self {
            folder: folder.to_owned(),
            epoch: options.epoch,
            checksums: options.checksums,
            next,
            segment: None,
            buffer: vec![0; BLOCK],
            at: 0,
            filled: 0,
            tail: Tail::Whole,
            judged: None,
        };
        // Whoever opens a foreign file learns it now, not at the first record.
        reader.enter()?;
        match options.start {
            Start::Oldest => {}
            Start::Latest => while reader.poll()?.is_some() {},
            Start::At(wanted) => {
                while reader.next < wanted && reader.poll()?.is_some() {}
                if reader.next != wanted {
                    let (path, next) = (folder.to_owned(), reader.next);
                    return Err(Error::OutOfRange { path, wanted, first: *oldest, next });
                }
            }
        }
        Ok(reader)
    }

    /// The next record, or none where the journal ends now; asked again later it may be there.
    /// Never waits; allocates nothing for a record once its buffer has grown to the longest. At
    /// the end it costs a look at the file and at the folder.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for damage that sound records follow; [`Error::Gap`] for missing ones;
    /// [`Error::Foreign`], [`Error::OtherVersion`], [`Error::OtherEpoch`] for a segment that does
    /// not belong here; [`Error::Io`]. Asked again, it says the same.
    #[inline]
    pub fn poll(&mut self) -> Result<Option<Record<'_>>, Error> {
        let unread = &self.buffer[self.at..self.filled];
        let (kind, length) = match parse(unread, self.next, self.checksums) {
            Parsed::Whole { kind, length } => (kind, length),
            _ => match self.fetch()? {
                Some(whole) => whole,
                None => return Ok(None),
            },
        };
        let begin = self.at + FRAME;
        self.at = begin + length;
        let sequence = self.next;
        self.next = Sequence(sequence.0 + 1);
        Ok(Some(Record { sequence, kind, payload: &self.buffer[begin..self.at] }))
    }

    /// The sequence of the record that [`Reader::poll`] gives next.
    pub fn next(&self) -> Sequence {
        self.next
    }

    /// The epoch of the journal; none before any segment was there.
    pub fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// The moment stored in the segment being read; none before any was there.
    pub fn created(&self) -> Option<Nanos> {
        self.segment.as_ref().map(|segment| segment.created)
    }

    /// How the journal ended where [`Reader::poll`] last gave none.
    pub fn tail(&self) -> Tail {
        self.tail
    }

    /// The first sequence of the segment being read, and how far it is read, in bytes; none where
    /// the segment has no whole header.
    pub(crate) fn place(&self) -> Option<(Sequence, u64)> {
        self.segment.as_ref().map(|segment| (segment.first, segment.base + self.at as u64))
    }

    /// Brings the next record whole into the buffer; what it is, or none at the end.
    #[cold]
    fn fetch(&mut self) -> Result<Option<(Kind, usize)>, Error> {
        loop {
            if self.segment.is_none() && !self.enter()? {
                return Ok(None);
            }
            if let Some(whole) = self.reload()? {
                return Ok(Some(whole));
            }
            // The later segment is looked for before the last look at this one: a writer is done
            // with this one before it begins another.
            let later = self.later()?;
            if let Some(whole) = self.reload()? {
                return Ok(Some(whole));
            }
            let Some(later) = later else {
                return self.judge();
            };
            if self.filled > 0 {
                return Err(self.corrupt("a record is cut off before the next segment"));
            }
            if later != self.next {
                return Err(self.gap(later));
            }
            self.segment = None;
        }
    }

    /// Fills the buffer from the next record on; what that is if it is whole.
    fn reload(&mut self) -> Result<Option<(Kind, usize)>, Error> {
        loop {
            let Some(segment) = &mut self.segment else { return Ok(None) };
            segment.base += self.at as u64;
            (self.at, self.filled) = (0, 0);
            self.filled = fill(&segment.file, &segment.path, segment.base, &mut self.buffer)?;
            match parse(&self.buffer[..self.filled], self.next, self.checksums) {
                Parsed::Whole { kind, length } => return Ok(Some((kind, length))),
                Parsed::Misplaced(found) => return Err(self.gap(found)),
                // No more than the limit of a record, and only if the file has it.
                Parsed::Short(needed)
                    if self.filled == self.buffer.len() && needed > self.buffer.len() =>
                {
                    self.buffer.resize(needed, 0);
                }
                Parsed::Short(_) | Parsed::Bad(_) => return Ok(None),
            }
        }
    }

    /// The first segment after this one, if there is any.
    fn later(&self) -> Result<Option<Sequence>, Error> {
        let this = self.segment.as_ref().map_or(self.next, |segment| segment.first);
        let mut segments = segment::list(&self.folder)?.into_iter();
        Ok(segments.find(|first| *first > this))
    }

    /// Opens the segment that begins with the next record; false where it is not there yet.
    fn enter(&mut self) -> Result<bool, Error> {
        let path = segment::path_of(&self.folder, self.next);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.tail = Tail::Whole;
                return match self.later()? {
                    // It came between the two looks.
                    Some(_) if path.exists() => self.enter(),
                    Some(later) => Err(self.gap(later)),
                    None => Ok(false),
                };
            }
            Err(error) => return Err(Error::io("open", &path)(error)),
        };
        let Some(header) = segment::read_header(&file, &path, self.next, self.epoch)? else {
            let bytes = file.metadata().map_err(Error::io("read", &path))?.len();
            self.tail = Tail::Torn { offset: 0, bytes };
            return match self.later()? {
                Some(_) => {
                    let (sequence, what) = (self.next, "its header is cut off");
                    Err(Error::Corrupt { path, sequence, offset: 0, what })
                }
                None => Ok(false),
            };
        };
        self.epoch = Some(header.epoch);
        let Header { first, created, .. } = header;
        self.segment = Some(Segment { first, created, path, file, base: HEADER as u64 });
        (self.at, self.filled) = (0, 0);
        Ok(true)
    }

    /// Says what the end of the last segment is, or finds that it was none.
    fn judge(&mut self) -> Result<Option<(Kind, usize)>, Error> {
        if self.filled == 0 {
            self.tail = Tail::Whole;
            return Ok(None);
        }
        let Some(segment) = &self.segment else { return Ok(None) };
        let end = segment.file.metadata().map_err(Error::io("read", &segment.path))?.len();
        let offset = segment.base;
        if self.judged != Some((offset, end)) {
            if resync::sound_record_after(&segment.file, &segment.path, offset, self.next)? {
                // A writer may have finished this record, and more, since it was looked at; what
                // stands before a sound record is finished now.
                if let Some(whole) = self.reload()? {
                    return Ok(Some(whole));
                }
                let parsed = parse(&self.buffer[..self.filled], self.next, self.checksums);
                return Err(self.corrupt(match parsed {
                    Parsed::Bad(what) => what,
                    _ => "its length is beyond the end of the file",
                }));
            }
            self.judged = Some((offset, end));
        }
        self.tail = Tail::Torn { offset, bytes: end.saturating_sub(offset) };
        Ok(None)
    }

    fn corrupt(&self, what: &'static str) -> Error {
        let (path, offset) = self.whereabouts();
        Error::Corrupt { path, sequence: self.next, offset, what }
    }

    fn gap(&self, found: Sequence) -> Error {
        Error::Gap { path: self.whereabouts().0, expected: self.next, found }
    }

    fn whereabouts(&self) -> (PathBuf, u64) {
        match &self.segment {
            Some(segment) => (segment.path.clone(), segment.base + self.at as u64),
            None => (self.folder.clone(), 0),
        }
    }
}

/// Reads from `offset` until the buffer is full or the file ends; how many bytes.
fn fill(file: &File, path: &Path, offset: u64, buffer: &mut [u8]) -> Result<usize, Error> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io("read", path)(error)),
        }
    }
    Ok(filled)
}
