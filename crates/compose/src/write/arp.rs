use score::{Pitch, Ticks};

use super::chords::voicings;
use super::draft::Draft;
use super::scene::{Scene, choose};
use crate::style::{PartPattern, Pattern};

/// What is played in genres that have no arpeggios of their own.
const PLAIN: [&str; 2] = ["0-1- 2-3- 4-3- 2-1-", "0-2- 1-3- 2-4- 3-1-"];

/// Broken chords: each digit of the pattern is a note of the voicing, counted upward and on into
/// the next octave.
pub(super) fn arp(scene: &Scene<'_>) -> Vec<Draft> {
    let voicings = voicings(scene);
    let plain: Vec<PartPattern> = PLAIN.iter().filter_map(|steps| plain(steps)).collect();
    let patterns = if scene.has_patterns() { &scene.table().patterns } else { &plain };
    let mut notes = Vec::new();
    for bar in scene.bars() {
        let kind = format!("{:?}", bar.section.kind);
        let mut choice = scene.seed.child("arp").stream(&kind);
        let Some(pattern) = choose(patterns, bar.section, &mut choice) else {
            continue;
        };
        if scene.is_last(&bar) {
            notes.extend(last_note(scene, &voicings, bar.start));
            continue;
        }
        for step in pattern.steps.bar(bar.within as usize, scene.plan.meter) {
            let at = bar.start + step.at;
            let after = scene.plan.chords.partition_point(|chord| chord.start <= at);
            let Some(keys) = voicings.get(after.saturating_sub(1)) else { continue };
            let index = usize::from(step.symbol - b'0');
            let Some(pitch) = note(keys, index, scene.part.range[1]) else { continue };
            notes.push(Draft { start: at, length: step.length, pitch, loudness: 80.0 });
        }
    }
    notes
}

fn plain(steps: &str) -> Option<PartPattern> {
    let steps = Pattern::try_from(steps.to_owned()).ok()?;
    Some(PartPattern { energy: [0.0, 1.0], sections: Vec::new(), weight: 1.0, steps })
}

/// The nth note of a voicing, on into higher octaves but not above the range.
fn note(keys: &[Pitch], index: usize, high: u8) -> Option<Pitch> {
    let low = keys.get(index % keys.len().max(1))?;
    let mut pitch = low.moved(12 * (index / keys.len()) as i32)?;
    while pitch.number() > high {
        pitch = pitch.moved(-12)?;
    }
    Some(pitch)
}

fn last_note(scene: &Scene<'_>, voicings: &[Vec<Pitch>], start: Ticks) -> Option<Draft> {
    let pitch = *voicings.last()?.first()?;
    Some(Draft { start, length: scene.bar_length(), pitch, loudness: 76.0 })
}
