use serde::{Deserialize, Serialize};

use crate::Error;
use crate::fit::Wish;

/// A way to master by what a track is. Each does all that [`Preset::Adaptive`] does, and leans in
/// the direction of its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// What the track needs, and nothing else.
    #[default]
    Adaptive,
    /// Half of it, no compression, and a level of 1 LU less.
    Gentle,
    /// More below 250 Hz, less above 4 kHz.
    Warm,
    /// More above 4 kHz, with harmonics; a little less below 150 Hz.
    Bright,
    /// More where kick and bass hit and where attacks are, and attacks pass the compressor.
    Punchy,
}

/// The colour of a preset where it is strongest, dB.
pub(crate) const MAX_COLOUR_DB: f64 = 1.5;

impl Preset {
    /// All, by name.
    pub const NAMES: [(&'static str, Preset); 5] = [
        ("adaptive", Preset::Adaptive),
        ("gentle", Preset::Gentle),
        ("warm", Preset::Warm),
        ("bright", Preset::Bright),
        ("punchy", Preset::Punchy),
    ];

    /// Finds a preset by its name.
    pub fn named(name: &str) -> Result<Self, Error> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, preset)| preset)
            .ok_or_else(|| Error::UnknownPreset(name.to_owned()))
    }

    /// The name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// How much of what a track lacks is done, 0 to 1.
    pub(crate) fn strength(self) -> f64 {
        if self == Preset::Gentle { 0.5 } else { 1.0 }
    }

    /// How far under the asked loudness it stays, LU.
    pub(crate) fn reserve_db(self) -> f64 {
        if self == Preset::Gentle { 1.0 } else { 0.0 }
    }

    /// Its own colour at a frequency.
    pub(crate) fn colour(self, hz: f64) -> f64 {
        let points: &[Wish] = match self {
            Preset::Adaptive | Preset::Gentle => return 0.0,
            Preset::Warm => {
                &[wish(250.0, 1.5), wish(700.0, 0.0), wish(2_500.0, 0.0), wish(7_000.0, -1.5)]
            }
            Preset::Bright => {
                &[wish(120.0, -0.7), wish(300.0, 0.0), wish(2_000.0, 0.0), wish(7_000.0, 1.5)]
            }
            Preset::Punchy => &[
                wish(35.0, 0.0),
                wish(60.0, 1.5),
                wish(110.0, 1.5),
                wish(260.0, -0.8),
                wish(600.0, -0.4),
                wish(1_800.0, 0.0),
                wish(3_500.0, 0.9),
                wish(7_000.0, 0.3),
            ],
        };
        along(points, hz)
    }
}

const fn wish(hz: f64, db: f64) -> Wish {
    Wish { hz, db }
}

/// Straight lines over octaves between points of rising frequency; level beyond them.
pub(crate) fn along(points: &[Wish], hz: f64) -> f64 {
    let after = points.partition_point(|point| point.hz < hz);
    match (after.checked_sub(1).and_then(|n| points.get(n)), points.get(after)) {
        (Some(low), Some(high)) => {
            let t = libm::log2(hz / low.hz) / libm::log2(high.hz / low.hz);
            low.db + t * (high.db - low.db)
        }
        (Some(only), None) | (None, Some(only)) => only.db,
        (None, None) => 0.0,
    }
}

/// All names, for a message or a help text.
pub(crate) fn names() -> String {
    Preset::NAMES.map(|(name, _)| name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::{MAX_COLOUR_DB, Preset};

    #[test]
    fn names_lead_to_their_presets() {
        for (name, preset) in Preset::NAMES {
            assert_eq!((Preset::named(name).unwrap(), preset.name()), (preset, name));
        }
        let said = Preset::named("loud").unwrap_err().to_string();
        assert_eq!(
            said,
            "preset \"loud\" is unknown; known are adaptive, gentle, warm, bright, punchy"
        );
    }

    #[test]
    fn a_colour_stays_within_its_bound() {
        for (_, preset) in Preset::NAMES {
            for step in 0..200 {
                let hz = 20.0 * libm::pow(2.0, f64::from(step) / 20.0);
                assert!(preset.colour(hz).abs() <= MAX_COLOUR_DB);
            }
        }
    }
}
