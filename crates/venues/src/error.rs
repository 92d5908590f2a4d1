use std::path::PathBuf;

use fault::{Class, Fault};

/// Why the venue's network gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that was asked for cannot be in an address.
    #[error("{what} \"{given}\": accepted is {accepted}")]
    Asked {
        /// What.
        what: &'static str,
        /// As it was given.
        given: String,
        /// What would be taken.
        accepted: &'static str,
    },
    /// The other side answers, and says no.
    #[error("{url}: refused with status {status}")]
    Refused {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The other side sends us somewhere we do not go.
    #[error("{url}: sent on {reason}")]
    Redirected {
        /// What was asked for.
        url: String,
        /// Where to.
        reason: &'static str,
    },
    /// Nobody answers, or answers break off, however often it is tried: try again later.
    #[error("{url}: not reached in {attempts} attempts: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// How often.
        attempts: u32,
        /// What came of the last.
        reason: String,
    },
    /// A checksum that is none.
    #[error("{url} is no checksum of {file}: \"{text}\"")]
    NotAChecksum {
        /// Where it was.
        url: String,
        /// What it should be of.
        file: String,
        /// How it begins.
        text: String,
    },
    /// A file is not what its checksum says, twice in a row. It did not get its name.
    #[error("{url}: sha256 is {found}; the archive says {expected}")]
    OtherBytes {
        /// What was asked for.
        url: String,
        /// Of what came.
        found: String,
        /// Of what should have come.
        expected: String,
    },
    /// More than any file of the archive has.
    #[error("{url}: more than {most} bytes; nothing of it is kept")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The most that is taken.
        most: u64,
    },
    /// Another process is fetching it.
    #[error("{} is being fetched by another process", .0.display())]
    Busy(PathBuf),
    /// The disk.
    #[error("cannot {action} {}: {source}", path.display())]
    Disk {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// What surrounds the process.
    #[error(transparent)]
    Ops(#[from] ops::Error),
    /// Stopped.
    #[error(transparent)]
    Cancelled(#[from] fault::Cancelled),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::Asked { .. } => Class::User,
            Self::Unreachable { .. } | Self::Busy(_) => Class::Transient,
            Self::Refused { .. }
            | Self::Redirected { .. }
            | Self::NotAChecksum { .. }
            | Self::OtherBytes { .. }
            | Self::TooLarge { .. }
            | Self::Disk { .. } => Class::Permanent,
            Self::Ops(error) => error.class(),
            Self::Cancelled(error) => error.class(),
        }
    }
}
