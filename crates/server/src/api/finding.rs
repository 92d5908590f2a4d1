//! Finding things, and figures over all of them.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use clock::Nanos;
use gateway::{Json, Path, Problem, Query};
use library::catalogue::{FolderContents, Page as Part};
use library::search::Wanted;
use library::{FolderId, Likeness, RootId, Statistics};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{All, Known, There, Valid, limit};
use super::refusal::Refusal;
use super::views::{AlbumView, ArtistView, FolderView, GenreView, TrackView};
use crate::ids::Id;

/// Longer is nothing somebody types.
const MAX_WORDS: usize = 200;

/// What is in a folder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderContents)]
pub(super) struct Contents {
    folder: FolderView,
    /// Folders in it that hold music, here or below, by name.
    folders: Vec<FolderView>,
    /// Tracks in it, by name.
    tracks: Vec<TrackView>,
}

/// What is sought.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Sought {
    /// Beginnings of words, in any order; at most 200 characters. Nothing finds everything, by name.
    q: String,
    /// How many of each kind, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// Only what is in this root.
    #[param(value_type = Option<String>)]
    root: Option<Id<RootId>>,
}

/// What was found, the best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Finds)]
pub(super) struct Found {
    artists: Vec<ArtistView>,
    albums: Vec<AlbumView>,
    tracks: Vec<TrackView>,
}

/// The collection in figures. Only what is there counts, unless it says so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Statistics)]
pub(super) struct Figures {
    tracks: u64,
    albums: u64,
    artists: u64,
    genres: u64,
    duration_ms: u64,
    bytes: u64,
    /// Tracks whose file is not where it was.
    missing: u64,
    /// Files that could not be read.
    unreadable: u64,
    /// Plays of who asks, of missing tracks too.
    plays: u64,
    played_ms: u64,
    /// Tracks who asks played at least once.
    heard: u64,
    favourite_tracks: u64,
    favourite_albums: u64,
    favourite_artists: u64,
}

/// Since when, and how many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Since {
    /// Milliseconds since 1970; from the first play without it.
    since: Option<i64>,
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
}

/// A track and how often it was played.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Played {
    track: TrackView,
    plays: u64,
}

/// What makes tracks one and the same.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Alike {
    /// Bit for bit the same coded sound.
    Sound,
    /// The same words on the same album, and nearly the same length.
    Words,
}

/// Which duplicates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DuplicatesQuery {
    /// What makes them one and the same.
    #[param(inline)]
    by: Alike,
    /// Groups passed over, 0 without it.
    #[serde(default)]
    from: u32,
    /// How many groups, 1 to 500; 100 without it.
    limit: Option<u32>,
}

/// Tracks that are alike.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Group {
    tracks: Vec<TrackView>,
}

/// All genres of tracks that are there, by name.
#[utoipa::path(get, path = "/api/v1/genres", tag = "catalogue",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<GenreView>), Known))]
pub(super) async fn genres(visit: Visit) -> Result<Json<All<GenreView>>, Refusal> {
    let genres = visit.work(|visit| Ok(visit.house.library.genres()?)).await?;
    Ok(Json(All::of(genres)))
}

/// What is in a folder. The folder of a root is named by the root.
#[utoipa::path(get, path = "/api/v1/folders/{id}", tag = "catalogue",
    params(("id" = String, Path, example = "fo-2")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = Contents), Known, There))]
pub(super) async fn folder(
    visit: Visit,
    Path(Id(id)): Path<Id<FolderId>>,
) -> Result<Json<Contents>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.folder(visit.user(), id)?);
    let FolderContents { folder, folders, tracks } = visit.work(work).await?;
    Ok(Json(Contents {
        folder: folder.into(),
        folders: folders.into_iter().map(FolderView::from).collect(),
        tracks: tracks.into_iter().map(TrackView::from).collect(),
    }))
}

