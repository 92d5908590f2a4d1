use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::within;
use crate::Error;

/// A feed-forward compressor. All channels are heard together, over some 5 ms, and move together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compressor {
    /// The level from which it acts, in dB of a full-scale sine: -80 to 0.
    pub threshold_db: f64,
    /// dB of input above the threshold for one dB of output, 1 to 20. At 1 a band of a multiband
    /// passes.
    pub ratio: f64,
    /// Width of the soft knee in dB, 0 to 24.
    pub knee_db: f64,
    /// How fast it acts in ms, 1 to 500.
    pub attack_ms: f64,
    /// How fast it lets go in ms, 10 to 2,000.
    pub release_ms: f64,
    /// The most it takes away in dB, 0.5 to 24.
    pub range_db: f64,
    /// Gain after it in dB, +-12.
    #[serde(default)]
    pub makeup_db: f64,
}

/// The spectrum cut by Linkwitz-Riley crossovers of fourth order, each band with a compressor.
/// Where none acts the bands add up to the sound, flat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multiband {
    /// One to three rising corners in Hz, 40 to 16,000, each at least an octave above the last.
    pub crossovers_hz: Vec<f64>,
    /// One more than corners, the lowest first.
    pub bands: Vec<Compressor>,
}

impl Compressor {
    /// 1.5 to 1 over a wide knee, slow enough to leave every beat its shape.
    pub fn gentle(threshold_db: f64) -> Self {
        Self {
            threshold_db,
            ratio: 1.5,
            knee_db: 8.0,
            attack_ms: 25.0,
            release_ms: 180.0,
            range_db: 4.0,
            makeup_db: 0.0,
        }
    }

    /// Passes all that goes through it.
    pub fn idle() -> Self {
        Self { ratio: 1.0, ..Self::gentle(0.0) }
    }

    /// Whether it changes nothing.
    pub fn is_idle(&self) -> bool {
        self.ratio == 1.0 && self.makeup_db == 0.0
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        self.check_ranges()?;
        if self.is_idle() {
            return Err(Error::NoEffect("a compressor with a ratio of 1 and no makeup"));
        }
        Ok(())
    }

    fn check_ranges(&self) -> Result<(), Error> {
        within("threshold_db", self.threshold_db, -80.0, 0.0)?;
        within("ratio", self.ratio, 1.0, 20.0)?;
        within("knee_db", self.knee_db, 0.0, 24.0)?;
        within("attack_ms", self.attack_ms, 1.0, 500.0)?;
        within("release_ms", self.release_ms, 10.0, 2_000.0)?;
        within("range_db", self.range_db, 0.5, 24.0)?;
        within("makeup_db", self.makeup_db, -12.0, 12.0)
    }
}

impl Multiband {
    pub(super) fn validate(&self) -> Result<(), Error> {
        let corners = &self.crossovers_hz;
        within("the number of multiband.crossovers_hz", corners.len() as f64, 1.0, 3.0)?;
        for hz in corners {
            within("multiband.crossovers_hz", *hz, 40.0, 16_000.0)?;
        }
        for two in corners.windows(2) {
            within("multiband.crossovers_hz", two[1], 2.0 * two[0], 16_000.0)?;
        }
        let count = corners.len() as f64 + 1.0;
        within("the number of multiband.bands", self.bands.len() as f64, count, count)?;
        self.bands.iter().try_for_each(Compressor::check_ranges)?;
        if self.bands.iter().all(Compressor::is_idle) {
            return Err(Error::NoEffect("a multiband whose bands all have a ratio of 1"));
        }
        Ok(())
    }
}
