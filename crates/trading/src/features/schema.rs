use std::fmt::Write;

use super::{Feature, FeatureSettings};

/// Raised with every change of a formula.
const VERSION: u32 = 1;

/// What the columns of a row mean, as text, and the hash of that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    text: String,
}

/// The hash of a schema: FNV-1a of 64 bits over its text. It tells schemas apart that differ by
/// mistake; it is no defence against anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaHash(pub u64);

impl Schema {
    /// Of rows that are made with these settings.
    pub fn new(settings: &FeatureSettings) -> Self {
        let mut text = format!("features {VERSION}\n");
        for feature in Feature::ALL {
            let (name, unit, (low, high)) = (feature.name(), feature.unit(), feature.range());
            let (lookback, null) = (feature.lookback(settings), feature.null_policy());
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name} | {unit} | {low} to {high} | {lookback} | {null}");
        }
        // Every setting, by name: one more is another schema.
        let _ = writeln!(text, "{settings:?}");
        Self { text }
    }

    /// A line for the version, one for each column (name, unit, range, bars looked back, when
    /// absent) and one for the settings.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its hash.
    pub fn hash(&self) -> SchemaHash {
        let hash = self.text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        SchemaHash(hash)
    }
}

impl std::fmt::Display for SchemaHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
