use audio::Layout;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::chain::{Band, Chain, Shape, Width};

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

    /// The stages that give this tone; the level is left out.
    pub fn chain(&self, layout: Layout) -> Chain {
        let lifts = [
            (self.low_db, Band::shelf(Shape::LowShelf, 120.0, self.low_db)),
            (self.body_db, Band::bell(450.0, 0.7, self.body_db)),
            (self.presence_db, Band::bell(3_000.0, 0.7, self.presence_db)),
            (self.air_db, Band::shelf(Shape::HighShelf, 9_000.0, self.air_db)),
        ];
        let lifts = lifts.into_iter().filter(|(db, _)| *db != 0.0).map(|(_, band)| band);
        let width = Width { side: self.width, mono_below_hz: None };
        Chain {
            eq: std::iter::once(Band::high_pass(self.high_pass_hz)).chain(lifts).collect(),
            width: (self.width != 1.0 && layout == Layout::Stereo).then_some(width),
            ..Chain::default()
        }
    }
}
