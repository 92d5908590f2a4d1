//! Playlists, made by hand or by rules; and as files.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

pub(super) mod transfer;

use axum::http::StatusCode;
use gateway::{Json, Path, Problem, Query};
use library::catalogue::Page as Part;
use library::playlists::{Change, Content, Edit, NewPlaylist};
use library::rules::{Rules, Smart};
use library::{PlaylistId, TrackId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{All, Known, Small, There, Valid, limit};
use super::refusal::Refusal;
use super::views::{PlaylistView, TrackView};
use crate::ids::{Id, bare};

/// A playlist to be made: of tracks, or of rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaylistToMake {
    /// 1 to 250 characters.
    name: String,
    /// At most 4000 characters.
    #[serde(default)]
    comment: String,
    /// Whether everybody may read it.
    #[serde(default)]
    public: bool,
    /// In this order; the same one perhaps several times.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    tracks: Option<Vec<Id<TrackId>>>,
    /// As in a `.nsp` file: `{"all": [{"is": {"loved": true}}], "sort": "title", "limit": 50}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    rules: Option<serde_json::Value>,
}

/// What is to be another way, all of it or nothing; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaylistChange {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    public: Option<bool>,
    /// Other rules of a smart one.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    rules: Option<serde_json::Value>,
    /// What is done to the entries of one made by hand, one after the other.
    #[serde(default)]
    edits: Vec<EntryEdit>,
}

/// An edit of entries. Places are counted from 0, as they are before the edit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum EntryEdit {
    /// These instead of all that was there.
    Replace {
        #[schema(value_type = Vec<String>)]
        tracks: Vec<Id<TrackId>>,
    },
    /// These behind the last one.
    Append {
        #[schema(value_type = Vec<String>)]
        tracks: Vec<Id<TrackId>>,
    },
    /// These before the entry at a place.
    Insert {
        at: u32,
        #[schema(value_type = Vec<String>)]
        tracks: Vec<Id<TrackId>>,
    },
    /// Without the entries at these places.
    Remove { places: Vec<u32> },
    /// One entry taken out and put where it then has this place.
    Move { from: u32, to: u32 },
}

/// Rules to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesToTry {
    /// As in a `.nsp` file.
    #[schema(value_type = Object)]
    rules: serde_json::Value,
    /// How many tracks, 1 to 500; 100 without it.
    #[serde(default)]
    limit: Option<u32>,
}

/// Which part of the entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntriesQuery {
    /// The place of the first of them, 0 without it.
    #[serde(default)]
    from: u32,
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
}

/// A part of the entries, in their places.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Entries {
    /// The place of the first of them.
    from: u32,
    /// Those whose file is missing too.
    items: Vec<TrackView>,
    /// Entries in all.
    of: u64,
}

impl From<EntryEdit> for Edit {
    fn from(edit: EntryEdit) -> Self {
        match edit {
            EntryEdit::Replace { tracks } => Self::Replace(bare(tracks)),
            EntryEdit::Append { tracks } => Self::Append(bare(tracks)),
            EntryEdit::Insert { at, tracks } => {
                Self::Insert { at: at as usize, tracks: bare(tracks) }
            }
            EntryEdit::Remove { places } => {
                Self::Remove(places.into_iter().map(|place| place as usize).collect())
            }
            EntryEdit::Move { from, to } => Self::Move { from: from as usize, to: to as usize },
        }
    }
}

/// Rules as they are sent: those of a file, which has no name of its own here.
fn rules(sent: &serde_json::Value) -> Result<Rules, Refusal> {
    let smart = Smart::from_nsp(sent.to_string().as_bytes())?;
    if smart.name.is_some() || smart.comment.is_some() || smart.public.is_some() {
        let accepted = "all or any, sort, order, limit, offset";
        return Err(Problem::invalid("rules", accepted).into());
    }
    Ok(smart.rules)
}

/// The playlists of who asks and those all may read, by name.
#[utoipa::path(get, path = "/api/v1/playlists", operation_id = "playlists", tag = "playlists",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<PlaylistView>), Known))]
pub(super) async fn list(visit: Visit) -> Result<Json<All<PlaylistView>>, Refusal> {
    let work = |visit: &Visit| {
        let all = visit.house.library.playlists(visit.user())?.into_iter();
        Ok(All { items: all.map(|one| PlaylistView::of(one, visit.user())).collect() })
    };
    visit.work(work).await.map(Json)
}

/// Makes a playlist of tracks, or of rules.
#[utoipa::path(post, path = "/api/v1/playlists", operation_id = "make_playlist", tag = "playlists",
    request_body = PlaylistToMake, security(("session" = []), ("key" = [])),
    responses((status = 201, body = PlaylistView), Known, There, Small, Valid))]
