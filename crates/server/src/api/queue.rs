//! The queue a listener left, and those before it.

use axum::http::StatusCode;
use gateway::Json;
use library::TrackId;
use library::queue::{Current, NewQueue, PastQueue, Queue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Visit;
use super::answers::{All, Known, Small, There, Valid};
use super::refusal::Refusal;
use super::views::{TrackView, millis};
use crate::ids::{Id, bare};

/// A queue as it was left; without entries where there is none.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Queue)]
pub(super) struct QueueView {
    /// Those whose file is missing too.
    entries: Vec<TrackView>,
    /// The place of the current one, from 0.
    current: usize,
    /// Milliseconds of it that were played.
    position_ms: u64,
    /// When it was saved, in milliseconds since 1970.
    changed: Option<i64>,
    client: String,
}

/// A queue to be saved. Without tracks there is none any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueToKeep {
    /// At most 10,000.
    #[schema(value_type = Vec<String>)]
    tracks: Vec<Id<TrackId>>,
    /// The place of the current one, from 0.
    #[serde(default)]
    current: u32,
    /// Milliseconds of it that were played.
    #[serde(default)]
    position_ms: u64,
    /// What it is played with, at most 64 characters.
    #[serde(default)]
    client: Option<String>,
}

/// A queue that can be brought back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PastQueue)]
pub(super) struct PastView {
    /// When it was saved last, in milliseconds since 1970.
    changed: i64,
    client: String,
    entries: u32,
}

impl From<Queue> for QueueView {
    fn from(queue: Queue) -> Self {
        Self {
            entries: queue.entries.into_iter().map(TrackView::from).collect(),
            current: queue.current,
            position_ms: queue.position_ms,
            changed: Some(millis(queue.changed)),
            client: queue.client,
        }
    }
}

impl From<PastQueue> for PastView {
    fn from(past: PastQueue) -> Self {
        Self { changed: millis(past.changed), client: past.client, entries: past.entries }
    }
}

/// The queue of who asks.
#[utoipa::path(get, path = "/api/v1/queue", operation_id = "queue", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = QueueView), Known))]
pub(super) async fn get(visit: Visit) -> Result<Json<QueueView>, Refusal> {
    visit.work(told).await
}

/// Saves the queue of who asks. If it has other entries than before, the one before can be brought
/// back.
#[utoipa::path(put, path = "/api/v1/queue", operation_id = "save_queue", tag = "listening", request_body = QueueToKeep,
    security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There, Small, Valid))]
pub(super) async fn put(
    visit: Visit,
    Json(asked): Json<QueueToKeep>,
) -> Result<StatusCode, Refusal> {
    let queue = NewQueue {
        tracks: bare(asked.tracks),
        current: Current::At(asked.current as usize),
        position_ms: asked.position_ms,
        client: asked.client.unwrap_or_else(|| "api".to_owned()),
    };
    let work = move |visit: &Visit| Ok(visit.house.library.save_queue(visit.user(), queue)?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Brings the queue before this one back.
#[utoipa::path(post, path = "/api/v1/queue/undo", operation_id = "undo_queue", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = QueueView), Known, There))]
pub(super) async fn undo(visit: Visit) -> Result<Json<QueueView>, Refusal> {
    let work = |visit: &Visit| {
        visit.house.library.undo_queue(visit.user())?;
        told(visit)
    };
    visit.work(work).await
}

/// The queues that can be brought back, the latest first.
#[utoipa::path(get, path = "/api/v1/queue/past", operation_id = "past_queues", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<PastView>), Known))]
pub(super) async fn past(visit: Visit) -> Result<Json<All<PastView>>, Refusal> {
    let work = |visit: &Visit| Ok(visit.house.library.past_queues(visit.user())?);
    Ok(Json(All::of(visit.work(work).await?)))
}

fn told(visit: &Visit) -> Result<Json<QueueView>, Refusal> {
    let queue = visit.house.library.queue(visit.user())?;
    Ok(Json(queue.map(QueueView::from).unwrap_or_default()))
}
