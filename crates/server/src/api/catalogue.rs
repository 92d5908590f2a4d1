//! Tracks, albums and artists: pages and single ones.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use gateway::{Json, Path, Query};
use library::catalogue::keyset::{
    AlbumOrder, AlbumQuery, ArtistQuery, Paged, TrackOrder, TrackQuery,
};
use library::catalogue::{AlbumList, Page as Part, TrackList};
use library::{AlbumId, ArtistId, RootId, TrackId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{All, Known, Page, There, Valid, limit};
use super::cursor;
use super::refusal::Refusal;
use super::views::{AlbumView, ArtistView, TrackView};
use crate::ids::Id;

/// What tracks are sorted by.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum TracksBy {
    #[default]
    Title,
    Artist,
    /// The newest first.
    Added,
    Year,
    Duration,
}

/// What albums are sorted by.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum AlbumsBy {
    #[default]
    Title,
    Artist,
    /// The newest first.
    Added,
    Year,
}

/// Which tracks.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TracksQuery {
    /// By title without it.
    #[serde(default)]
    #[param(inline)]
    order: TracksBy,
    /// The last one first.
    #[serde(default)]
    reverse: bool,
    /// Of this album.
    #[param(value_type = Option<String>)]
    album: Option<Id<AlbumId>>,
    /// That this artist plays.
    #[param(value_type = Option<String>)]
    artist: Option<Id<ArtistId>>,
    /// Of this genre, by its name.
    genre: Option<String>,
    /// In this root.
    #[param(value_type = Option<String>)]
    root: Option<Id<RootId>>,
    /// Favourites of who asks, or those that are none.
    favourite: Option<bool>,
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Which albums.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AlbumsQuery {
    /// By title without it.
    #[serde(default)]
    #[param(inline)]
    order: AlbumsBy,
    /// The last one first.
    #[serde(default)]
    reverse: bool,
    /// That this artist stands before.
    #[param(value_type = Option<String>)]
    artist: Option<Id<ArtistId>>,
    /// With tracks of this genre, by its name.
    genre: Option<String>,
    /// With tracks in this root.
    #[param(value_type = Option<String>)]
    root: Option<Id<RootId>>,
    /// Favourites of who asks, or those that are none.
    favourite: Option<bool>,
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// Which artists.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ArtistsQuery {
    /// The last one first.
    #[serde(default)]
    reverse: bool,
    /// Everybody who has a part in a track, not only those with albums of their own.
    #[serde(default)]
    everybody: bool,
    /// With tracks in this root; without `everybody` those who stand before one of them.
    #[param(value_type = Option<String>)]
    root: Option<Id<RootId>>,
    /// Favourites of who asks, or those that are none.
    favourite: Option<bool>,
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<TracksBy> for TrackOrder {
    fn from(by: TracksBy) -> Self {
        match by {
            TracksBy::Title => Self::Title,
            TracksBy::Artist => Self::Artist,
            TracksBy::Added => Self::Added,
            TracksBy::Year => Self::Year,
            TracksBy::Duration => Self::Duration,
        }
    }
}

impl From<AlbumsBy> for AlbumOrder {
    fn from(by: AlbumsBy) -> Self {
        match by {
            AlbumsBy::Title => Self::Title,
            AlbumsBy::Artist => Self::Artist,
            AlbumsBy::Added => Self::Added,
            AlbumsBy::Year => Self::Year,
        }
    }
}

/// A page as it is answered.
pub(super) fn answered<T, V: From<T> + ToSchema>(paged: Paged<T>) -> Json<Page<V>> {
    let next = paged.next.as_ref().map(cursor::word);
    Json(Page { items: paged.items.into_iter().map(V::from).collect(), next })
}

/// The tracks that are there.
#[utoipa::path(get, path = "/api/v1/tracks", tag = "catalogue", params(TracksQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<TrackView>), Known, Valid))]
pub(super) async fn tracks(
    visit: Visit,
    Query(asked): Query<TracksQuery>,
) -> Result<Json<Page<TrackView>>, Refusal> {
    let (limit, after) = (limit(asked.limit)?, cursor::asked(asked.after.as_deref())?);
    let query = TrackQuery {
        order: asked.order.into(),
        reversed: asked.reverse,
        album: asked.album.map(|id| id.0),
        artist: asked.artist.map(|id| id.0),
        genre: asked.genre,
        root: asked.root.map(|id| id.0),
        favourite: asked.favourite,
    };
    let work = move |visit: &Visit| {
        Ok(visit.house.library.page_tracks(visit.user(), &query, after.as_ref(), limit)?)
    };
    visit.work(work).await.map(answered)
}

/// A track, its file being there or not.
#[utoipa::path(get, path = "/api/v1/tracks/{id}", tag = "catalogue",
    params(("id" = String, Path, example = "tr-12")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = TrackView), Known, There))]
