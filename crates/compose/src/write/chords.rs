use score::voicing::{Layout, Range, nearest};
use score::{Pitch, Role, Ticks};

use super::draft::Draft;
use super::scene::{Bar, Scene, choose};
use crate::style::Playing;

/// Comped or sustained chords, each voiced as near as can be to the one before.
pub(super) fn chords(scene: &Scene<'_>) -> Vec<Draft> {
    let voicings = voicings(scene);
    let mut notes = Vec::new();
    for bar in scene.bars() {
        let sustained = is_sustained(scene) || scene.is_last(&bar);
        if sustained {
            notes.extend(held(scene, &voicings, &bar));
        } else {
            notes.extend(comped(scene, &voicings, &bar));
        }
    }
    if is_sustained(scene) { tied(notes) } else { notes }
}

fn is_sustained(scene: &Scene<'_>) -> bool {
    scene.table().playing == Playing::Sustained || !scene.has_patterns()
}

/// Keys for every chord of the plan.
pub(super) fn voicings(scene: &Scene<'_>) -> Vec<Vec<Pitch>> {
    let [low, high] = scene.part.range;
    let harmony = &scene.style.harmony;
    let layout = match scene.part.role {
        Role::Pad | Role::Counter if harmony.layout == Layout::Power => Layout::Close,
        Role::Pad => Layout::Spread,
        Role::Arp => Layout::Close,
        _ => harmony.layout,
    };
    // Whoever plays alone must sound the root that a bass would have had.
    let alone = !scene.plan.parts.iter().any(|part| part.role == Role::Bass);
    let layout = if layout == Layout::Rootless && alone { Layout::Close } else { layout };
    let voices = if scene.part.role == Role::Chords { harmony.voices } else { 4 };
    let range = Range { low: Pitch::at_most_127(low), high: Pitch::at_most_127(high), voices };
    let mut previous: Vec<Pitch> = Vec::new();
    scene
        .plan
        .chords
        .iter()
        .map(|planned| {
            previous = nearest(planned.chord, layout, range, &previous);
            previous.clone()
        })
        .collect()
}

/// The chords that sound in a bar, with their places in the plan.
pub(super) fn within<'v>(
    scene: &Scene<'_>,
    voicings: &'v [Vec<Pitch>],
    bar: &Bar<'_>,
) -> Vec<(Ticks, Ticks, &'v [Pitch])> {
    let end = bar.start + scene.bar_length();
    let spans = scene.plan.chords.iter().zip(voicings);
    spans
        .filter(|(chord, _)| chord.start < end && chord.start + chord.length > bar.start)
        .map(|(chord, keys)| {
            let start = chord.start.max(bar.start);
            (start, (chord.start + chord.length).min(end), keys.as_slice())
        })
        .collect()
}

fn held(scene: &Scene<'_>, voicings: &[Vec<Pitch>], bar: &Bar<'_>) -> Vec<Draft> {
    let loudness = if scene.part.role == Role::Pad { 74.0 } else { 80.0 };
    let mut notes = Vec::new();
    for (start, end, keys) in within(scene, voicings, bar) {
        for pitch in keys {
            notes.push(Draft { start, length: end - start, pitch: *pitch, loudness });
        }
    }
    notes
}

fn comped(scene: &Scene<'_>, voicings: &[Vec<Pitch>], bar: &Bar<'_>) -> Vec<Draft> {
    // Another rhythm every two bars where the genre has several, the same in every verse.
    let phrase = format!("{:?}/{}", bar.section.kind, bar.within / 2 % 4);
    let mut choice = scene.seed.child("comping").stream(&phrase);
    let Some(pattern) = choose(&scene.table().patterns, bar.section, &mut choice) else {
        return held(scene, voicings, bar);
    };
    let spans = within(scene, voicings, bar);
    let mut notes = Vec::new();
    for step in pattern.steps.bar(bar.within as usize, scene.plan.meter) {
        let at = bar.start + step.at;
        let sounding = spans.iter().find(|(start, end, _)| *start <= at && at < *end);
        let Some((_, end, keys)) = sounding else { continue };
        let loudness = match step.symbol {
            b'X' => 96.0,
            b'x' => 84.0,
            _ => 66.0,
        };
        let length = step.length.min(*end - at);
        for pitch in *keys {
            notes.push(Draft { start: at, length, pitch: *pitch, loudness });
        }
        // A chord that is held into the next one moves with it.
        let mut until = at + length;
        for (start, end, keys) in &spans {
            if *start != until {
                continue;
            }
            let rest = (at + step.length).min(*end) - *start;
            if rest > Ticks::ZERO {
                for pitch in *keys {
                    let loudness = loudness - 6.0;
                    notes.push(Draft { start: *start, length: rest, pitch: *pitch, loudness });
                }
                until = *start + rest;
            }
        }
    }
    notes
}

/// Joins notes that a sustained part would strike again without need.
fn tied(mut notes: Vec<Draft>) -> Vec<Draft> {
    notes.sort_by_key(|note| (note.pitch, note.start));
    let mut joined: Vec<Draft> = Vec::with_capacity(notes.len());
    for note in notes {
        match joined.last_mut() {
            Some(last)
                if last.pitch == note.pitch
                    && last.end() == note.start
                    && last.length < Ticks::QUARTER * 16 =>
            {
                last.length += note.length;
            }
            _ => joined.push(note),
        }
    }
    joined
}
