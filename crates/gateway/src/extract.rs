//! What handlers take from a request, refused in words of ours.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::Problem;
use crate::shell::TooLarge;

/// Of a name a client made up, as much is said back as fits a line.
const MAX_ECHO: usize = 64;

/// A body in JSON, read or answered.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if !kind.is_some_and(is_json) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            let detail = "The body must be application/json.";
            return Err(Problem::new(status, "unsupported-type", detail));
        }
        // The shell bounds what comes out of a body.
        let bytes = axum::body::to_bytes(request.into_body(), usize::MAX)
            .await
            .map_err(|error| cut_off(&error))?;
        match axum::Json::from_bytes(&bytes) {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(misfit(&error.body_text())),
            // An object where a word of a list is meant is a mistake in the text to serde_json.
            Err(error) if is_text_of_json(&bytes) => Err(misfit(&error.body_text())),
            Err(_) => Err(Problem::bad_request("The body is not JSON.")),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The words after the question mark.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                Err(misfit(&error.body_text()))
            }
            Err(_) => Err(Problem::bad_request("The query cannot be read.")),
        }
    }
}

/// The parts of the path that a route names.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // What is no number names nothing, like a number nothing has.
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Problem::not_found()),
            Err(_) => Err(Problem::internal()),
        }
    }
}

fn is_json(kind: &str) -> bool {
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let ends = essence.strip_prefix("application/").is_some_and(|name| name.ends_with("+json"));
    essence == "application/json" || ends
}

fn is_text_of_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
}

fn cut_off(error: &axum::Error) -> Problem {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<TooLarge>() {
            return Problem::too_large();
        }
        cause = error.source();
    }
    Problem::bad_request("The body ended before it was whole.")
}

/// What serde said, as far as it names things of the wire: fields and their values, never types.
fn misfit(said: &str) -> Problem {
    let kinds = [
        "unknown field `",
        "missing field `",
        "duplicate field `",
        "unknown variant `",
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
    ];
    let found = kinds.iter().filter_map(|kind| Some((said.find(kind)?, *kind))).min();
    let Some((at, kind)) = found else {
        return Problem::invalid(path_in(said), "another value");
    };
    let path = path_in(said);
    let after = &said[at + kind.len()..];
    let quoted = after.split('`').next().unwrap_or_default();
    match kind {
        "unknown field `" => Problem::invalid(echo(quoted), one_of(after, "no such field")),
        "missing field `" => Problem::invalid(echo(quoted), "it must be there"),
        "duplicate field `" => Problem::invalid(echo(quoted), "it must be there once"),
        "unknown variant `" => Problem::invalid(path, one_of(after, "another value")),
        _ => Problem::invalid(path, expected(after)),
    }
}

/// The path of the field, which stands after the first colon where there is one.
fn path_in(said: &str) -> String {
    let path = said.split(": ").nth(1).unwrap_or_default();
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '[' | ']');
    if !path.is_empty() && path.chars().all(is_path) { echo(path) } else { "body".to_owned() }
}

/// A name that came from outside, fit to be said back.
fn echo(name: &str) -> String {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '[' | ']');
    name.chars().filter(is_plain).take(MAX_ECHO).collect()
}

/// The names that are accepted, where serde lists them.
fn one_of(after: &str, otherwise: &str) -> String {
    let Some((_, list)) = after.split_once("expected ") else { return otherwise.to_owned() };
    let names: Vec<_> = list.split('`').skip(1).step_by(2).map(echo).collect();
    if names.is_empty() { otherwise.to_owned() } else { format!("one of {}", names.join(", ")) }
}

/// What kind of value is accepted, in words of JSON.
fn expected(after: &str) -> &'static str {
    let said = after.rsplit("expected ").next().unwrap_or_default();
    let word = said.split([' ', ',']).find(|w| !matches!(*w, "a" | "an")).unwrap_or_default();
    match word {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" | "isize" | "integer" => "a whole number",
        "f32" | "f64" | "number" => "a number",
        "boolean" | "bool" => "true or false",
        "string" | "str" | "borrowed" | "character" => "text",
        "sequence" | "tuple" | "array" => "a list",
        "map" | "struct" => "an object",
        _ => "another value",
    }
}
