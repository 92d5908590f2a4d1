use audio::analysis::dc_offset;
use audio::loudness::{Meter, measure};
use audio::{Buffer, Decibels, Lufs};
use fault::Cancel;
use serde::Serialize;

use crate::apply::finish;
use crate::limiter::Reach;
use crate::{Error, Target, Tone, limiter};

/// The most the limiter may take off on average to buy loudness. Past this a target is missed and
/// the miss is reported: distortion is not loudness.
pub const MAX_LIMITING: Decibels = Decibels(6.0);
/// The most it may take off any single peak, for the same reason.
pub const MAX_PEAK_LIMITING: Decibels = Decibels(20.0);
/// How near the target the plan brings the measured loudness, LU.
const PRECISION: Decibels = Decibels(0.02);
/// Each step reaches about a tenth of the remaining error; five have always sufficed.
const MAX_STEPS: usize = 8;
/// No sound is lifted further: what needs more is noise.
const MAX_GAIN: Decibels = Decibels(60.0);
/// The standard's 4x filter reads some crests higher than they are; the working ceiling is lowered
/// until its reading is under the target's.
const MAX_CEILINGS: usize = 3;
/// A limiter that works on lopsided waves leaves a mean behind; above this it is taken out.
const MAX_DC: f64 = 0.000_5;

/// What will be done to a sound to bring it to a target: all that [`apply`](crate::apply) needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// The colour, first.
    pub tone: Tone,
    /// Then this gain.
    pub gain: Decibels,
    /// Then the limiter, under this true peak: the target's ceiling or a little less.
    pub ceiling: Decibels,
    /// Then, where limiting left a mean, a high-pass at 4 Hz and the limiter once more.
    pub dc_block: bool,
    /// The deepest gain reduction the limiter will need.
    pub limiting: Decibels,
    /// The mean gain reduction over the whole sound.
    pub mean_limiting: Decibels,
    /// The loudness that results.
    pub loudness: Lufs,
    /// Whether [`MAX_LIMITING`] or [`MAX_PEAK_LIMITING`] kept the plan from the target.
    pub held_back: bool,
}

/// Finds the gain that brings a sound to a target: one linear gain, then the true-peak limiter,
/// solved by measuring what comes out.
pub fn plan(buffer: &Buffer, target: &Target, tone: Tone, cancel: &Cancel) -> Result<Plan, Error> {
    master(buffer, target, tone, cancel).map(|(_, plan)| plan)
}

/// [`plan`], with the sound it was found on: what [`apply`](crate::apply) would make of the plan.
pub fn master(
    buffer: &Buffer,
    target: &Target,
    tone: Tone,
    cancel: &Cancel,
) -> Result<(Buffer, Plan), Error> {
    tone.validate()?;
    refuse_foreign(buffer)?;
    let mut coloured = buffer.clone();
    tone.apply(&mut coloured);
    let before = loudness_of(&coloured).ok_or(Error::NotMeasurable)?;
    let search = Search { envelope: limiter::envelope(&coloured), coloured, target, tone, cancel };
    let mut trial = search.coloured.clone();
    let mut plan = search.first(before);
    for attempt in 1..=MAX_CEILINGS {
        plan = search.solve(plan, &mut trial)?;
        plan.dc_block |= dc_offset(&trial).abs() > MAX_DC;
        finish(&mut trial, &plan);
        let (reading, _) = measure(&trial);
        plan.loudness = reading.integrated.ok_or(Error::NotMeasurable)?;
        let over = reading.true_peak.map_or(0.0, |peak| peak.0 - target.ceiling.0);
        if over <= 0.0 || attempt == MAX_CEILINGS {
            break;
        }
        plan.ceiling = plan.ceiling - Decibels(over + 0.005);
    }
    Ok((trial, plan))
}

/// The sound and what is asked of it.
struct Search<'a> {
    coloured: Buffer,
    envelope: Vec<f32>,
    target: &'a Target,
    tone: Tone,
    cancel: &'a Cancel,
}

impl Search<'_> {
    fn first(&self, before: Lufs) -> Plan {
        Plan {
            tone: self.tone,
            gain: capped(self.target.loudness - before),
            ceiling: self.target.ceiling,
            dc_block: false,
            limiting: Decibels(0.0),
            mean_limiting: Decibels(0.0),
            loudness: before,
            held_back: false,
        }
    }

    /// From a plan's gain and ceiling to the gain that is right under it; `trial` is left limited.
    fn solve(&self, mut plan: Plan, trial: &mut Buffer) -> Result<Plan, Error> {
        let mut gain = plan.gain;
        for _ in 0..MAX_STEPS {
            self.cancel.check()?;
            trial.clone_from(&self.coloured);
            let drive = gain.amplitude() as f32;
            let Reach { deepest, mean } =
                limiter::drive(trial, &self.envelope, drive, plan.ceiling);
            let loudness = loudness_of(trial).ok_or(Error::NotMeasurable)?;
            let step = self.target.loudness - loudness;
            let room = (MAX_LIMITING.0 + mean.0).min(MAX_PEAK_LIMITING.0 + deepest.0);
            let held_back = room < 0.05 && step.0 > PRECISION.0;
            plan =
                Plan { gain, limiting: deepest, mean_limiting: mean, loudness, held_back, ..plan };
            if room < -0.05 {
                gain = gain + Decibels(room);
            } else if step.0.abs() <= PRECISION.0 || held_back {
                break;
            } else {
                // A limiter at work gives back less than it is asked; ask for the more the deeper
                // it reaches on average.
                let effort = 1.0 + (-mean.0 / 4.0).min(1.5);
                gain = capped(gain + Decibels(step.0 * effort));
            }
        }
        Ok(plan)
    }
}

fn capped(gain: Decibels) -> Decibels {
    Decibels(gain.0.min(MAX_GAIN.0))
}

fn refuse_foreign(buffer: &Buffer) -> Result<(), Error> {
    match buffer.first_not_finite() {
        Some((channel, at)) => Err(Error::NotFinite { channel, at }),
        None => Ok(()),
    }
}

/// Integrated loudness alone: the search needs no peaks.
fn loudness_of(buffer: &Buffer) -> Option<Lufs> {
    let mut meter = Meter::with_true_peak(buffer.rate(), buffer.layout(), None);
    let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    meter.push(&planes);
    meter.finish().0.integrated
}
