//! From a sound to what is done to it, step by step: analysed, decided, solved, measured.

use std::sync::Arc;

use audio::analysis::{Analyser, Analysis};
use audio::{Decibels, Frames, Layout, SampleRate};
use audio_file::Rendition;
use fault::{Cancel, Fault};
use mastering::chain::Loudness;
use mastering::{Chain, Intensity, Listener, Plan, Sound, Whole, decide, liken, solve};

use super::{Band, Known, Levels, Limiting, Manner, Opener, State, Wish};
use crate::Error;
use crate::desk::SoundId;
use crate::treatment::{ReasonLine, in_words};

/// An estimate lifts no peak further over the ceiling than this, dB: the limiter would be heard.
const MAX_OVER_DB: f64 = 6.0;

/// A sound that is opened anew each time it is heard, on two speakers at the rate of its first part.
pub(super) struct Reopened<'a> {
    open: &'a Opener,
    parts: &'a [SoundId],
    rate: SampleRate,
    /// Done between any two blocks.
    between: &'a dyn Fn(),
}

impl<'a> Reopened<'a> {
    pub(super) fn new(
        open: &'a Opener,
        parts: &'a [SoundId],
        between: &'a dyn Fn(),
    ) -> Result<Self, Error> {
        let first = parts.first().ok_or(Error::Absent("the track"))?;
        let rate = open(*first)?.format().rate;
        Ok(Self { open, parts, rate, between })
    }
}

impl Sound for Reopened<'_> {
    type Error = Error;

    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn layout(&self) -> Layout {
        Layout::Stereo
    }

    fn hear(&mut self, listener: &mut Listener<'_>) -> Result<(), Error> {
        let mut hear = |block: Vec<Vec<f32>>| {
            (self.between)();
            listener(&block.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        for part in self.parts {
            let decoder = (self.open)(*part)?;
            let rendition = Rendition::open(decoder, self.rate, Layout::Stereo, Frames(0));
            let mut rendition = rendition.map_err(unheard)?;
            while let Some(block) = rendition.next_block().map_err(unheard)? {
                hear(block)?;
            }
            hear(rendition.tail().map_err(unheard)?)?;
        }
        Ok(())
    }
}

fn unheard(error: audio_file::Error) -> Error {
    Error::Unheard { class: error.class(), reason: error.to_string() }
}

/// What is decided about a sound, its level still to be found.
pub(super) struct Decided {
    chain: Chain,
    stages: Vec<ReasonLine>,
    before: Levels,
    bands: Vec<Band>,
}

impl Decided {
    /// By what the sound is, and what it shall be like where that is wished.
    pub(super) fn of(
        analysis: &Analysis,
        reference: Option<&Analysis>,
        wish: &Wish,
    ) -> Result<Self, Error> {
        let target = wish.enhancement.target()?;
        let decision = match (wish.enhancement.manner, reference) {
            (Manner::Preset(preset), _) => decide(analysis, preset, &target),
            (Manner::Like(_), Some(reference)) => {
                liken(analysis, reference, Some(target.loudness), target.ceiling)?
            }
            (Manner::Like(_), None) => return Err(Error::Absent("the reference")),
        };
        let (chain, stages) = in_words(decision);
        let band = |band: &audio::analysis::Band| Band {
            hz: band.centre_hz,
            before_db: finite(band.level),
            after_db: None,
        };
        let bands = analysis.bands.iter().map(band).collect();
        Ok(Self { chain, stages, before: levels(analysis), bands })
    }

    /// What can be heard at once: the level by the distance to the target alone.
    pub(super) fn estimated(&self, wish: &Wish) -> Result<Option<Known>, Error> {
        let (Some(Loudness::Lufs(wanted)), Some(lufs)) = (self.chain.loudness, self.before.lufs)
        else {
            return Ok(None);
        };
        let peak = self.before.true_peak_dbtp.unwrap_or(0.0);
        let ceiling = self.chain.limiter.map_or(0.0, |limiter| limiter.ceiling_dbtp);
        let gain = (wanted - lufs).min(ceiling - peak + MAX_OVER_DB);
        let chain = Chain { loudness: Some(Loudness::GainDb(gain)), ..self.chain.clone() };
        Ok(Some(self.known(chain, None).part(wish.enhancement.intensity()?)))
    }

    /// Finds the level of the whole chain.
    pub(super) fn solve(&self, sound: &mut Reopened<'_>, cancel: &Cancel) -> Result<Plan, Error> {
        solve(sound, &self.chain, cancel)
    }

    /// What a plan found, all of it.
    pub(super) fn solved(&self, plan: &Plan) -> Known {
        let limiting = Limiting {
            deepest_db: plan.limiting.0,
            mean_db: plan.mean_limiting.0,
            held_back: plan.held_back.map(|reason| reason.words().to_owned()),
        };
        self.known(plan.chain.clone(), Some(limiting))
    }

    fn known(&self, chain: Chain, limiting: Option<Limiting>) -> Known {
        Known {
            gain_db: gain(&chain),
            chain,
            before: self.before,
            after: None,
            limiting,
            stages: self.stages.clone(),
            bands: self.bands.clone(),
        }
    }
}

impl Known {
    /// So much of what is done in all.
    pub(super) fn part(self, intensity: Intensity) -> Self {
        if intensity == Intensity::FULL {
            return self;
        }
        let chain = self.chain.scaled(intensity);
        let bands = self.bands.into_iter().map(|band| Band { after_db: None, ..band }).collect();
        Self { gain_db: gain(&chain), chain, after: None, bands, ..self }
    }
}

fn gain(chain: &Chain) -> f64 {
    chain.gain().unwrap_or(Decibels(0.0)).0
}

/// Measures what comes out.
pub(super) fn measured(
    known: Known,
    sound: &mut Reopened<'_>,
    cancel: &Cancel,
) -> Result<State, Error> {
    let mut whole = Whole::new(sound.rate(), sound.layout(), &known.chain)?;
    let mut analyser = Analyser::new(sound.rate(), sound.layout());
    sound.hear(&mut |block| {
        cancel.check()?;
        analyser.push(&whole.push(block));
        Ok(())
    })?;
    analyser.push(&whole.end());
    let after = analyser.finish();
    let bands = known.bands.iter().zip(&after.bands);
    let bands = bands.map(|(band, after)| Band { after_db: finite(after.level), ..*band });
    let bands = bands.collect();
    Ok(State::Solved(Arc::new(Known { after: Some(levels(&after)), bands, ..known })))
}

fn levels(analysis: &Analysis) -> Levels {
    let measured = &analysis.loudness;
    Levels {
        lufs: measured.integrated.map(|lufs| lufs.0),
        true_peak_dbtp: measured.true_peak.map(|peak| peak.0),
        range_lu: measured.range.map(|range| range.0),
    }
}

/// JSON has no infinite numbers, and silence has no level.
fn finite(level: Decibels) -> Option<f64> {
    level.0.is_finite().then_some(level.0)
}
