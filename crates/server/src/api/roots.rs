//! The folders the collection lies in, and their scan.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use std::path::PathBuf;

use axum::http::StatusCode;
use gateway::{Action, Json, Path, Problem, Query, Role};
use library::{Root, RootId, Unreadable};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use library::catalogue::keyset::{Part, Place};

use super::answers::{AdminOnly, All, Fits, Known, Page, There, Valid, limit};
use super::refusal::Refusal;
use super::views::millis;
use super::{Keeper, Visit, cursor};
use crate::ids::{Id, text};

const ADDED: Action = Action("root.added");
const REMOVED: Action = Action("root.removed");
/// Longer paths no system has.
const MAX_PATH_BYTES: usize = 4_096;

/// A folder of music.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Root)]
pub(super) struct RootView {
    #[schema(example = "ro-1")]
    id: String,
    name: String,
    /// The folder it is, once it was scanned.
    folder_id: Option<String>,
    /// Where it is; for admins alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
}

/// A folder to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoot {
    /// Its absolute path on the server, within a folder that is configured for music.
    path: String,
}

/// How far a scan is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Scan {
    running: bool,
    /// Folders looked into.
    folders: u64,
    /// Sound files seen in them.
    seen: u64,
    /// Of those, files that were new or changed and have been read.
    read: u64,
    /// When the last one ended, in milliseconds since 1970.
    ended: Option<i64>,
}

/// How to scan.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewScan {
    /// Reads files again that look as they did.
    #[serde(default)]
    full: bool,
}

/// A file that could not be read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unreadable)]
pub(super) struct UnreadableView {
    #[schema(example = "ro-1")]
    root_id: String,
    /// Below the root.
    path: String,
    /// What its reader said of it.
    reason: String,
    /// Milliseconds since 1970.
    since: i64,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UnreadableQuery {
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl Scan {
    pub(super) fn of(status: &library::scan::Status) -> Self {
        Self {
            running: status.is_running(),
            folders: status.folders(),
            seen: status.seen(),
            read: status.read(),
            ended: status.ended().map(millis),
        }
    }
}

/// All roots by name; where they are is told to admins alone.
#[utoipa::path(get, path = "/api/v1/roots", operation_id = "roots", tag = "keeping",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<RootView>), Known))]
pub(super) async fn list(visit: Visit) -> Result<Json<All<RootView>>, Refusal> {
    let work = |visit: &Visit| {
        let roots = visit.house.library.roots()?.into_iter();
        let items = roots.map(|root| told(visit, root)).collect::<Result<_, _>>()?;
        Ok(All { items })
    };
    visit.work(work).await.map(Json)
}

/// Adds a folder and scans it. Only folders where the server's configuration allows it are taken.
#[utoipa::path(post, path = "/api/v1/roots", operation_id = "add_root", tag = "keeping", request_body = NewRoot,
    security(("session" = []), ("key" = [])),
    responses((status = 201, body = RootView), Known, AdminOnly, Valid))]
pub(super) async fn add(
    Keeper(visit): Keeper,
    Json(asked): Json<NewRoot>,
) -> Result<(StatusCode, Json<RootView>), Refusal> {
    let path = PathBuf::from(&asked.path);
    let is_plain = path.is_absolute() && !asked.path.contains('\0');
    if !is_plain || asked.path.len() > MAX_PATH_BYTES {
        return Err(Problem::invalid("path", "an absolute path").into());
    }
    let work = move |visit: &Visit| {
        let added = visit.house.library.add_root_within(&path, &visit.house.allowed);
        let root = added.map_err(not_there)?;
        visit.record(ADDED, format!("{} {}", root.id, root.path.display()))?;
        visit.house.begin_scan(false)?;
        told(visit, root)
    };
    Ok((StatusCode::CREATED, Json(visit.work(work).await?)))
}

/// A folder that cannot be found is the client's to say otherwise.
fn not_there(error: library::Error) -> Refusal {
    match error {
        library::Error::Io { .. } => {
            Problem::invalid("path", "a folder that is there and can be read").into()
        }
        error => error.into(),
    }
}

