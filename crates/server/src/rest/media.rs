//! Sound and pictures: `stream`, `download`, `getTranscodeStream`, `getCoverArt`, `getAvatar`.

use audio::Frames;
use audio_file::{Target, Transcode};
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, header};
use library::model::Track;
use library::{ItemId, OpenTrack, TrackId};
use tokio::sync::OwnedSemaphorePermit;

use super::call::Call;
use super::{archive, transcoding};
use crate::offered;
use crate::served::{Served, from_thread};
use crate::streams::Alone;
use crate::subsonic::{Code, Failure};

/// The largest offset anybody asks for: a day.
const MAX_OFFSET_S: i64 = 86_400;

pub(super) async fn answer(
    method: &'static str,
    call: Call,
    asked: &Parts,
) -> Result<Response<Body>, Failure> {
    match method {
        "stream" => stream(call, asked).await,
        "download" => download(call, asked).await,
        "getTranscodeStream" => transcode_stream(call, asked).await,
        "getCoverArt" => cover(call, asked).await,
        _ => Err(Failure::new(Code::NotFound)),
    }
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || span.in_scope(work)).await;
    done.unwrap_or_else(|_| Err(Failure::new(Code::Generic)))
}

/// The file as it is, or as the client can play it.
async fn stream(call: Call, asked: &Parts) -> Result<Response<Body>, Failure> {
    let id = call.track()?;
    let (call, track, open) = opened(call, id).await?;
    let (call, track, alone) = blocking(move || {
        let alone = Alone::of(&call.house, call.who.user, &track, &call.player)?;
        Ok((call, track, alone))
    })
    .await?;
    let offset = call.parameters.clamped("timeOffset", 0..=MAX_OFFSET_S)?.unwrap_or(0);
    let wish = transcoding::Wish::of(&call.parameters)?;
    let target = match wish.target(&track)? {
        Some(target) => Some(target),
        // From the middle on means a file of its own, even where the whole one could be played.
        None if offset > 0 => Some(transcoding::WHOLE),
        None => None,
    };
    if let Some(alone) = alone {
        let target = target.unwrap_or(transcoding::WHOLE);
        return mastered(&call, alone, target, offset.unsigned_abs(), asked).await;
    }
    let Some(target) = target else { return Ok(as_it_is(open, &track).answer(asked)) };
    let estimate = call.parameters.flag("estimateContentLength")?.unwrap_or(false);
    made(&call, &track, open, target, offset.unsigned_abs(), estimate, asked).await
}

async fn opened(call: Call, id: TrackId) -> Result<(Call, Track, OpenTrack), Failure> {
    blocking(move || {
        let track = call.house.library.track(call.who.user, id)?;
        let open = call.house.library.open_track(id)?;
        Ok((call, track, open))
    })
    .await
}

fn as_it_is(open: OpenTrack, track: &Track) -> Served {
    Served {
        length: open.len,
        modified: open.modified,
        etag: open.etag,
        content_type: offered::content_type(&track.suffix),
        file: open.file,
    }
}

/// Leave to make sound for somebody: no more is made at a time than the machine can.
fn permit(call: &Call) -> Result<OwnedSemaphorePermit, Failure> {
    const BUSY: &str = "Too many streams are being made; try again";
    let permit = std::sync::Arc::clone(&call.house.transcodes).try_acquire_owned();
    permit.map_err(|_| Failure::saying(Code::Generic, BUSY))
}

/// The answer whose body is made while it is sent.
fn without_parts(content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("none"));
    response
}

