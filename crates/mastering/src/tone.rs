use audio::dsp::{Biquad, cascade};
use audio::{Buffer, Decibels};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The tone a genre asks of its masters: the `[master]` table of a genre file.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tone {
    /// High-pass corner in Hz, 10 to 60: rumble below it is inaudible and costs loudness.
    pub high_pass_hz: f64,
    /// Lift or cut below 120 Hz in dB, +-4.
    pub low_db: f64,
    /// Lift or cut around 450 Hz in dB, +-4: warmth, or mud.
    pub body_db: f64,
    /// Lift or cut around 3 kHz in dB, +-4: presence.
    pub presence_db: f64,
    /// Lift or cut above 9 kHz in dB, +-4: air.
    pub air_db: f64,
    /// Gain of the side signal, 0.5 to 1.5; 1 leaves it alone.
    pub width: f64,
}

impl Default for Tone {
    /// No colour: only the high-pass at 20 Hz.
    fn default() -> Self {
        Self {
            high_pass_hz: 20.0,
            low_db: 0.0,
            body_db: 0.0,
            presence_db: 0.0,
            air_db: 0.0,
            width: 1.0,
        }
    }
}

impl Tone {
    /// Refuses what is outside the ranges the fields state.
    pub fn validate(&self) -> Result<(), Error> {
        for (setting, value, low, high) in [
            ("high_pass_hz", self.high_pass_hz, 10.0, 60.0),
            ("low_db", self.low_db, -4.0, 4.0),
            ("body_db", self.body_db, -4.0, 4.0),
            ("presence_db", self.presence_db, -4.0, 4.0),
            ("air_db", self.air_db, -4.0, 4.0),
            ("width", self.width, 0.5, 1.5),
        ] {
            if !(low..=high).contains(&value) {
                return Err(Error::OutOfRange { setting, value, low, high });
            }
        }
        Ok(())
    }

    /// Colours a buffer in place.
    pub(crate) fn apply(&self, buffer: &mut Buffer) {
        let rate = buffer.rate();
        let mut designs =
            vec![Biquad::high_pass(rate, self.high_pass_hz, std::f64::consts::FRAC_1_SQRT_2)];
        let bands = [
            (self.low_db, Biquad::low_shelf(rate, 120.0, Decibels(self.low_db))),
            (self.body_db, Biquad::peak(rate, 450.0, 0.7, Decibels(self.body_db))),
            (self.presence_db, Biquad::peak(rate, 3_000.0, 0.7, Decibels(self.presence_db))),
            (self.air_db, Biquad::high_shelf(rate, 9_000.0, Decibels(self.air_db))),
        ];
        designs.extend(bands.into_iter().filter(|(db, _)| *db != 0.0).map(|(_, design)| design));
        cascade(buffer, &designs);
        if self.width != 1.0
            && let Some((left, right)) = buffer.stereo_mut()
        {
            widen(left, right, self.width as f32);
        }
    }
}

/// Scales the side signal; what is in the middle stays.
fn widen(left: &mut [f32], right: &mut [f32], width: f32) {
    for (l, r) in left.iter_mut().zip(right) {
        let (middle, side) = (0.5 * (*l + *r), 0.5 * (*l - *r) * width);
        (*l, *r) = (middle + side, middle - side);
    }
}
