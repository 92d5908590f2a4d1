//! Coming in and going.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Desk, millis};
use crate::accounts::{ABSOLUTE, Role, Session};
use crate::problem::ProblemBody;
use crate::shell::{Context, Visit};
use crate::wire::Scheme;
use crate::{Action, Error, Json, Path, Principal, Problem, Via};

/// Whether the first admin is still to be made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    needed: bool,
}

/// The first admin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// The token on the console of the server.
    token: String,
    name: String,
    password: String,
}

/// Somebody who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    name: String,
    password: String,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: i64,
    name: String,
    role: Role,
    via: Known,
}

/// How somebody is known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Known {
    Session,
    Key,
}

/// A new password of who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    old: String,
    new: String,
}

/// Somebody logged in somewhere. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    id: i64,
    created: i64,
    last_used: i64,
    expires: i64,
    /// What the browser says it is.
    agent: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Sessions, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Sessions {
    items: Vec<SessionView>,
}

impl From<Principal> for Me {
    fn from(principal: Principal) -> Self {
        let via = if principal.session().is_some() { Known::Session } else { Known::Key };
        Self { id: principal.user.0, name: principal.name, role: principal.role, via }
    }
}

/// How the cookie of a session is set here.
pub(crate) struct Jar {
    name: String,
    path: String,
    secure: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Jar {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let context = Context::of(parts)?;
        let path = format!("{}/", context.settings.base_path.as_str());
        let secure = Visit::of(parts)?.scheme == Scheme::Https;
        Ok(Self { name: context.cookie_name.clone(), path, secure })
    }
}

impl Jar {
    fn set(
        &self,
        token: &str,
        seconds: i64,
    ) -> Result<[(header::HeaderName, HeaderValue); 1], Problem> {
        let Self { name, path, secure } = self;
        let secure = if *secure { "; Secure" } else { "" };
        let text = format!(
            "{name}={token}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        let value = HeaderValue::from_str(&text).map_err(|_| Problem::internal())?;
        Ok([(header::SET_COOKIE, value)])
    }

    fn keep(&self, token: &str) -> Result<[(header::HeaderName, HeaderValue); 1], Problem> {
        self.set(token, ABSOLUTE / 1_000_000_000)
    }

    fn empty(&self) -> Result<[(header::HeaderName, HeaderValue); 1], Problem> {
        self.set("", 0)
    }
}

/// Whether the first admin is still to be made.
#[utoipa::path(get, path = "/api/v1/setup", tag = "door",
    responses((status = 200, body = SetupState)))]
pub(crate) async fn setup_state(desk: Desk) -> Result<Json<SetupState>, Problem> {
    let needed = desk.work(|desk| desk.accounts.needs_setup()).await?;
    Ok(Json(SetupState { needed }))
}

/// Makes the first admin, once, with the token on the server's console, and lets them in.
#[utoipa::path(post, path = "/api/v1/setup", tag = "door", request_body = Setup,
    responses((status = 201, body = Me), (status = 401, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(crate) async fn setup(
    desk: Desk,
    jar: Jar,
    headers: HeaderMap,
    Json(asked): Json<Setup>,
) -> Result<Response, Problem> {
    let agent = agent(&headers);
    let made = desk.work(move |desk| {
        let made = desk.accounts.set_up(&asked.token, &asked.name, &asked.password, &desk.client);
        if matches!(made, Err(Error::Unknown)) {
            desk.refused(&asked.name, Action::SETUP)?;
        }
        let user = made?;
        let token = desk.accounts.begin_session(user.id, &agent)?;
        let principal = desk.accounts.authenticate_session(&token)?;
        desk.done(&principal, Action::SETUP, user.name)?;
        Ok((principal, token))
    });
    let (principal, token) = made.await?;
    Ok((StatusCode::CREATED, jar.keep(&token)?, Json(Me::from(principal))).into_response())
}

/// Lets somebody in.
#[utoipa::path(post, path = "/api/v1/login", tag = "door", request_body = Login,
    responses((status = 200, body = Me), (status = 401, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(crate) async fn login(
    desk: Desk,
    jar: Jar,
    headers: HeaderMap,
    Json(asked): Json<Login>,
) -> Result<Response, Problem> {
    let agent = agent(&headers);
    let begun = desk.work(move |desk| {
        let begun = desk.accounts.log_in(&asked.name, &asked.password, &desk.client, &agent);
        if matches!(begun, Err(Error::Unknown)) {
            desk.refused(&asked.name, Action::LOGIN)?;
        }
        let (_, token) = begun?;
        let principal = desk.accounts.authenticate_session(&token)?;
        desk.done(&principal, Action::LOGIN, agent)?;
        Ok((principal, token))
    });
    let (principal, token) = begun.await?;
    Ok((jar.keep(&token)?, Json(Me::from(principal))).into_response())
}

/// Ends the session that asks.
#[utoipa::path(post, path = "/api/v1/logout", tag = "door", security(("session" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(crate) async fn logout(desk: Desk, jar: Jar, by: Principal) -> Result<Response, Problem> {
    let Via::Session(id) = by.via else {
        return Err(Problem::forbidden("A key has no session to end; revoke it instead."));
    };
    desk.work(move |desk| {
        desk.accounts.end_session(by.user, id)?;
        desk.done(&by, Action::LOGOUT, id.to_string())
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, jar.empty()?).into_response())
}

/// Who asks.
#[utoipa::path(get, path = "/api/v1/session", tag = "door",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Me), (status = 401, body = ProblemBody)))]
pub(crate) async fn who(by: Principal) -> Json<Me> {
    Json(Me::from(by))
}

/// Changes the password of who asks and ends their other sessions.
#[utoipa::path(post, path = "/api/v1/password", tag = "door", request_body = PasswordChange,
    security(("session" = []), ("key" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(crate) async fn password(
    desk: Desk,
    by: Principal,
    Json(asked): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let changed = desk.work(move |desk| {
        let (accounts, client) = (&desk.accounts, &desk.client);
        let changed =
            accounts.change_password(by.user, &asked.old, &asked.new, by.session(), client);
        if matches!(changed, Err(Error::Unknown)) {
            desk.refused(&by.name, Action::PASSWORD)?;
            return Ok(false);
        }
        changed?;
        desk.done(&by, Action::PASSWORD, by.name.clone())?;
        Ok(true)
    });
    // Who asks is known, so this is no 401: a page would take that for the end of its session.
    if changed.await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::forbidden("The old password is not right."))
    }
}

/// Where who asks is logged in.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "door",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Sessions), (status = 401, body = ProblemBody)))]
pub(crate) async fn sessions(desk: Desk, by: Principal) -> Result<Json<Sessions>, Problem> {
    let current = by.session();
    let sessions = desk.work(move |desk| desk.accounts.sessions(by.user)).await?;
    let items = sessions.into_iter().map(|session| view(session, current)).collect();
    Ok(Json(Sessions { items }))
}

/// Ends a session of who asks.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "door", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn end_session(
    desk: Desk,
    by: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    desk.work(move |desk| {
        desk.accounts.end_session(by.user, id)?;
        desk.done(&by, Action::LOGOUT, id.to_string())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn view(session: Session, current: Option<i64>) -> SessionView {
    SessionView {
        id: session.id,
        created: millis(session.created),
        last_used: millis(session.last_used),
        expires: millis(session.expires),
        current: current == Some(session.id),
        agent: session.agent,
    }
}

fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().to_owned()
}
