//! How tracks are mastered while they are heard: what there is, what is done to one and why, what is
//! remembered.

#![expect(unused_qualifications, reason = "the macro of utoipa qualifies the type of the query")]

use axum::http::StatusCode;
use gateway::{Json, Path, Problem, Query};
use library::TrackId;
use library::model::Track;
use mastering::{LISTENING, LISTENING_RANGE, Preset};
use serde::{Deserialize, Serialize};
use studio::desk::SoundId;
use studio::plans::{Enhancement, Known, Levels, Manner, State, Urgency};
use utoipa::{IntoParams, ToSchema};

use super::Visit;
use super::answers::{All, Known as Met, There, Valid};
use super::refusal::Refusal;
use crate::ids::Id;
use crate::sounds::{wish, wish_for_album};
use crate::tastes::{Scope, Unclear, Wanted};

/// A preset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Preset)]
pub(super) struct PresetView {
    name: &'static str,
    /// What it does, in words.
    description: &'static str,
}

/// What may be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Presets {
    items: Vec<PresetView>,
    /// What people choose, LUFS.
    loudness: Vec<f64>,
    loudness_min: f64,
    loudness_max: f64,
}

/// In which way.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlanQuery {
    /// A preset; "adaptive" where neither it nor a reference is named.
    preset: Option<String>,
    /// The track it shall be like, in the place of a preset.
    #[param(value_type = Option<String>, example = "tr-7")]
    reference: Option<Id<TrackId>>,
    /// 0 to 1; 1 without it.
    intensity: Option<f64>,
    /// LUFS, -30 to -6; -14 without it.
    loudness: Option<f64>,
    /// Of its album as one sound, as tracks are heard that follow one another there.
    #[serde(default)]
    album: bool,
}

/// How far a plan is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlanState {
    /// Not analysed yet; ask again in a second.
    Waiting,
    /// Decided; its level is not proven yet.
    Estimated,
    /// Its level is proven on the whole track; the outcome is not measured yet.
    Solved,
    /// The outcome is measured.
    Measured,
    /// The track cannot be mastered.
    Failed,
}

/// The file a track is decoded from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SourceView {
    codec: String,
    rate_hz: Option<u32>,
    channels: Option<u8>,
    bits: Option<u8>,
}

/// How loud a sound is. What is none is not measurable.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LevelsView {
    integrated_lufs: Option<f64>,
    true_peak_dbtp: Option<f64>,
    range_lu: Option<f64>,
}

/// What the limiter does.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LimitingView {
    /// The deepest reduction, dB.
    deepest_db: f64,
    mean_db: f64,
    /// What kept the plan from its loudness.
    held_back: Option<String>,
}

/// A stage and why it is as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StageView {
    stage: String,
    measured: String,
    aimed: String,
    done: String,
    why: String,
}

/// A third of an octave before and after, dB.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BandView {
    hz: f64,
    before_db: Option<f64>,
    after_db: Option<f64>,
}

/// Gains under which original and master are equally loud, dB.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MatchedView {
    original_db: f64,
    enhanced_db: f64,
}

/// What is done to a track, and what comes of it: measured, where it says so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub(super) struct PlanView {
    state: PlanState,
    /// Why there is none.
    reason: Option<&'static str>,
    source: SourceView,
    before: Option<LevelsView>,
    /// Of the outcome, once it was measured.
    after: Option<LevelsView>,
    /// The gain before the limiter.
    gain_db: Option<f64>,
    limiting: Option<LimitingView>,
    stages: Vec<StageView>,
    bands: Vec<BandView>,
    matched: Option<MatchedView>,
}

/// Something that is remembered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TasteView {
    /// A track, an album, or "player:" and its name.
    scope: String,
    /// Null for the sound as it came.
    enhance: Option<Wanted>,
}

/// What is to be remembered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TasteBody {
    /// Null for the sound as it came.
    enhance: Option<Wanted>,
}

