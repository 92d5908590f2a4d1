//! Words of files, changed: a preview, a batch, and the way back. Only where the server's owner has
//! switched it on.

use std::collections::BTreeMap;

use audio_file::edit::{Change, Changes, EditField, TagChange};
use fault::Silent;
use gateway::{Action, Json, Path, Problem};
use library::TrackId;
use library::tagging::{Applied, BatchId, Edit, FieldChange, Preview, Seen, Tagger};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::{AdminOnly, All, Fits, Known, There, Valid};
use super::refusal::{Refusal, off};
use super::{Keeper, Visit};
use crate::ids::{Id, text};

const CHANGED: Action = Action("tags.changed");
const UNDONE: Action = Action("tags.undone");

/// What shall become of fields: each with its values, or with nothing to have none. The names of the
/// fields are those a preview answers with, such as "title", "artists", "date".
type Wishes = BTreeMap<String, Option<Vec<String>>>;

/// Changes to be looked at before they are made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewOf {
    /// 1 to 1,000.
    #[schema(value_type = Vec<String>)]
    tracks: Vec<Id<TrackId>>,
    /// Each field with its values, or with null to have none.
    #[schema(value_type = BTreeMap<String, Option<Vec<String>>>)]
    changes: Wishes,
}

/// What would become of a track.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TagPreview)]
pub(super) struct PreviewView {
    #[schema(example = "tr-12")]
    track: String,
    title: String,
    /// Its file as it was seen; a batch with it is refused where the file is another by then.
    seen: String,
    /// Fields that would get another value.
    fields: Vec<FieldView>,
}

/// A field that gets another value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldChange)]
pub(super) struct FieldView {
    field: String,
    /// Empty for nothing.
    before: Vec<String>,
    /// Empty for nothing.
    after: Vec<String>,
}

/// A batch of edits: all of it is written, or nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    /// 1 to 1,000.
    edits: Vec<EditOf>,
}

/// One track of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TagEdit)]
pub(super) struct EditOf {
    #[schema(value_type = String, example = "tr-12")]
    track: Id<TrackId>,
    /// As the preview has it.
    seen: String,
    /// Each field with its values, or with null to have none.
    #[schema(value_type = BTreeMap<String, Option<Vec<String>>>)]
    changes: Wishes,
}

/// A batch that was written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WrittenBatch)]
pub(super) struct BatchView {
    /// By this it can be undone, as long as its originals are kept.
    batch: u64,
    /// Tracks whose files are others now. The library knows their new words after its next scan, which
    /// was begun.
    tracks: Vec<String>,
}

fn tagger(visit: &Visit) -> Result<&Tagger, Refusal> {
    let off = || off("write-back-off", "Write-back is off: this server changes no files.");
    visit.house.tagger.as_deref().ok_or_else(off)
}

fn changes(wishes: Wishes) -> Result<Changes, Refusal> {
    let one = |(name, values): (String, Option<Vec<String>>)| {
        let known = EditField::ALL.iter().find(|field| field.name() == name);
        let field = *known.ok_or_else(|| Problem::invalid("changes", fields()))?;
        let value = values.map_or(Change::Clear, Change::Set);
        Ok::<_, Refusal>(TagChange { field, value })
    };
    let asked: Vec<TagChange> = wishes.into_iter().map(one).collect::<Result<_, _>>()?;
    Ok(Changes::new(asked)?)
}

fn fields() -> String {
    let names: Vec<&str> = EditField::ALL.iter().map(|field| field.name()).collect();
    format!("fields of {}", names.join(", "))
}

/// What became of a file is told by its size and time, as a word.
fn word(seen: Seen) -> String {
    format!("{:x}-{:x}", seen.size, seen.modified)
}

fn seen(word: &str) -> Result<Seen, Problem> {
    let parts = word.split_once('-').and_then(|(size, modified)| {
        let size = u64::from_str_radix(size, 16).ok()?;
        Some(Seen { size, modified: i64::from_str_radix(modified, 16).ok()? })
    });
    parts.ok_or_else(|| Problem::invalid("seen", "as the preview has it"))
}

