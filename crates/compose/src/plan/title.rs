use clock::Seed;
use score::Key;

use crate::{Brief, Mood};

const THINGS: [&str; 40] = [
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
    "Ferry",
    "Summer",
    "Winter",
    "Map",
    "Island",
    "Tower",
    "Bridge",
    "Promise",
    "Season",
    "Parade",
    "Valley",
    "Engine",
    "Ceiling",
    "Feather",
    "Pavement",
    "Canyon",
    "Receiver",
    "Terrace",
    "Aerial",
    "Cartographer",
];

const MINOR: [&str; 8] =
    ["Quiet", "Paper", "Borrowed", "Distant", "Empty", "Velvet", "Evening", "Hidden"];
const MAJOR: [&str; 8] =
    ["Second", "Northern", "Silver", "Slow", "Open", "Early", "Wide", "Returning"];

/// A title of two words, the first in the mood of the brief.
pub(super) fn invent(brief: &Brief, key: Key, seed: Seed) -> String {
    let mut chance = seed.stream("title");
    let first: &[&str] = match brief.moods.first() {
        Some(Mood::Happy | Mood::Playful | Mood::Uplifting) => {
            &["Golden", "Open", "Sunlit", "First"]
        }
        Some(Mood::Sad | Mood::Melancholic | Mood::Nostalgic) => &["Last", "Faded", "Grey", "Old"],
        Some(Mood::Dark | Mood::Tense | Mood::Mysterious) => &["Hollow", "Black", "Hidden", "Cold"],
        Some(Mood::Epic | Mood::Intense | Mood::Aggressive) => {
            &["Iron", "Burning", "High", "Great"]
        }
        _ if key.mode.is_minor() => &MINOR,
        _ => &MAJOR,
    };
    let first = first[chance.below(first.len())];
    format!("{first} {}", THINGS[chance.below(THINGS.len())])
}
