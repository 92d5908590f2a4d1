//! Masters of tracks, to be taken along.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use gateway::{Json, Path, Problem};
use library::TrackId;
use serde::Deserialize;
use studio::desk::{MasterOrder, SoundId};
use studio::{ArtifactId, JobId};
use utoipa::ToSchema;

use super::Visit;
use super::answers::{All, Few, Fits, Known, There, Valid};
use super::compose::JobView;
use super::files;
use super::refusal::Refusal;
use super::songs::FileView;
use crate::ids::Id;

/// A master asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MasterOrder)]
pub(super) struct MasterBody {
    /// A preset such as "warm", or "plain" for one gain and the limiter; plain without it.
    #[serde(default)]
    preset: Option<String>,
    /// The track it shall be like, in the place of a preset; at the loudness of that.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "tr-7")]
    reference: Option<Id<TrackId>>,
    /// How much of it, 0 to 1; all of it without it.
    #[serde(default)]
    intensity: Option<f64>,
    /// What to reach, such as "spotify" or "club".
    #[serde(default)]
    target: Option<String>,
    /// "flac", "wav" or "mp3"; FLAC without it.
    #[serde(default)]
    format: Option<String>,
    /// Bits of a sample of FLAC and WAV, 16 or 24; 24 without it.
    #[serde(default)]
    bits: Option<u32>,
}

/// Orders a master of a track. It is made when its turn comes; the job says how far it is, and has
/// the files.
#[utoipa::path(post, path = "/api/v1/tracks/{id}/masters", operation_id = "order_master", tag = "sound",
    params(("id" = String, Path, example = "tr-12")), request_body = MasterBody,
    security(("session" = []), ("key" = [])),
    responses((status = 202, body = JobView), Known, There, Valid, Few))]
pub(super) async fn order(
    visit: Visit,
    Path(Id(TrackId(id))): Path<Id<TrackId>>,
    Json(asked): Json<MasterBody>,
) -> Result<(StatusCode, Json<JobView>), Refusal> {
    let MasterBody { preset, reference, intensity, target, format, bits } = asked;
    let (sound, reference) = (SoundId(id), reference.map(|Id(TrackId(id))| SoundId(id)));
    let order = MasterOrder { sound, preset, reference, intensity, target, format, bits };
    let work = move |visit: &Visit| Ok(visit.house.desk.master(visit.user(), &order)?);
    Ok((StatusCode::ACCEPTED, Json(visit.work(work).await?.into())))
}

/// The files a finished job of who asks has made, by name.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/files", operation_id = "job_files", tag = "songs",
    params(("id" = i64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<FileView>), Known, There, Fits))]
pub(super) async fn list(
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Json<All<FileView>>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.desk.files(visit.user(), JobId(id))?);
    Ok(Json(All::of(visit.work(work).await?)))
}

/// A file that a finished job has made, whole or in parts.
#[utoipa::path(get, path = "/api/v1/jobs/{id}/files/{artifact}", operation_id = "job_file", tag = "songs",
    params(("id" = i64, Path), ("artifact" = i64, Path),
        ("Range" = Option<String>, Header, description = "The part that is wanted.")),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The file.", content_type = "application/octet-stream"),
        (status = 206, description = "A part of it.", content_type = "application/octet-stream"),
        (status = 304, description = "It is as `If-None-Match` has it."),
        (status = 416, description = "It has no such part."), Known, There, Fits))]
pub(super) async fn file(
    visit: Visit,
    Path((job, id)): Path<(i64, i64)>,
    asked: Request,
) -> Result<Response<Body>, Refusal> {
    let work = move |visit: &Visit| {
        let desk = &visit.house.desk;
        let files = desk.files(visit.user(), JobId(job))?;
        let file = files.into_iter().find(|file| file.id == ArtifactId(id));
        let file = file.ok_or_else(Problem::not_found)?;
        Ok(desk.artifacts().open_file(visit.user(), file.id)?)
    };
    let opened = visit.work(work).await?;
    Ok(files::made(opened, &asked.into_parts().0))
}

/// Deletes the master a job has made. Songs are deleted as songs.
#[utoipa::path(delete, path = "/api/v1/jobs/{id}/files", operation_id = "delete_master", tag = "songs",
    params(("id" = i64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There, Fits, Valid))]
pub(super) async fn delete(visit: Visit, Path(id): Path<i64>) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.desk.delete_master(visit.user(), JobId(id))?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}
