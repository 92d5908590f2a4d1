//! What is done to the tracks of a stream: looked up when a track is opened, looked at again while it is
//! heard.

use audio::Decibels;
use library::Library;
use library::model::Track;
use listening::Treatment;
use studio::plans::{Enhancement, Plans, State, Urgency, Wish};

use crate::sounds::{wish, wish_for_album};

/// Blocks of a tenth of a second after which a plan that is not there is asked for again.
const AGAIN: u32 = 50;

/// How a track is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) enhancement: Enhancement,
    /// Whether it is heard as part of its album.
    pub(super) in_album: bool,
}

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
    /// The track by itself, and the album it is heard as part of; none where nothing is to be done.
    alone: Option<Wish>,
    album: Option<Wish>,
    /// How often it was looked at since it was asked for.
    looks: u32,
    pub(super) stage: Stage,
    /// Whether what is done is done to the whole album alike.
    pub(super) by_album: bool,
    /// The level of the sound as it came.
    plain: Decibels,
    pairs: bool,
}

impl Mastered {
    /// Asks for the plan of a track that is heard, or is about to be. One that cannot be mastered as it is
    /// wanted is heard as it came.
    pub(super) fn open(
        (plans, library): (&Plans, &Library),
        track: &Track,
        wanted: Option<Way>,
        plain: Decibels,
        pairs: bool,
    ) -> (Self, Treatment) {
        let nothing = Self {
            alone: None,
            album: None,
            looks: 0,
            stage: Stage::None,
            by_album: false,
            plain,
            pairs,
        };
        let Some(wanted) = wanted.filter(|wanted| !wanted.enhancement.is_none()) else {
            let treatment = nothing.treatment(None);
            return (nothing, treatment);
        };
        let (alone, album) = match wishes(library, track, wanted) {
            Ok((alone, album)) => (Some(alone), album),
            Err(error) => {
                tracing::warn!(%error, track = %track.id, "a track is heard as it came");
                (None, None)
            }
        };
        let mut mastered = Self { alone, album, stage: Stage::Failed, ..nothing };
        let treatment = mastered.turn(|wish| ask(plans, wish, Urgency::Now));
        let treatment = treatment.unwrap_or_else(|| mastered.treatment(None));
        (mastered, treatment)
    }

    /// What has become of it since it was looked at last; none where nothing has.
    pub(super) fn follow(&mut self, plans: &Plans) -> Option<Treatment> {
        let is_done = self.stage == Stage::Measured && (self.by_album || self.album.is_none());
        if is_done {
            return None;
        }
        self.looks += 1;
        // Many others wanted something too, or its disk was not there: it is asked for once more.
        let asks = self.looks.is_multiple_of(AGAIN);
        self.turn(|wish| {
            let known = plans.look(wish).filter(|_| !asks);
            known.unwrap_or_else(|| ask(plans, wish, Urgency::Now))
        })
    }

    /// Takes up how far the plans are; none where that changes nothing.
    fn turn(&mut self, state: impl Fn(&Wish) -> State) -> Option<Treatment> {
        let album = self.album.as_ref().map(&state);
        let is_solved = matches!(album, Some(State::Solved(_)));
        // Where the album is proven nobody needs to know of the track.
        let alone = self.alone.as_ref().filter(|_| !is_solved).map(&state);
        let by_album = match (&album, &alone) {
            (Some(album), Some(alone)) => album.known().is_some() && alone.known().is_none(),
            (album, _) => album.is_some(),
        };
        let state = if by_album { album } else { alone }?;
        let stage = stage(&state);
        if (stage, by_album) == (self.stage, self.by_album) {
            return None;
        }
        if let State::Failed(error) = &state {
            tracing::warn!(%error, "a track is heard as it came");
        }
        (self.stage, self.by_album) = (stage, by_album);
        Some(self.treatment(Some(&state)))
    }

    /// Its filters broke down: nothing more is to be done.
    pub(super) fn break_off(&mut self) -> Treatment {
        (self.alone, self.album) = (None, None);
        (self.stage, self.by_album) = (Stage::Failed, false);
        self.treatment(None)
    }

    pub(super) fn enhancement(&self) -> Option<Enhancement> {
        self.alone.as_ref().map(|wish| wish.enhancement)
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
    (plans, library): (&Plans, &Library),
    track: &Track,
    wanted: Way,
) -> Result<(), library::Error> {
    if wanted.enhancement.is_none() {
        return Ok(());
    }
    let (alone, album) = wishes(library, track, wanted)?;
    let album = album.map(|album| ask(plans, &album, Urgency::Soon));
    if !matches!(album, Some(State::Solved(_))) {
        ask(plans, &alone, Urgency::Soon);
    }
    Ok(())
}

/// The track by itself, and the album where it is heard as part of that.
fn wishes(
    library: &Library,
    track: &Track,
    Way { enhancement, in_album }: Way,
) -> Result<(Wish, Option<Wish>), library::Error> {
    let alone = wish(library, track.id, enhancement)?;
    let album = match in_album {
        true => wish_for_album(library, track.album, enhancement)?,
        false => None,
    };
    Ok((alone, album))
}

fn ask(plans: &Plans, wish: &Wish, urgency: Urgency) -> State {
    plans.ask(wish, urgency).unwrap_or_else(|error| State::Failed(error.into()))
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
