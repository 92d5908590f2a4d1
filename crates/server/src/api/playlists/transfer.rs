//! Playlists as files, in and out.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, StatusCode, header};
use gateway::{Json, Path, Problem, Query};
use library::PlaylistId;
use library::m3u::{Imported, Why};
use library::playlists::{Content, NewPlaylist};
use library::rules::Smart;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::told;
use crate::api::answers::{Known, Small, There, Valid};
use crate::api::refusal::Refusal;
use crate::api::views::PlaylistView;
use crate::api::{MAX_PLAYLIST_BYTES, Visit};
use crate::ids::Id;
use crate::offered::attachment;

/// What a file without a name of its own becomes.
const NAME: &str = "Imported";

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::api) enum Format {
    /// A list of paths, M3U or M3U8.
    M3u,
    /// The rules of a smart playlist, as Navidrome writes them.
    Nsp,
}

/// What comes in.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct ImportQuery {
    /// What the body is.
    #[param(inline)]
    format: Format,
    /// What it is called where it does not say itself.
    name: Option<String>,
}

/// What goes out.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct ExportQuery {
    /// What is wanted: rules of a smart one only.
    #[param(inline)]
    format: Format,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Imported)]
pub(in crate::api) struct ImportedView {
    playlist: PlaylistView,
    /// Entries that name no track.
    unmatched: Vec<UnmatchedView>,
}

/// An entry that names no track.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unmatched)]
pub(in crate::api) struct UnmatchedView {
    /// The line it stands on, from 1.
    line: usize,
    /// What it says.
    place: String,
    why: WhyView,
}

/// Why an entry names no track.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = WhyUnmatched)]
pub(in crate::api) enum WhyView {
    /// No file is called so.
    Unknown,
    /// Several are, and nothing tells them apart.
    Several,
    /// It is an address on a network.
    Elsewhere,
}

/// Makes a playlist of a file: its text is the body, at most 5 MiB. No file is opened by a path in it.
#[utoipa::path(post, path = "/api/v1/playlists/import", operation_id = "import_playlist", tag = "playlists", params(ImportQuery),
    request_body(content = String, content_type = "text/plain"),
    security(("session" = []), ("key" = [])),
    responses((status = 201, body = ImportedView), Known, There, Small, Valid))]
pub(in crate::api) async fn import(
    visit: Visit,
    Query(asked): Query<ImportQuery>,
    request: Request,
) -> Result<(StatusCode, Json<ImportedView>), Refusal> {
    let most = usize::try_from(MAX_PLAYLIST_BYTES).unwrap_or(usize::MAX);
    let read = axum::body::to_bytes(request.into_body(), most).await;
    let bytes = read.map_err(|_| {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(status, "too-large", "The body is larger than is accepted here, or cut off.")
    })?;
    let name = asked.name.unwrap_or_else(|| NAME.to_owned());
    let work = move |visit: &Visit| {
        let imported = match asked.format {
            Format::M3u => visit.house.library.import_m3u(visit.user(), &name, &bytes)?,
            Format::Nsp => of_rules(visit, name, &bytes)?,
        };
        let playlist = told(visit, imported.id)?;
        let unmatched = imported.unmatched.into_iter().map(|one| UnmatchedView {
            line: one.line,
            place: one.place,
            why: match one.why {
                Why::Unknown => WhyView::Unknown,
                Why::Several => WhyView::Several,
                Why::Elsewhere => WhyView::Elsewhere,
            },
        });
        Ok(ImportedView { playlist, unmatched: unmatched.collect() })
    };
    Ok((StatusCode::CREATED, Json(visit.work(work).await?)))
}

fn of_rules(visit: &Visit, name: String, bytes: &[u8]) -> Result<Imported, Refusal> {
    let smart = Smart::from_nsp(bytes)?;
    let new = NewPlaylist {
        name: smart.name.unwrap_or(name),
        comment: smart.comment.unwrap_or_default(),
        // Whoever wrote the file did not know who reads it here.
        public: false,
        content: Content::Rules(smart.rules),
    };
    let id = visit.house.library.create_playlist(visit.user(), new)?;
    Ok(Imported { id, tracks: 0, unmatched: Vec::new() })
}

/// A playlist as a file.
#[utoipa::path(get, path = "/api/v1/playlists/{id}/export", operation_id = "export_playlist", tag = "playlists",
    params(("id" = String, Path, example = "pl-1"), ExportQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The file.",
            content((String = "audio/x-mpegurl"), (serde_json::Value = "application/json"))),
        Known, There, Valid))]
pub(in crate::api) async fn export(
    visit: Visit,
    Path(Id(id)): Path<Id<PlaylistId>>,
    Query(asked): Query<ExportQuery>,
) -> Result<Response<Body>, Refusal> {
    let work = move |visit: &Visit| {
        let playlist = visit.house.library.playlist(visit.user(), id)?;
        let name = playlist.name.clone();
        match asked.format {
            Format::M3u => Ok((visit.house.library.export_m3u(visit.user(), id)?, name)),
            Format::Nsp => Ok((written(playlist)?, name)),
        }
    };
    let (text, name) = visit.work(work).await?;
    let (kind, ending) = match asked.format {
        Format::M3u => ("audio/x-mpegurl; charset=utf-8", "m3u8"),
        Format::Nsp => ("application/json", "nsp"),
    };
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, attachment(&format!("{name}.{ending}")));
    Ok(response)
}

fn written(playlist: library::playlists::Playlist) -> Result<String, Refusal> {
    let Some(rules) = playlist.rules else {
        return Err(Problem::invalid("format", "m3u for a playlist without rules").into());
    };
    let smart = Smart {
        name: Some(playlist.name),
        comment: Some(playlist.comment),
        public: Some(playlist.public),
        rules,
    };
    Ok(smart.to_nsp())
}
