//! Which keys play a chord: styles of voicing, and the nearest way from one chord to the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Chord, Pitch, PitchClass};

/// How a chord is laid out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Within about an octave.
    Close,
    /// The second note from the top dropped an octave (drop-2), or wider.
    Spread,
    /// Third, seventh and tensions; the bass has the root.
    Rootless,
    /// Root, third and seventh.
    Shell,
    /// Root, fifth and octave.
    Power,
}

/// The space a voicing may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Lowest key.
    pub low: Pitch,
    /// Highest key.
    pub high: Pitch,
    /// At most this many notes, 2 to 6.
    pub voices: usize,
}

/// Cost of a semitone of distance from the middle of the range, against one of movement.
const CENTRE_COST: f64 = 0.35;
/// Cost of one parallel fifth or octave between two voices.
const PARALLEL_COST: f64 = 3.0;
/// Cost of an interval that is muddy in its register.
const MUD_COST: f64 = 6.0;
/// Cost of a voice that appears or disappears.
const VOICE_COST: f64 = 4.0;

/// The voicing of `chord` in a layout and range that lies nearest to `previous`; near the middle
/// of the range when there is none. Ascending; never empty for a range of an octave or more.
pub fn nearest(chord: Chord, layout: Layout, range: Range, previous: &[Pitch]) -> Vec<Pitch> {
    let classes = chosen_classes(chord, layout, range.voices);
    let mut best: Option<(f64, Vec<Pitch>)> = None;
    for candidate in candidates(&classes, layout, range) {
        let cost = cost(&candidate, previous, range);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, candidate));
        }
    }
    best.map(|(_, keys)| keys).unwrap_or_default()
}

/// The classes to voice, most important first where one must go: fifths are left out before
/// sevenths, roots first of all in rootless voicings.
fn chosen_classes(chord: Chord, layout: Layout, voices: usize) -> Vec<PitchClass> {
    let root = chord.root.class();
    let mut steps: Vec<u8> = chord.quality.intervals().to_vec();
    match layout {
        Layout::Power => return vec![root, root.above(7), root],
        Layout::Shell if steps.len() > 3 => steps.retain(|step| *step % 12 != 7 && *step <= 11),
        Layout::Rootless if steps.len() > 3 => steps.retain(|step| *step != 0),
        _ => {}
    }
    while steps.len() > voices.max(2) {
        let expendable = steps.iter().position(|s| *s == 7).or(steps.iter().position(|s| *s == 0));
        steps.remove(expendable.unwrap_or(steps.len() - 1));
    }
    steps.iter().map(|step| root.above(i32::from(*step))).collect()
}

/// Every placement of the classes in the range: each class as lowest note, each octave.
fn candidates(classes: &[PitchClass], layout: Layout, range: Range) -> Vec<Vec<Pitch>> {
    let mut found = Vec::new();
    let rotations = if layout == Layout::Power { 1 } else { classes.len() };
    for rotation in 0..rotations {
        for lowest in range.low.number()..=range.high.number() {
            let Some(lowest) = Pitch::new(lowest) else { continue };
            if Some(&lowest.class()) != classes.get(rotation) {
                continue;
            }
            let close = stack(lowest, classes, rotation, layout);
            let keys = if layout == Layout::Spread { dropped(close) } else { close };
            if keys.first() >= Some(&range.low) && keys.last() <= Some(&range.high) {
                found.push(keys);
            }
        }
    }
    found
}

/// The classes piled upward from the lowest, each as near above the last as it can be.
fn stack(lowest: Pitch, classes: &[PitchClass], rotation: usize, layout: Layout) -> Vec<Pitch> {
    let mut others: Vec<i32> = classes
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != rotation)
        .map(|(_, class)| match class.from_class(lowest.class()) {
            0 => 12,
            up => up,
        })
        .collect();
    if layout != Layout::Power {
        others.sort_unstable();
        others.dedup();
    }
    let above = others.iter().filter_map(|up| lowest.moved(*up));
    let mut keys: Vec<Pitch> = std::iter::once(lowest).chain(above).collect();
    keys.sort_unstable();
    keys
}

/// Drop-2: the second note from the top an octave lower.
fn dropped(mut keys: Vec<Pitch>) -> Vec<Pitch> {
    if keys.len() < 3 {
        return keys;
    }
    let second = keys.len() - 2;
    if let Some(lower) = keys[second].moved(-12) {
        keys[second] = lower;
        keys.sort_unstable();
    }
    keys
}

