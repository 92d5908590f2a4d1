//! Streams: a list of tracks heard as one, over a socket or as a file for players that know nothing but
//! HTTP.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use std::sync::Arc;
use std::time::Duration;

use audio_file::{BitRate, Depth, OpusBitRate, Target};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use gateway::{Json, Path, Problem, Query, SocketPrincipal, UserId};
use library::TrackId;
use listening::MAX_CROSSFADE_S;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{All, Few, Known, Small, Socket, There, Valid};
use super::enhancing::enhancement;
use super::refusal::Refusal;
use super::views::millis;
use crate::House;
use crate::ids::{Id, bare, text};
use crate::served::from_thread_while;
use crate::streams::{Change, Level, SUBPROTOCOL, Setup, Stream, StreamId, converse, given};
use crate::tastes::Wanted;

/// As many as a playlist may have.
const MAX_TRACKS: usize = 50_000;
/// No track is longer than a day.
const MAX_POSITION_MS: u64 = 86_400_000;
/// MP3 that nobody tells from the original.
const KBPS: u32 = 256;
/// What a player is called that does not say.
const PLAYER: &str = "Auralis";
const MAX_PLAYER_CHARS: usize = 64;
/// The longest message of a player, with room to tell one that is too long.
const MAX_MESSAGE: usize = 8 << 10;

/// A stream to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewStream {
    /// 1 to 50,000, in the order in which they are heard.
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
    /// How tracks are mastered, null for the sound as it came; without it as is remembered of the player.
    /// What is remembered of a track or its album counts more.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Wanted>)]
    enhance: Option<Option<Wanted>>,
    /// What the player is called, at most 64 characters.
    #[serde(default)]
    player: Option<String>,
}

/// What is to be changed of a stream; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamChange {
    /// Another list; `current` says where the track stands in it that is heard.
    #[schema(value_type = Option<Vec<String>>)]
    #[serde(default)]
    tracks: Option<Vec<Id<TrackId>>>,
    /// With `tracks` the place of the track that is heard. Without, the place to go on from: a file of
    /// the stream has to be asked for anew then.
    #[serde(default)]
    current: Option<u32>,
    /// Milliseconds of `current` that are passed over; not with `tracks`.
    #[serde(default)]
    position_ms: Option<u64>,
    #[serde(default)]
    crossfade_seconds: Option<f64>,
    #[serde(default)]
    level: Option<Level>,
    /// Null for the sound as it came.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Wanted>)]
    enhance: Option<Option<Wanted>>,
}

/// From a place of the sound on a track is heard.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MarkView {
    /// Milliseconds from the beginning of the sound that is being sent.
    at_ms: u64,
    /// The track, by its place in the list.
    place: usize,
    /// Milliseconds of the track that are passed over.
    from_ms: u64,
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
    enhance: Option<Wanted>,
    player: String,
    /// What is heard from where on, of the sound that is being sent.
    marks: Vec<MarkView>,
}

