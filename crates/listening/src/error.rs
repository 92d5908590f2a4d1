use fault::{Class, Fault};

/// Why a track is not heard, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its file.
    #[error(transparent)]
    Sound(#[from] audio_file::Error),
    /// Its chain does not go with it.
    #[error(transparent)]
    Mastering(#[from] mastering::Error),
    /// Its filters, which broke down. It is heard on as it came.
    #[error("the filters broke down at frame {at}; the sound goes on as it came")]
    Broken {
        /// Frames made of the run before.
        at: u64,
    },
}

impl Fault for Error {
    fn class(&self) -> Class {
        match self {
            Error::Sound(error) => error.class(),
            Error::Mastering(error) => error.class(),
            Error::Broken { .. } => Class::Bug,
        }
    }
}
