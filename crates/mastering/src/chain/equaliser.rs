use audio::dsp::Biquad;
use audio::{Decibels, SampleRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::within;
use crate::Error;

/// One band of the equaliser.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// What it does to the spectrum.
    pub shape: Shape,
    /// Where: the middle of a bell, the half-way point of a shelf, the corner of a pass; in Hz, 10
    /// to 40,000, and at most 0.45 of the sample rate.
    pub hz: f64,
    /// How narrow, 0.1 to 18; for bells and passes. Left out, 0.7071.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<f64>,
    /// Lift or cut in dB, +-24; for bells and shelves. Of a dynamic band the most it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gain_db: Option<f64>,
    /// Makes a bell answer to the level of its own band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dynamic: Option<Dynamic>,
}

/// What a band does to the spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Takes away below the corner, 12 dB an octave.
    HighPass,
    /// Takes away above the corner, 12 dB an octave.
    LowPass,
    /// Lifts or cuts below.
    LowShelf,
    /// Lifts or cuts above.
    HighShelf,
    /// Lifts or cuts around.
    Bell,
}

/// When a dynamic bell acts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dynamic {
    /// The level of the band, in dB of a full-scale sine, from which the gain begins: -80 to 0.
    pub threshold_db: f64,
    /// dB of gain for each dB of level above it, 0.05 to 5; until `gain_db` is reached.
    pub slope: f64,
    /// How fast it acts in ms, 1 to 500.
    pub attack_ms: f64,
    /// How fast it lets go in ms, 10 to 2,000.
    pub release_ms: f64,
}

const DEFAULT_Q: f64 = std::f64::consts::FRAC_1_SQRT_2;

impl Band {
    /// A bell.
    pub fn bell(hz: f64, q: f64, gain_db: f64) -> Self {
        Self { shape: Shape::Bell, hz, q: Some(q), gain_db: Some(gain_db), dynamic: None }
    }

    /// A shelf.
    pub fn shelf(shape: Shape, hz: f64, gain_db: f64) -> Self {
        Self { shape, hz, q: None, gain_db: Some(gain_db), dynamic: None }
    }

    /// A high-pass of Butterworth's shape.
    pub fn high_pass(hz: f64) -> Self {
        Self { shape: Shape::HighPass, hz, q: None, gain_db: None, dynamic: None }
    }

    /// Its filter, for a band that is not dynamic.
    pub fn design(&self, rate: SampleRate) -> Biquad {
        let (hz, q, gain) = (self.hz, self.sharpness(), Decibels(self.gain_db.unwrap_or(0.0)));
        match self.shape {
            Shape::HighPass => Biquad::matched_high_pass(rate, hz, q),
            Shape::LowPass => Biquad::matched_low_pass(rate, hz, q),
            Shape::LowShelf => Biquad::matched_low_shelf(rate, hz, gain),
            Shape::HighShelf => Biquad::matched_high_shelf(rate, hz, gain),
            Shape::Bell => Biquad::matched_peak(rate, hz, q, gain),
        }
    }

    /// The Q in force.
    pub fn sharpness(&self) -> f64 {
        self.q.unwrap_or(DEFAULT_Q)
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        within("eq.hz", self.hz, 10.0, 40_000.0)?;
        within("eq.q", self.sharpness(), 0.1, 18.0)?;
        let lifts = !matches!(self.shape, Shape::HighPass | Shape::LowPass);
        match self.gain_db {
            None if lifts => return Err(Error::NoEffect("a bell or shelf without gain_db")),
            Some(_) if !lifts => return Err(Error::NoEffect("gain_db of a pass")),
            Some(gain) => within("eq.gain_db", gain, -24.0, 24.0)?,
            None => {}
        }
        if self.gain_db == Some(0.0) {
            return Err(Error::NoEffect("a bell or shelf with a gain_db of 0"));
        }
        if self.q.is_some() && matches!(self.shape, Shape::LowShelf | Shape::HighShelf) {
            return Err(Error::NoEffect("q of a shelf, whose slope is 1"));
        }
        match self.dynamic {
            Some(_) if self.shape != Shape::Bell => {
                Err(Error::NoEffect("dynamic on what is not a bell"))
            }
            Some(Dynamic { threshold_db, slope, attack_ms, release_ms }) => {
                within("eq.dynamic.threshold_db", threshold_db, -80.0, 0.0)?;
                within("eq.dynamic.slope", slope, 0.05, 5.0)?;
                within("eq.dynamic.attack_ms", attack_ms, 1.0, 500.0)?;
                within("eq.dynamic.release_ms", release_ms, 10.0, 2_000.0)
            }
            None => Ok(()),
        }
    }
}
