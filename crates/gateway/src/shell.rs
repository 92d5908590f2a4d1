//! What stands around every route: built once, asked for every request.

mod client;
mod context;
mod cors;
mod described;
mod guard;
mod headers;
mod health;
mod held;
mod metrics;
mod process;
mod rate;
mod rules;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use client::Client;
pub use health::{Probe, Unwell};
pub use metrics::{Gauge, Reading};
pub use rules::RouteRules;
pub use visit::{Correlation, Peer};

pub(crate) use client::Crowd;
pub(crate) use context::Context;
pub(crate) use context::Here;
pub(crate) use health::{Condition, Report};
pub(crate) use held::TooLarge;
pub(crate) use visit::Visit;

use crate::{Accounts, Drain, Error, Settings, routes};

/// The shell of a program, before it is put around its routes.
pub struct Shell {
    settings: Settings,
    accounts: Accounts,
    drain: Drain,
    probes: Vec<Probe>,
    gauges: Vec<Gauge>,
}

/// Routes with the shell around them.
pub struct Wrapped {
    /// What is served.
    pub router: Router,
    /// What it is like, as it is served under `/api/v1/openapi.json`.
    pub openapi: OpenApi,
}

impl std::fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wrapped").field("router", &self.router).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Shell {
    /// A shell that lets in who has an account, and stops when `drain` says so. The database of the
    /// accounts is its first probe.
    pub fn new(settings: Settings, accounts: Accounts, drain: Drain) -> Self {
        let probes = vec![health::database(accounts.store().clone())];
        Self { settings, accounts, drain, probes, gauges: Vec::new() }
    }

    /// Asks one thing more before it says that all is well.
    #[must_use]
    pub fn probe(mut self, probe: Probe) -> Self {
        self.probes.push(probe);
        self
    }

    /// Shows one figure more under `/metrics`.
    #[must_use]
    pub fn gauge(mut self, gauge: Gauge) -> Self {
        self.gauges.push(gauge);
        self
    }

    /// Puts the shell around routes, and its own beside them. Routes and a fallback of `router` that
    /// are not in its OpenAPI are served all the same.
    ///
    /// # Errors
    /// [`Error::Broken`] when the description of the API cannot be written, or calls two things by one
    /// name.
    pub fn wrap(self, router: OpenApiRouter) -> Result<Wrapped, Error> {
        let program = self.accounts.program();
        let base = self.settings.base_path.as_str().to_owned();
        let own = routes::router();
        described::distinct(&own, &router)?;
        let opening = OpenApiRouter::with_openapi(described::opening(program, &base));
        let (router, mut openapi) = opening.merge(own).merge(router).split_for_parts();
        described::complete(&mut openapi);
        let text = openapi
            .to_json()
            .map_err(|error| Error::Broken(format!("the API cannot be described: {error}")))?;
        let context = Arc::new(Context::new(self, text)?);
        let router = router.layer(DefaultBodyLimit::disable());
        // As a service: a nest of routes would not answer to its own path with a slash behind it.
        let router =
            if base.is_empty() { router } else { Router::new().nest_service(&base, router) };
        let router = router.layer(from_fn_with_state(context, guard::guard));
        Ok(Wrapped { router, openapi })
    }
}

/// The names under which the API says how one comes in.
pub(crate) const SESSION: &str = "session";
pub(crate) const KEY: &str = "key";

/// Runs what blocks on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || span.in_scope(work)).await;
    done.unwrap_or_else(|_| Err(Error::Broken("work on another thread panicked".to_owned())))
}
