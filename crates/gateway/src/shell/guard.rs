//! The way of a request in and out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fault::Class;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tracing::Instrument;

use super::client::Present;
use super::held::{Bounded, Held};
use super::metrics::InFlight;
use super::{Context, Visit, cors, headers};
use crate::drain::Phase;
use crate::{Problem, secret};

/// What a request holds until its answer is sent.
type Holds = (InFlight, Option<(OwnedSemaphorePermit, Present)>);

/// Answered while the process stops, because they are asked whether it does.
const WATCHED: [&str; 5] = ["/healthz", "/health", "/readyz", "/ready", "/metrics"];

/// Everything that is asked of every request, and everything that every answer gets.
pub(super) async fn guard(
    State(context): State<Arc<Context>>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let correlation = correlation(&request);
    let (method, version) = (request.method().clone(), request.version());
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let origin = cors::allowed_origin(&context, request.headers());
    let span = tracing::info_span!("request", correlation = &*correlation);
    let in_flight = context.metrics.enter();
    let (response, present) =
        serve(&context, request, next, &correlation).instrument(span.clone()).await;
    let mut response = span.in_scope(|| {
        let response = explain(response, &correlation);
        let elapsed = began.elapsed();
        let status = response.status();
        context.metrics.count(route.as_deref(), &method, status, elapsed);
        let milliseconds = elapsed.as_millis();
        let (route, status) = (route.as_deref().unwrap_or("-"), status.as_u16());
        tracing::info!(%method, route, status, milliseconds, "answered");
        response
    });
    let headers = response.headers_mut();
    headers::harden(headers);
    cors::name_origin(headers, origin);
    if let Ok(value) = HeaderValue::from_str(&correlation) {
        headers.insert(headers::CORRELATION, value);
    }
    // Over HTTP/2 the connection itself says it.
    if context.drain.phase() == Phase::Draining && version < Version::HTTP_2 {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    let holds: Holds = (in_flight, present);
    response.map(|body| Body::new(Held { body, held: Some(holds) }))
}

fn correlation(request: &Request) -> Arc<str> {
    match headers::correlation_of(request.headers()) {
        Some(id) => id.into(),
        // Without random bytes the request fails where it needs them; until then it has no name.
        None => secret::random::<16>().map_or("none".into(), |id| secret::hex(&id).into()),
    }
}

/// Lets a request in and has it served, with what it holds while it is.
async fn serve(
    context: &Arc<Context>,
    request: Request,
    next: Next,
    correlation: &Arc<str>,
) -> (Response, Option<(OwnedSemaphorePermit, Present)>) {
    let (mut parts, body) = request.into_parts();
    let visit = match Visit::read(&parts, Arc::clone(correlation), &context.settings) {
        Ok(visit) => visit,
        Err(problem) => return (problem.into_response(), None),
    };
    let present = match admit(context, &visit, &parts) {
        Ok(present) => present,
        Err(problem) => return (problem.into_response(), None),
    };
    if let Some(answer) = cors::preflight(context, &parts) {
        return (answer, Some(present));
    }
    let rules = Arc::clone(&visit.rules);
    let body = Body::new(Bounded { body, rules: Arc::clone(&rules), taken: 0 });
    parts.extensions.insert(Arc::clone(context));
    parts.extensions.insert(visit);
    let served = catch(next.run(Request::from_parts(parts, body)));
    let mut served = std::pin::pin!(served);
    let response = match tokio::time::timeout(limit(context), &mut served).await {
        Ok(response) => response,
        Err(_) if rules.is_unhurried() => served.await,
        Err(_) => slow().into_response(),
    };
    (response, Some(present))
}

fn admit(
    context: &Context,
    visit: &Visit,
    parts: &axum::http::request::Parts,
) -> Result<(OwnedSemaphorePermit, Present), Problem> {
    let refuse = |reason, problem| {
        context.metrics.refuse(reason);
        problem
    };
    let path = parts.uri.path();
    let path = path.strip_prefix(context.settings.base_path.as_str()).unwrap_or(path);
    if context.drain.phase() == Phase::Draining && !WATCHED.contains(&path) {
        let detail = "The server is about to stop.";
        return Err(refuse("draining", Problem::unavailable(detail, 30)));
    }
    cors::check_origin(context, visit, &parts.method, &parts.headers)
        .map_err(|problem| refuse("origin", problem))?;
    let client = visit.client.key();
    context.rate.check(client).map_err(|problem| refuse("rate", problem))?;
    let present =
        context.crowd.enter(client).ok_or_else(|| refuse("crowd", Problem::too_many(1)))?;
    let full = || Problem::unavailable("The server has its hands full.", 1);
    let place =
        Arc::clone(&context.room).try_acquire_owned().map_err(|_| refuse("full", full()))?;
    Ok((place, present))
}

fn limit(context: &Context) -> Duration {
    context.settings.limits.request_time
}

fn slow() -> Problem {
    Problem::unavailable("The answer took longer than is given it.", 5)
        .with_private(Class::Transient, "a handler did not answer in time".to_owned())
}

/// A panic ends the request and nothing else.
async fn catch(served: impl Future<Output = Response>) -> Response {
    let mut served = std::pin::pin!(served);
    std::future::poll_fn(move |task| {
        catch_unwind(AssertUnwindSafe(|| served.as_mut().poll(task))).unwrap_or_else(|panic| {
            let said = panic
                .downcast_ref::<&str>()
                .map(ToString::to_string)
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            let problem =
                Problem::internal().with_private(Class::Bug, format!("a handler panicked: {said}"));
            std::task::Poll::Ready(problem.into_response())
        })
    })
    .await
}

/// Gives every refusal the one form, and the log what it is told.
fn explain(mut response: Response, correlation: &str) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        match problem.private() {
            Some((Class::User | Class::Transient, said)) => tracing::warn!(said, "refused"),
            Some((_, said)) => tracing::error!(said, "failed"),
            None => {}
        }
        let mut explained = problem.into_response_under(correlation);
        keep(&mut explained, &response);
        return explained;
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || !is_bare(&response) {
        return response;
    }
    // A router's or an extractor's own words are for programmers.
    let mut explained = Problem::of_status(status).into_response_under(correlation);
    keep(&mut explained, &response);
    explained
}

/// What an answer said in its headers beside the problem stays said.
fn keep(explained: &mut Response, was: &Response) {
    for name in [header::ALLOW, header::SET_COOKIE, header::CONTENT_RANGE] {
        for value in was.headers().get_all(&name) {
            explained.headers_mut().append(name.clone(), value.clone());
        }
    }
}

/// Whether a refusal has no body of its own kind.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}
