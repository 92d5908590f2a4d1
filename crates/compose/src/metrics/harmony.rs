use std::collections::BTreeMap;

use score::{Part, Pitch, Role, Score, Ticks, voicing};

use super::{mean, written};

/// The chords a part strikes one after the other, ascending, where they differ.
fn changes(part: &Part) -> Vec<Vec<Pitch>> {
    let mut struck: BTreeMap<Ticks, Vec<Pitch>> = BTreeMap::new();
    for note in &part.notes {
        struck.entry(written(note.start)).or_default().push(note.pitch);
    }
    let mut chords: Vec<Vec<Pitch>> = Vec::new();
    for mut keys in struck.into_values().filter(|keys| keys.len() > 2) {
        keys.sort_unstable();
        keys.dedup();
        if chords.last() != Some(&keys) {
            chords.push(keys);
        }
    }
    chords
}

fn comping(score: &Score) -> impl Iterator<Item = Vec<Vec<Pitch>>> {
    score.parts.iter().filter(|part| part.role == Role::Chords).map(changes)
}

pub(super) fn movement(score: &Score) -> f64 {
    let pairs = comping(score).flat_map(|chords| {
        let of = |pair: &[Vec<Pitch>]| {
            let voices = pair[0].len().min(pair[1].len()).max(1) as f64;
            f64::from(voicing::movement(&pair[0], &pair[1])) / voices
        };
        chords.windows(2).map(of).collect::<Vec<f64>>()
    });
    mean(pairs, 0.0)
}

pub(super) fn parallels(score: &Score) -> f64 {
    let pairs = comping(score).flat_map(|chords| {
        let of = |pair: &[Vec<Pitch>]| voicing::parallels(&pair[0], &pair[1]) as f64;
        chords.windows(2).map(of).collect::<Vec<f64>>()
    });
    mean(pairs, 0.0)
}