/// Reads what is wanted, and refuses to be like a track that is not there. Blocks.
pub(super) fn enhancement(visit: &Visit, wanted: &Wanted) -> Result<Enhancement, Refusal> {
    use mastering::Error::{OutOfRange, UnknownPreset};
    let enhancement = wanted.read().map_err(|error| match error {
        Unclear::TwoManners => Problem::invalid("reference", "a preset or a reference"),
        Unclear::Mastering(UnknownPreset(_)) => {
            Problem::invalid("preset", Preset::NAMES.map(|(name, _)| name).join(", "))
        }
        Unclear::Mastering(OutOfRange { setting, low, high, .. }) => {
            Problem::invalid(setting, format!("{low} to {high}"))
        }
        Unclear::Mastering(other) => Problem::of(&other),
    })?;
    if let Manner::Like(SoundId(id)) = enhancement.manner {
        match visit.house.library.track(visit.user(), TrackId(id)) {
            Err(library::Error::Absent(_)) => {
                return Err(Problem::invalid("reference", "a track that is there").into());
            }
            found => drop(found?),
        }
    }
    Ok(enhancement)
}

/// The presets there are, and how loud one may listen.
#[utoipa::path(get, path = "/api/v1/presets", tag = "sound",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = Presets), Met))]
pub(super) async fn presets(_visit: Visit) -> Json<Presets> {
    let described = |(name, preset)| PresetView { name, description: described(preset) };
    let (loudness_min, loudness_max) = LISTENING_RANGE;
    Json(Presets {
        items: Preset::NAMES.into_iter().map(described).collect(),
        loudness: LISTENING.iter().map(|lufs| lufs.0).collect(),
        loudness_min,
        loudness_max,
    })
}

fn described(preset: Preset) -> &'static str {
    match preset {
        Preset::Adaptive => "What the track needs, and nothing else.",
        Preset::Gentle => "Half of it, no compression, and a little quieter.",
        Preset::Warm => "More below 250 Hz, less above 4 kHz.",
        Preset::Bright => "More above 4 kHz, with harmonics.",
        Preset::Punchy => "More where kick and bass hit, and attacks pass.",
    }
}

/// What is done to a track in a way of mastering it: asked for the first time it is worked on, and says
/// more when it is asked for again.
#[utoipa::path(get, path = "/api/v1/tracks/{id}/plan", tag = "sound",
    params(("id" = String, Path, example = "tr-12"), PlanQuery),
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = PlanView), Met, There, Valid))]
pub(super) async fn plan(
    visit: Visit,
    Path(Id(id)): Path<Id<TrackId>>,
    Query(asked): Query<PlanQuery>,
) -> Result<Json<PlanView>, Refusal> {
    let PlanQuery { preset, reference, intensity, loudness, album } = asked;
    let usual = Wanted::from(Enhancement::default());
    let wanted = Wanted {
        preset,
        reference,
        intensity: intensity.unwrap_or(usual.intensity),
        loudness: loudness.unwrap_or(usual.loudness),
    };
    let work = move |visit: &Visit| {
        let track = visit.house.library.track(visit.user(), id)?;
        let enhancement = enhancement(visit, &wanted)?;
        let library = &visit.house.library;
        let wish = match album {
            true => wish_for_album(library, track.album, enhancement)?
                .ok_or_else(|| Problem::invalid("album", "an album of several tracks"))?,
            false => wish(library, id, enhancement)?,
        };
        let state = visit.house.plans.ask(&wish, Urgency::Soon)?;
        Ok(PlanView::of(&state, &track))
    };
    Ok(Json(visit.work(work).await?))
}

impl PlanView {
    fn of(state: &State, track: &Track) -> Self {
        let (state, known, reason) = match state {
            State::Waiting => (PlanState::Waiting, None, None),
            State::Estimated(known) => (PlanState::Estimated, Some(known), None),
            State::Solved(known) if known.is_measured() => (PlanState::Measured, Some(known), None),
            State::Solved(known) => (PlanState::Solved, Some(known), None),
            State::Failed(error) => (PlanState::Failed, None, Some(spoken(error))),
        };
        let source = SourceView {
            codec: track.codec.clone(),
            rate_hz: track.rate_hz,
            channels: track.channels,
            bits: track.bits,
        };
        let plan = Self {
            state,
            reason,
            source,
            before: None,
            after: None,
            gain_db: None,
            limiting: None,
            stages: Vec::new(),
            bands: Vec::new(),
            matched: None,
        };
        match known {
            Some(known) => plan.with(known),
            None => plan,
        }
    }