/// Sound that is decoded and coded anew while it is sent. Its length is not known, so it has no parts.
async fn made(
    call: &Call,
    track: &Track,
    open: OpenTrack,
    target: Target,
    offset_s: u64,
    estimate: bool,
    asked: &Parts,
) -> Result<Response<Body>, Failure> {
    let permit = permit(call)?;
    let rate = u64::from(track.rate_hz.unwrap_or(0));
    let from = Frames(offset_s.saturating_mul(rate));
    let left_ms = track.duration_ms.saturating_sub(offset_s.saturating_mul(1_000));
    let transcode = blocking(move || {
        let source = std::io::BufReader::new(open.file);
        Transcode::open(source, target, from).map_err(|error| {
            tracing::warn!(%error, "a track cannot be transcoded");
            Failure::saying(Code::Generic, "The track cannot be played in this format")
        })
    })
    .await?;
    let mut response = without_parts(transcode.content_type());
    if estimate
        && let Some(bytes) = transcode.estimated_bytes(std::time::Duration::from_millis(left_ms))
    {
        // The field's own header for it: a Content-Length that is only nearly right breaks HTTP.
        let bytes = HeaderValue::from(bytes);
        response.headers_mut().insert("x-estimated-content-length", bytes);
    }
    if asked.method != Method::HEAD {
        *response.body_mut() = from_thread(move |send| {
            let _permit = permit;
            let mut transcode = transcode;
            while let Some(piece) = transcode.next().map_err(std::io::Error::other)? {
                if !send(piece) {
                    return Ok(());
                }
            }
            Ok(())
        });
    }
    Ok(response)
}

/// A track as this player is to hear it. Its length is not known, so it has no parts.
async fn mastered(
    call: &Call,
    alone: Alone,
    target: Target,
    offset_s: u64,
    asked: &Parts,
) -> Result<Response<Body>, Failure> {
    let house = call.house.clone();
    let alone = blocking(move || {
        alone.await_plan(&house).map_err(|error| {
            tracing::warn!(%error, "a plan was not looked up");
            Failure::new(Code::Generic)
        })?;
        Ok(alone)
    })
    .await?;
    let permit = permit(call)?;
    let mut response = without_parts(target.content_type());
    if asked.method != Method::HEAD {
        let house = call.house.clone();
        let from = std::time::Duration::from_secs(offset_s);
        *response.body_mut() = from_thread(move |send| {
            let _permit = permit;
            alone.send(&house, target, from, send)
        });
    }
    Ok(response)
}

async fn transcode_stream(call: Call, asked: &Parts) -> Result<Response<Body>, Failure> {
    let parameters = &call.parameters;
    let target = transcoding::target(parameters.required("transcodeParams")?)?;
    let offset = parameters.clamped("offset", 0..=MAX_OFFSET_S)?.unwrap_or(0).unsigned_abs();
    let id = call.id("mediaId")?;
    let (call, track, open) = opened(call, id).await?;
    made(&call, &track, open, target, offset, false, asked).await
}

/// A track's file; an album's, an artist's or a playlist's files in one archive.
async fn download(call: Call, asked: &Parts) -> Result<Response<Body>, Failure> {
    if let Ok(ItemId::TrackId(id)) = call.id("id") {
        let (_, track, open) = opened(call, id).await?;
        let name = track.path.rsplit('/').next().unwrap_or(&track.title).to_owned();
        let mut response = as_it_is(open, &track).answer(asked);
        response.headers_mut().insert(header::CONTENT_DISPOSITION, offered::attachment(&name));
        return Ok(response);
    }
    let (name, tracks, library) = blocking(move || {
        let (name, tracks) = archive::wanted(&call)?;
        Ok((name, tracks, call.house.library))
    })
    .await?;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, offered::attachment(&format!("{name}.zip")));
    if asked.method != Method::HEAD {
        *response.body_mut() = from_thread(move |send| archive::write(&library, &tracks, send));
    }
    Ok(response)
}

async fn cover(call: Call, asked: &Parts) -> Result<Response<Body>, Failure> {
    let picture = blocking(move || {
        let wanted = call.parameters.clamped("size", 1..=i64::from(u32::MAX))?;
        let wanted = wanted.and_then(|size| u32::try_from(size).ok());
        Ok(call.house.library.picture(call.who.user, call.id("id")?, wanted)?)
    })
    .await?;
    Ok(offered::picture(picture, asked))
}
