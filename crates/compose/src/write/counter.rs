use score::{Key, Pitch, Ticks};

use super::draft::Draft;
use super::melody::bounds;
use super::scene::{Bar, Scene};

/// A rest of the tune at least this long is answered.
const GAP: Ticks = Ticks(960 + 480);
/// Sections from this energy on have the tune doubled below.
const DOUBLES_FROM: f64 = 0.8;

/// The second line: long guide tones under the tune, short answers where it rests, and thirds
/// or sixths below it where the song is fullest.
pub(super) fn counter(scene: &Scene<'_>, tune: &[Draft]) -> Vec<Draft> {
    let mut notes: Vec<Draft> = Vec::new();
    for bar in scene.bars() {
        let end = bar.start + scene.bar_length();
        let sung: Vec<&Draft> =
            tune.iter().filter(|note| note.start >= bar.start && note.start < end).collect();
        let full = bar.section.energy >= DOUBLES_FROM && !sung.is_empty();
        if scene.is_last(&bar) {
            notes.extend(guide(scene, &notes, bar.start, end));
        } else if full && bar.within % 4 >= 2 {
            notes.extend(sung.iter().filter_map(|note| below(scene, note)));
        } else {
            notes.extend(answer(scene, &notes, &sung, &bar));
        }
    }
    notes
}

/// A chord tone a third to a sixth below a note of the tune.
fn below(scene: &Scene<'_>, note: &Draft) -> Option<Draft> {
    let chord = scene.plan.chord_at(note.start).chord;
    let scale = Key::new(scene.plan.key.tonic, scene.plan.key.mode);
    let [low, high] = scene.part.range;
    let down = |least: i32| {
        (least..=9).filter_map(|down| note.pitch.moved(-down)).find(|key| {
            let fits = if note.length >= Ticks::QUARTER {
                chord.contains(key.class())
            } else {
                scale.contains(key.class())
            };
            fits && (low..=high).contains(&key.number())
        })
    };
    let pitch = down(3)?;
    Some(Draft { pitch, loudness: note.loudness - 14.0, ..*note })
}

/// Guide tones while the tune moves; where it rests, a short scale figure that leads back.
fn answer(scene: &Scene<'_>, before: &[Draft], sung: &[&Draft], bar: &Bar<'_>) -> Vec<Draft> {
    let end = bar.start + scene.bar_length();
    let quiet_from = sung.iter().map(|note| note.end()).max().unwrap_or(bar.start);
    let mut chance = scene.seed.child("answer").stream(&bar.index.to_string());
    let gap = end.before(quiet_from);
    let answers = gap >= GAP && !sung.is_empty() && chance.happens(0.6);
    if !answers {
        // Every other bar breathes.
        return if bar.within.is_multiple_of(2) {
            guide(scene, before, bar.start, end)
        } else {
            Vec::new()
        };
    }
    let first = Ticks(quiet_from.0.div_ceil(480) * 480);
    let figure = figure(scene, before, first, end, chance.happens(0.5));
    let mut notes = Vec::new();
    if first > bar.start + Ticks::QUARTER * 2 {
        notes.extend(guide(scene, before, bar.start, first));
    }
    notes.extend(figure);
    notes
}

/// The third or seventh of each chord, whichever lies nearer to the last note.
fn guide(scene: &Scene<'_>, before: &[Draft], from: Ticks, to: Ticks) -> Vec<Draft> {
    let mut notes: Vec<Draft> = Vec::new();
    let mut at = from;
    while at < to {
        let span = scene.plan.chord_at(at);
        let until = (span.start + span.length).min(to);
        if until <= at {
            break;
        }
        let [low, high] = scene.part.range;
        let middle = Pitch::at_most_127(low + (high - low) / 2);
        let last = notes.last().or(before.last()).map_or(middle, |note| note.pitch);
        let guides: Vec<_> = span.chord.classes().skip(1).step_by(2).collect();
        let places = (low..=high).filter_map(Pitch::new).filter(|k| guides.contains(&k.class()));
        let far = |key: &Pitch| {
            key.number().abs_diff(last.number()) * 3 + key.number().abs_diff(middle.number())
        };
        if let Some(pitch) = places.min_by_key(far) {
            notes.push(Draft { start: at, length: until - at, pitch, loudness: 70.0 });
        }
        at = until;
    }
    notes
}

/// Eighths up or down the scale that end on a chord tone.
fn figure(scene: &Scene<'_>, before: &[Draft], from: Ticks, to: Ticks, up: bool) -> Vec<Draft> {
    let bounds = bounds(scene);
    let scale = Key::new(bounds.key.tonic, bounds.scale);
    let (low, high) = (Pitch::at_most_127(bounds.low), Pitch::at_most_127(bounds.high));
    let chord = scene.plan.chord_at(to.before(Ticks(1))).chord;
    // A raised chord tone replaces the scale's own note beside it.
    let raised = |key: &Pitch| {
        let beside = |by: i32| key.class().above(by);
        [1, -1].iter().any(|by| chord.contains(beside(*by)) && !scale.contains(beside(*by)))
    };
    let mut ladder = scale.pitches(low, high);
    ladder.retain(|key| chord.contains(key.class()) || !raised(key));
    let middle = Pitch::at_most_127(bounds.low + (bounds.high - bounds.low) / 2);
    let near = before.last().map_or(middle, |note| note.pitch);
    let count = (to.before(from).0 / 480).min(4) as usize;
    let targets = ladder.iter().enumerate().filter(|(_, key)| chord.contains(key.class()));
    let Some((target, _)) = targets
        .filter(|(index, _)| *index >= count && *index + count < ladder.len())
        .min_by_key(|(_, key)| key.number().abs_diff(near.number()))
    else {
        return Vec::new();
    };
    (0..count)
        .map(|n| {
            let back = count - 1 - n;
            let index = if up { target - back } else { target + back };
            Draft {
                start: from + Ticks::EIGHTH * n as u64,
                length: Ticks(440),
                pitch: ladder[index],
                loudness: 76.0,
            }
        })
        .collect()
}