/// Forgets a root with all that is known of its tracks, unless a scan is going on. No file is touched.
#[utoipa::path(delete, path = "/api/v1/roots/{id}", operation_id = "remove_root", tag = "keeping",
    params(("id" = String, Path, example = "ro-1")), security(("session" = []), ("key" = [])),
    responses((status = 204), Known, AdminOnly, There, Fits))]
pub(super) async fn remove(
    Keeper(visit): Keeper,
    Path(Id(id)): Path<Id<RootId>>,
) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| {
        // What a scan finds meanwhile would belong to nothing.
        if visit.house.library.scan_status().is_running() {
            return Err(library::Error::Scanning.into());
        }
        visit.house.library.remove_root(id)?;
        visit.record(REMOVED, text(id))
    };
    visit.work(work).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far the scan is that is going on, or how the last one ended.
#[utoipa::path(get, path = "/api/v1/scan", operation_id = "scan", tag = "keeping",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Scan), Known))]
pub(super) async fn scan(visit: Visit) -> Json<Scan> {
    Json(Scan::of(visit.house.library.scan_status()))
}

/// Begins a scan of all roots.
#[utoipa::path(post, path = "/api/v1/scan", operation_id = "begin_scan", tag = "keeping", request_body = NewScan,
    security(("session" = []), ("key" = [])),
    responses((status = 202, body = Scan), Known, AdminOnly, Fits, Valid))]
pub(super) async fn begin(
    Keeper(visit): Keeper,
    Json(asked): Json<NewScan>,
) -> Result<(StatusCode, Json<Scan>), Refusal> {
    let work = move |visit: &Visit| {
        let status = visit.house.library.scan_status();
        if status.is_running() {
            return Err(library::Error::Scanning.into());
        }
        visit.house.begin_scan(asked.full)?;
        Ok(Scan::of(status))
    };
    Ok((StatusCode::ACCEPTED, Json(visit.work(work).await?)))
}

/// Files that could not be read, by root and path.
#[utoipa::path(get, path = "/api/v1/unreadable", tag = "keeping", params(UnreadableQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Page<UnreadableView>), Known, AdminOnly, Valid))]
pub(super) async fn unreadable(
    Keeper(visit): Keeper,
    Query(asked): Query<UnreadableQuery>,
) -> Result<Json<Page<UnreadableView>>, Refusal> {
    let limit = limit(asked.limit)?;
    let after = match cursor::asked(asked.after.as_deref())?.map(|place| place.0) {
        None => None,
        Some(parts) => match <[Part; 2]>::try_from(parts) {
            Ok([Part::Whole(root), Part::Text(path)]) => Some((RootId(root), path)),
            _ => return Err(Problem::invalid("after", "the next of the page before").into()),
        },
    };
    let work = move |visit: &Visit| {
        let after = after.as_ref().map(|(root, path)| (*root, path.as_str()));
        Ok(visit.house.library.unreadable(after, limit + 1)?)
    };
    let mut found = visit.work(work).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| is_more).map(|last| {
        cursor::word(&Place(vec![Part::Whole(last.root.0), Part::Text(last.path.clone())]))
    });
    Ok(Json(Page { items: found.into_iter().map(UnreadableView::from).collect(), next }))
}

fn told(visit: &Visit, root: Root) -> Result<RootView, Refusal> {
    let folder = match visit.house.library.folder_of_root(root.id) {
        Ok(folder) => Some(text(folder)),
        Err(library::Error::Absent(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let is_admin = visit.by.role == Role::Admin;
    let path = is_admin.then(|| root.path.display().to_string());
    Ok(RootView { id: text(root.id), name: root.name, folder_id: folder, path })
}

impl From<Unreadable> for UnreadableView {
    fn from(file: Unreadable) -> Self {
        // A reason that may name a path stays in the log.
        let reason = if file.reason.contains('/') {
            "it cannot be opened or read".to_owned()
        } else {
            file.reason
        };
        let (root_id, since) = (text(file.root), millis(file.since));
        Self { root_id, path: file.path, reason, since }
    }
}
