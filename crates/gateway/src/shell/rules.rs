use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context as Task, Poll};

use axum::http::Request;
use tower::{Layer, Service};

use super::visit::Visit;
use crate::Settings;

/// What holds for a group of routes and not for all. Put around them as a layer, inside the shell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RouteRules {
    body_bytes: Option<u64>,
    is_unhurried: bool,
    is_key_only: bool,
}

impl RouteRules {
    /// What holds for all.
    pub fn new() -> Self {
        Self::default()
    }

    /// A body may have so many bytes.
    #[must_use]
    pub fn body_bytes(self, bytes: u64) -> Self {
        Self { body_bytes: Some(bytes), ..self }
    }

    /// An answer may begin whenever it does. (What is streamed after it began is not hurried anyway.)
    #[must_use]
    pub fn unhurried(self) -> Self {
        Self { is_unhurried: true, ..self }
    }

    /// The cookie of a session opens nothing here, a key does: for routes that other pages and
    /// programs ask by plain links.
    #[must_use]
    pub fn key_only(self) -> Self {
        Self { is_key_only: true, ..self }
    }
}

/// The rules of the request at hand: those of all, until its route says otherwise.
#[derive(Debug)]
pub(crate) struct Rules {
    body_bytes: AtomicU64,
    is_unhurried: AtomicBool,
    is_key_only: AtomicBool,
}

impl Rules {
    pub(super) fn new(settings: &Settings) -> Arc<Self> {
        Arc::new(Self {
            body_bytes: AtomicU64::new(settings.limits.body_bytes),
            is_unhurried: AtomicBool::new(false),
            is_key_only: AtomicBool::new(false),
        })
    }

    pub(crate) fn body_bytes(&self) -> u64 {
        self.body_bytes.load(Ordering::Relaxed)
    }

    pub(super) fn is_unhurried(&self) -> bool {
        self.is_unhurried.load(Ordering::Relaxed)
    }

    pub(crate) fn is_key_only(&self) -> bool {
        self.is_key_only.load(Ordering::Relaxed)
    }

    fn set(&self, rules: RouteRules) {
        if let Some(bytes) = rules.body_bytes {
            self.body_bytes.store(bytes, Ordering::Relaxed);
        }
        // An outer group's word is not taken back by an inner one.
        self.is_unhurried.fetch_or(rules.is_unhurried, Ordering::Relaxed);
        self.is_key_only.fetch_or(rules.is_key_only, Ordering::Relaxed);
    }
}

impl<S> Layer<S> for RouteRules {
    type Service = Ruled<S>;

    fn layer(&self, inner: S) -> Ruled<S> {
        Ruled { rules: *self, inner }
    }
}

/// Routes under their [`RouteRules`].
#[derive(Debug, Clone)]
pub struct Ruled<S> {
    rules: RouteRules,
    inner: S,
}

impl<S, B> Service<Request<B>> for Ruled<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        if let Some(visit) = request.extensions().get::<Visit>() {
            visit.rules.set(self.rules);
        }
        self.inner.call(request)
    }
}
