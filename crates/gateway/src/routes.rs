//! The routes every program has: who one is, who may come in, whether all is well.

mod admin;
mod door;
mod keys;
mod watch;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::{Entry, Outcome};
use crate::shell::{Client, Context, blocking};
use crate::{Accounts, Action, Principal, Problem};

/// All of them.
pub(crate) fn router() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(door::setup_state, door::setup))
        .routes(routes!(door::login))
        .routes(routes!(door::logout))
        .routes(routes!(door::who))
        .routes(routes!(door::password))
        .routes(routes!(door::sessions))
        .routes(routes!(door::end_session))
        .routes(routes!(keys::list, keys::make))
        .routes(routes!(keys::revoke))
        .routes(routes!(admin::users, admin::make_user))
        .routes(routes!(admin::user, admin::change_user, admin::delete_user))
        .routes(routes!(admin::audit))
        .routes(routes!(watch::healthz))
        .routes(routes!(watch::health))
        .routes(routes!(watch::readyz))
        .routes(routes!(watch::ready))
        .routes(routes!(watch::metrics))
        .routes(routes!(watch::openapi))
}

/// The accounts, with where the request came from: what most routes work with.
pub(crate) struct Desk {
    pub(crate) accounts: Accounts,
    pub(crate) client: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let accounts = Context::of(parts)?.accounts.clone();
        let client = Client::from_request_parts(parts, state).await?.text();
        Ok(Self { accounts, client })
    }
}

impl Desk {
    /// Does something with the accounts on a thread that may block.
    pub(crate) async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&Self) -> Result<T, crate::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        blocking(move || work(&self)).await.map_err(Problem::from)
    }

    /// Writes down what somebody did.
    pub(crate) fn done(
        &self,
        by: &Principal,
        action: Action,
        subject: impl Into<String>,
    ) -> Result<(), crate::Error> {
        self.accounts.record(Entry::done(by, action, subject).from(&self.client))
    }

    /// Writes down that somebody was not let in under a name.
    pub(crate) fn refused(&self, name: &str, action: Action) -> Result<(), crate::Error> {
        self.accounts.record(Entry {
            user: None,
            name: name.to_owned(),
            action,
            subject: String::new(),
            outcome: Outcome::Refused,
            client: self.client.clone(),
        })
    }
}

/// Milliseconds since 1970, which JavaScript can count.
pub(crate) fn millis(moment: clock::Nanos) -> i64 {
    moment.millis()
}