/// What would become of tracks. Reads their files and changes nothing.
#[utoipa::path(post, path = "/api/v1/tags/preview", operation_id = "preview_tags", tag = "keeping", request_body = PreviewOf,
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<PreviewView>), Known, AdminOnly, There, Fits, Valid))]
pub(super) async fn preview(
    Keeper(visit): Keeper,
    Json(asked): Json<PreviewOf>,
) -> Result<Json<All<PreviewView>>, Refusal> {
    tagger(&visit)?;
    let changes = changes(asked.changes)?;
    let asked: Vec<_> = asked.tracks.into_iter().map(|id| (id.0, changes.clone())).collect();
    let work = move |visit: &Visit| Ok(tagger(visit)?.preview(&asked)?);
    Ok(Json(All::of(visit.work(work).await?)))
}

/// Writes a batch, as a whole or not at all, and begins a scan.
#[utoipa::path(post, path = "/api/v1/tags/batches", operation_id = "apply_tags", tag = "keeping", request_body = Batch,
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = BatchView), Known, AdminOnly, There, Fits, Valid))]
pub(super) async fn apply(
    Keeper(visit): Keeper,
    Json(asked): Json<Batch>,
) -> Result<Json<BatchView>, Refusal> {
    tagger(&visit)?;
    let edit = |edit: EditOf| {
        let (track, seen) = (edit.track.0, seen(&edit.seen)?);
        Ok::<_, Refusal>(Edit { track, seen, changes: changes(edit.changes)? })
    };
    let edits: Vec<Edit> = asked.edits.into_iter().map(edit).collect::<Result<_, _>>()?;
    let work = move |visit: &Visit| {
        let applied = tagger(visit)?.apply(&edits, &Silent)?;
        written(visit, applied, CHANGED)
    };
    visit.work(work).await.map(Json)
}

/// Batches that can be undone, the latest first.
#[utoipa::path(get, path = "/api/v1/tags/batches", operation_id = "tag_batches", tag = "keeping",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<BatchView>), Known, AdminOnly, There))]
pub(super) async fn batches(Keeper(visit): Keeper) -> Result<Json<All<BatchView>>, Refusal> {
    let work = |visit: &Visit| Ok(tagger(visit)?.batches()?);
    Ok(Json(All::of(visit.work(work).await?)))
}

/// Brings back the files that a batch has changed, as a batch of its own, and begins a scan.
#[utoipa::path(post, path = "/api/v1/tags/batches/{batch}/undo", operation_id = "undo_tags", tag = "keeping",
    params(("batch" = u64, Path)), security(("session" = []), ("key" = [])),
    responses((status = 200, body = BatchView), Known, AdminOnly, There, Fits))]
pub(super) async fn undo(
    Keeper(visit): Keeper,
    Path(batch): Path<u64>,
) -> Result<Json<BatchView>, Refusal> {
    let work = move |visit: &Visit| {
        let applied = tagger(visit)?.undo(BatchId(batch), &Silent)?;
        written(visit, applied, UNDONE)
    };
    visit.work(work).await.map(Json)
}

fn written(visit: &Visit, applied: Applied, action: Action) -> Result<BatchView, Refusal> {
    let Applied { batch, tracks, .. } = applied;
    visit.record(action, format!("batch {}: {} tracks", batch.0, tracks.len()))?;
    visit.house.begin_scan(false)?;
    Ok(BatchView::from((batch, tracks)))
}

impl From<(BatchId, Vec<TrackId>)> for BatchView {
    fn from((batch, tracks): (BatchId, Vec<TrackId>)) -> Self {
        Self { batch: batch.0, tracks: tracks.into_iter().map(text).collect() }
    }
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        Self {
            track: text(preview.track),
            title: preview.title,
            seen: word(preview.seen),
            fields: preview.fields.into_iter().map(FieldView::from).collect(),
        }
    }
}

impl From<FieldChange> for FieldView {
    fn from(change: FieldChange) -> Self {
        let FieldChange { field, before, after } = change;
        Self { field: field.name().to_owned(), before, after }
    }
}
