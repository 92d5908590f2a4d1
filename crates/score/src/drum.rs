//! The General MIDI percussion map, by the names that genre files use.

use crate::Pitch;

/// Names of drums with their keys, ascending.
const DRUMS: [(&str, u8); 40] = [
    ("kick2", 35),
    ("kick", 36),
    ("rim", 37),
    ("snare", 38),
    ("clap", 39),
    ("snare2", 40),
    ("floor-tom", 41),
    ("hat", 42),
    ("floor-tom2", 43),
    ("pedal-hat", 44),
    ("low-tom", 45),
    ("open-hat", 46),
    ("mid-tom", 47),
    ("mid-tom2", 48),
    ("crash", 49),
    ("high-tom", 50),
    ("ride", 51),
    ("china", 52),
    ("ride-bell", 53),
    ("tambourine", 54),
    ("splash", 55),
    ("cowbell", 56),
    ("crash2", 57),
    ("vibraslap", 58),
    ("ride2", 59),
    ("high-bongo", 60),
    ("low-bongo", 61),
    ("mute-conga", 62),
    ("open-conga", 63),
    ("low-conga", 64),
    ("high-timbale", 65),
    ("low-timbale", 66),
    ("high-agogo", 67),
    ("low-agogo", 68),
    ("cabasa", 69),
    ("shaker", 70),
    ("claves", 75),
    ("high-block", 76),
    ("low-block", 77),
    ("triangle", 81),
];

/// The key of a drum by name; none when there is no such drum.
pub fn key(name: &str) -> Option<Pitch> {
    DRUMS.iter().find(|drum| drum.0 == name).and_then(|drum| Pitch::new(drum.1))
}

/// The name of the drum on a key.
pub fn name(key: Pitch) -> Option<&'static str> {
    DRUMS.iter().find(|drum| drum.1 == key.number()).map(|drum| drum.0)
}

/// Whether a foot plays this drum: the kick and the pedalled hi-hat.
pub fn is_foot(key: Pitch) -> bool {
    matches!(key.number(), 35 | 36 | 44)
}

/// Whether a key is one of the hi-hat's, which choke each other.
pub fn is_hat(key: Pitch) -> bool {
    matches!(key.number(), 42 | 44 | 46)
}
