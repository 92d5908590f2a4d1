use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use store::UserId;

use crate::accounts::Role;
use crate::shell::{Context, Visit, blocking};
use crate::wire::{Origin, cookie};
use crate::{Error, Problem};

/// Who asks, known by a session or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Whose account it is.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they may do, at this moment.
    pub role: Role,
    /// How they are known.
    pub via: Via,
}

/// How somebody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// By the cookie of the session with this number.
    Session(i64),
    /// By the key with this number.
    Key(i64),
}

impl Principal {
    /// The session, where it is one.
    pub fn session(&self) -> Option<i64> {
        match self.via {
            Via::Session(id) => Some(id),
            Via::Key(_) => None,
        }
    }

    /// Who asks when they are an admin.
    ///
    /// # Errors
    /// A 403 for anybody else.
    pub fn into_admin(self) -> Result<Admin, Problem> {
        match self.role {
            Role::Admin => Ok(Admin(self)),
            Role::Listener => Err(Problem::forbidden("Only an admin may do that.")),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    /// A key in `Authorization: Bearer`, or the cookie of a session where one is accepted. Who sends
    /// a key means it: the cookie is not looked at.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let context = Context::of(parts)?;
        let visit = Visit::of(parts)?;
        let accounts = context.accounts.clone();
        if parts.headers.contains_key(header::AUTHORIZATION) {
            let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?.to_owned();
            return known(blocking(move || accounts.authenticate_key(&token)).await);
        }
        let token = session_token(&parts.headers, &context.cookie_name)
            .filter(|_| !visit.rules.is_key_only())
            .ok_or_else(Problem::unauthorized)?
            .to_owned();
        check_cookie_origin(&parts.method, &parts.headers, &visit)?;
        known(blocking(move || accounts.authenticate_session(&token)).await)
    }
}

/// An admin asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admin(pub Principal);

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Principal::from_request_parts(parts, state).await?.into_admin()
    }
}

/// Who opens a WebSocket. A browser lets any page open one with our cookie, so the page must be ours
/// where it is the cookie that lets them in, and listed where it is a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketPrincipal(pub Principal);

impl<S: Send + Sync> FromRequestParts<S> for SocketPrincipal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        check_socket_origin(parts)?;
        let principal = Principal::from_request_parts(parts, state).await?;
        if principal.session().is_some() && !parts.headers.contains_key(header::ORIGIN) {
            return Err(foreign());
        }
        Ok(Self(principal))
    }
}

/// Whether the page that opens a WebSocket is ours or listed; programs that are no browsers say no
/// origin. Enough by itself for sockets that are let in by something else than a [`Principal`].
///
/// # Errors
/// A 403 for every other page.
pub fn check_socket_origin(parts: &Parts) -> Result<(), Problem> {
    let (context, visit) = (Context::of(parts)?, Visit::of(parts)?);
    match parts.headers.get(header::ORIGIN) {
        None => Ok(()),
        Some(_) if is_same_origin(&parts.headers, &visit) => Ok(()),
        Some(_) if context.is_listed(&parts.headers) => Ok(()),
        Some(_) => Err(foreign()),
    }
}

pub(crate) fn session_token<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|v| v.to_str().ok());
    cookie(values, name)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A cookie comes along whoever asks; it counts when the page that asks is ours. What changes
/// nothing may be asked for without saying whose page it is, what changes something may not.
fn check_cookie_origin(method: &Method, headers: &HeaderMap, visit: &Visit) -> Result<(), Problem> {
    let fetched_from = headers.get("sec-fetch-site").map(|value| value.as_bytes());
    let is_ours = match headers.get(header::ORIGIN) {
        Some(_) => is_same_origin(headers, visit),
        None if method.is_safe() => fetched_from != Some(b"cross-site"),
        None => fetched_from == Some(b"same-origin"),
    };
    if is_ours { Ok(()) } else { Err(foreign()) }
}

pub(crate) fn is_same_origin(headers: &HeaderMap, visit: &Visit) -> bool {
    origin_of(headers).is_some_and(|origin| origin.is_of(&visit.host, visit.scheme))
}

/// The one origin a request says it has.
pub(crate) fn origin_of(headers: &HeaderMap) -> Option<Origin> {
    let mut values = headers.get_all(header::ORIGIN).into_iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    Origin::parse(value.to_str().ok()?)
}

pub(crate) fn foreign() -> Problem {
    Problem::forbidden("This page may not ask that.")
}

fn known(result: Result<Principal, Error>) -> Result<Principal, Problem> {
    result.map_err(Problem::from)
}
