use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The decade whose sound is wanted.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[expect(missing_docs, reason = "decades are their documentation")]
pub enum Era {
    #[serde(rename = "1950s")]
    Fifties,
    #[serde(rename = "1960s")]
    Sixties,
    #[serde(rename = "1970s")]
    Seventies,
    #[serde(rename = "1980s")]
    Eighties,
    #[serde(rename = "1990s")]
    Nineties,
    #[serde(rename = "2000s")]
    TwoThousands,
}

const TABLE: [(Era, &str, &[&str]); 6] = [
    (Era::Fifties, "1950s", &["50s", "1950s", "fifties", "50's", "1950's"]),
    (Era::Sixties, "1960s", &["60s", "1960s", "sixties", "60's", "1960's"]),
    (Era::Seventies, "1970s", &["70s", "1970s", "seventies", "70's", "1970's"]),
    (Era::Eighties, "1980s", &["80s", "1980s", "eighties", "80's", "1980's"]),
    (Era::Nineties, "1990s", &["90s", "1990s", "nineties", "90's", "1990's"]),
    (
        Era::TwoThousands,
        "2000s",
        &["2000s", "00s", "2000's", "noughties", "modern", "contemporary"],
    ),
];

impl Era {
    /// Every era with the words that name it, lower case.
    pub(crate) fn words() -> impl Iterator<Item = (Era, &'static [&'static str])> {
        TABLE.iter().map(|row| (row.0, row.2))
    }

    /// For people: "1980s".
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// How loosely people played, as a factor on drift and touch: machines took over in the
    /// eighties.
    pub(crate) fn looseness(self) -> f64 {
        match self {
            Self::Fifties => 1.35,
            Self::Sixties => 1.3,
            Self::Seventies => 1.2,
            Self::Eighties => 0.6,
            Self::Nineties => 0.8,
            Self::TwoThousands => 0.7,
        }
    }

    /// General MIDI programs of the keyboards that comp in this era, best first.
    pub(crate) fn keyboards(self) -> &'static [u8] {
        match self {
            Self::Fifties => &[0, 16],
            Self::Sixties => &[16, 0],
            Self::Seventies => &[4, 16],
            Self::Eighties => &[5],
            Self::Nineties => &[0, 4],
            Self::TwoThousands => &[0, 5],
        }
    }
}
