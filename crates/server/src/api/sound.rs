//! What was measured of a track's sound, and what is sung in it.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use gateway::{Json, Path, Problem, Query};
use library::TrackId;
use library::analysis::{Loudness, MAX_PATH, Similar};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{Known, There, Valid, limit};
use super::refusal::{Refusal, off};
use super::views::TrackView;
use crate::ids::Id;

/// A picture of a track's loudness over its length.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Waveform {
    /// Points of equal time, each the largest sample in it: 0 to 255 with 255 at full scale.
    peaks: Vec<u8>,
}

/// How loud a track is, as measured here. A figure that is none is not measurable: silence, or too
/// short.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Loudness)]
pub(super) struct LoudnessView {
    /// BS.1770-5.
    integrated_lufs: Option<f64>,
    /// 4x true peak.
    true_peak_dbtp: Option<f64>,
    range_lu: Option<f64>,
}

/// The words of a song.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lyrics)]
pub(super) struct LyricsView {
    /// Whether every line says when it is sung.
    synced: bool,
    language: Option<String>,
    /// Lines are sung so many milliseconds sooner, or later where it is negative.
    offset_ms: i64,
    lines: Vec<LineView>,
}

/// A line that is sung; an empty one is a pause.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Line)]
pub(super) struct LineView {
    start_ms: Option<u64>,
    text: String,
}

/// How many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SimilarQuery {
    /// How many, 1 to 500; 100 without it.
    limit: Option<u32>,
}

/// From where to where.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PathQuery {
    /// The track it begins with.
    #[param(value_type = String, example = "tr-1")]
    from: Id<TrackId>,
    /// The track it ends with.
    #[param(value_type = String, example = "tr-2")]
    to: Id<TrackId>,
    /// How many tracks, both ends counted: 2 to 200; 20 without it.
    limit: Option<u32>,
}

/// Tracks that sound alike.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Similar)]
pub(super) struct SimilarView {
    items: Vec<NearView>,
    /// Tracks that were compared.
    analysed: u64,
    /// Tracks that are there.
    all: u64,
}

/// A track and how far it is from what it was sought for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Near)]
pub(super) struct NearView {
    /// 0 is the same, some 6 what two tracks have that have nothing to do with each other.
    distance: f32,
    track: TrackView,
}

/// Tracks of a way that names no length.
const PATH: u32 = 20;

fn unheard() -> Refusal {
    off("not-analysed", "The track was not listened to yet, or cannot be.")
}

/// A picture of a track's loudness over its length; 404 before it was listened to.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/waveform", tag = "sound",
    params(("id" = String, Path, example = "tr-12")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = Waveform), Known, There))]
pub(super) async fn waveform(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
) -> Result<Json<Waveform>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.waveform(id)?);
    let peaks = visit.work(work).await?.ok_or_else(unheard)?;
    Ok(Json(Waveform { peaks }))
}

/// The words of a track; 404 where it has none.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/lyrics", tag = "sound",
    params(("id" = String, Path, example = "tr-12")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = LyricsView), Known, There))]
pub(super) async fn lyrics(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
) -> Result<Json<LyricsView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.lyrics(id)?);
    let lyrics = visit.work(work).await?.ok_or_else(Problem::not_found)?;
    let line = |line: library::Line| LineView { start_ms: line.start_ms, text: line.text };
    Ok(Json(LyricsView {
        synced: lyrics.synced,
        language: lyrics.language,
        offset_ms: lyrics.offset_ms,
        lines: lyrics.lines.into_iter().map(line).collect(),
    }))
}

/// How loud a track is, measured; 404 before it was listened to.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/loudness", tag = "sound",
    params(("id" = String, Path, example = "tr-12")), security(("session" = []), ("key" = [])),
    responses((status = 200, body = LoudnessView), Known, There))]
pub(super) async fn loudness(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
) -> Result<Json<LoudnessView>, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.library.loudness(id)?);
    let Loudness { integrated, true_peak, range } = visit.work(work).await?.ok_or_else(unheard)?;
    Ok(Json(LoudnessView {
        integrated_lufs: integrated.map(|lufs| lufs.0),
        true_peak_dbtp: true_peak.map(|peak| peak.0),
        range_lu: range.map(|range| range.0),
    }))
}

/// The tracks that sound most like one, the nearest first.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/similar", tag = "sound",
    params(("id" = String, Path, example = "tr-12"), SimilarQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = SimilarView), Known, There, Valid))]
pub(super) async fn similar(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
    Query(asked): Query<SimilarQuery>,
) -> Result<Json<SimilarView>, Refusal> {
    let limit = limit(asked.limit)?;
    let work = move |visit: &Visit| {
        let found = visit.house.library.similar(id, limit)?;
        told(visit, found)
    };
    visit.work(work).await.map(Json)
}

/// A way from one track to another over tracks that sound like what lies between.
#[utoipa::path(get, path = "/api/v1/sonic-path", operation_id = "sonic_path", tag = "sound", params(PathQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = SimilarView), Known, There, Valid))]
pub(super) async fn path(
    visit: Visit,
    Query(asked): Query<PathQuery>,
) -> Result<Json<SimilarView>, Refusal> {
    let limit = asked.limit.unwrap_or(PATH) as usize;
    if !(2..=MAX_PATH).contains(&limit) {
        return Err(Problem::invalid("limit", "2 to 200").into());
    }
    let (from, to) = (asked.from.0, asked.to.0);
    let work = move |visit: &Visit| {
        let found = visit.house.library.sonic_path(from, to, limit)?;
        told(visit, found)
    };
    visit.work(work).await.map(Json)
}

/// With the tracks themselves. One that went meanwhile is left out.
fn told(visit: &Visit, found: Similar) -> Result<SimilarView, Refusal> {
    let ids: Vec<TrackId> = found.tracks.iter().map(|(id, _)| *id).collect();
    let mut tracks = visit.house.library.tracks(visit.user(), &ids)?.into_iter().peekable();
    let mut items = Vec::with_capacity(ids.len());
    for (id, distance) in found.tracks {
        if let Some(track) = tracks.next_if(|track| track.id == id) {
            items.push(NearView { distance, track: track.into() });
        }
    }
    Ok(SimilarView { items, analysed: found.coverage.analysed, all: found.coverage.all })
}