impl From<Stream> for StreamView {
    fn from(stream: Stream) -> Self {
        let (setup, progress) = (stream.setup(), stream.progress());
        let marks = progress.timeline.iter().flat_map(|(rate, marks)| {
            let ms = |frames: u64| frames * 1_000 / u64::from(rate.hz());
            marks.iter().map(move |mark| MarkView {
                at_ms: ms(mark.frame),
                place: mark.place,
                from_ms: ms(mark.at),
            })
        });
        Self {
            id: stream.id.0,
            marks: marks.collect(),
            tracks: setup.tracks.iter().map(text).collect(),
            current: progress.current,
            position_ms: progress.position.as_millis() as u64,
            ended: progress.is_over,
            failed: progress.failed.into_iter().collect(),
            crossfade_seconds: setup.crossfade_s,
            level: setup.level,
            enhance: setup.enhancement.map(Into::into),
            player: setup.player.to_string(),
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
    let (tracks, current) = listed(asked.tracks, asked.current)?;
    let crossfade_s = crossfade(asked.crossfade_seconds)?;
    let position = position(asked.position_ms)?;
    let player = asked.player.unwrap_or_else(|| PLAYER.to_owned());
    if player.is_empty() || player.chars().count() > MAX_PLAYER_CHARS {
        return Err(Problem::invalid("player", "1 to 64 characters").into());
    }
    let work = move |visit: &Visit| {
        let enhancement = match asked.enhance {
            Some(wanted) => wanted.map(|wanted| enhancement(visit, &wanted)).transpose()?,
            None => visit.house.tastes.of_player(visit.user(), &player)?.flatten(),
        };
        let level = asked.level;
        let setup = Setup { tracks, crossfade_s, level, enhancement, player: player.into() };
        Ok(visit.house.streams.make(visit.user(), setup, current, position))
    };
    Ok((StatusCode::CREATED, Json(visit.work(work).await?.into())))
}

fn listed(tracks: Vec<Id<TrackId>>, current: u32) -> Result<(Arc<[TrackId]>, usize), Problem> {
    let (tracks, current) = (bare(tracks), current as usize);
    if !(1..=MAX_TRACKS).contains(&tracks.len()) {
        return Err(Problem::invalid("tracks", "1 to 50,000 tracks"));
    }
    if current >= tracks.len() {
        return Err(Problem::invalid("current", "a place in the list, from 0"));
    }
    Ok((tracks.into(), current))
}

fn crossfade(seconds: f64) -> Result<f64, Problem> {
    let is_one = (0.0..=MAX_CROSSFADE_S).contains(&seconds);
    is_one.then_some(seconds).ok_or_else(|| Problem::invalid("crossfade_seconds", "0 to 12"))
}

fn position(ms: u64) -> Result<Duration, Problem> {
    let is_one = ms <= MAX_POSITION_MS;
    let position = is_one.then_some(Duration::from_millis(ms));
    position.ok_or_else(|| Problem::invalid("position_ms", "at most a day"))
}

/// Changes what is heard. A file that is being played goes over to it with what is sent next; a player at a
/// socket says from where on.
#[utoipa::path(patch, path = "/api/v1/streams/{id}", operation_id = "change_stream", tag = "listening",
    params(("id" = u64, Path)), request_body = StreamChange,
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = StreamView), Known, There, Small, Valid))]
pub(super) async fn change(
    visit: Visit,
    Path(id): Path<u64>,
    Json(asked): Json<StreamChange>,
) -> Result<Json<StreamView>, Refusal> {
    let stream = visit.house.streams.one(visit.user(), StreamId(id));
    let stream = stream.ok_or_else(Problem::not_found)?;
    let (tracks, place) = match (asked.tracks, asked.current, asked.position_ms) {
        (Some(tracks), current, None) => (Some(listed(tracks, current.unwrap_or(0))?), None),
        (Some(_), _, Some(_)) => {
            return Err(Problem::invalid("position_ms", "only without tracks").into());
        }
        (None, None, None) => (None, None),
        (None, current, ms) => {
            let current = current.map_or(stream.progress().current, |current| current as usize);
            if current >= stream.setup().tracks.len() {
                return Err(Problem::invalid("current", "a place in the list, from 0").into());
            }
            (None, Some((current, position(ms.unwrap_or(0))?)))
        }
    };
    let crossfade_s = asked.crossfade_seconds.map(crossfade).transpose()?;
    let work = move |visit: &Visit| {
        let enhancement = asked
            .enhance
            .map(|wanted| wanted.map(|wanted| enhancement(visit, &wanted)).transpose())
            .transpose()?;
        stream.change(Change { tracks, place, crossfade_s, level: asked.level, enhancement });
        Ok(stream.into())
    };
    Ok(Json(visit.work(work).await?))
}

/// The streams of who asks, at most eight. They last as long as the server runs.
#[utoipa::path(get, path = "/api/v1/streams", operation_id = "streams", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<StreamView>), Known))]
pub(super) async fn list(visit: Visit) -> Result<Json<All<StreamView>>, Refusal> {
    // Long lists take their time to be written.
    let work = |visit: &Visit| Ok(All::of(visit.house.streams.of(visit.user())));
    Ok(Json(visit.work(work).await?))
}

/// A stream of who asks, and how far it is.
#[utoipa::path(get, path = "/api/v1/streams/{id}", operation_id = "stream", tag = "listening",
    params(("id" = u64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 200, body = StreamView), Known, There))]
pub(super) async fn one(visit: Visit, Path(id): Path<u64>) -> Result<Json<StreamView>, Refusal> {
    let work = move |visit: &Visit| {
        let stream = visit.house.streams.one(visit.user(), StreamId(id));
        Ok(stream.ok_or_else(Problem::not_found)?.into())
    };
    Ok(Json(visit.work(work).await?))
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

/// An address that plays a stream by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TicketView {
    /// Under the path of the server: for FLAC; other endings play other formats.
    path: String,
    /// When it opens nothing any more, milliseconds since 1970.
    expires: i64,
}

/// Makes an address under which a stream is heard for twelve hours by whoever has it: for players that take
/// an address and nothing else.
#[utoipa::path(post, path = "/api/v1/streams/{id}/tickets", operation_id = "make_stream_ticket",
    tag = "listening", params(("id" = u64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 201, body = TicketView), Known, There))]
pub(super) async fn ticket(
    visit: Visit,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<TicketView>), Refusal> {
    let (owner, id) = (visit.user(), StreamId(id));
    visit.house.streams.one(owner, id).ok_or_else(Problem::not_found)?;
    let word = gateway::ticket()?;
    let path = format!("api/v1/streams/{}/live.flac?ticket={word}", id.0);
    let now = visit.house.accounts.now().read();
    let expires = millis(visit.house.tickets.issue(word, (owner, id), now));
    Ok((StatusCode::CREATED, Json(TicketView { path, expires })))
}

/// With what somebody comes to hear a stream.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Ticket {
    /// In the place of a session or a key.
    ticket: Option<String>,
}

/// Somebody who hears a stream: known by a session, a key or a ticket of it.
pub(super) struct Guest {
    house: House,
    stream: Stream,
    /// In which file.
    file: String,
}