pub(super) async fn make(
    visit: Visit,
    Json(asked): Json<PlaylistToMake>,
) -> Result<(StatusCode, Json<PlaylistView>), Refusal> {
    let content = match (asked.tracks, asked.rules) {
        (Some(_), Some(_)) => return Err(Problem::invalid("rules", "tracks or rules").into()),
        (tracks, None) => Content::Tracks(bare(tracks.unwrap_or_default())),
        (None, Some(sent)) => Content::Rules(rules(&sent)?),
    };
    let (name, comment) = (asked.name, asked.comment);
    let new = NewPlaylist { name, comment, public: asked.public, content };
    let work = move |visit: &Visit| {
        let id = visit.house.library.create_playlist(visit.user(), new)?;
        told(visit, id)
    };
    Ok((StatusCode::CREATED, Json(visit.work(work).await?)))
}

/// A playlist, without its entries.
#[utoipa::path(get, path = "/api/v1/playlists/{id}", operation_id = "playlist", tag = "playlists",
    params(("id" = String, Path, example = "pl-1")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = PlaylistView), Known, There))]
pub(super) async fn one(
    visit: Visit,
    Path(Id(id)): Path<Id<PlaylistId>>,
) -> Result<Json<PlaylistView>, Refusal> {
    visit.work(move |visit| told(visit, id)).await.map(Json)
}

/// Changes a playlist of who asks, all of it or nothing.
#[utoipa::path(patch, path = "/api/v1/playlists/{id}", operation_id = "change_playlist", tag = "playlists",
    params(("id" = String, Path, example = "pl-1")), request_body = PlaylistChange,
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = PlaylistView), Known, There, Small, Valid))]
pub(super) async fn change(
    visit: Visit,
    Path(Id(id)): Path<Id<PlaylistId>>,
    Json(asked): Json<PlaylistChange>,
) -> Result<Json<PlaylistView>, Refusal> {
    let change = Change {
        name: asked.name,
        comment: asked.comment,
        public: asked.public,
        rules: asked.rules.as_ref().map(rules).transpose()?,
        edits: asked.edits.into_iter().map(Edit::from).collect(),
    };
    let work = move |visit: &Visit| {
        visit.house.library.change_playlist(visit.user(), id, change)?;
        told(visit, id)
    };
    visit.work(work).await.map(Json)
}

/// Deletes a playlist of who asks.
#[utoipa::path(delete, path = "/api/v1/playlists/{id}", operation_id = "delete_playlist", tag = "playlists",
    params(("id" = String, Path, example = "pl-1")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn delete(
    visit: Visit,
    Path(Id(id)): Path<Id<PlaylistId>>,
) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.delete_playlist(visit.user(), id)?);
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A part of the entries of a playlist, counted by their places.
#[utoipa::path(get, path = "/api/v1/playlists/{id}/entries", operation_id = "playlist_entries", tag = "playlists",
    params(("id" = String, Path, example = "pl-1"), EntriesQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Entries), Known, There, Valid))]
pub(super) async fn entries(
    visit: Visit,
    Path(Id(id)): Path<Id<PlaylistId>>,
    Query(asked): Query<EntriesQuery>,
) -> Result<Json<Entries>, Refusal> {
    let page = Part { offset: u64::from(asked.from), limit: limit(asked.limit)? as u64 };
    let work =
        move |visit: &Visit| Ok(visit.house.library.playlist_contents(visit.user(), id, page)?);
    let contents = visit.work(work).await?;
    let of = contents.playlist.tracks + contents.playlist.missing;
    let items = contents.entries.into_iter().map(TrackView::from).collect();
    Ok(Json(Entries { from: asked.from, items, of }))
}

/// What rules would find for who asks, before they are a playlist.
#[utoipa::path(post, path = "/api/v1/playlists/preview", operation_id = "preview_rules", tag = "playlists",
    request_body = RulesToTry, security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<TrackView>), Known, There, Valid))]
pub(super) async fn preview(
    visit: Visit,
    Json(asked): Json<RulesToTry>,
) -> Result<Json<All<TrackView>>, Refusal> {
    let (rules, limit) = (rules(&asked.rules)?, limit(asked.limit)?);
    let page = Part { offset: 0, limit: limit as u64 };
    let work =
        move |visit: &Visit| Ok(visit.house.library.preview_rules(visit.user(), &rules, page)?);
    Ok(Json(All::of(visit.work(work).await?)))
}

fn told(visit: &Visit, id: PlaylistId) -> Result<PlaylistView, Refusal> {
    let playlist = visit.house.library.playlist(visit.user(), id)?;
    Ok(PlaylistView::of(playlist, visit.user()))
}
