//! What is done to the tracks of a stream: looked up when a track is opened, looked at again while it is
//! heard.

use audio::Decibels;
use library::{Library, TrackId};
use listening::Treatment;
use studio::desk::SoundId;
use studio::plans::{Enhancement, Plans, State, Urgency, Wish};

use crate::sounds::wish;

/// Blocks of a tenth of a second after which a plan that is not there is asked for again.
const AGAIN: u32 = 50;

/// How far the plan of a track is, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Nothing is to be done.
    None,
    /// Not analysed yet: as it came until it is.
    Waiting,
    /// Decided, the level not proven.
    Estimated,
    /// Proven on the whole sound.
    Solved,
    /// The outcome is measured too: original and master can be compared.
    Measured,
    /// No plan came of it: as it came.
    Failed,
}

/// A track's plan, followed while it is made.
#[derive(Debug, Clone)]
pub(super) struct Mastered {
    /// None where nothing is to be done.
    wish: Option<(SoundId, Wish)>,
    /// How often it was looked at since it was asked for.
    looks: u32,
    pub(super) stage: Stage,
    /// The level of the sound as it came.
    plain: Decibels,
    pairs: bool,
}

impl Mastered {
    /// Asks for the plan of a track that is heard, or is about to be.
    pub(super) fn open(
        plans: &Plans,
        library: &Library,
        track: TrackId,
        enhancement: Option<Enhancement>,
        plain: Decibels,
        pairs: bool,
    ) -> Result<(Self, Treatment), library::Error> {
        let nothing = Self { wish: None, looks: 0, stage: Stage::None, plain, pairs };
        let Some(enhancement) = enhancement.filter(|enhancement| !enhancement.is_none()) else {
            let treatment = nothing.treatment(None);
            return Ok((nothing, treatment));
        };
        let (sound, wish) = wish(library, track, enhancement)?;
        let state = plans.ask(sound, &wish, Urgency::Now).unwrap_or_else(|error| {
            tracing::warn!(%error, %track, "a plan was not looked up");
            State::Failed(error.into())
        });
        let mastered = Self { wish: Some((sound, wish)), stage: stage(&state), ..nothing };
        let treatment = mastered.treatment(Some(&state));
        Ok((mastered, treatment))
    }

    /// What has become of it since it was looked at last; none where nothing has.
    pub(super) fn follow(&mut self, plans: &Plans) -> Option<Treatment> {
        let (sound, wish) = self.wish.as_ref().filter(|_| self.stage != Stage::Measured)?;
        self.looks += 1;
        let state = match plans.look(wish) {
            Some(state) if !self.looks.is_multiple_of(AGAIN) => state,
            // Many others wanted something too, or its disk was not there: it is asked for once more.
            _ => plans.ask(*sound, wish, Urgency::Now).ok()?,
        };
        let stage = stage(&state);
        if stage == self.stage {
            return None;
        }
        if let State::Failed(error) = &state {
            tracing::warn!(%error, "a track is heard as it came");
        }
        self.stage = stage;
        Some(self.treatment(Some(&state)))
    }

    /// Its filters broke down: nothing more is to be done.
    pub(super) fn break_off(&mut self) -> Treatment {
        (self.wish, self.stage) = (None, Stage::Failed);
        self.treatment(None)
    }

    pub(super) fn enhancement(&self) -> Option<Enhancement> {
        self.wish.as_ref().map(|(_, wish)| wish.enhancement)
    }

    fn treatment(&self, state: Option<&State>) -> Treatment {
        let plain = Treatment { chain: None, gain: self.plain, original_gain: self.plain };
        let Some(known) = state.and_then(State::known) else { return plain };
        let chain = Some(known.chain.clone());
        let matched = known.matched().filter(|_| self.pairs);
        match matched {
            Some(matched) => Treatment {
                chain,
                gain: Decibels(matched.enhanced_db),
                original_gain: Decibels(matched.original_db),
            },
            // A master has the level that was asked for.
            None => Treatment { chain, gain: Decibels(0.0), ..plain },
        }
    }
}

/// Has a track worked on that is heard soon.
pub(super) fn prepare(
    plans: &Plans,
    library: &Library,
    track: TrackId,
    enhancement: Enhancement,
) -> Result<(), library::Error> {
    if enhancement.is_none() {
        return Ok(());
    }
    let (sound, wish) = wish(library, track, enhancement)?;
    if let Err(error) = plans.ask(sound, &wish, Urgency::Soon) {
        tracing::warn!(%error, %track, "a plan was not looked up");
    }
    Ok(())
}

fn stage(state: &State) -> Stage {
    match state {
        State::Waiting => Stage::Waiting,
        State::Estimated(_) => Stage::Estimated,
        State::Solved(known) if known.is_measured() => Stage::Measured,
        State::Solved(_) => Stage::Solved,
        State::Failed(_) => Stage::Failed,
    }
}
