//! The API of Auralis itself, under `/api/v1`: things as resources, all of it typed and described.
//!
//! Ids are the library's texts ("tr-12"), moments are milliseconds since 1970, lengths are
//! milliseconds. Long lists come in pages: `?limit=` things, and with `?after=` those behind the
//! `next` of the page before. What belongs to somebody else is not there.

mod answers;
mod bookmarks;
mod catalogue;
mod compose;
mod cursor;
mod enhancing;
mod events;
mod files;
mod finding;
mod marks;
mod masters;
mod playlists;
mod queue;
mod refusal;
mod roots;
mod songs;
mod sound;
mod streams;
mod tags;
mod uploads;
mod views;
mod warnings;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use gateway::{Action, Admin, Client, Entry, Principal, Problem, RouteRules, UserId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::House;
use refusal::Refusal;

/// A playlist as a file: what the library reads at most, of M3U.
const MAX_PLAYLIST_BYTES: u64 = library::m3u::MAX_BYTES as u64;
/// Ids of the longest playlist, and what stands around them.
const MAX_LIST_BYTES: u64 = 2 << 20;
/// One uploaded file: an hour of FLAC in CD quality.
const MAX_UPLOAD_BYTES: u64 = 200 << 20;

/// Every route.
pub(crate) fn router(house: House) -> OpenApiRouter {
    let lists = OpenApiRouter::new()
        .routes(routes!(playlists::list, playlists::make))
        .routes(routes!(playlists::one, playlists::change, playlists::delete))
        .routes(routes!(queue::get, queue::put))
        .routes(routes!(streams::list, streams::make))
        .routes(routes!(streams::one, streams::change, streams::forget))
        .layer(RouteRules::new().body_bytes(MAX_LIST_BYTES));
    let imports = OpenApiRouter::new()
        .routes(routes!(playlists::transfer::import))
        .layer(RouteRules::new().body_bytes(MAX_PLAYLIST_BYTES));
    let uploads = OpenApiRouter::new()
        .routes(routes!(uploads::upload))
        .layer(RouteRules::new().body_bytes(MAX_UPLOAD_BYTES).unhurried());
    // A batch is copied, changed and heard again before it counts.
    let tags = OpenApiRouter::new()
        .routes(routes!(tags::preview))
        .routes(routes!(tags::apply, tags::batches))
        .routes(routes!(tags::undo))
        .layer(RouteRules::new().unhurried());
    OpenApiRouter::new()
        .merge(browsing())
        .merge(listening())
        .merge(keeping())
        .merge(composing())
        .merge(lists)
        .merge(imports)
        .merge(uploads)
        .merge(tags)
        .with_state(house)
}

/// What is there.
fn browsing() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(catalogue::tracks))
        .routes(routes!(catalogue::track))
        .routes(routes!(catalogue::albums))
        .routes(routes!(catalogue::album))
        .routes(routes!(catalogue::album_tracks))
        .routes(routes!(catalogue::artists))
        .routes(routes!(catalogue::artist))
        .routes(routes!(catalogue::artist_albums))
        .routes(routes!(finding::genres))
        .routes(routes!(finding::folder))
        .routes(routes!(finding::search))
        .routes(routes!(finding::statistics))
        .routes(routes!(finding::most_played))
        .routes(routes!(finding::duplicates))
        .routes(routes!(sound::waveform))
        .routes(routes!(sound::lyrics))
        .routes(routes!(sound::loudness))
        .routes(routes!(sound::similar))
        .routes(routes!(sound::path))
        .routes(routes!(enhancing::plan))
        .routes(routes!(files::track))
        .routes(routes!(files::cover))
}

/// What a listener does with it.
fn listening() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(marks::star, marks::unstar))
        .routes(routes!(marks::rate, marks::unrate))
        .routes(routes!(marks::plays, marks::play))
        .routes(routes!(bookmarks::list))
        .routes(routes!(bookmarks::set, bookmarks::delete))
        .routes(routes!(queue::undo))
        .routes(routes!(streams::socket))
        .routes(routes!(streams::ticket))
        .routes(routes!(streams::file))
        .routes(routes!(enhancing::presets))
        .routes(routes!(enhancing::list))
        .routes(routes!(enhancing::remember, enhancing::forget))
        .routes(routes!(queue::past))
        .routes(routes!(playlists::entries))
        .routes(routes!(playlists::preview))
        .routes(routes!(playlists::transfer::export))
}

/// What keeps it in order.
fn keeping() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(roots::list, roots::add))
        .routes(routes!(roots::remove))
        .routes(routes!(roots::scan, roots::begin))
        .routes(routes!(roots::unreadable))
        .routes(routes!(warnings::list))
}

/// What is made here, and what happens.
fn composing() -> OpenApiRouter<House> {
    let events = OpenApiRouter::new()
        .routes(routes!(events::events))
        .layer(Extension(events::Seats::default()));
    OpenApiRouter::new()
        .routes(routes!(songs::list, compose::order))
        .routes(routes!(compose::studio))
        .routes(routes!(compose::starter))
        .routes(routes!(songs::one, songs::delete))
        .routes(routes!(songs::restore))
        .routes(routes!(compose::version))
        .routes(routes!(files::artifact))
        .routes(routes!(compose::jobs))
        .routes(routes!(compose::job, compose::cancel))
        .routes(routes!(masters::order))
        .routes(routes!(masters::list, masters::delete))
        .routes(routes!(masters::file))
        .merge(events)
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || span.in_scope(work)).await;
    done.unwrap_or_else(|_| Err(Refusal::from(Problem::internal())))
}

/// Who asks, with the house they ask: what most routes work with.
struct Visit {
    house: House,
    by: Principal,
    client: Client,
}

impl FromRequestParts<House> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let by = Principal::from_request_parts(parts, house).await?;
        let client = Client::from_request_parts(parts, house).await?;
        Ok(Self { house: house.clone(), by, client })
    }
}

/// An admin asks.
struct Keeper(Visit);

impl FromRequestParts<House> for Keeper {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, house).await?;
        let Admin(by) = visit.by.clone().into_admin()?;
        Ok(Self(Visit { by, ..visit }))
    }
}

impl Visit {
    fn user(&self) -> UserId {
        self.by.user
    }

    /// Does something on a thread that may block.
    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        blocking(move || work(&self)).await
    }

    /// Writes down what somebody did. Blocks.
    fn record(&self, action: Action, subject: impl Into<String>) -> Result<(), Refusal> {
        let entry = Entry::done(&self.by, action, subject).from(self.client.text());
        Ok(self.house.accounts.record(entry)?)
    }
}
