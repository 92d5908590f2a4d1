//! Bytes: files of tracks and songs, pictures.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, header};
use gateway::{Path, Problem, Query};
use library::{ItemId, TrackId};
use serde::Deserialize;
use studio::artifact::Opened;
use studio::{ArtifactId, SongId};
use utoipa::IntoParams;

use super::Visit;
use super::answers::{Known, There, Valid};
use super::refusal::Refusal;
use crate::ids::Id;
use crate::offered::{self, attachment, content_type};
use crate::served::Served;

/// Larger pictures than any screen are not asked for.
const MAX_SIZE: u32 = 4_096;

/// How large a picture.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CoverQuery {
    /// Pixels of the longer side, 1 to 4096; goes up to the next of 64, 128, 256, 512 and 1024. The
    /// file as it is without it.
    size: Option<u32>,
}

/// The file of a track as it is, whole or in parts.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/file", operation_id = "track_file", tag = "sound",
    params(("id" = String, Path, example = "tr-12"),
        ("Range" = Option<String>, Header, description = "The part that is wanted.")),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The file.", content_type = "audio/*"),
        (status = 206, description = "A part of it.", content_type = "audio/*"),
        (status = 304, description = "It is as `If-None-Match` has it."),
        (status = 416, description = "It has no such part."), Known, There))]
pub(super) async fn track(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
    asked: Request,
) -> Result<Response<Body>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.open_track(id)?);
    let open = visit.work(work).await?;
    let served = Served {
        content_type: content_type(&open.suffix),
        length: open.len,
        modified: open.modified,
        etag: open.etag,
        file: open.file,
    };
    let mut response = served.answer(&asked.into_parts().0);
    keep(&mut response, "private, no-cache");
    Ok(response)
}

/// A file of a song that was composed here, whole or in parts.
#[utoipa::path(get, path = "/api/v1/songs/{id}/files/{artifact}", operation_id = "song_file", tag = "songs",
    params(("id" = i64, Path), ("artifact" = i64, Path),
        ("Range" = Option<String>, Header, description = "The part that is wanted.")),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The file.", content_type = "*/*"),
        (status = 206, description = "A part of it.", content_type = "*/*"),
        (status = 304, description = "It is as `If-None-Match` has it."),
        (status = 416, description = "It has no such part."), Known, There))]
pub(super) async fn artifact(
    visit: Visit,
    Path((song, id)): Path<(i64, i64)>,
    asked: Request,
) -> Result<Response<Body>, Refusal> {
    let work = move |visit: &Visit| {
        let opened = visit.house.desk.artifacts().open_file(visit.user(), ArtifactId(id))?;
        if opened.record.of.is_none_or(|(of, _)| of != SongId(song)) {
            return Err(Problem::not_found().into());
        }
        Ok(opened)
    };
    let opened = visit.work(work).await?;
    Ok(made(opened, &asked.into_parts().0))
}

/// A file that was made here, as it is asked for.
pub(super) fn made(opened: Opened, asked: &Parts) -> Response<Body> {
    let record = opened.record.clone();
    let served = Served {
        content_type: media(&record.media),
        length: record.bytes,
        modified: record.created,
        etag: record.sum.to_string(),
        file: opened.into_file(),
    };
    let mut response = served.answer(asked);
    // What is under this number never changes.
    keep(&mut response, "private, max-age=31536000, immutable");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(&record.name));
    response
}

/// The picture of a track, an album, an artist, a folder or a playlist.
#[utoipa::path(get, path = "/api/v1/covers/{id}", operation_id = "cover", tag = "catalogue",
    params(("id" = String, Path, example = "al-4"), CoverQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The picture.", content_type = "image/*"),
        (status = 304, description = "It is as `If-None-Match` has it."), Known, There, Valid))]
pub(super) async fn cover(
    visit: Visit,
    Path(Id(id)): Path<Id<ItemId>>,
    Query(asked): Query<CoverQuery>,
    request: Request,
) -> Result<Response<Body>, Refusal> {
    if asked.size.is_some_and(|size| !(1..=MAX_SIZE).contains(&size)) {
        return Err(Problem::invalid("size", "1 to 4096").into());
    }
    let work =
        move |visit: &Visit| Ok(visit.house.library.picture(visit.user(), id, asked.size)?);
    let picture = visit.work(work).await?;
    Ok(offered::picture(picture, &request.into_parts().0))
}

fn keep(response: &mut Response<Body>, how: &'static str) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(how));
}

/// The media type of a file that was made here: one of those a record may name.
fn media(named: &str) -> &'static str {
    const TYPES: [&str; 7] = [
        "audio/wav",
        "audio/flac",
        "audio/mpeg",
        "audio/midi",
        "application/json",
        "text/html; charset=utf-8",
        "image/svg+xml",
    ];
    TYPES.into_iter().find(|known| *known == named).unwrap_or("application/octet-stream")
}
