use clock::Seed;
use score::Key;

use crate::{Brief, Mood};

const THINGS: [&str; 20] = [
    "Harbour",
    "Window",
    "Letter",
    "Garden",
    "Avenue",
    "Signal",
    "Morning",
    "River",
    "Station",
    "Postcard",
    "Meridian",
    "Lantern",
    "Orchard",
    "Horizon",
    "Balcony",
    "Tide",
    "Corner",
    "Mirror",
    "Compass",
    "Staircase",
];

const OPEN: [&str; 8] =
    ["Quiet", "Second", "Northern", "Paper", "Silver", "Borrowed", "Slow", "Distant"];

/// A title of two words, the first in the mood of the brief.
pub(super) fn invent(brief: &Brief, key: Key, seed: Seed) -> String {
    let mut chance = seed.stream("title");
    let first = match brief.moods.first() {
        Some(Mood::Happy | Mood::Playful | Mood::Uplifting) => {
            ["Golden", "Open", "Sunlit", "First"]
        }
        Some(Mood::Sad | Mood::Melancholic | Mood::Nostalgic) => ["Last", "Faded", "Grey", "Old"],
        Some(Mood::Dark | Mood::Tense | Mood::Mysterious) => ["Hollow", "Black", "Hidden", "Cold"],
        Some(Mood::Epic | Mood::Intense | Mood::Aggressive) => ["Iron", "Burning", "High", "Great"],
        _ if key.mode.is_minor() => [OPEN[0], OPEN[3], OPEN[5], OPEN[7]],
        _ => [OPEN[1], OPEN[2], OPEN[4], OPEN[6]],
    };
    let first = first[chance.below(first.len())];
    format!("{first} {}", THINGS[chance.below(THINGS.len())])
}
