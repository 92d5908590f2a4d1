use schemars::JsonSchema;
use score::SectionKind;
use serde::{Deserialize, Serialize};

/// An order of sections, typical lengths given; plans stretch it to the duration asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Relative to the other forms.
    #[serde(default = "super::drums::one")]
    pub weight: f64,
    /// In order.
    pub sections: Vec<FormSection>,
}

/// A section of a form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// What it is for.
    pub kind: SectionKind,
    /// Typical length, a multiple of 4.
    pub bars: u32,
    /// 0 (still) to 1 (full).
    pub energy: f64,
    /// Whether it belongs to the stretch that is repeated in long songs.
    #[serde(default)]
    pub again: bool,
    /// How soon it is left out of short songs: 0 never, 3 first.
    #[serde(default)]
    pub spare: u8,
}
