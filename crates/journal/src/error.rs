use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fault::{Class, Fault};
use market::{DecodeError, Sequence};

use crate::{Epoch, Kind};

/// Why a journal, snapshot or ring cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is there: name another place, or start the writer first.
    #[error("{}: there is no {what} here", path.display())]
    Missing {
        /// Where.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// It is there and we may not have it: ask its owner.
    #[error("may not {action} {}: {source}", path.display())]
    Forbidden {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another writer holds it: stop that one, or write elsewhere.
    #[error("{} is being written by process {holder}; a journal or ring has one writer", path.display())]
    Busy {
        /// What is held.
        path: PathBuf,
        /// Who says to hold it.
        holder: String,
    },
    /// A file that is not ours: name another.
    #[error("{} is no {what}: it begins with {found:02x?}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it should be.
        what: &'static str,
        /// Its first bytes.
        found: Vec<u8>,
    },
    /// A file of another version of ours: use the program that wrote it.
    #[error("{}: version {found}; this program knows version {known}", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The one known here.
        known: u32,
    },
    /// A file of another run or journal: it is stale here.
    #[error("{}: epoch {}; epoch {} was expected", path.display(), found.0, expected.0)]
    OtherEpoch {
        /// The file.
        path: PathBuf,
        /// Its epoch.
        found: Epoch,
        /// The one asked for.
        expected: Epoch,
    },
    /// Bytes that were once right and are not: restore this file from a copy.
    #[error("{} is damaged at byte {offset} (record {}): {what}", path.display(), sequence.0)]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The record that should be there, or the first of the file.
        sequence: Sequence,
        /// Where in the file the damage begins, in bytes.
        offset: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Records are missing between two that are there: restore the missing segment.
    #[error("{}: record {} was expected, {} is there", path.display(), expected.0, found.0)]
    Gap {
        /// The file in which the gap was seen, or the folder.
        path: PathBuf,
        /// The record that should be there.
        expected: Sequence,
        /// The one that is.
        found: Sequence,
    },
    /// A record from before the first kept or after the last written: ask for another.
    #[error("{}: record {} was asked for, {} to {} are there", path.display(), wanted.0, first.0, next.0)]
    OutOfRange {
        /// The folder or ring.
        path: PathBuf,
        /// What was asked for.
        wanted: Sequence,
        /// The first that is there.
        first: Sequence,
        /// The next that will be.
        next: Sequence,
    },
    /// The disk took no more; the record was not accepted. Free space and append it again.
    #[error("no space for {}: {source}; records before {} are kept", path.display(), next.0)]
    Full {
        /// The file.
        path: PathBuf,
        /// The sequence the next accepted record will have.
        next: Sequence,
        /// What the system said.
        source: io::Error,
    },
    /// The disk did not confirm what was written: what it holds is known only by opening anew.
    #[error("{}: the disk did not confirm records from {} on: {source}", path.display(), since.0)]
    Unsynced {
        /// The file.
        path: PathBuf,
        /// The first record that may be missing.
        since: Sequence,
        /// What the system said.
        source: io::Error,
    },
    /// This writer stopped at an earlier error: open the journal anew.
    #[error("{}: this writer stopped at an earlier error; open the journal anew", .0.display())]
    Stopped(PathBuf),
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is shorter or longer than its header says: it was cut, or never finished.
    #[error("{}: {found} bytes, {expected} were expected", path.display())]
    WrongSize {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        found: u64,
        /// What its header says, or the least it can have.
        expected: u64,
    },
    /// The ring's writer is gone without a word: start it again, then open its new ring.
    #[error("{}: its writer, process {pid}, is gone", path.display())]
    Abandoned {
        /// The ring.
        path: PathBuf,
        /// Who wrote it.
        pid: u32,
    },
    /// The ring's writer has finished and said so: nothing more will come.
    #[error("{}: its writer has closed it", .0.display())]
    Closed(PathBuf),
    /// A limit of ours was passed by the caller.
    #[error("{what} is {given}; {accepted}")]
    Limit {
        /// What.
        what: &'static str,
        /// How much.
        given: u64,
        /// What would be taken.
        accepted: &'static str,
    },
    /// A sound record whose payload is no event.
    #[error("record {} is no event: {source}", sequence.0)]
    NotAnEvent {
        /// Which.
        sequence: Sequence,
        /// Why not.
        source: DecodeError,
    },
    /// A sound record that should name contracts and does not.
    #[error("record {} names no contracts: {what}", sequence.0)]
    NotContracts {
        /// Which.
        sequence: Sequence,
        /// Why not.
        what: &'static str,
    },
    /// A sound record of a kind nobody asked for.
    #[error("record {} is of kind {}; kind {} was expected", sequence.0, found.0, expected.0)]
    OtherKind {
        /// Which.
        sequence: Sequence,
        /// Its kind.
        found: Kind,
        /// The one asked for.
        expected: Kind,
    },
}

impl Error {
    /// Names the path and the act that failed; for use with `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            ErrorKind::PermissionDenied => Self::Forbidden { action, path, source },
            _ => Self::Io { action, path, source },
        }
    }

    /// As [`Error::io`], where a missing file has a meaning.
    pub(crate) fn missing(
        what: &'static str,
        action: &'static str,
        path: &Path,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            ErrorKind::NotFound => Self::Missing { path, what },
            _ => Self::io(action, &path)(source),
        }
    }
}

/// Whether the system says that there is no room.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::WriteZero
    )
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Missing { .. }
            | Self::Foreign { .. }
            | Self::OtherVersion { .. }
            | Self::OtherEpoch { .. }
            | Self::OutOfRange { .. }
            | Self::OtherKind { .. }
            // What is empty was never one of ours.
            | Self::WrongSize { found: 0, .. } => Class::User,
            // Its writer may stop, or start again.
            Self::Busy { .. } | Self::Abandoned { .. } | Self::Closed(_) => Class::Transient,
            Self::Forbidden { .. }
            | Self::Corrupt { .. }
            | Self::Gap { .. }
            | Self::Full { .. }
            | Self::Unsynced { .. }
            | Self::Stopped(_)
            | Self::WrongSize { .. }
            | Self::NotAnEvent { .. }
            | Self::NotContracts { .. } => Class::Permanent,
            Self::Io { source, .. } if source.kind() == ErrorKind::Interrupted => Class::Transient,
            Self::Io { .. } => Class::Permanent,
            Self::Limit { .. } => Class::Bug,
        }
    }
}
