//! Bodies that are watched while they go by.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::rules::Rules;

/// A body was larger than is accepted.
#[derive(Debug, thiserror::Error)]
#[error("the body is larger than is accepted")]
pub(crate) struct TooLarge;

/// The body of a request, no larger than its route accepts.
pub(super) struct Bounded {
    pub(super) body: Body,
    pub(super) rules: Arc<Rules>,
    pub(super) taken: u64,
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let most = self.rules.body_bytes();
        // What says that it is too large is not read at all.
        if self.taken + self.body.size_hint().lower() > most {
            return Poll::Ready(Some(Err(axum::Error::new(TooLarge))));
        }
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(task));
        if let Some(data) = frame.as_ref().and_then(|f| f.as_ref().ok()?.data_ref()) {
            self.taken += data.len() as u64;
            if self.taken > most {
                return Poll::Ready(Some(Err(axum::Error::new(TooLarge))));
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer, with what is held until it is sent.
pub(super) struct Held<T> {
    pub(super) body: Body,
    pub(super) held: Option<T>,
}

impl<T: Unpin> HttpBody for Held<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Task<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(task));
        if frame.is_none() {
            self.held = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
