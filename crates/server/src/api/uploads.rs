//! Files that come in, straight to the disk.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use futures_util::StreamExt;
use gateway::{Action, Json, Problem, Query};
use library::uploads::{Taken, Uploads};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};

use super::answers::{AdminOnly, Known, Small, There, Valid};
use super::refusal::{Refusal, off};
use super::{Keeper, Visit, blocking};
use crate::ids::text;

const UPLOADED: Action = Action("file.uploaded");
/// Pieces of a body that wait for a slow disk.
const PIECES_WAITING: usize = 4;

/// What is sent.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UploadQuery {
    /// What the file is called. Its ending says what it is; the rest is its title where it has none.
    name: String,
}

/// What became of a file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase", tag = "taken")]
pub(super) enum Uploaded {
    /// It is kept; the library knows it after the scan that was begun.
    New {
        /// What it calls itself, or is called now.
        title: String,
    },
    /// The library has the same already; nothing was kept.
    Known {
        #[schema(example = "tr-12")]
        track: String,
    },
}

/// A piece of a body, or its end: a body that was cut off has none.
enum Piece {
    More(Bytes),
    End,
}

/// Takes a file of music: the body is the file, at most 200 MiB.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "keeping", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("session" = []), ("key" = [])),
    responses((status = 201, description = "It is kept.", body = Uploaded),
        (status = 200, description = "It was here already.", body = Uploaded),
        Known, AdminOnly, There, Small, Valid))]
pub(super) async fn upload(
    Keeper(visit): Keeper,
    Query(asked): Query<UploadQuery>,
    request: Request,
) -> Result<(StatusCode, Json<Uploaded>), Refusal> {
    let off = || off("uploads-off", "Uploads are off: this server takes no files.");
    let uploads = visit.house.uploads.clone().ok_or_else(off)?;
    let length = request.headers().get(header::CONTENT_LENGTH);
    let declared = length.and_then(|value| value.to_str().ok()?.parse().ok());
    let (send, pieces) = mpsc::channel(PIECES_WAITING);
    let taking = blocking(move || take(&uploads, &asked.name, declared, pieces));
    let (sent, taken) = tokio::join!(feed(request.into_body(), send), taking);
    // A body that was too long or cut off counts before what became of its beginning.
    sent?;
    let taken = taken?;
    visit.work(move |visit| told(visit, taken)).await
}

/// Hands a body on, piece by piece, for as long as somebody takes it.
async fn feed(body: Body, send: mpsc::Sender<Piece>) -> Result<(), Refusal> {
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| cut_off(&error))?;
        if send.send(Piece::More(piece)).await.is_err() {
            return Ok(());
        }
    }
    // Who takes nothing any more has said why.
    drop(send.send(Piece::End).await);
    Ok(())
}

/// A body above the limit of the route breaks off, like one whose sender has gone.
fn cut_off(error: &axum::Error) -> Problem {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    Problem::new(status, "too-large", "The body is larger than is accepted here, or cut off.")
        .with_private(fault::Class::User, error.to_string())
}

fn take(
    uploads: &Arc<Uploads>,
    name: &str,
    declared: Option<u64>,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<Taken, Refusal> {
    let mut incoming = uploads.begin(name, declared)?;
    loop {
        match pieces.blocking_recv() {
            Some(Piece::More(piece)) => incoming.write(&piece)?,
            Some(Piece::End) => return Ok(incoming.finish()?),
            // The other side says why; nothing of the file is left.
            None => return Err(Problem::bad_request("The body ended before it was whole.").into()),
        }
    }
}

fn told(visit: &Visit, taken: Taken) -> Result<(StatusCode, Json<Uploaded>), Refusal> {
    match taken {
        Taken::New { title, .. } => {
            visit.record(UPLOADED, title.clone())?;
            visit.house.begin_scan(false)?;
            Ok((StatusCode::CREATED, Json(Uploaded::New { title })))
        }
        Taken::Known(track) => Ok((StatusCode::OK, Json(Uploaded::Known { track: text(track) }))),
    }
}