    fn with(self, known: &Known) -> Self {
        let stages = known.stages.iter().map(|line| StageView {
            stage: line.stage.clone(),
            measured: line.measured.clone(),
            aimed: line.aimed.clone(),
            done: line.done.clone(),
            why: line.why.clone(),
        });
        let bands = known.bands.iter().map(|band| BandView {
            hz: band.hz,
            before_db: band.before_db,
            after_db: band.after_db,
        });
        let limiting = known.limiting.as_ref().map(|limiting| LimitingView {
            deepest_db: limiting.deepest_db,
            mean_db: limiting.mean_db,
            held_back: limiting.held_back.clone(),
        });
        let matched = known.matched().map(|matched| MatchedView {
            original_db: matched.original_db,
            enhanced_db: matched.enhanced_db,
        });
        Self {
            before: Some(known.before.into()),
            after: known.after.map(Into::into),
            gain_db: Some(known.gain_db),
            limiting,
            stages: stages.collect(),
            bands: bands.collect(),
            matched,
            ..self
        }
    }
}

impl From<Levels> for LevelsView {
    fn from(levels: Levels) -> Self {
        Self {
            integrated_lufs: levels.lufs,
            true_peak_dbtp: levels.true_peak_dbtp,
            range_lu: levels.range_lu,
        }
    }
}

/// Why a track has no plan, without what an error says of files.
fn spoken(error: &studio::Error) -> &'static str {
    match error {
        studio::Error::Mastering { source: mastering::Error::NotMeasurable, .. } => {
            "It is silent, or shorter than 400 ms."
        }
        studio::Error::Unheard { .. } => {
            "Its file, or that of the song it shall be like, cannot be read."
        }
        studio::Error::Absent(_) => "Its file, or that of the song it shall be like, is not there.",
        _ => "Something went wrong here; the log of the server says what.",
    }
}

/// What is remembered of how who asks wants things mastered.
#[utoipa::path(get, path = "/api/v1/enhancements", operation_id = "enhancements", tag = "listening",
    security(("session" = []), ("key" = [])),
    responses((status = 200, body = All<TasteView>), Met))]
pub(super) async fn list(visit: Visit) -> Result<Json<All<TasteView>>, Refusal> {
    let work = |visit: &Visit| Ok(visit.house.tastes.all(visit.user())?);
    Ok(Json(All::of(visit.work(work).await?)))
}

impl From<(String, Option<Enhancement>)> for TasteView {
    fn from((scope, taste): (String, Option<Enhancement>)) -> Self {
        Self { scope, enhance: taste.map(Into::into) }
    }
}

/// Remembers how a track, an album or all that a player plays is to be mastered. A player that masters
/// nothing goes before all; of the others a track counts more than its album, and that more than the
/// player.
#[utoipa::path(put, path = "/api/v1/enhancements/{scope}", operation_id = "remember_enhancement",
    tag = "listening", request_body = TasteBody,
    params(("scope" = String, Path, example = "al-3")),
    security(("session" = []), ("key" = [])), responses((status = 204), Met, There, Valid))]
pub(super) async fn remember(
    visit: Visit,
    Path(Id(scope)): Path<Id<Scope>>,
    Json(asked): Json<TasteBody>,
) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| {
        let taste = asked.enhance.map(|wanted| enhancement(visit, &wanted)).transpose()?;
        match &scope {
            Scope::Track(id) => drop(visit.house.library.track(visit.user(), *id)?),
            Scope::Album(id) => drop(visit.house.library.album(visit.user(), *id)?),
            Scope::Player(_) => {}
        }
        if visit.house.tastes.set(visit.user(), &scope, taste)? {
            return Ok(StatusCode::NO_CONTENT);
        }
        Err(Problem::conflict("As much is remembered as may be; forget something first.").into())
    };
    visit.work(work).await
}

/// Forgets that.
#[utoipa::path(delete, path = "/api/v1/enhancements/{scope}", operation_id = "forget_enhancement",
    tag = "listening", params(("scope" = String, Path, example = "al-3")),
    security(("session" = []), ("key" = [])), responses((status = 204), Met, There))]
pub(super) async fn forget(
    visit: Visit,
    Path(Id(scope)): Path<Id<Scope>>,
) -> Result<StatusCode, Refusal> {
    let work = move |visit: &Visit| Ok(visit.house.tastes.forget(visit.user(), &scope)?);
    if visit.work(work).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found().into())
}