/// Artists, albums and tracks all of whose words begin as those asked for.
#[utoipa::path(get, path = "/api/v1/search", tag = "catalogue", params(Sought),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Found), Known, Valid))]
pub(super) async fn search(
    visit: Visit,
    Query(asked): Query<Sought>,
) -> Result<Json<Found>, Refusal> {
    if asked.q.chars().count() > MAX_WORDS {
        return Err(Problem::invalid("q", "at most 200 characters").into());
    }
    let page = Part { offset: 0, limit: limit(asked.limit)? as u64 };
    let within = asked.root.map(|root| root.0);
    let wanted = Wanted { artists: page, albums: page, tracks: page, within };
    let work =
        move |visit: &Visit| Ok(visit.house.library.search(visit.user(), &asked.q, wanted)?);
    let found = visit.work(work).await?;
    Ok(Json(Found {
        artists: found.artists.into_iter().map(ArtistView::from).collect(),
        albums: found.albums.into_iter().map(AlbumView::from).collect(),
        tracks: found.tracks.into_iter().map(TrackView::from).collect(),
    }))
}

/// The collection in figures, as who asks sees it.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "catalogue",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Figures), Known))]
pub(super) async fn statistics(visit: Visit) -> Result<Json<Figures>, Refusal> {
    let work = |visit: &Visit| Ok(visit.house.library.statistics(visit.user())?);
    Ok(Json(visit.work(work).await?.into()))
}

/// What who asks played most, missing tracks too.
#[utoipa::path(get, path = "/api/v1/statistics/most-played", tag = "catalogue", params(Since),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<Played>), Known, Valid))]
pub(super) async fn most_played(
    visit: Visit,
    Query(asked): Query<Since>,
) -> Result<Json<All<Played>>, Refusal> {
    let page = Part { offset: 0, limit: limit(asked.limit)? as u64 };
    let since = match asked.since {
        None => Nanos(i64::MIN),
        Some(millis) => Nanos::from_millis(millis)
            .ok_or_else(|| Problem::invalid("since", "milliseconds since 1970"))?,
    };
    let work =
        move |visit: &Visit| Ok(visit.house.library.most_played(visit.user(), since, page)?);
    Ok(Json(All::of(visit.work(work).await?)))
}

/// Tracks that are there more than once, group by group.
#[utoipa::path(get, path = "/api/v1/duplicates", tag = "catalogue", params(DuplicatesQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<Group>), Known, Valid))]
pub(super) async fn duplicates(
    visit: Visit,
    Query(asked): Query<DuplicatesQuery>,
) -> Result<Json<All<Group>>, Refusal> {
    let page = Part { offset: u64::from(asked.from), limit: limit(asked.limit)? as u64 };
    let likeness = match asked.by {
        Alike::Sound => Likeness::Essence,
        Alike::Words => Likeness::Words,
    };
    let work =
        move |visit: &Visit| Ok(visit.house.library.duplicates(visit.user(), likeness, page)?);
    let groups = visit.work(work).await?.into_iter();
    let group = |tracks: Vec<library::model::Track>| Group {
        tracks: tracks.into_iter().map(TrackView::from).collect(),
    };
    Ok(Json(All { items: groups.map(group).collect() }))
}

impl From<(library::model::Track, u64)> for Played {
    fn from((track, plays): (library::model::Track, u64)) -> Self {
        Self { track: track.into(), plays }
    }
}

impl From<Statistics> for Figures {
    fn from(all: Statistics) -> Self {
        Self {
            tracks: all.tracks,
            albums: all.albums,
            artists: all.artists,
            genres: all.genres,
            duration_ms: all.duration_ms,
            bytes: all.bytes,
            missing: all.missing,
            unreadable: all.unreadable,
            plays: all.plays,
            played_ms: all.played_ms,
            heard: all.heard,
            favourite_tracks: all.starred_tracks,
            favourite_albums: all.starred_albums,
            favourite_artists: all.starred_artists,
        }
    }
}
