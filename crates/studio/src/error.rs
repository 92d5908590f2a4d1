use std::path::{Path, PathBuf};

use fault::{Cancelled, Class, Fault};

/// Why a job of the studio ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that did not become sound, or sound that did not become a file.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: audio_file::Error,
    },
    /// Mastering refused the sound.
    #[error("{what}: {source}")]
    Mastering {
        /// The file or song.
        what: String,
        /// Why.
        source: mastering::Error,
    },
    /// A genre file that is not one.
    #[error("genre file {file}: {reason}")]
    GenreFile {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An instrument that could not play its part.
    #[error("part {part}: {source}")]
    Instrument {
        /// The part.
        part: String,
        /// Why.
        source: instruments::Error,
    },
    /// A sentence that did not become a song.
    #[error(transparent)]
    Composition(compose::Error),
    /// A recipe that is not one.
    #[error("recipe: {0}")]
    Recipe(String),
    /// A report or recipe that could not be put into words: a bug of ours.
    #[error("cannot write JSON: {0}")]
    Unwritable(String),
    /// The output would replace its own input.
    #[error("{} is the input itself; name another file with -o", .0.display())]
    SameFile(PathBuf),
    /// Another batch works in the same folder.
    #[error("{} is in use by another batch; wait for it, or name another --out", .0.display())]
    InUse(PathBuf),
    /// What is written would replace the reference or the chain it is made by.
    #[error("{} is the reference or chain itself; name another file", .0.display())]
    Needed(PathBuf),
    /// The output is there already.
    #[error("{} exists already; choose another name or pass --force to replace it", .0.display())]
    Exists(PathBuf),
    /// An output name whose ending says no format we write.
    #[error("{}: a master is written as .wav, .flac or .mp3", .0.display())]
    OutputFormat(PathBuf),
    /// A file of stages that is not one.
    #[error("chain {}: {reason}", path.display())]
    ChainFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A chain rounds to more bits than the output holds.
    #[error("dither.bits is {bits}; {output} takes {accepted}")]
    Dither {
        /// What the chain asks.
        bits: u32,
        /// The output.
        output: String,
        /// What it takes.
        accepted: String,
    },
    /// Sounds that cannot be played in one go, or held against each other.
    #[error("{} is {found}, {} is {first}: {what} must be the same", path.display(), with.display())]
    Unlike {
        /// The later file.
        path: PathBuf,
        /// What it is.
        found: String,
        /// The first file.
        with: PathBuf,
        /// What that is.
        first: String,
        /// What must agree.
        what: &'static str,
    },
    /// Masters would be written among the originals.
    #[error("{} lies inside {}: masters are written elsewhere; name another folder with --out", out.display(), input.display())]
    InsideInput {
        /// Where masters would go.
        out: PathBuf,
        /// Where the originals are.
        input: PathBuf,
    },
    /// Two inputs whose masters would be one file.
    #[error("{} and {} would both become {}; put them into different folders", first.display(), second.display(), output.display())]
    OneOutput {
        /// One.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The name of both masters.
        output: PathBuf,
    },
    /// Two sounds with nothing in common.
    #[error("{} and {} have nothing in common within {seconds} s of each other: there is nothing to align", a.display(), b.display())]
    NotAlike {
        /// The first.
        a: PathBuf,
        /// The second.
        b: PathBuf,
        /// How far was looked.
        seconds: f64,
    },
    /// A sound that cannot be compared by what it is.
    #[error("{} has no fingerprint: it is silent or shorter than 3 s", .0.display())]
    NoFingerprint(PathBuf),
    /// A setting outside its range.
    #[error("{setting} is {value}; it must be {accepted}")]
    OutOfRange {
        /// Its name on the command line.
        setting: &'static str,
        /// What was given.
        value: String,
        /// What would be taken.
        accepted: String,
    },
    /// Nothing of that name is there, or not for who asks.
    #[error("{0} is not there")]
    Absent(&'static str),
    /// A track that is there and cannot be read.
    #[error("the track cannot be read: {reason}")]
    Unheard {
        /// Why, for the log.
        reason: String,
        /// Whether asking again may help.
        class: Class,
    },
    /// An order that is not one.
    #[error("order: {0}")]
    Order(String),
    /// As much as one may have going on: it is taken once some of it is done, or tomorrow.
    #[error("{what}: {most} are taken")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many are taken.
        most: u64,
    },
    /// More bytes than one file may have.
    #[error("more than {most} bytes: a file may have no more")]
    TooLong {
        /// The most that is taken.
        most: u64,
    },
    /// What is stored for a user leaves no room for more: something has to be deleted for good.
    #[error("{used} bytes are stored and {more} would be added; {most} is all there may be")]
    NoRoom {
        /// Bytes there are.
        used: u64,
        /// Bytes that would be added.
        more: u64,
        /// Bytes there may be.
        most: u64,
    },
    /// A job that has made nothing yet, or never will.
    #[error("the job has not finished")]
    Unfinished,
    /// A record is not as this program wrote it. Nothing is served from it.
    #[error("the record of {what} {id} was altered outside this program")]
    Altered {
        /// Of what.
        what: &'static str,
        /// Which.
        id: i64,
    },
    /// Stored bytes are not those that were stored, or gone: bring them back from a backup, or make
    /// them again.
    #[error("the stored file {0} is damaged or gone")]
    Damaged(String),
    /// A part of the program broke off: a bug of ours.
    #[error("{0} panicked")]
    Panicked(&'static str),
    /// The machine has no thread to give.
    #[error("no thread: {0}")]
    NoThread(std::io::Error),
    /// A file of a key that holds none.
    #[error("{} is no key of 32 bytes: bring it back from a backup", .0.display())]
    KeyFile(PathBuf),
    /// Another process has the folder.
    #[error("{} is in use by another process", .0.display())]
    Held(PathBuf),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Settings, folders and disks.
    #[error(transparent)]
    Surroundings(#[from] ops::Error),
    /// The job was asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(audio_file::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    }

    pub(crate) fn instrument(part: &str) -> impl FnOnce(instruments::Error) -> Error {
        let part = part.to_owned();
        move |source| match source {
            instruments::Error::Cancelled => Error::Cancelled(Cancelled),
            source => Error::Instrument { part, source },
        }
    }

    /// The same of a named sound, where it was of none.
    pub(crate) fn about(self, name: impl Into<String>) -> Error {
        match self {
            Error::Mastering { what, source } if what.is_empty() => {
                Error::Mastering { what: name.into(), source }
            }
            other => other,
        }
    }

    pub(crate) fn mastering(what: impl Into<String>) -> impl FnOnce(mastering::Error) -> Error {
        let what = what.into();
        move |source| match source {
            mastering::Error::Cancelled(cancelled) => Error::Cancelled(cancelled),
            source => Error::Mastering { what, source },
        }
    }
}

/// Whoever asked names the sound with [`Error::about`].
impl From<mastering::Error> for Error {
    fn from(error: mastering::Error) -> Self {
        Error::mastering("")(error)
    }
}

impl From<store::rusqlite::Error> for Error {
    fn from(error: store::rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<compose::Error> for Error {
    fn from(error: compose::Error) -> Self {
        match error {
            compose::Error::Cancelled(cancelled) => Error::Cancelled(cancelled),
            error => Error::Composition(error),
        }
    }
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::File { source, .. } => source.class(),
            Error::Mastering { source, .. } => source.class(),
            Error::Instrument { source, .. } => source.class(),
            Error::Composition(error) => error.class(),
            Error::Unheard { class, .. } => *class,
            Error::GenreFile { .. }
            | Error::Recipe(_)
            | Error::SameFile(_)
            | Error::Needed(_)
            | Error::Exists(_)
            | Error::OutputFormat(_)
            | Error::ChainFile { .. }
            | Error::Dither { .. }
            | Error::Unlike { .. }
            | Error::InsideInput { .. }
            | Error::OneOutput { .. }
            | Error::NotAlike { .. }
            | Error::NoFingerprint(_)
            | Error::OutOfRange { .. }
            | Error::Absent(_)
            | Error::Order(_)
            | Error::TooLong { .. } => Class::User,
            Error::InUse(_)
            | Error::Held(_)
            | Error::TooMany { .. }
            | Error::Unfinished
            | Error::NoThread(_) => Class::Transient,
            Error::NoRoom { .. }
            | Error::Altered { .. }
            | Error::Damaged(_)
            | Error::KeyFile(_) => Class::Permanent,
            Error::Unwritable(_) | Error::Panicked(_) => Class::Bug,
            Error::Store(error) => error.class(),
            Error::Surroundings(error) => error.class(),
            Error::Cancelled(cancelled) => cancelled.class(),
        }
    }
}
