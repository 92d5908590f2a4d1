//! Log lines on standard error, for people or for machines, without secrets in either.

mod warnings;

use std::io::{self, Write};

use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::{Error, redact};

pub use warnings::{Warning, Warnings};

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words.
    Human,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// The names in settings.
    pub const NAMES: [(&'static str, Format); 2] =
        [("human", Format::Human), ("json", Format::Json)];
}

/// The levels by their names in settings, from the quietest.
pub const LEVELS: [(&str, Level); 5] = [
    ("error", Level::ERROR),
    ("warn", Level::WARN),
    ("info", Level::INFO),
    ("debug", Level::DEBUG),
    ("trace", Level::TRACE),
];

/// Starts logging; call once per process. What goes wrong from now on can be read again.
///
/// # Errors
/// [`Error::Setup`] the second time.
pub fn start(level: Level, format: Format) -> Result<Warnings, Error> {
    let warnings = Warnings::default();
    let level = LevelFilter::from_level(level);
    let kept = tracing_subscriber::registry().with(level).with(warnings.clone());
    let lines = tracing_subscriber::fmt::layer().with_writer(Redacting);
    match format {
        Format::Human => kept.with(lines.with_target(false).with_ansi(false)).try_init(),
        Format::Json => kept.with(lines.json()).try_init(),
    }
    .map_err(|error| Error::Setup("start logging", error.to_string()))?;
    Ok(warnings)
}

/// Makes writers that redact what passes through them. A line is written whole.
#[derive(Debug, Clone, Copy)]
struct Redacting;

impl<'a> MakeWriter<'a> for Redacting {
    type Writer = RedactedLine<io::Stderr>;
    fn make_writer(&'a self) -> Self::Writer {
        RedactedLine { to: io::stderr(), line: Vec::new() }
    }
}

/// Collects one line, and writes it redacted when it is dropped.
struct RedactedLine<W: Write> {
    to: W,
    line: Vec<u8>,
}

impl<W: Write> Write for RedactedLine<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Drop for RedactedLine<W> {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.line);
        // Where the log itself cannot be written there is no one left to tell.
        drop(self.to.write_all(redact(&text).as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::RedactedLine;
    use std::io::Write;

    #[test]
    fn a_secret_split_over_writes_is_still_blanked() {
        let mut out = Vec::new();
        let mut line = RedactedLine { to: &mut out, line: Vec::new() };
        for part in ["{\"pass", "word\":\"hun", "ter2\"}\n"] {
            line.write_all(part.as_bytes()).unwrap();
        }
        drop(line);
        assert_eq!(String::from_utf8(out).unwrap(), "{\"password\":\"[redacted]\"}\n");
    }
}
