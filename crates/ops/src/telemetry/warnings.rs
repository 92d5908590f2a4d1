//! The last warnings and errors of this process, for whoever keeps house and does not read the log.

use std::collections::VecDeque;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::redact;

/// Lines kept; the oldest makes room.
const MAX_LINES: usize = 500;
/// Characters of a line.
const MAX_CHARS: usize = 2_000;

/// Something that went wrong, or was about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Counts them, from 1.
    pub number: u64,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// Whether something failed, and not only might.
    pub is_error: bool,
    /// What is told in the log, without secrets.
    pub text: String,
    /// The request it happened in, as its answer names it.
    pub correlation: Option<String>,
}

/// Those of a process. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Warnings(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<Warning>,
    /// How many there were.
    count: u64,
}

/// The id of the request a span is about.
struct Correlation(String);

impl Warnings {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// At most so many, the newest first, from the one before a number on.
    pub fn last(&self, before: Option<u64>, most: usize) -> Vec<Warning> {
        let kept = self.kept();
        let lines = kept.lines.iter().rev();
        lines.filter(|line| before.is_none_or(|n| line.number < n)).take(most).cloned().collect()
    }

    #[expect(clippy::disallowed_methods, reason = "a line of a log says when it was written")]
    fn keep(&self, is_error: bool, text: &str, correlation: Option<String>) {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let at_ms = since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        let text = redact(text).chars().take(MAX_CHARS).collect();
        let mut kept = self.kept();
        kept.count += 1;
        let number = kept.count;
        kept.lines.push_back(Warning { number, at_ms, is_error, text, correlation });
        if kept.lines.len() > MAX_LINES {
            kept.lines.pop_front();
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Warnings {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = Told::default();
        attributes.record(&mut found);
        if let Some((correlation, span)) = found.correlation.zip(context.span(id)) {
            span.extensions_mut().insert(Correlation(correlation));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let level = *event.metadata().level();
        if level > Level::WARN {
            return;
        }
        let mut told = Told::default();
        event.record(&mut told);
        let mut spans = context.event_scope(event).into_iter().flatten();
        let correlation =
            spans.find_map(|span| span.extensions().get::<Correlation>().map(|c| c.0.clone()));
        self.keep(level == Level::ERROR, &told.text(), correlation);
    }
}

/// What an event or a span says.
#[derive(Default)]
struct Told {
    message: String,
    fields: String,
    correlation: Option<String>,
}

impl Told {
    fn text(&self) -> String {
        let parts = [self.message.as_str(), self.fields.trim_start()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
    }
}

impl Visit for Told {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let written = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            // Errors speak for themselves.
            "error" => write!(self.fields, " {value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
        // Nothing fails to be written to a string but a value that cannot be shown.
        if written.is_err() {
            self.fields.push('?');
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "correlation" => self.correlation = Some(value.to_owned()),
            _ => self.record_debug(field, &value),
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::{MAX_LINES, Warnings};

    fn under(warnings: &Warnings, work: impl FnOnce()) {
        let subscriber = tracing_subscriber::registry().with(warnings.clone());
        tracing::subscriber::with_default(subscriber, work);
    }

    #[test]
    fn warnings_and_errors_are_kept_with_their_request_and_without_secrets() {
        let warnings = Warnings::default();
        under(&warnings, || {
            tracing::info!("all is well");
            tracing::warn!(root = "/music", "a disk is slow");
            let span = tracing::info_span!("request", correlation = "c-17");
            span.in_scope(|| {
                let error = "no such file";
                tracing::error!(%error, "\"password\":\"hunter2\" was of no use");
            });
        });
        let lines = warnings.last(None, 10);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "\"password\":\"[redacted]\" was of no use: no such file",
                "a disk is slow: root=\"/music\""
            ]
        );
        assert_eq!(lines[0].correlation.as_deref(), Some("c-17"));
        assert!(lines[0].is_error && !lines[1].is_error && lines[1].correlation.is_none());
        assert_eq!(warnings.last(Some(2), 10), lines[1..]);
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let warnings = Warnings::default();
        under(&warnings, || {
            (0..MAX_LINES + 20).for_each(|n| tracing::warn!(n, "again"));
        });
        let lines = warnings.last(None, usize::MAX);
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(lines[0].number, MAX_LINES as u64 + 20);
        assert_eq!(lines[0].text, format!("again: n={}", MAX_LINES + 19));
    }
}
