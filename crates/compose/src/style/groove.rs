use std::collections::BTreeMap;

use schemars::JsonSchema;
use score::Role;
use serde::{Deserialize, Serialize};

/// How a genre plays the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Groove {
    /// Where the second of two equal notes falls, in percent of the pair: 50 straight, 67
    /// triplets. 50 to 67.
    pub swing: f64,
    /// Which pairs swing.
    pub unit: SwingUnit,
    /// Milliseconds each role plays behind (positive) or ahead of the beat; 0 when absent.
    #[serde(default)]
    pub push: BTreeMap<Role, f64>,
    /// Milliseconds the snare and clap fall behind the rest of the kit.
    #[serde(default)]
    pub late_snare: f64,
    /// Standard deviation of the timing drift in milliseconds, 0 to 15.
    pub drift: f64,
    /// Standard deviation of the touch in MIDI velocity, beside accents and phrasing; 0 to 15.
    pub touch: f64,
}

/// Which pairs of notes swing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SwingUnit {
    /// Eighth notes: jazz, shuffles.
    Eighth,
    /// Sixteenth notes: hip-hop, house.
    Sixteenth,
}