pub(super) async fn track(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
) -> Result<Json<TrackView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.track(visit.user(), id)?);
    Ok(Json(visit.work(work).await?.into()))
}

/// The albums with tracks that are there.
#[utoipa::path(get, path = "/api/v1/albums", tag = "catalogue", params(AlbumsQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<AlbumView>), Known, Valid))]
pub(super) async fn albums(
    visit: Visit,
    Query(asked): Query<AlbumsQuery>,
) -> Result<Json<Page<AlbumView>>, Refusal> {
    let (limit, after) = (limit(asked.limit)?, cursor::asked(asked.after.as_deref())?);
    let query = AlbumQuery {
        order: asked.order.into(),
        reversed: asked.reverse,
        artist: asked.artist.map(|id| id.0),
        genre: asked.genre,
        root: asked.root.map(|id| id.0),
        favourite: asked.favourite,
    };
    let work = move |visit: &Visit| {
        Ok(visit.house.library.page_albums(visit.user(), &query, after.as_ref(), limit)?)
    };
    visit.work(work).await.map(answered)
}

/// An album.
#[utoipa::path(get, path = "/api/v1/albums/{id}", tag = "catalogue",
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = AlbumView), Known, There))]
pub(super) async fn album(
    visit: Visit,
    Path(Id(id)): Path<Id<AlbumId>>,
) -> Result<Json<AlbumView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.album(visit.user(), id)?);
    Ok(Json(visit.work(work).await?.into()))
}

/// The tracks of an album, disc by disc.
#[utoipa::path(get, path = "/api/v1/albums/{id}/tracks", tag = "catalogue",
    params(("id" = String, Path, example = "al-4")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<TrackView>), Known, There))]
pub(super) async fn album_tracks(
    visit: Visit,
    Path(Id(id)): Path<Id<AlbumId>>,
) -> Result<Json<All<TrackView>>, Refusal> {
    let work = move |visit: &Visit| {
        let library = &visit.house.library;
        library.album(visit.user(), id)?;
        Ok(library.list_tracks(visit.user(), &TrackList::OfAlbum(id), Part::WHOLE)?)
    };
    visit.work(work).await.map(|tracks| Json(All::of(tracks)))
}

/// The artists, by name.
#[utoipa::path(get, path = "/api/v1/artists", tag = "catalogue", params(ArtistsQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<ArtistView>), Known, Valid))]
pub(super) async fn artists(
    visit: Visit,
    Query(asked): Query<ArtistsQuery>,
) -> Result<Json<Page<ArtistView>>, Refusal> {
    let (limit, after) = (limit(asked.limit)?, cursor::asked(asked.after.as_deref())?);
    let query = ArtistQuery {
        reversed: asked.reverse,
        leading: !asked.everybody,
        root: asked.root.map(|id| id.0),
        favourite: asked.favourite,
    };
    let work = move |visit: &Visit| {
        Ok(visit.house.library.page_artists(visit.user(), query, after.as_ref(), limit)?)
    };
    visit.work(work).await.map(answered)
}

/// An artist.
#[utoipa::path(get, path = "/api/v1/artists/{id}", tag = "catalogue",
    params(("id" = String, Path, example = "ar-3")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = ArtistView), Known, There))]
pub(super) async fn artist(
    visit: Visit,
    Path(Id(id)): Path<Id<ArtistId>>,
) -> Result<Json<ArtistView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.artist(visit.user(), id)?);
    Ok(Json(visit.work(work).await?.into()))
}

/// The albums an artist stands before, by year.
#[utoipa::path(get, path = "/api/v1/artists/{id}/albums", tag = "catalogue",
    params(("id" = String, Path, example = "ar-3")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<AlbumView>), Known, There))]
pub(super) async fn artist_albums(
    visit: Visit,
    Path(Id(id)): Path<Id<ArtistId>>,
) -> Result<Json<All<AlbumView>>, Refusal> {
    let work = move |visit: &Visit| {
        let library = &visit.house.library;
        library.artist(visit.user(), id)?;
        Ok(library.list_albums(visit.user(), &AlbumList::OfArtist(id), Part::WHOLE)?)
    };
    visit.work(work).await.map(|albums| Json(All::of(albums)))
}
