//! What only admins do: letting others in, and reading what was done.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::UserId;
use utoipa::{IntoParams, ToSchema};

use super::{Desk, millis};
use crate::accounts::{Audited, Change, Outcome, Role, User};
use crate::problem::ProblemBody;
use crate::{Action, Admin, Json, Path, Problem, Query};

/// Lines of a page of the audit log, unless somebody says otherwise, and at most.
const PAGE: u32 = 100;
const MAX_PAGE: u32 = 500;

/// Somebody to be let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// 1 to 64 letters, digits and . _ - @.
    name: String,
    /// 8 characters or more.
    password: String,
    role: Role,
}

/// What is to be otherwise; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChange {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    role: Option<Role>,
    /// Whether they are kept out.
    #[serde(default)]
    disabled: Option<bool>,
    /// Ends their sessions.
    #[serde(default)]
    password: Option<String>,
}

/// Somebody with an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    id: i64,
    name: String,
    role: Role,
    /// Milliseconds since 1970.
    created: i64,
    disabled: bool,
}

/// Everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Users {
    items: Vec<UserView>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        let User { id, name, role, created, disabled } = user;
        Self { id: id.0, name, role, created: millis(created), disabled }
    }
}

/// Which page of the audit log.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Lines before this one; the newest without it.
    #[serde(default)]
    before: Option<i64>,
    /// How many, 1 to 500; 100 without it.
    #[serde(default)]
    limit: Option<u32>,
}

/// What somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditLine {
    id: i64,
    /// Milliseconds since 1970.
    at: i64,
    /// Who, where that was known.
    user: Option<i64>,
    /// Their name at the time, or the one that was tried.
    name: String,
    action: String,
    subject: String,
    /// Whether it was done; refused otherwise.
    done: bool,
    /// From where.
    client: String,
}

/// Lines, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    items: Vec<AuditLine>,
    /// `before` of the next page, where there is one.
    next: Option<i64>,
}

/// Everybody with an account.
#[utoipa::path(get, path = "/api/v1/users", tag = "users",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Users), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(crate) async fn users(desk: Desk, _: Admin) -> Result<Json<Users>, Problem> {
    let users = desk.work(|desk| desk.accounts.users()).await?;
    Ok(Json(Users { items: users.into_iter().map(UserView::from).collect() }))
}

/// Lets somebody in.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    security(("session" = []), ("key" = [])),
    responses((status = 201, body = UserView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(crate) async fn make_user(
    desk: Desk,
    Admin(by): Admin,
    Json(asked): Json<NewUser>,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    let user = desk
        .work(move |desk| {
            let user = desk.accounts.create(&asked.name, &asked.password, asked.role)?;
            let subject = format!("{} {} {}", user.id.0, user.name, user.role.as_str());
            desk.done(&by, Action::USER_MADE, subject)?;
            Ok(user)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(user.into())))
}

/// Somebody.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = UserView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn user(
    desk: Desk,
    _: Admin,
    Path(id): Path<i64>,
) -> Result<Json<UserView>, Problem> {
    let user = desk.work(move |desk| desk.accounts.user(UserId(id))).await?;
    Ok(Json(user.into()))
}

/// Changes what is said of somebody, all of it or nothing.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", params(("id" = i64, Path)),
    request_body = UserChange, security(("session" = []), ("key" = [])),
    responses((status = 200, body = UserView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn change_user(
    desk: Desk,
    Admin(by): Admin,
    Path(id): Path<i64>,
    Json(asked): Json<UserChange>,
) -> Result<Json<UserView>, Problem> {
    let UserChange { name, role, disabled, password } = asked;
    let change = Change { name, role, disabled, password };
    let user = desk
        .work(move |desk| {
            let was = desk.accounts.user(UserId(id))?;
            let user = desk.accounts.change(UserId(id), &change)?;
            for (action, what) in changes(&was, &user, change.password.is_some()) {
                desk.done(&by, action, format!("{id} {what}"))?;
            }
            Ok(user)
        })
        .await?;
    Ok(Json(user.into()))
}

/// Removes somebody with all that is theirs.
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "users", params(("id" = i64, Path)),
    security(("session" = []), ("key" = [])),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(crate) async fn delete_user(
    desk: Desk,
    Admin(by): Admin,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    desk.work(move |desk| {
        let user = desk.accounts.user(UserId(id))?;
        desk.accounts.delete(UserId(id))?;
        desk.done(&by, Action::USER_DELETED, format!("{id} {}", user.name))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What was done, by whom and when, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "users", params(AuditQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = AuditPage), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn audit(
    desk: Desk,
    _: Admin,
    Query(asked): Query<AuditQuery>,
) -> Result<Json<AuditPage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Problem::invalid("limit", "1 to 500"));
    }
    let lines = desk.work(move |desk| desk.accounts.audit(asked.before, limit)).await?;
    let next = lines.last().filter(|_| u32::try_from(lines.len()) == Ok(limit)).map(|line| line.id);
    Ok(Json(AuditPage { items: lines.into_iter().map(AuditLine::from).collect(), next }))
}

impl From<Audited> for AuditLine {
    fn from(line: Audited) -> Self {
        Self {
            id: line.id,
            at: millis(line.at),
            user: line.user.map(|user| user.0),
            name: line.name,
            action: line.action,
            subject: line.subject,
            done: line.outcome == Outcome::Done,
            client: line.client,
        }
    }
}

/// What became otherwise, for the audit log.
fn changes(was: &User, is: &User, has_new_password: bool) -> Vec<(Action, String)> {
    let mut changes = Vec::new();
    if was.name != is.name {
        changes.push((Action::USER_RENAMED, format!("{} to {}", was.name, is.name)));
    }
    if was.role != is.role {
        let roles = format!("{} {} to {}", is.name, was.role.as_str(), is.role.as_str());
        changes.push((Action::ROLE, roles));
    }
    if was.disabled != is.disabled {
        let action = if is.disabled { Action::USER_DISABLED } else { Action::USER_ENABLED };
        changes.push((action, is.name.clone()));
    }
    if has_new_password {
        changes.push((Action::PASSWORD, is.name.clone()));
    }
    changes
}
