//! Figures for Prometheus, in its text format 0.0.4.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};

use super::process;
use crate::{Accounts, Program};

/// Upper edges of the latency buckets, in seconds: from what memory answers to what people give up on.
const EDGES: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Requests to no route of ours: their paths are anybody's.
const UNMATCHED: &str = "unmatched";

type Read = Arc<dyn Fn() -> f64 + Send + Sync>;

/// What kind of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// It goes up and down.
    Gauge,
    /// It only goes up; its name ends in `_total`.
    Counter,
}

/// A figure of a program, read when somebody looks.
#[derive(Clone)]
pub struct Gauge {
    /// Lower-case letters, digits and `_`; the unit last (`_bytes`, `_seconds`).
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// What kind it is.
    pub reading: Reading,
    /// Tells it; must not block.
    pub read: Read,
}

impl std::fmt::Debug for Gauge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gauge").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(crate) struct Metrics {
    gauges: Vec<Gauge>,
    in_flight: Arc<AtomicI64>,
    /// By route and method: as many as there are, strangers add none.
    series: Mutex<BTreeMap<(String, &'static str), Series>>,
    refused: Mutex<BTreeMap<&'static str, u64>>,
}

#[derive(Default, Clone)]
struct Series {
    /// By the first digit of the status, from 1.
    by_class: [u64; 5],
    /// By bucket, each with those below it, as the format wants it.
    buckets: [u64; EDGES.len()],
    seconds: f64,
    count: u64,
}

/// A request that is being served.
pub(super) struct InFlight(Arc<AtomicI64>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn new(gauges: Vec<Gauge>) -> Self {
        let (in_flight, series, refused) = Default::default();
        Self { gauges, in_flight, series, refused }
    }

    pub(super) fn enter(&self) -> InFlight {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(&self.in_flight))
    }

    pub(super) fn refuse(&self, reason: &'static str) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner).entry(reason).or_insert(0) +=
            1;
    }

    pub(super) fn count(
        &self,
        route: Option<&str>,
        method: &Method,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let key = (route.unwrap_or(UNMATCHED).to_owned(), method_name(method));
        let mut all = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry(key).or_default();
        let class = usize::from(status.as_u16() / 100).clamp(1, 5);
        series.by_class[class - 1] += 1;
        let seconds = elapsed.as_secs_f64();
        for (edge, bucket) in EDGES.iter().zip(&mut series.buckets) {
            *bucket += u64::from(seconds <= *edge);
        }
        series.seconds += seconds;
        series.count += 1;
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn text(&self, program: Program, accounts: &Accounts) -> String {
        let mut page = Page::default();
        self.requests(&mut page);
        page.head("http_requests_in_flight", "Requests being served.", "gauge");
        #[expect(clippy::cast_precision_loss, reason = "requests in flight are few")]
        page.line("http_requests_in_flight", &[], self.in_flight.load(Ordering::Relaxed) as f64);
        let (waiting, running) = accounts.passwords_at_work();
        page.figure(
            "passwords_waiting",
            "Logins that wait for a turn.",
            "gauge",
            whole(waiting as u64),
        );
        page.figure("passwords_hashing", "Passwords being hashed.", "gauge", whole(running as u64));
        if let Some(bytes) = process::resident_bytes() {
            let help = "Memory the process has.";
            page.figure("process_resident_memory_bytes", help, "gauge", whole(bytes));
        }
        if let Some(open) = process::open_descriptors() {
            page.figure("process_open_fds", "Files and sockets open.", "gauge", whole(open));
        }
        let name = format!("{}_build_info", program.name);
        page.head(&name, "Which program this is.", "gauge");
        page.line(&name, &[("version", program.version)], 1.0);
        for gauge in &self.gauges {
            let kind = if gauge.reading == Reading::Counter { "counter" } else { "gauge" };
            page.figure(gauge.name, gauge.help, kind, (gauge.read)());
        }
        page.0
    }

    fn requests(&self, page: &mut Page) {
        let all = self.series.lock().unwrap_or_else(PoisonError::into_inner).clone();
        page.head("http_requests_total", "Requests answered.", "counter");
        for ((route, method), series) in &all {
            for (class, count) in ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().zip(series.by_class) {
                let labels = [("route", route.as_str()), ("method", method), ("status", class)];
                if count > 0 {
                    page.line("http_requests_total", &labels, whole(count));
                }
            }
        }
        let name = "http_request_duration_seconds";
        page.head(name, "Time until an answer began.", "histogram");
        for ((route, method), series) in &all {
            let labels = [("route", route.as_str()), ("method", *method)];
            page.histogram(name, &labels, series);
        }
        page.head("http_requests_refused_total", "Requests the shell refused.", "counter");
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (reason, count) in refused {
            page.line("http_requests_refused_total", &[("reason", reason)], whole(count));
        }
    }
}

/// Methods anybody may make up are one.
fn method_name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| method == *known).unwrap_or("other")
}

#[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 are read to 1 in 10^15")]
fn whole(count: u64) -> f64 {
    count as f64
}

/// The text, line by line.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        self.0.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn figure(&mut self, name: &str, help: &str, kind: &str, value: f64) {
        self.head(name, help, kind);
        self.line(name, &[], value);
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        let mut before = '{';
        for (label, text) in labels {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            self.0.push_str(&format!("{before}{label}=\"{text}\""));
            before = ',';
        }
        self.0.push_str(if labels.is_empty() { " " } else { "} " });
        let value = match value {
            value if value.is_nan() => "NaN".to_owned(),
            f64::INFINITY => "+Inf".to_owned(),
            f64::NEG_INFINITY => "-Inf".to_owned(),
            value => value.to_string(),
        };
        self.0.push_str(&value);
        self.0.push('\n');
    }

    fn histogram(&mut self, name: &str, labels: &[(&str, &str); 2], series: &Series) {
        let bucket = format!("{name}_bucket");
        for (edge, count) in EDGES.iter().zip(series.buckets) {
            let edge = edge.to_string();
            self.line(&bucket, &[labels[0], labels[1], ("le", &edge)], whole(count));
        }
        self.line(&bucket, &[labels[0], labels[1], ("le", "+Inf")], whole(series.count));
        self.line(&format!("{name}_sum"), labels, series.seconds);
        self.line(&format!("{name}_count"), labels, whole(series.count));
    }
}
