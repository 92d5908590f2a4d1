//! Songs ordered by a sentence, and the jobs that make them.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::http::StatusCode;
use gateway::{Json, Path, Problem, Query};
use library::TrackId;
use serde::{Deserialize, Serialize};
use studio::desk::{Job, Request, SongOrder, State};
use studio::{JobId, SongId};
use utoipa::{IntoParams, ToSchema};

use super::answers::{All, Few, Fits, Known, Page, There, Valid, limit};
use super::refusal::Refusal;
use super::views::millis;
use super::{Visit, cursor};

/// A song asked for: a sentence, and what wins over it. What is left open is chosen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SongOrder)]
pub(super) struct OrderBody {
    /// What it should be, in words; at most 2,000 characters.
    sentence: String,
    /// All chance comes from it: the same order and seed give the same song.
    #[serde(default)]
    seed: u64,
    /// Genre by id or another of its names.
    #[serde(default)]
    genre: Option<String>,
    /// Quarter notes a minute, 20 to 300.
    #[serde(default)]
    bpm: Option<f64>,
    /// Such as "Bb minor" or "D dorian".
    #[serde(default)]
    key: Option<String>,
    /// 15 to 900 and to what this server takes.
    #[serde(default)]
    duration_seconds: Option<f64>,
    /// Chosen where there is none.
    #[serde(default)]
    title: Option<String>,
    /// In the tags.
    #[serde(default)]
    artist: Option<String>,
    /// What to reach, such as "spotify" or "club".
    #[serde(default)]
    target: Option<String>,
    /// Whether every part is kept as a file of its own: ten times the room.
    #[serde(default)]
    stems: bool,
}

/// A genre that songs may be of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComposedGenre)]
pub(super) struct GenreView {
    id: String,
    name: String,
    /// Quarter notes a minute: the slowest, the fastest, the most usual.
    slowest_bpm: f64,
    fastest_bpm: f64,
    usual_bpm: f64,
    /// How long a song is when nothing else is said.
    seconds: f64,
    /// What plays in it.
    parts: Vec<String>,
}

/// What a master may be made for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MasterTarget)]
pub(super) struct TargetView {
    name: &'static str,
    lufs: f64,
    ceiling_dbtp: f64,
}

/// What the band can do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Studio {
    genres: Vec<GenreView>,
    targets: Vec<TargetView>,
}

/// What songs may be of, and what they may be made for.
#[utoipa::path(get, path = "/api/v1/studio", tag = "songs",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Studio), Known))]
pub(super) async fn studio(visit: Visit) -> Json<Studio> {
    let genres = visit.house.desk.genres().iter().map(|genre| GenreView {
        id: genre.style.id.clone(),
        name: genre.style.name.clone(),
        slowest_bpm: genre.style.tempo.low,
        fastest_bpm: genre.style.tempo.high,
        usual_bpm: genre.style.tempo.typical,
        seconds: genre.style.duration,
        parts: genre.style.parts.iter().map(|part| part.name.to_string()).collect(),
    });
    let targets = mastering::TARGETS.iter().map(|target| TargetView {
        name: target.name,
        lufs: target.loudness.0,
        ceiling_dbtp: target.ceiling.0,
    });
    Json(Studio { genres: genres.collect(), targets: targets.collect() })
}

/// A new version of a song.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVersion {
    /// The version it takes the place of.
    of: u32,
    order: OrderBody,
}

/// A job that makes a song or a master. Moments are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = Job)]
pub(super) struct JobView {
    id: i64,
    /// The song asked for, in words; nothing where it is a master, or the record was altered.
    sentence: Option<String>,
    /// The track whose master is made; nothing where it is a song.
    #[schema(example = "tr-12")]
    track: Option<String>,
    state: StateView,
    /// The title of what it made, once it is finished.
    title: Option<String>,
    /// How often an end of the server cut it off.
    attempts: u32,
    created: i64,
    started: Option<i64>,
    ended: Option<i64>,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "lowercase")]
#[schema(as = JobState)]
pub(super) enum StateView {
    /// It waits for its turn.
    Queued,
    /// It is being made.
    Making {
        /// What is being done.
        stage: String,
        /// The share of that stage that is done, 0 to 1.
        share: f64,
    },
    /// Its song is there.
    Finished {
        song: i64,
        version: u32,
        /// Whether the delivered files were found to be what was asked.
        passed: bool,
    },
    /// The master of a track is there: its files are the job's.
    Mastered {
        /// Whether it was found to be what was asked.
        passed: bool,
    },
    /// Nothing came of it.
    Failed { reason: String },
    /// It was taken back.
    Cancelled,
    /// Its record was altered outside this server; nothing is made of it.
    Altered,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct JobsQuery {
    /// How many, 1 to 100; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<OrderBody> for SongOrder {
    fn from(asked: OrderBody) -> Self {
        Self {
            sentence: asked.sentence,
            seed: asked.seed,
            genre: asked.genre,
            bpm: asked.bpm,
            key: asked.key,
            duration_seconds: asked.duration_seconds,
            title: asked.title,
            artist: asked.artist,
            target: asked.target,
            stems: asked.stems,
        }
    }
}

impl From<SongOrder> for OrderBody {
    fn from(order: SongOrder) -> Self {
        Self {
            sentence: order.sentence,
            seed: order.seed,
            genre: order.genre,
            bpm: order.bpm,
            key: order.key,
            duration_seconds: order.duration_seconds,
            title: order.title,
            artist: order.artist,
            target: order.target,
            stems: order.stems,
        }
    }
}

impl From<State> for StateView {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Making { stage, share } => Self::Making { stage, share },
            State::Finished { song, version, passed } => {
                Self::Finished { song: song.0, version, passed }
            }
            State::Mastered { passed } => Self::Mastered { passed },
            State::Failed { reason } => Self::Failed { reason },
            State::Cancelled => Self::Cancelled,
            State::Altered => Self::Altered,
        }
    }
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        let (sentence, track) = match job.order {
            Some(Request::Song(order)) => (Some(order.sentence), None),
            Some(Request::Master(order)) => (None, Some(TrackId(order.sound.0).to_string())),
            None => (None, None),
        };
        Self {
            id: job.id.0,
            sentence,
            track,
            state: job.state.into(),
            title: job.title,
            attempts: job.attempts,
            created: millis(job.created),
            started: job.started.map(millis),
            ended: job.ended.map(millis),
        }
    }
}

