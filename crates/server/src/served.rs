//! Bytes on their way out: files in parts, sound that is made while it is sent.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use clock::Nanos;
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::range::{Selection, Validators};

/// Bytes read from a file at a time.
const PIECE_BYTES: usize = 64 << 10;
/// Pieces made ahead of a slow client.
const PIECES_AHEAD: usize = 4;
/// A client that takes nothing is looked at again after so long.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// One that takes nothing for ten minutes has gone away, or paused: it asks again where it was.
const MAX_LOOKS: u32 = 30_000;

/// A file to be sent, whole or in part.
pub(crate) struct Served {
    pub(crate) file: File,
    pub(crate) length: u64,
    pub(crate) modified: Nanos,
    /// Of these very bytes, without quotes.
    pub(crate) etag: String,
    pub(crate) content_type: &'static str,
}

impl Served {
    /// The answer to a GET or a HEAD: what `Range`, `If-Range` and `If-None-Match` ask for.
    pub(crate) fn answer(self, asked: &Parts) -> Response<Body> {
        let etag = format!("\"{}\"", self.etag);
        let modified = http_date(self.modified);
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        put(headers, header::ETAG, &etag);
        put(headers, header::LAST_MODIFIED, &modified);
        put(headers, header::ACCEPT_RANGES, "bytes");
        // Kept by who asked, and asked about before it is used again.
        put(headers, header::CACHE_CONTROL, "private, no-cache");
        if matches_none(&asked.headers, &etag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        let bytes = |name| asked.headers.get(name).map(HeaderValue::as_bytes);
        let validators = Validators { etag: Some(&etag), last_modified: Some(&modified) };
        let (range, if_range) = (bytes(header::RANGE), bytes(header::IF_RANGE));
        let part = Selection::of(range, if_range, self.length, validators);
        put(headers, header::CONTENT_TYPE, self.content_type);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.count()));
        if let Some(range) = part.content_range() {
            put(headers, header::CONTENT_RANGE, &range);
        }
        let status = StatusCode::from_u16(part.status());
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if asked.method != Method::HEAD && part.count() > 0 {
            *response.body_mut() = pieces(self.file, part.start(), part.count());
        }
        response
    }
}

fn put(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    // Every value is made of digits and letters of ours.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

pub(crate) fn matches_none(headers: &HeaderMap, etag: &str) -> bool {
    let listed = headers.get_all(header::IF_NONE_MATCH).into_iter();
    let mut tags = listed.filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    tags.any(|tag| tag.trim() == etag || tag.trim() == "*")
}

/// RFC 9110, 5.6.7.
pub(crate) fn http_date(moment: Nanos) -> String {
    let at = std::time::UNIX_EPOCH + Duration::from_nanos(moment.0.max(0).unsigned_abs());
    httpdate::fmt_http_date(at)
}

/// A part of a file, read piece by piece on threads that may block.
fn pieces(file: File, start: u64, count: u64) -> Body {
    from_thread(move |send| {
        let mut file = file;
        file.seek(SeekFrom::Start(start))?;
        let mut left = count;
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
            let mut piece = vec![0; wanted];
            // A file that was cut meanwhile ends the answer with an error: its length was promised.
            file.read_exact(&mut piece)?;
            left -= wanted as u64;
            if !send(piece) {
                return Ok(());
            }
        }
        Ok(())
    })
}

/// A body that a thread makes: `make` gets a way to send pieces, which says whether anybody still
/// listens, and waits while the client is slow.
pub(crate) fn from_thread(
    make: impl FnOnce(&mut dyn FnMut(Vec<u8>) -> bool) -> std::io::Result<()> + Send + 'static,
) -> Body {
    // Where nobody listens any more nobody needs to know.
    offered(|sender, piece| sender.blocking_send(piece).is_ok(), make)
}

/// The same of something that may be over before a client takes what is made: one that has stalled keeps
/// no thread then.
pub(crate) fn from_thread_while(
    goes_on: impl Fn() -> bool + Send + 'static,
    make: impl FnOnce(&mut dyn FnMut(Vec<u8>) -> bool) -> std::io::Result<()> + Send + 'static,
) -> Body {
    let offer = move |sender: &mpsc::Sender<Piece>, piece| {
        let mut piece = piece;
        for _ in 0..MAX_LOOKS {
            match sender.try_send(piece) {
                Ok(()) => return true,
                Err(TrySendError::Full(back)) if goes_on() => piece = back,
                Err(_) => return false,
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        false
    };
    offered(offer, make)
}

/// A part of a body, or why it broke off.
type Piece = std::io::Result<Bytes>;

fn offered(
    offer: impl Fn(&mpsc::Sender<Piece>, Piece) -> bool + Send + 'static,
    make: impl FnOnce(&mut dyn FnMut(Vec<u8>) -> bool) -> std::io::Result<()> + Send + 'static,
) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut send = |piece: Vec<u8>| offer(&sender, Ok(Bytes::from(piece)));
        if let Err(error) = made(|| make(&mut send)) {
            tracing::warn!(%error, "a stream broke off");
            offer(&sender, Err(error));
        }
    });
    Body::from_stream(stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

/// A panic ends the answer as an error does: a client must not take a part for the whole.
fn made(make: impl FnOnce() -> std::io::Result<()>) -> std::io::Result<()> {
    catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|_| Err(std::io::Error::other("what makes the body panicked")))
}
