use std::path::PathBuf;

use fault::{Class, Fault};

/// What stands in the way of a backtest.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not what it is to be.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong, and what would do.
        reason: String,
    },
    /// There is nothing to run over.
    #[error("no bars, trades or quotes: every line was refused, or there was none")]
    Empty,
    /// A walk forward that cannot be.
    #[error("{0}")]
    Walk(String),
    /// The venue's assumptions.
    #[error(transparent)]
    Matching(#[from] matching::Error),
    /// A journal.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// The engine.
    #[error(transparent)]
    Trading(#[from] trading::Error),
    /// A market.
    #[error(transparent)]
    Market(#[from] market::Error),
    /// What surrounds the process.
    #[error(transparent)]
    Ops(#[from] ops::Error),
    /// The core answered its own answers without end: a strategy or the engine goes in circles.
    #[error("the engine goes in circles within one bar")]
    Circles,
    /// Stopped.
    #[error(transparent)]
    Cancelled(#[from] fault::Cancelled),
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Self::File { .. } | Self::Empty | Self::Walk(_) => Class::User,
            Self::Circles => Class::Bug,
            Self::Matching(error) => error.class(),
            Self::Journal(error) => error.class(),
            Self::Trading(error) => error.class(),
            Self::Market(error) => error.class(),
            Self::Ops(error) => error.class(),
            Self::Cancelled(error) => error.class(),
        }
    }
}