fn cost(keys: &[Pitch], previous: &[Pitch], range: Range) -> f64 {
    let centre = f64::from(range.low.number() + range.high.number()) / 2.0;
    let mean =
        keys.iter().map(|key| f64::from(key.number())).sum::<f64>() / keys.len().max(1) as f64;
    let away = (mean - centre).abs() * CENTRE_COST;
    let mud = keys.windows(2).filter(|pair| is_muddy(pair[0], pair[1])).count() as f64 * MUD_COST;
    if previous.is_empty() {
        return away + mud;
    }
    let parallels = parallels(previous, keys) as f64 * PARALLEL_COST;
    f64::from(movement(previous, keys))
        + away
        + mud
        + parallels
        + (keys.len().abs_diff(previous.len())) as f64 * VOICE_COST
}

/// Low-interval limits: seconds are muddy below E3, thirds below Bb2, fifths below C2.
pub fn is_muddy(lower: Pitch, upper: Pitch) -> bool {
    match upper.number().saturating_sub(lower.number()) {
        0..=2 => lower.number() < 52,
        3..=4 => lower.number() < 46,
        5..=7 => lower.number() < 36,
        _ => false,
    }
}

/// Total semitones that voices move under the cheapest assignment of one chord's notes to the
/// other's. Both ascending. Notes of the longer chord that nobody came from count nothing.
pub fn movement(from: &[Pitch], to: &[Pitch]) -> u32 {
    let (short, long) = if from.len() <= to.len() { (from, to) } else { (to, from) };
    // On a line the cheapest assignment keeps the order, so a table over prefixes finds it.
    let mut row = vec![0_u32; long.len() + 1];
    for (index, key) in short.iter().enumerate() {
        let mut next = vec![u32::MAX / 2; long.len() + 1];
        for (other, target) in long.iter().enumerate().skip(index) {
            let step = u32::from(key.number().abs_diff(target.number()));
            next[other + 1] = next[other].min(row[other] + step);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Pairs of voices that move in the same direction in fifths or octaves, for chords of the same
/// number of voices; 0 otherwise.
pub fn parallels(from: &[Pitch], to: &[Pitch]) -> usize {
    if from.len() != to.len() {
        return 0;
    }
    let mut count = 0;
    for low in 0..from.len() {
        for high in low + 1..from.len() {
            let before = from[high].number().saturating_sub(from[low].number()) % 12;
            let after = to[high].number().saturating_sub(to[low].number()) % 12;
            let moved = from[low] != to[low];
            if moved && before == after && matches!(before, 0 | 7) {
                count += 1;
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{Layout, Range, movement, nearest};
    use crate::{Chord, Pitch, Quality};

    fn keys(numbers: &[u8]) -> Vec<Pitch> {
        numbers.iter().filter_map(|n| Pitch::new(*n)).collect()
    }

    const RANGE: Range =
        Range { low: Pitch::at_most_127(48), high: Pitch::at_most_127(76), voices: 4 };

    #[test]
    fn the_cheapest_assignment_is_found() {
        assert_eq!(movement(&keys(&[60, 64, 67]), &keys(&[60, 65, 69])), 3);
        assert_eq!(movement(&keys(&[60, 64, 67]), &keys(&[59, 62, 65, 67])), 2);
        assert_eq!(movement(&[], &keys(&[60])), 0);
    }

    #[test]
    fn a_cadence_moves_little_and_keeps_the_chord() {
        for layout in [Layout::Close, Layout::Spread, Layout::Rootless, Layout::Shell] {
            let mut previous = Vec::new();
            for symbol in ["Dm7", "G7", "Cmaj7", "Am7", "Dm7", "G7", "C"] {
                let chord = Chord::parse(symbol).unwrap();
                let voiced = nearest(chord, layout, RANGE, &previous);
                assert!(voiced.len() >= 3, "{symbol} {layout:?}: {voiced:?}");
                assert!(voiced.iter().all(|key| chord.contains(key.class())));
                if voiced.len() == previous.len() {
                    let mean = f64::from(movement(&previous, &voiced)) / voiced.len() as f64;
                    assert!(mean <= 2.5, "{symbol} {layout:?}: {mean}");
                }
                previous = voiced;
            }
        }
    }

    #[test]
    fn a_minor_chord_sounds_its_minor_third() {
        for quality in Quality::all().filter(|quality| quality.is_minor()) {
            let root = "A".parse::<crate::Key>().unwrap().tonic;
            for layout in [Layout::Close, Layout::Spread, Layout::Rootless, Layout::Shell] {
                let voiced = nearest(Chord::new(root, quality), layout, RANGE, &[]);
                assert!(
                    voiced.iter().any(|key| key.class().number() == 0),
                    "{quality:?} {layout:?}"
                );
            }
        }
    }
}
