//! Places in tracks that a listener wants to come back to.

use axum::http::StatusCode;
use gateway::{Json, Path};
use library::{Bookmark, TrackId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Visit;
use super::answers::{All, Known, There, Valid};
use super::refusal::Refusal;
use super::views::{TrackView, millis};
use crate::ids::Id;

/// A place in a track. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bookmark)]
pub(super) struct BookmarkView {
    track: TrackView,
    position_ms: u64,
    comment: String,
    created: i64,
    changed: i64,
}

/// A place to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewBookmark {
    position_ms: u64,
    /// At most 1000 characters are kept.
    #[serde(default)]
    comment: String,
}

impl From<Bookmark> for BookmarkView {
    fn from(kept: Bookmark) -> Self {
        Self {
            track: kept.track.into(),
            position_ms: kept.position_ms,
            comment: kept.comment,
            created: millis(kept.created),
            changed: millis(kept.changed),
        }
    }
}

/// The bookmarks of who asks, the last one set first.
#[utoipa::path(get, path = "/api/v1/bookmarks", operation_id = "bookmarks", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<BookmarkView>), Known))]
pub(super) async fn list(visit: Visit) -> Result<Json<All<BookmarkView>>, Refusal> {
    let work = |visit: &Visit| Ok(visit.house.library.bookmarks(visit.user())?);
    Ok(Json(All::of(visit.work(work).await?)))
}

/// Sets the bookmark of who asks in a track, or moves it.
#[utoipa::path(put, path = "/api/v1/bookmarks/{track}", operation_id = "set_bookmark", tag = "listening",
    request_body = NewBookmark, params(("track" = String, Path, example = "tr-12")),
    security(("session" = []), ("key" = [])), responses((status = 204), Known, There, Valid))]
pub(super) async fn set(
    visit: Visit,
    Path(Id(track)): Path<Id<TrackId>>,
    Json(asked): Json<NewBookmark>,
) -> Result<StatusCode, Refusal> {
    let NewBookmark { position_ms, comment } = asked;
    let work = move |visit: &Visit| {
        Ok(visit.house.library.set_bookmark(visit.user(), track, position_ms, &comment)?)
    };
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the bookmark of who asks in a track away.
#[utoipa::path(delete, path = "/api/v1/bookmarks/{track}", operation_id = "delete_bookmark", tag = "listening",
    params(("track" = String, Path, example = "tr-12")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn delete(
    visit: Visit,
    Path(Id(track)): Path<Id<TrackId>>,
) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.delete_bookmark(visit.user(), track)?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}
