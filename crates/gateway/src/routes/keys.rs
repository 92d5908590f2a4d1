//! Keys that programs of somebody's come in with.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Desk, millis};
use crate::accounts::Key;
use crate::problem::ProblemBody;
use crate::{Action, Json, Path, Principal, Problem};

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// What its owner calls it, 1 to 100 characters.
    name: String,
    /// Whether its token is kept readable for the server, for programs that only send a digest of
    /// it with a salt.
    #[serde(default)]
    legacy: bool,
}

/// A key, without its token. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub(crate) struct KeyView {
    id: i64,
    name: String,
    legacy: bool,
    created: i64,
    last_used: Option<i64>,
    /// Since when it opens nothing any more.
    revoked: Option<i64>,
}

/// Keys, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Keys {
    items: Vec<KeyView>,
}

/// A key that was made, with its token, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeKey {
    key: KeyView,
    token: String,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self {
            id: key.id,
            name: key.name,
            legacy: key.legacy,
            created: millis(key.created),
            last_used: key.last_used.map(millis),
            revoked: key.revoked.map(millis),
        }
    }
}

/// The keys of who asks.
#[utoipa::path(get, path = "/api/v1/keys", tag = "keys",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Keys), (status = 401, body = ProblemBody)))]
pub(crate) async fn list(desk: Desk, by: Principal) -> Result<Json<Keys>, Problem> {
    let keys = desk.work(move |desk| desk.accounts.keys(by.user)).await?;
    Ok(Json(Keys { items: keys.into_iter().map(KeyView::from).collect() }))
}

/// Makes a key for who asks. Only a session may: a key that got away makes no others.
#[utoipa::path(post, path = "/api/v1/keys", tag = "keys", request_body = NewKey,
    security(("session" = [])),
    responses((status = 201, body = MadeKey), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(crate) async fn make(
    desk: Desk,
    by: Principal,
    Json(asked): Json<NewKey>,
) -> Result<(StatusCode, Json<MadeKey>), Problem> {
    if by.session().is_none() {
        return Err(Problem::forbidden("A key makes no keys; log in to make one."));
    }
    let (key, token) = desk
        .work(move |desk| {
            let made = desk.accounts.make_key(by.user, &asked.name, asked.legacy)?;
            desk.done(&by, Action::KEY_MADE, format!("{} {}", made.0.id, made.0.name))?;
            Ok(made)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(MadeKey { key: key.into(), token })))
}

/// Ends a key of who asks.
#[utoipa::path(delete, path = "/api/v1/keys/{id}", tag = "keys", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn revoke(
    desk: Desk,
    by: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    desk.work(move |desk| {
        desk.accounts.revoke_key(by.user, id)?;
        desk.done(&by, Action::KEY_REVOKED, id.to_string())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
