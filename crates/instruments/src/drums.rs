//! Modelled drum machines: every sound is made of decaying tones and filtered noise.

mod hit;
mod kits;
mod player;
mod recipe;

pub(crate) use player::Player;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::in_range;

/// A drum machine, as a genre file states it. It plays the General MIDI percussion keys.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrumMachine {
    /// Which machine.
    pub kit: Kit,
    /// Semitones up or down for the whole kit, -12 to 12.
    #[serde(default)]
    pub tune: f64,
    /// What all decays are multiplied by, 0.25 to 4.
    #[serde(default = "one")]
    pub decay: f64,
    /// Octaves the filters move, darker to brighter, -2 to 2.
    #[serde(default)]
    pub tone: f64,
    /// Saturation, 0 to 1.
    #[serde(default)]
    pub drive: f64,
    /// How far apart the sounds stand, 0 (all in the centre) to 1.
    #[serde(default = "half")]
    pub width: f64,
    /// Level in dB, -40 to 20.
    #[serde(default)]
    pub level_db: f64,
}

/// The machines modelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Kit {
    /// Long sine kick, snappy noise, six-oscillator metal.
    #[serde(rename = "808")]
    Eight,
    /// Punchy swept kick, noisy snare, bright hats.
    #[serde(rename = "909")]
    Nine,
    /// Short, dry and round, like early sampled drums.
    #[serde(rename = "linn")]
    Linn,
}

fn one() -> f64 {
    1.0
}

fn half() -> f64 {
    0.5
}

impl DrumMachine {
    /// A kit with nothing changed.
    pub fn new(kit: Kit) -> Self {
        Self { kit, tune: 0.0, decay: 1.0, tone: 0.0, drive: 0.0, width: 0.5, level_db: 0.0 }
    }

    /// Whether the machine has a sound on a key.
    pub fn plays(&self, key: u8) -> bool {
        kits::recipe(self.kit, key).is_some()
    }

    /// Checks every parameter against its range; the error names the first that is outside.
    pub fn check(&self) -> Result<(), Error> {
        in_range("tune", self.tune, -12.0, 12.0)?;
        in_range("decay", self.decay, 0.25, 4.0)?;
        in_range("tone", self.tone, -2.0, 2.0)?;
        in_range("drive", self.drive, 0.0, 1.0)?;
        in_range("width", self.width, 0.0, 1.0)?;
        in_range("level_db", self.level_db, -40.0, 20.0)
    }
}
