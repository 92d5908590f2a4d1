use schemars::JsonSchema;
use score::Mode;
use serde::{Deserialize, Serialize};

use super::Pattern;

/// How a genre sings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MelodyTable {
    /// Rhythms of motifs, one or two bars: `x` a note, `-` held, `.` rest.
    pub rhythms: Vec<Pattern>,
    /// Busier rhythms for solos and climaxes; the others when empty.
    #[serde(default)]
    pub busy: Vec<Pattern>,
    /// Rhythms that close a phrase, one bar, ending in a long note and a rest.
    pub closes: Vec<Pattern>,
    /// How willing the line is to leap, 0 to 1.
    pub leap: f64,
    /// Scale the tune keeps to in major modes; the mode itself when absent.
    #[serde(default)]
    pub major_scale: Option<Mode>,
    /// The same in minor modes.
    #[serde(default)]
    pub minor_scale: Option<Mode>,
    /// How much of its written length a note is held, 0.3 to 1.
    pub legato: f64,
    /// Bars of a phrase: 4 or 8 (two phrases of four that answer each other).
    pub phrase: u32,
}
