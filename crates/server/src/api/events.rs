//! What happens, told while it does (server-sent events): how far a scan is, how far the jobs of who
//! listens are. Nobody hears of the jobs of others.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use futures_util::stream;
use gateway::{Drain, Problem, UserId};
use library::Library;
use serde::Serialize;
use studio::desk::Events;
use tokio::time::Interval;
use utoipa::ToSchema;

use super::Visit;
use super::answers::{Few, Known};
use super::compose::StateView;
use super::refusal::Refusal;
use super::roots::Scan;

/// Streams of one user at a time: windows and devices of one person.
const MAX_STREAMS: usize = 8;
/// How often is looked: what happens in between comes at once after.
const LOOK: Duration = Duration::from_millis(250);
/// Silence that a proxy takes for death is longer.
const LOOKS_A_HEARTBEAT: u32 = 60;
/// A stream ends after a quarter of an hour: who asks again is known again.
const LOOKS_A_STREAM: u32 = 3_600;
/// When somebody with enough streams may ask again.
const COME_BACK_S: u64 = 15;

/// The streams of each user.
#[derive(Debug, Clone, Default)]
pub(super) struct Seats(Arc<Mutex<BTreeMap<UserId, usize>>>);

/// A stream that goes on.
#[derive(Debug)]
struct Seat {
    seats: Seats,
    user: UserId,
}

impl Seats {
    fn take(&self, user: UserId) -> Option<Seat> {
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seats.entry(user).or_insert(0);
        if *count >= MAX_STREAMS {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), user })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = seats.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                seats.remove(&self.user);
            }
        }
    }
}

/// A job is in another state, or further in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobEvent)]
struct JobEvent {
    id: i64,
    state: StateView,
}

/// One who listens.
struct Listener {
    _seat: Seat,
    user: UserId,
    library: Library,
    jobs: Events,
    drain: Drain,
    ticks: Interval,
    said: Option<Scan>,
    silent: u32,
    looks: u32,
}

/// Tells what happens until the server stops or a quarter of an hour is over: `event: scan` with how
/// far a scan is, `event: job` with the id and state of a job of who listens, `event: missed` where
/// jobs are to be read anew.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "Events, as they happen.", body = String,
        content_type = "text/event-stream"), Known, Few))]
pub(super) async fn events(
    visit: Visit,
    Extension(seats): Extension<Seats>,
) -> Result<Response<Body>, Refusal> {
    let user = visit.user();
    let seat = seats.take(user).ok_or_else(|| Problem::too_many(COME_BACK_S))?;
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let listener = Listener {
        _seat: seat,
        user,
        jobs: visit.house.desk.listen()?,
        library: visit.house.library.clone(),
        drain: visit.house.drain.clone(),
        ticks,
        said: None,
        silent: 0,
        looks: 0,
    };
    let pieces = stream::unfold(listener, |mut listener| async move {
        let piece = listener.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(piece)), listener))
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // Proxies that gather an answer before they pass it on are told not to.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Listener {
    /// What is to be told next; nothing at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            tokio::select! {
                biased;
                () = self.drain.begun() => return None,
                _ = self.ticks.tick() => {}
            }
            self.looks += 1;
            if self.looks > LOOKS_A_STREAM {
                return None;
            }
            let told = self.look();
            if !told.is_empty() {
                self.silent = 0;
                return Some(told);
            }
            self.silent += 1;
            if self.silent >= LOOKS_A_HEARTBEAT {
                self.silent = 0;
                return Some(": still here\n\n".to_owned());
            }
        }
    }

    fn look(&mut self) -> String {
        let mut told = String::new();
        let scan = Scan::of(self.library.scan_status());
        if self.said.as_ref() != Some(&scan) {
            told.push_str(&event("scan", &scan));
            self.said = Some(scan);
        }
        if self.jobs.missed() > 0 {
            told.push_str("event: missed\ndata: {}\n\n");
        }
        for event in self.news() {
            told.push_str(&self::event("job", &event));
        }
        told
    }

    /// The jobs of who listens that changed, each as it is now.
    fn news(&self) -> VecDeque<JobEvent> {
        let mut news: VecDeque<JobEvent> = VecDeque::new();
        while let Some(event) = self.jobs.next(Duration::ZERO) {
            if event.owner != self.user {
                continue;
            }
            news.retain(|earlier| earlier.id != event.job.0);
            news.push_back(JobEvent { id: event.job.0, state: event.state.into() });
        }
        news
    }
}

fn event(name: &str, data: &impl Serialize) -> String {
    // Numbers and texts become JSON whatever they are, and JSON has no line ends.
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n")
}
