//! Songs that were composed here, with their versions and files.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::http::StatusCode;
use gateway::{Action, Json, Path, Query};
use serde::{Deserialize, Serialize};
use studio::SongId;
use studio::artifact::Artifact;
use studio::desk::{Kept, Song, Version};
use utoipa::{IntoParams, ToSchema};

use super::answers::{Known, Page, There, Valid};
use super::compose::{OrderBody, page};
use super::refusal::Refusal;
use super::views::millis;
use super::{Visit, cursor};

const DELETED: Action = Action("song.deleted");
const RESTORED: Action = Action("song.restored");

/// A song and its versions. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Song)]
pub(super) struct SongView {
    id: i64,
    created: i64,
    /// From the first.
    versions: Vec<VersionView>,
}

/// One version of a song.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Version)]
pub(super) struct VersionView {
    /// From 1.
    number: u32,
    /// The version it was made anew from.
    parent: Option<u32>,
    /// The job that made it.
    job: i64,
    order: OrderBody,
    title: String,
    created: i64,
    kept: KeptView,
    /// Its files by name; told of a single song alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Vec<FileView>>,
}

/// What is left of a version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Kept)]
pub(super) enum KeptView {
    /// Its files are there.
    Whole,
    /// They can be taken back.
    Deleted,
    /// They are gone; the order is not.
    Collected,
}

/// A file of a version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SongFile)]
pub(super) struct FileView {
    /// Under which it is downloaded.
    id: i64,
    #[schema(example = "master.flac")]
    name: String,
    #[schema(example = "audio/flac")]
    media: String,
    /// "master", "stem", "midi", "report", "recipe" or "other".
    kind: &'static str,
    bytes: u64,
    sha256: String,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SongsQuery {
    /// How many, 1 to 100; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<Artifact> for FileView {
    fn from(file: Artifact) -> Self {
        Self {
            id: file.id.0,
            name: file.name,
            media: file.media,
            kind: file.kind.name(),
            bytes: file.bytes,
            sha256: file.sum.to_string(),
        }
    }
}

impl From<Version> for VersionView {
    fn from(version: Version) -> Self {
        Self {
            number: version.number,
            parent: version.parent,
            job: version.job.0,
            order: version.order.into(),
            title: version.title,
            created: millis(version.created),
            kept: match version.kept {
                Kept::Whole => KeptView::Whole,
                Kept::Deleted => KeptView::Deleted,
                Kept::Collected => KeptView::Collected,
            },
            files: None,
        }
    }
}

impl From<Song> for SongView {
    fn from(song: Song) -> Self {
        let versions = song.versions.into_iter().map(VersionView::from).collect();
        Self { id: song.id.0, created: millis(song.created), versions }
    }
}

/// The songs of who asks, the latest first.
#[utoipa::path(get, path = "/api/v1/songs", operation_id = "songs", tag = "songs", params(SongsQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<SongView>), Known, Valid))]
pub(super) async fn list(
    visit: Visit,
    Query(asked): Query<SongsQuery>,
) -> Result<Json<Page<SongView>>, Refusal> {
    let limit = page(asked.limit)?;
    let before = cursor::number(asked.after.as_deref())?.map(SongId);
    let work = move |visit: &Visit| Ok(visit.house.desk.songs(visit.user(), before, limit + 1)?);
    let mut songs = visit.work(work).await?;
    let is_more = songs.len() > limit;
    songs.truncate(limit);
    let next = songs.last().filter(|_| is_more).map(|song| cursor::of_number(song.id.0));
    Ok(Json(Page { items: songs.into_iter().map(SongView::from).collect(), next }))
}

/// A song of who asks, with its files.
#[utoipa::path(get, path = "/api/v1/songs/{id}", operation_id = "song", tag = "songs", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = SongView), Known, There))]
pub(super) async fn one(visit: Visit, Path(id): Path<i64>) -> Result<Json<SongView>, Refusal> {
    visit.work(move |visit| told(visit, SongId(id))).await.map(Json)
}

/// Deletes a song with all its versions; it can be taken back until it is collected.
#[utoipa::path(delete, path = "/api/v1/songs/{id}", operation_id = "delete_song", tag = "songs", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])), responses((status = 204), Known, There))]
pub(super) async fn delete(visit: Visit, Path(id): Path<i64>) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| {
        visit.house.desk.delete_song(visit.user(), SongId(id), None)?;
        visit.record(DELETED, id.to_string())?;
        Ok(visit.house.begin_scan(false)?)
    };
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the deletion of a song back.
#[utoipa::path(post, path = "/api/v1/songs/{id}/restore", operation_id = "restore_song", tag = "songs",
    params(("id" = i64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 200, body = SongView), Known, There))]
pub(super) async fn restore(visit: Visit, Path(id): Path<i64>) -> Result<Json<SongView>, Refusal> {
    let work = move |visit: &Visit| {
        visit.house.desk.undelete_song(visit.user(), SongId(id), None)?;
        visit.record(RESTORED, id.to_string())?;
        visit.house.begin_scan(false)?;
        told(visit, SongId(id))
    };
    visit.work(work).await.map(Json)
}

fn told(visit: &Visit, id: SongId) -> Result<SongView, Refusal> {
    let (desk, user) = (&visit.house.desk, visit.user());
    let mut song = SongView::from(desk.song(user, id)?);
    for version in &mut song.versions {
        let files = desk.artifacts().of_version(user, id, version.number)?;
        version.files = Some(files.into_iter().map(FileView::from).collect());
    }
    Ok(song)
}
