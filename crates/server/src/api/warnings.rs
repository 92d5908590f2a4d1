//! What went wrong lately, for admins who do not read the log of the server.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use gateway::{Json, Query};
use ops::telemetry::Warning;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Keeper;
use super::answers::{Known, Valid, limit};
use super::refusal::Refusal;

/// Which.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WarningsQuery {
    /// Those before this one; the newest without it.
    #[serde(default)]
    before: Option<u64>,
    /// How many, 1 to 500; 100 without it.
    #[serde(default)]
    limit: Option<u32>,
}

/// A line of the log that somebody should know of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warning)]
pub(super) struct WarningView {
    /// Counts them since the server was started.
    number: u64,
    /// Milliseconds since 1970.
    at: u64,
    /// Whether something failed, and not only might.
    error: bool,
    text: String,
    /// The request it happened in: what its answer has as `correlationId`.
    correlation: Option<String>,
}

/// Some of them, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Warnings {
    items: Vec<WarningView>,
    /// `before` of the next page, where there may be one.
    next: Option<u64>,
}

/// Warnings and errors of the server since it was started, the last 500 of them, the newest first.
#[utoipa::path(get, path = "/api/v1/warnings", operation_id = "warnings", tag = "watch", params(WarningsQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Warnings), Known, Valid))]
pub(super) async fn list(
    Keeper(visit): Keeper,
    Query(asked): Query<WarningsQuery>,
) -> Result<Json<Warnings>, Refusal> {
    let limit = limit(asked.limit)?;
    let items = visit.house.warnings.last(asked.before, limit);
    let next = items.last().filter(|_| items.len() == limit).map(|line| line.number);
    Ok(Json(Warnings { items: items.into_iter().map(WarningView::from).collect(), next }))
}

impl From<Warning> for WarningView {
    fn from(line: Warning) -> Self {
        let Warning { number, at_ms, is_error, text, correlation } = line;
        Self { number, at: at_ms, error: is_error, text, correlation }
    }
}
