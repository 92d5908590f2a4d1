//! Streams: a list of tracks heard as one, for players that know nothing but HTTP.

use std::sync::Arc;
use std::time::Duration;

use audio_file::{BitRate, Depth, Target};
use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use gateway::{Json, Path, Problem};
use library::TrackId;
use listening::MAX_CROSSFADE_S;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Visit;
use super::answers::{All, Few, Known, Small, There, Valid};
use super::ids::{Id, bare, text};
use super::refusal::Refusal;
use crate::served::from_thread_while;
use crate::streams::{Level, Stream, StreamId, Wish};

/// As many as a queue has.
const MAX_TRACKS: usize = 10_000;
/// No track is longer than a day.
const MAX_POSITION_MS: u64 = 86_400_000;
/// MP3 that nobody tells from the original.
const KBPS: u32 = 256;

/// A stream to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStream {
    /// 1 to 10,000, in the order in which they are heard.
    #[schema(value_type = Vec<String>)]
    tracks: Vec<Id<TrackId>>,
    /// The place of the first one that is heard, from 0.
    #[serde(default)]
    current: u32,
    /// Milliseconds of it that are passed over.
    #[serde(default)]
    position_ms: u64,
    /// Seconds over which tracks fade into each other, 0 to 12; those that follow one another on their
    /// album never do.
    #[serde(default)]
    crossfade_seconds: f64,
    /// At which level tracks are played; "auto" without it.
    #[serde(default)]
    level: Level,
}

/// A stream and how far it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stream)]
pub(super) struct StreamView {
    id: u64,
    #[schema(value_type = Vec<String>)]
    tracks: Vec<String>,
    /// The place of the track that was sent last, from 0.
    current: usize,
    /// Milliseconds of it that were sent; what is heard is up to ten seconds behind.
    position_ms: u64,
    /// Whether all was sent.
    ended: bool,
    /// Places of tracks that could not be played to their end.
    failed: Vec<usize>,
    crossfade_seconds: f64,
    level: Level,
}

impl From<Stream> for StreamView {
    fn from(stream: Stream) -> Self {
        let progress = stream.progress();
        Self {
            id: stream.id.0,
            tracks: stream.wish.tracks.iter().map(text).collect(),
            current: progress.current,
            position_ms: progress.position.as_millis() as u64,
            ended: progress.is_over,
            failed: progress.failed.into_iter().collect(),
            crossfade_seconds: stream.wish.crossfade_s,
            level: stream.wish.level,
        }
    }
}

/// Makes a stream of tracks. It is played from one of its files, such as `live.flac`.
#[utoipa::path(post, path = "/api/v1/streams", operation_id = "make_stream", tag = "listening",
    request_body = NewStream, security(("session" = []), ("key" = [])),
    responses((status = 201, body = StreamView), Known, Small, Valid))]
pub(super) async fn make(
    visit: Visit,
    Json(asked): Json<NewStream>,
) -> Result<(StatusCode, Json<StreamView>), Refusal> {
    let tracks = bare(asked.tracks);
    if !(1..=MAX_TRACKS).contains(&tracks.len()) {
        return Err(Problem::invalid("tracks", "1 to 10,000 tracks").into());
    }
    let current = asked.current as usize;
    if current >= tracks.len() {
        return Err(Problem::invalid("current", "a place in the list, from 0").into());
    }
    if !(0.0..=MAX_CROSSFADE_S).contains(&asked.crossfade_seconds) {
        return Err(Problem::invalid("crossfade_seconds", "0 to 12").into());
    }
    let wish = Wish { tracks, crossfade_s: asked.crossfade_seconds, level: asked.level };
    if asked.position_ms > MAX_POSITION_MS {
        return Err(Problem::invalid("position_ms", "at most a day").into());
    }
    let position = Duration::from_millis(asked.position_ms);
    let stream = visit.house.streams.make(visit.user(), wish, current, position);
    Ok((StatusCode::CREATED, Json(stream.into())))
}

/// The streams of who asks, at most eight. They last as long as the server runs.
#[utoipa::path(get, path = "/api/v1/streams", operation_id = "streams", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<StreamView>), Known))]
pub(super) async fn list(visit: Visit) -> Json<All<StreamView>> {
    Json(All::of(visit.house.streams.of(visit.user())))
}

/// A stream of who asks, and how far it is.
#[utoipa::path(get, path = "/api/v1/streams/{id}", operation_id = "stream", tag = "listening",
    params(("id" = u64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 200, body = StreamView), Known, There))]
pub(super) async fn one(visit: Visit, Path(id): Path<u64>) -> Result<Json<StreamView>, Refusal> {
    let stream = visit.house.streams.one(visit.user(), StreamId(id));
    Ok(Json(stream.ok_or_else(Problem::not_found)?.into()))
}

/// Forgets a stream; who plays it hears no more than was sent.
#[utoipa::path(delete, path = "/api/v1/streams/{id}", operation_id = "forget_stream", tag = "listening",
    params(("id" = u64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, There))]
pub(super) async fn forget(visit: Visit, Path(id): Path<u64>) -> Result<StatusCode, Refusal> {
    if visit.house.streams.forget(visit.user(), StreamId(id)) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found().into())
}

/// The sound of a stream from where it is: one file that goes on from track to track. Who plays it
/// last has it; players before stop.
#[utoipa::path(get, path = "/api/v1/streams/{id}/{file}", operation_id = "stream_file", tag = "listening",
    params(("id" = u64, Path), ("file" = String, Path, example = "live.flac",
        description = "live.flac, live.mp3 or live.wav: 16 bits, MP3 of 256 kbit/s.")),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The sound.", content_type = "audio/*"), Known, There, Few))]
pub(super) async fn file(
    visit: Visit,
    Path((id, file)): Path<(u64, String)>,
    method: Method,
) -> Result<Response<Body>, Refusal> {
    let stream = visit.house.streams.one(visit.user(), StreamId(id));
    let stream = stream.ok_or_else(Problem::not_found)?;
    let target = target(&file).ok_or_else(Problem::not_found)?;
    let permit = Arc::clone(&visit.house.listeners).try_acquire_owned();
    let permit = permit.map_err(|_| Problem::too_many(1))?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(target.content_type()));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if method != Method::HEAD {
        let player = stream.player(visit.house.drain.clone());
        let (library, own) = (visit.house.library.clone(), player.clone());
        *response.body_mut() = from_thread_while(
            move || own.goes_on(),
            move |send| {
                let _permit = permit;
                stream.play(&library, target, &player, send)
            },
        );
    }
    Ok(response)
}

/// What a file of a stream is by its name.
fn target(file: &str) -> Option<Target> {
    match file {
        "live.flac" => Some(Target::Flac { depth: Depth::Sixteen }),
        "live.wav" => Some(Target::Wav { depth: Depth::Sixteen }),
        "live.mp3" if audio_file::WRITES_MP3 => {
            BitRate::new(KBPS).ok().map(|bit_rate| Target::Mp3 { bit_rate })
        }
        _ => None,
    }
}
