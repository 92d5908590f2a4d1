use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use tokio::sync::Semaphore;

use super::Shell;
use super::client::Crowd;
use super::health::Health;
use super::metrics::Metrics;
use super::rate::Rate;
use crate::principal::origin_of;
use crate::{Accounts, Drain, Error, Problem, Program, Settings};

/// What every request finds: one a shell.
pub(crate) struct Context {
    pub(crate) accounts: Accounts,
    pub(crate) settings: Settings,
    pub(crate) drain: Drain,
    pub(crate) cookie_name: String,
    pub(crate) openapi: String,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(super) rate: Rate,
    pub(super) crowd: Arc<Crowd>,
    pub(super) room: Arc<Semaphore>,
}

impl Context {
    pub(super) fn new(shell: Shell, openapi: String) -> Result<Self, Error> {
        let Shell { settings, accounts, drain, probes, gauges } = shell;
        let limits = &settings.limits;
        Ok(Self {
            cookie_name: cookie_name(accounts.program()),
            openapi,
            health: Health::new(probes),
            metrics: Metrics::new(gauges),
            rate: Rate::new(limits)?,
            crowd: Arc::new(Crowd::new(limits.concurrent_per_client)),
            room: Arc::new(Semaphore::new(limits.concurrent)),
            accounts,
            settings,
            drain,
        })
    }

    /// The context of a request; the shell put it there.
    pub(crate) fn of(parts: &Parts) -> Result<Arc<Self>, Problem> {
        parts.extensions.get::<Arc<Self>>().cloned().ok_or_else(Problem::internal)
    }

    /// Whether the page that asks is one of those elsewhere that may.
    pub(crate) fn is_listed(&self, headers: &HeaderMap) -> bool {
        let origin = origin_of(headers);
        origin.is_some_and(|origin| self.settings.origins.iter().any(|listed| listed.is(&origin)))
    }

    pub(crate) fn program(&self) -> Program {
        self.accounts.program()
    }
}

/// Of a session. Browsers share cookies between the ports of a machine, so it bears the program.
pub(super) fn cookie_name(program: Program) -> String {
    format!("{}_session", program.name)
}

/// The context, for the routes of the shell.
pub(crate) struct Here(pub(crate) Arc<Context>);

impl<S: Send + Sync> FromRequestParts<S> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Context::of(parts).map(Self)
    }
}
