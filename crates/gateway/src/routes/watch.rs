//! What machines ask: whether all is well, and how much of everything.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::drain::Phase;
use crate::problem::ProblemBody;
use crate::shell::{Client, Condition, Context, Here, Report};
use crate::{Admin, Json, Problem};

/// Whether requests are served.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    ready: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// How everything is, by name; 503 when something critical is not well.
#[utoipa::path(get, path = "/healthz", tag = "watch",
    responses((status = 200, body = Report), (status = 503, body = Report)))]
pub(crate) async fn healthz(Here(context): Here) -> Response {
    let report = context.health.report().await;
    (status(report.status != Condition::Failed), Json(report)).into_response()
}

/// The same under its other name.
#[utoipa::path(get, path = "/health", tag = "watch",
    responses((status = 200, body = Report), (status = 503, body = Report)))]
pub(crate) async fn health(here: Here) -> Response {
    healthz(here).await
}

/// Whether requests are served: everything has started, nothing critical failed, nobody told the
/// server to stop.
#[utoipa::path(get, path = "/readyz", tag = "watch",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(crate) async fn readyz(Here(context): Here) -> Response {
    let reason = unready(&context).await;
    (status(reason.is_none()), Json(Readiness { ready: reason.is_none(), reason })).into_response()
}

/// The same under its other name.
#[utoipa::path(get, path = "/ready", tag = "watch",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
pub(crate) async fn ready(here: Here) -> Response {
    readyz(here).await
}

/// Figures for Prometheus: for programs on this machine, and for admins.
#[utoipa::path(get, path = "/metrics", tag = "watch", security((), ("session" = []), ("key" = [])),
    responses((status = 200, content_type = "text/plain", body = String),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(crate) async fn metrics(
    Here(context): Here,
    client: Client,
    admin: Result<Admin, Problem>,
) -> Result<Response, Problem> {
    if !client.is_local() {
        admin?;
    }
    let text = context.metrics.text(context.program(), &context.accounts);
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "watch",
    responses((status = 200, content_type = "application/json")))]
pub(crate) async fn openapi(Here(context): Here) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], context.openapi.clone()).into_response()
}

async fn unready(context: &Context) -> Option<&'static str> {
    match context.drain.phase() {
        Phase::Starting => Some("starting"),
        Phase::Draining => Some("stopping"),
        Phase::Ready => {
            let failed = context.health.report().await.status == Condition::Failed;
            failed.then_some("not well")
        }
    }
}

fn status(is_well: bool) -> StatusCode {
    if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