impl FromRequestParts<House> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let Path((id, file)) = Path::<(u64, String)>::from_request_parts(parts, house).await?;
        let Query(Ticket { ticket }) = Query::from_request_parts(parts, house).await?;
        let now = house.accounts.now().read();
        let owner = match ticket {
            Some(word) => {
                let owner = house.tickets.owner(&word, StreamId(id), now);
                active(house, owner.ok_or_else(Problem::unauthorized)?).await?
            }
            None => Visit::from_request_parts(parts, house).await?.user(),
        };
        let stream = house.streams.one(owner, StreamId(id)).ok_or_else(Problem::not_found)?;
        Ok(Self { house: house.clone(), stream, file })
    }
}

/// A user who still has an account that is open.
async fn active(house: &House, id: UserId) -> Result<UserId, Problem> {
    let accounts = house.accounts.clone();
    let user = tokio::task::spawn_blocking(move || accounts.user(id)).await;
    match user {
        Ok(Ok(user)) if !user.disabled => Ok(id),
        Ok(_) => Err(Problem::unauthorized()),
        Err(_) => Err(Problem::internal()),
    }
}

/// The sound of a stream from where it is: one file that goes on from track to track. Who plays it
/// last has it; players before stop.
#[utoipa::path(get, path = "/api/v1/streams/{id}/{file}", operation_id = "stream_file", tag = "listening",
    params(("id" = u64, Path), ("file" = String, Path, example = "live.flac",
        description = "live.flac, live.mp3, live.opus or live.wav: 16 bits, MP3 of 256 kbit/s, Opus of 128."), Ticket),
    security(("session" = []), ("key" = [])),
    responses((status = 200, description = "The sound.", content_type = "audio/*"), Known, There, Few, Valid))]
pub(super) async fn file(guest: Guest, method: Method) -> Result<Response<Body>, Refusal> {
    let Guest { house, stream, file } = guest;
    let target = target(&file).ok_or_else(Problem::not_found)?;
    let permit = Arc::clone(&house.listeners).try_acquire_owned();
    let permit = permit.map_err(|_| Problem::too_many(1))?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(target.content_type()));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if method != Method::HEAD {
        let seat = stream.seat(house.drain.clone());
        let own = seat.clone();
        *response.body_mut() = from_thread_while(
            move || own.goes_on(),
            move |send| {
                let _permit = permit;
                stream.play(&house, target, &seat, send)
            },
        );
    }
    Ok(response)
}

/// Somebody who opens a socket, which is let in as other pages' requests are not.
pub(super) struct Caller {
    house: House,
    by: SocketPrincipal,
    upgrade: WebSocketUpgrade,
}

impl FromRequestParts<House> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        let by = SocketPrincipal::from_request_parts(parts, house).await?;
        let upgrade = WebSocketUpgrade::from_request_parts(parts, house).await.map_err(|_| {
            Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade-required", "Open a WebSocket here.")
        })?;
        Ok(Self { house: house.clone(), by, upgrade })
    }
}

/// Opens a socket to play a stream over: docs/protocol.md. Who plays it last has it.
#[utoipa::path(get, path = "/api/v1/streams/{id}/socket", operation_id = "stream_socket", tag = "listening",
    params(("id" = u64, Path),
        ("Sec-WebSocket-Protocol" = String, Header, description = "triad.stream.v1")),
    security(("session" = []), ("key" = [])),
    responses((status = 101, description = "The socket is open."), Known, There, Few, Socket, Valid))]
pub(super) async fn socket(
    caller: Caller,
    Path(id): Path<u64>,
) -> Result<axum::response::Response, Refusal> {
    let Caller { house, by: SocketPrincipal(by), upgrade } = caller;
    let stream = house.streams.one(by.user, StreamId(id)).ok_or_else(Problem::not_found)?;
    let upgrade = upgrade.protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(Problem::invalid("Sec-WebSocket-Protocol", SUBPROTOCOL).into());
    }
    let permit = |gate: &Arc<tokio::sync::Semaphore>| {
        Arc::clone(gate).try_acquire_owned().map_err(|_| Problem::too_many(1))
    };
    let permits = (permit(&house.listeners)?, permit(&house.voices)?);
    let seat = stream.seat(house.drain.clone());
    let upgrade = upgrade.max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    let span = tracing::Span::current();
    Ok(upgrade.on_upgrade(move |socket| {
        tracing::Instrument::instrument(converse(socket, house, (stream, seat), by, permits), span)
    }))
}

/// What a file of a stream is by its name.
fn target(file: &str) -> Option<Target> {
    match file {
        "live.flac" => Some(Target::Flac { depth: Depth::Sixteen }),
        "live.wav" => Some(Target::Wav { depth: Depth::Sixteen }),
        "live.opus" => Some(Target::Opus { bit_rate: OpusBitRate::USUAL }),
        "live.mp3" if audio_file::WRITES_MP3 => {
            BitRate::new(KBPS).ok().map(|bit_rate| Target::Mp3 { bit_rate })
        }
        _ => None,
    }
}
