use std::sync::Arc;

use clock::Nanos;

/// Who answers: one place for the name and the version that cookies, metrics, keys and the
/// description of the API bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Lower-case letters and digits, a letter first: begins cookies and metrics.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What its API keys begin with, so that people and scanners of secrets recognise them.
    pub key_prefix: &'static str,
}

/// Tells what time it is. The executable, or a test, decides how.
#[derive(Clone)]
pub struct Now(Arc<dyn Fn() -> Nanos + Send + Sync>);

impl Now {
    /// Asks `clock`.
    pub fn new(clock: impl Fn() -> Nanos + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    /// The wall clock of the machine.
    pub fn wall() -> Self {
        Self::new(wall)
    }

    /// The moment it is.
    pub fn read(&self) -> Nanos {
        (self.0)()
    }
}

impl std::fmt::Debug for Now {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Now")
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the edge asks what time it is")]
fn wall() -> Nanos {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A machine that stands before 1970 has no time at all.
    Nanos(since.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)))
}
