use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Class, Fault};

/// A stop signal shared by everyone who works on one job. Clones are the same signal.
///
/// Long loops call [`Cancel::check`] at least every block of audio or every note of a score.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A signal nobody has raised yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the job to stop. Safe to call from a signal handler's thread, any number of times.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the job has been asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// `Err` once the job has been asked to stop, for use with `?`.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// The job was asked to stop and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cancelled")
    }
}

impl std::error::Error for Cancelled {}

impl Fault for Cancelled {
    fn class(&self) -> Class {
        Class::Transient
    }
}

#[cfg(test)]
mod tests {
    use super::Cancel;

    #[test]
    fn a_clone_is_the_same_signal() {
        let here = Cancel::new();
        let there = here.clone();
        assert!(here.check().is_ok());
        there.cancel();
        assert!(here.check().is_err());
    }
}
