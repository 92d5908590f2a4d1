use audio::loudness::{Measurement, Meter, measure};
use audio::{Buffer, Decibels, Lufs};
use fault::Cancel;
use serde::Serialize;

use crate::{Error, Target, Tone, limiter};

/// The deepest the limiter may reach to buy loudness. Past this a target is missed and the miss
/// is reported: distortion is not loudness.
pub const MAX_LIMITING: Decibels = Decibels(12.0);
/// How near the target the plan brings the measured loudness, LU.
const PRECISION: Decibels = Decibels(0.02);
/// Each step reaches about a tenth of the remaining error; five have always sufficed.
const MAX_STEPS: usize = 8;
/// No sound is lifted further: what needs more is noise.
const MAX_GAIN: Decibels = Decibels(60.0);

/// What will be done to a sound to bring it to a target: all that [`apply`](crate::apply) needs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Plan {
    /// The colour, first.
    pub tone: Tone,
    /// Then this gain.
    pub gain: Decibels,
    /// Then the limiter, under this true peak.
    pub ceiling: Decibels,
    /// The deepest gain reduction the limiter will need.
    pub limiting: Decibels,
    /// The loudness that results.
    pub loudness: Lufs,
    /// Whether [`MAX_LIMITING`] kept the plan from the target.
    pub held_back: bool,
}

/// Finds the gain that brings a sound to a target: one linear gain, then the true-peak limiter,
/// solved by measuring what comes out.
pub fn plan(buffer: &Buffer, target: &Target, tone: Tone, cancel: &Cancel) -> Result<Plan, Error> {
    tone.validate()?;
    refuse_foreign(buffer)?;
    let mut coloured = buffer.clone();
    tone.apply(&mut coloured);
    let before = measure(&coloured).0.integrated.ok_or(Error::NotMeasurable)?;
    let envelope = limiter::envelope(&coloured);
    let mut gain = capped(target.loudness - before);
    let mut trial = coloured.clone();
    let mut outcome = None;
    for _ in 0..MAX_STEPS {
        cancel.check()?;
        trial.clone_from(&coloured);
        let limiting =
            limiter::drive(&mut trial, &envelope, gain.amplitude() as f32, target.ceiling);
        let loudness = loudness_of(&trial).ok_or(Error::NotMeasurable)?;
        let step = target.loudness - loudness;
        let excess = -limiting.0 - MAX_LIMITING.0;
        outcome = Some((gain, limiting, loudness, excess > -0.01 && step.0 > PRECISION.0));
        if excess > 0.01 {
            gain = gain - Decibels(excess);
        } else if step.0.abs() <= PRECISION.0 || (excess > -0.01 && step.0 > 0.0) {
            break;
        } else {
            // A limiter at work gives back less than it is asked; ask for the more the deeper it
            // reaches, but never past its bound.
            let effort = 1.0 + (-limiting.0 / 12.0).min(0.6);
            gain = capped(gain + Decibels((step.0 * effort).min(-excess.min(0.0))));
        }
    }
    let (gain, limiting, loudness, held_back) = outcome.ok_or(Error::NotMeasurable)?;
    Ok(Plan { tone, gain, ceiling: target.ceiling, limiting, loudness, held_back })
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
    let (Measurement { integrated, .. }, _) = meter.finish();
    integrated
}
