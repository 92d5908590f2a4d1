//! What a listener thinks of things, and what they played.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::http::StatusCode;
use clock::Nanos;
use gateway::{Json, Path, Problem, Query};
use library::{ItemId, Play, TrackId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answers::{Known, Page, There, Valid, limit};
use super::catalogue::answered;
use super::refusal::Refusal;
use super::views::{TrackView, millis};
use super::{Visit, cursor};
use crate::ids::Id;

/// What names itself nothing.
const CLIENT: &str = "api";

/// Stars for something.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Stars {
    /// 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    stars: u8,
}

/// What became of a track that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// It was played, half of it or four minutes at least.
    Played,
    /// It was left before.
    Skipped,
}

/// A play to be counted. Told twice, it counts once.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPlay {
    #[schema(value_type = String, example = "tr-12")]
    track: Id<TrackId>,
    outcome: Outcome,
    /// When, in milliseconds since 1970; now without it.
    #[serde(default)]
    at: Option<i64>,
    /// What it was played with, at most 64 characters.
    #[serde(default)]
    client: Option<String>,
}

/// A play.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Play)]
pub(super) struct PlayView {
    track: TrackView,
    /// Milliseconds since 1970.
    at: i64,
    client: String,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaysQuery {
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<Play> for PlayView {
    fn from(play: Play) -> Self {
        Self { track: play.track.into(), at: millis(play.at), client: play.client }
    }
}

/// Makes a track, an album or an artist a favourite of who asks.
#[utoipa::path(put, path = "/api/v1/favourites/{id}", tag = "listening",
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn star(
    visit: Visit,
    Path(Id(id)): Path<Id<ItemId>>,
) -> Result<StatusCode, Refusal> {
    marked(visit, id, true).await
}

/// Takes that back.
#[utoipa::path(delete, path = "/api/v1/favourites/{id}", tag = "listening",
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn unstar(
    visit: Visit,
    Path(Id(id)): Path<Id<ItemId>>,
) -> Result<StatusCode, Refusal> {
    marked(visit, id, false).await
}

async fn marked(visit: Visit, id: ItemId, starred: bool) -> Result<StatusCode, Refusal> {
    let work =
        move |visit: &Visit| Ok(visit.house.library.star(visit.user(), vec![id], starred)?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a track, an album or an artist stars.
#[utoipa::path(put, path = "/api/v1/ratings/{id}", tag = "listening", request_body = Stars,
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There, Valid))]
pub(super) async fn rate(
    visit: Visit,
    Path(Id(id)): Path<Id<ItemId>>,
    Json(asked): Json<Stars>,
) -> Result<StatusCode, Refusal> {
    if !(1..=5).contains(&asked.stars) {
        return Err(Problem::invalid("stars", "1 to 5").into());
    }
    rated(visit, id, asked.stars).await
}

/// Takes the stars back.
#[utoipa::path(delete, path = "/api/v1/ratings/{id}", tag = "listening",
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn unrate(
    visit: Visit,
    Path(Id(id)): Path<Id<ItemId>>,
) -> Result<StatusCode, Refusal> {
    rated(visit, id, 0).await
}

async fn rated(visit: Visit, id: ItemId, stars: u8) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.rate(visit.user(), id, stars)?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What who asks played, the latest first.
#[utoipa::path(get, path = "/api/v1/plays", tag = "listening", params(PlaysQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<PlayView>), Known, Valid))]
pub(super) async fn plays(
    visit: Visit,
    Query(asked): Query<PlaysQuery>,
) -> Result<Json<Page<PlayView>>, Refusal> {
    let (limit, after) = (limit(asked.limit)?, cursor::asked(asked.after.as_deref())?);
    let work = move |visit: &Visit| {
        Ok(visit.house.library.page_plays(visit.user(), after.as_ref(), limit)?)
    };
    visit.work(work).await.map(answered)
}

/// Counts a play, or a track that was left early.
#[utoipa::path(post, path = "/api/v1/plays", operation_id = "count_play", tag = "listening", request_body = NewPlay,
    security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There, Valid))]
pub(super) async fn play(visit: Visit, Json(asked): Json<NewPlay>) -> Result<StatusCode, Refusal> {
    let NewPlay { track: Id(track), outcome, at, client } = asked;
    let at = match at {
        None => visit.house.accounts.now().read(),
        Some(millis) => moment(millis)?,
    };
    let work = move |visit: &Visit| {
        let (library, user) = (&visit.house.library, visit.user());
        match outcome {
            Outcome::Played => {
                library.played(user, track, at, client.as_deref().unwrap_or(CLIENT))?;
            }
            Outcome::Skipped => library.skipped(user, track)?,
        }
        Ok(())
    };
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn moment(millis: i64) -> Result<Nanos, Problem> {
    let known = Nanos::from_millis(millis).filter(|at| at.0 >= 0);
    known.ok_or_else(|| Problem::invalid("at", "milliseconds since 1970"))
}
