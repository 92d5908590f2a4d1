use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the music should make one feel.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words are their documentation")]
pub enum Mood {
    Happy,
    Sad,
    Energetic,
    Calm,
    Aggressive,
    Melancholic,
    Uplifting,
    Dark,
    Nostalgic,
    Ethereal,
    Playful,
    Intense,
    Romantic,
    Tense,
    Epic,
    Mysterious,
}

/// What a mood does to the music, whatever the genre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bend {
    /// -1 minor modes, 1 major modes, 0 either.
    pub(crate) mode: i8,
    /// Place in the genre's tempo range, -1 slowest to 1 fastest; 0 leaves it.
    pub(crate) pace: f64,
    /// Added to every section's energy.
    pub(crate) energy: f64,
    /// Scale steps the tune is moved up.
    pub(crate) height: i32,
}

/// Names first, then words that mean the same.
const WORDS: [(Mood, &[&str], Bend); 16] = [
    (
        Mood::Happy,
        &[
            "happy",
            "happier",
            "brighter",
            "joyful",
            "cheerful",
            "joyous",
            "sunny",
            "bright",
            "feel-good",
            "glad",
            "merry",
        ],
        bend(1, 0.25, 0.05, 1),
    ),
    (
        Mood::Sad,
        &[
            "sad",
            "sadder",
            "sorrowful",
            "tearful",
            "heartbroken",
            "mournful",
            "gloomy",
            "grieving",
            "depressing",
            "lonely",
        ],
        bend(-1, -0.4, -0.12, -1),
    ),
    (
        Mood::Energetic,
        &[
            "energizing",
            "lively",
            "driving",
            "upbeat",
            "pumping",
            "high-energy",
            "powerful",
            "dynamic",
            "vigorous",
        ],
        bend(0, 0.4, 0.15, 1),
    ),
    (
        Mood::Calm,
        &[
            "calm",
            "calmer",
            "chill",
            "chilled",
            "relaxed",
            "relaxing",
            "peaceful",
            "mellow",
            "soothing",
            "serene",
            "laid-back",
            "tranquil",
            "sleepy",
            "cozy",
            "cosy",
        ],
        bend(0, -0.3, -0.15, -1),
    ),
    (
        Mood::Aggressive,
        &["aggressive", "angry", "furious", "heavy", "brutal", "fierce", "raging"],
        bend(-1, 0.4, 0.2, 0),
    ),
    (
        Mood::Melancholic,
        &[
            "melancholic",
            "melancholy",
            "wistful",
            "bittersweet",
            "pensive",
            "blue",
            "rainy",
            "moody",
        ],
        bend(-1, -0.25, -0.08, 0),
    ),
    (
        Mood::Uplifting,
        &[
            "uplifting",
            "hopeful",
            "inspiring",
            "optimistic",
            "euphoric",
            "triumphant",
            "motivational",
            "positive",
        ],
        bend(1, 0.2, 0.1, 2),
    ),
    (
        Mood::Dark,
        &[
            "dark", "darker", "sinister", "brooding", "ominous", "menacing", "gritty", "bleak",
            "noir",
        ],
        bend(-1, -0.1, 0.0, -3),
    ),
    (
        Mood::Nostalgic,
        &["nostalgic", "retro", "vintage", "old-school", "reminiscent"],
        bend(0, -0.1, -0.03, 0),
    ),
    (
        Mood::Ethereal,
        &[
            "ethereal",
            "dreamy",
            "floating",
            "atmospheric",
            "airy",
            "hazy",
            "spacey",
            "otherworldly",
            "celestial",
        ],
        bend(0, -0.3, -0.1, 3),
    ),
    (
        Mood::Playful,
        &["playful", "quirky", "whimsical", "fun", "funny", "bouncy", "cute", "goofy"],
        bend(1, 0.25, 0.05, 2),
    ),
    (
        Mood::Intense,
        &["intense", "relentless", "urgent", "frantic", "fiery"],
        bend(-1, 0.5, 0.18, 0),
    ),
    (
        Mood::Romantic,
        &["romantic", "tender", "loving", "sensual", "sexy", "intimate", "warm"],
        bend(1, -0.3, -0.08, 0),
    ),
    (
        Mood::Tense,
        &["tense", "suspenseful", "nervous", "anxious", "thrilling", "uneasy"],
        bend(-1, 0.2, 0.08, -1),
    ),
    (
        Mood::Epic,
        &["epic", "heroic", "majestic", "grand", "monumental", "victorious"],
        bend(-1, 0.1, 0.15, 1),
    ),
    (
        Mood::Mysterious,
        &["mysterious", "mystic", "mystical", "enigmatic", "eerie", "haunting", "spooky"],
        bend(-1, -0.15, -0.05, -1),
    ),
];

const fn bend(mode: i8, pace: f64, energy: f64, height: i32) -> Bend {
    Bend { mode, pace, energy, height }
}

impl Mood {
    /// Every mood with the words that name it, lower case.
    pub(crate) fn words() -> impl Iterator<Item = (Mood, &'static [&'static str])> {
        WORDS.iter().map(|row| (row.0, row.1))
    }

    /// What it does to the music.
    pub(crate) fn bend(self) -> Bend {
        WORDS.iter().find(|row| row.0 == self).map_or(bend(0, 0.0, 0.0, 0), |row| row.2)
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Energetic => "energetic",
            other => WORDS.iter().find(|row| row.0 == other).map_or("", |row| row.1[0]),
        }
    }
}
