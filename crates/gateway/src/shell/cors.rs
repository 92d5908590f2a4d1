use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Context, Visit};
use crate::Problem;
use crate::principal::{foreign, is_same_origin};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const HEADERS: &str =
    "authorization, content-type, if-match, if-none-match, range, x-correlation-id";
const EXPOSED: &str =
    "accept-ranges, content-length, content-range, etag, retry-after, x-correlation-id";
/// How long a browser need not ask again, in seconds.
const MAX_AGE: &str = "600";

/// Whether a page of another origin may ask this at all. What changes something may be asked by our
/// pages, by listed ones, and by programs that are no browsers.
pub(super) fn check_origin(
    context: &Context,
    visit: &Visit,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(), Problem> {
    let is_allowed = method.is_safe()
        || !headers.contains_key(header::ORIGIN)
        || is_same_origin(headers, visit)
        || context.is_listed(headers);
    if is_allowed { Ok(()) } else { Err(foreign()) }
}

/// The answer to a browser that asks first, where this is one.
pub(super) fn preflight(context: &Context, parts: &Parts) -> Option<Response> {
    let asks = parts.method == Method::OPTIONS
        && parts.headers.contains_key(header::ORIGIN)
        && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks {
        return None;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if context.is_listed(&parts.headers) {
        let headers = response.headers_mut();
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
            (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    Some(response)
}

/// The origin to name in the answer: that of a listed page, exactly. Never with credentials.
pub(super) fn allowed_origin(context: &Context, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    context.is_listed(headers).then(|| origin.clone())
}

pub(super) fn name_origin(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static(EXPOSED);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}