/// Orders a song. It is made when its turn comes; the job says how far it is.
#[utoipa::path(post, path = "/api/v1/songs", operation_id = "order_song", tag = "songs", request_body = OrderBody,
    security(("session" = []), ("key" = [])),
    responses((status = 202, body = JobView), Known, Valid, Few))]
pub(super) async fn order(
    visit: Visit,
    Json(asked): Json<OrderBody>,
) -> Result<(StatusCode, Json<JobView>), Refusal> {
    let order = SongOrder::from(asked);
    let work = move |visit: &Visit| Ok(visit.house.desk.order(visit.user(), &order)?);
    Ok((StatusCode::ACCEPTED, Json(visit.work(work).await?.into())))
}

/// Orders a new version of a song of who asks.
#[utoipa::path(post, path = "/api/v1/songs/{id}/versions", operation_id = "order_version", tag = "songs",
    params(("id" = i64, Path)), request_body = NewVersion,
    security(("session" = []), ("key" = [])),
    responses((status = 202, body = JobView), Known, There, Valid, Few))]
pub(super) async fn version(
    visit: Visit,
    Path(id): Path<i64>,
    Json(asked): Json<NewVersion>,
) -> Result<(StatusCode, Json<JobView>), Refusal> {
    let (of, order) = (asked.of, SongOrder::from(asked.order));
    let work =
        move |visit: &Visit| Ok(visit.house.desk.remake(visit.user(), SongId(id), of, &order)?);
    Ok((StatusCode::ACCEPTED, Json(visit.work(work).await?.into())))
}

/// Orders the three songs of the starter set; only while the library is empty and none of them is
/// being made.
#[utoipa::path(post, path = "/api/v1/songs/starter", operation_id = "order_starter", tag = "songs",
    security(("session" = []), ("key" = [])),
    responses((status = 202, body = All<JobView>), Known, Fits, Few))]
pub(super) async fn starter(visit: Visit) -> Result<(StatusCode, Json<All<JobView>>), Refusal> {
    let work = |visit: &Visit| {
        let (desk, user) = (&visit.house.desk, visit.user());
        if visit.house.library.statistics(user)?.tracks > 0 {
            return Err(Problem::conflict("There is music here already.").into());
        }
        let is_open = |job: &Job| {
            let is_song = matches!(job.order, Some(Request::Song(_)));
            is_song
                && matches!(
                    job.state,
                    State::Queued | State::Making { .. } | State::Finished { .. }
                )
        };
        if desk.history(user, None, studio::desk::MAX_PAGE)?.iter().any(is_open) {
            return Err(Problem::conflict("Songs are ordered already.").into());
        }
        let orders = studio::starter::orders();
        let jobs = orders.iter().map(|order| desk.order(user, order).map(JobView::from));
        Ok(All { items: jobs.collect::<Result<_, _>>()? })
    };
    Ok((StatusCode::ACCEPTED, Json(visit.work(work).await?)))
}

/// The jobs of who asks, the latest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "songs", params(JobsQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<JobView>), Known, Valid))]
pub(super) async fn jobs(
    visit: Visit,
    Query(asked): Query<JobsQuery>,
) -> Result<Json<Page<JobView>>, Refusal> {
    let limit = page(asked.limit)?;
    let before = cursor::number(asked.after.as_deref())?.map(JobId);
    let work =
        move |visit: &Visit| Ok(visit.house.desk.history(visit.user(), before, limit + 1)?);
    let mut jobs = visit.work(work).await?;
    let is_more = jobs.len() > limit;
    jobs.truncate(limit);
    let next = jobs.last().filter(|_| is_more).map(|job| cursor::of_number(job.id.0));
    Ok(Json(Page { items: jobs.into_iter().map(JobView::from).collect(), next }))
}

/// How many jobs or songs a page has: fewer than of tracks, since each is verified.
pub(super) fn page(asked: Option<u32>) -> Result<usize, Problem> {
    const MOST: usize = 100;
    let limit = limit(asked)?;
    if limit <= MOST { Ok(limit) } else { Err(Problem::invalid("limit", "1 to 100")) }
}

/// A job of who asks.
#[utoipa::path(get, path = "/api/v1/jobs/{id}", tag = "songs", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = JobView), Known, There))]
pub(super) async fn job(visit: Visit, Path(id): Path<i64>) -> Result<Json<JobView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.desk.job(visit.user(), JobId(id))?);
    Ok(Json(visit.work(work).await?.into()))
}

/// Takes a job back. One being made stops soon; one that ended is as it was.
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", operation_id = "cancel_job", tag = "songs", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = JobView), Known, There))]
pub(super) async fn cancel(visit: Visit, Path(id): Path<i64>) -> Result<Json<JobView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.desk.cancel(visit.user(), JobId(id))?);
    Ok(Json(visit.work(work).await?.into()))
}
