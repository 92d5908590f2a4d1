use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fault::{Class, Fault};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Error;

/// When somebody who met a busy world may ask again.
const COME_BACK_S: u64 = 2;
/// Of what kind the body of a problem is.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as it is called on the wire; nested ones with dots.
    pub field: String,
    /// What is accepted.
    pub message: String,
}

/// Why a request was not served (RFC 9457). What a stranger may read, and beside it what the log
/// gets under the same correlation id.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: &'static str,
    errors: Vec<FieldProblem>,
    retry_after_s: Option<u64>,
    /// For the log alone.
    private: Option<(Class, String)>,
}

/// A problem as it is sent.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Which problem: the same for ever, for programs.
    #[serde(rename = "type")]
    pub kind: String,
    /// The meaning of the status.
    pub title: String,
    /// The status.
    pub status: u16,
    /// For people.
    pub detail: String,
    /// Under which the log says more. Also the header `X-Correlation-Id`.
    pub correlation_id: String,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

impl Problem {
    /// A problem of a kind (`lower-case-words`, the same for ever) with a text fit for strangers.
    pub fn new(status: StatusCode, kind: &'static str, detail: &'static str) -> Self {
        Self { status, kind, detail, errors: Vec::new(), retry_after_s: None, private: None }
    }

    /// 400: the request cannot be read.
    pub fn bad_request(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// 401: who asks is not known.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Log in, or send a key that is valid.")
    }

    /// 403: who asks may not.
    pub fn forbidden(detail: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404: there is nothing, or nothing for who asks.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here.")
    }

    /// 409: it does not go with what is there.
    pub fn conflict(detail: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 422: one field is not as it must be; `accepted` says what is.
    pub fn invalid(field: impl Into<String>, accepted: impl Into<String>) -> Self {
        let kind = "invalid";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, "A field is not one that is accepted.")
            .with_field(field, accepted)
    }

    /// 429: ask again in so many seconds.
    pub fn too_many(seconds: u64) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self::new(status, "too-many", "Too many requests; ask again later.").retry_after(seconds)
    }

    /// 503: ask again in so many seconds.
    pub fn unavailable(detail: &'static str, seconds: u64) -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self::new(status, "unavailable", detail).retry_after(seconds)
    }

    /// What an error of any crate is to a stranger: its class and nothing else. The log gets all.
    /// An error of the class User that deserves words has a constructor of its own above.
    pub fn of(error: &impl Fault) -> Self {
        let problem = match error.class() {
            Class::User => Self::bad_request("The request cannot be served as it is."),
            Class::Transient => {
                Self::unavailable("The server is busy; ask again later.", COME_BACK_S)
            }
            Class::Permanent => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "refused-by-the-machine",
                "The machine of the server refuses; its operator must look.",
            ),
            Class::Bug => Self::internal(),
        };
        problem.with_private(error.class(), said(error))
    }

    /// 507: the disk of the server has no room left.
    pub fn disk_full() -> Self {
        let status = StatusCode::INSUFFICIENT_STORAGE;
        Self::new(status, "disk-full", "The disk of the server is full; its operator must look.")
    }

    /// 500: we are wrong.
    pub fn internal() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "internal", "The server made a mistake; it is in its log.")
    }

    /// What is wrong with one field more.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, accepted: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { field: field.into(), message: accepted.into() });
        self
    }

    /// When asking again may help.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// What the log is told, and nobody else.
    #[must_use]
    pub fn with_private(mut self, class: Class, text: String) -> Self {
        self.private = Some((class, text));
        self
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The generic problem of a status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(),
            StatusCode::FORBIDDEN => Self::forbidden("That is not allowed."),
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method-not-allowed", "Not with this method; see Allow.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            StatusCode::TOO_MANY_REQUESTS => Self::too_many(COME_BACK_S),
            StatusCode::SERVICE_UNAVAILABLE => {
                Self::unavailable("The server is busy; ask again later.", COME_BACK_S)
            }
            status if status.is_server_error() => Self { status, ..Self::internal() },
            status => {
                Self { status, ..Self::bad_request("The request cannot be served as it is.") }
            }
        }
    }

    pub(crate) fn too_large() -> Self {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Self::new(status, "too-large", "The body is larger than is accepted here.")
    }

    pub(crate) fn private(&self) -> Option<&(Class, String)> {
        self.private.as_ref()
    }

    /// The answer, with the id under which it is in the log.
    pub(crate) fn into_response_under(self, correlation: &str) -> Response {
        let body = ProblemBody {
            kind: format!("urn:problem:{}", self.kind),
            title: self.status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.to_owned(),
            correlation_id: correlation.to_owned(),
            errors: self.errors,
        };
        // Five texts and a number become JSON whatever they are.
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// The shell finds the problem on its way out, logs it and gives it its correlation id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unknown => Self::unauthorized(),
            Error::Absent => Self::not_found(),
            Error::Taken => Self::conflict("Somebody has this name."),
            Error::Invalid { field, accepted } => Self::invalid(field, accepted),
            Error::LastAdmin => Self::conflict("The last admin stays one."),
            Error::AlreadySetUp => Self::conflict("The first admin is there already."),
            Error::Full { .. } => Self::conflict("There are as many as there may be."),
            Error::TooMany { seconds } => Self::too_many(seconds),
            Error::Store(full @ store::Error::Full) => {
                Self::disk_full().with_private(full.class(), full.to_string())
            }
            other => Self::of(&other),
        }
    }
}

/// An error with its causes.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(reason) = cause {
        text.push_str(": ");
        text.push_str(&reason.to_string());
        cause = reason.source();
    }
    text
}
