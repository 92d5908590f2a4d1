use std::collections::{BTreeMap, BTreeSet};

use score::{PPQ, Role, Score, Ticks};

use super::{all_notes, deviation, is_drums, mean, share, written};

/// Ticks of a 24th of a quarter, the resolution of MusPy.
const UNIT: u64 = PPQ / 24;

pub(super) fn empty_beats(score: &Score) -> f64 {
    let beats = (score.end.0 / PPQ) as usize;
    let mut sounds = vec![false; beats];
    for note in all_notes(score) {
        let last = ((note.end().0.saturating_sub(1)) / PPQ) as usize;
        let first = (note.start.0 / PPQ) as usize;
        sounds.iter_mut().take(last + 1).skip(first).for_each(|beat| *beat = true);
    }
    share(sounds.iter().filter(|sounds| !**sounds).count(), beats, 0.0)
}

pub(super) fn groove_consistency(score: &Score) -> f64 {
    let bar = score.meter.bar().0;
    let mut bars: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for note in all_notes(score) {
        let at = (note.start.0 + UNIT / 2) / UNIT * UNIT;
        bars.entry(at / bar).or_default().insert(at % bar / UNIT);
    }
    let places = (bar / UNIT) as f64;
    let likeness = bars.iter().filter_map(|(index, onsets)| {
        let next = bars.get(&(index + 1))?;
        Some(1.0 - onsets.symmetric_difference(next).count() as f64 / places)
    });
    mean(likeness, 1.0)
}

/// Ticks to the nearest sixteenth or eighth-note triplet.
fn from_grid(at: Ticks) -> u64 {
    let to = |grid: u64| (at.0 % grid).min(grid - at.0 % grid);
    to(PPQ / 4).min(to(PPQ / 3))
}

pub(super) fn drum_consistency(score: &Score) -> f64 {
    let strokes = || score.parts.iter().filter(|part| is_drums(part)).flat_map(|part| &part.notes);
    let kept = strokes().filter(|note| from_grid(note.start) <= UNIT).count();
    share(kept, strokes().count(), 1.0)
}

pub(super) fn off_grid(score: &Score) -> f64 {
    let off = all_notes(score).filter(|note| from_grid(note.start) > 15).count();
    share(off, all_notes(score).count(), 0.0)
}

pub(super) fn velocity_sd(score: &Score) -> f64 {
    let velocities: Vec<f64> =
        all_notes(score).map(|note| f64::from(note.velocity.value())).collect();
    deviation(&velocities)
}

pub(super) fn timing_sd_ms(score: &Score) -> f64 {
    let bar = score.meter.bar().0;
    let micros = f64::from(score.tempo.at(Ticks::ZERO).micros());
    let of_part = |part: &score::Part| {
        let mut places: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for note in &part.notes {
            let at = written(note.start);
            let late = note.start.0 as f64 - at.0 as f64;
            places.entry(at.0 % bar).or_default().push(late * micros / PPQ as f64 / 1000.0);
        }
        let many: Vec<f64> =
            places.values().filter(|late| late.len() > 3).map(|late| deviation(late)).collect();
        (!many.is_empty()).then(|| mean(many.iter().copied(), 0.0))
    };
    mean(score.parts.iter().filter_map(of_part), 0.0)
}

pub(super) fn most_limbs(score: &Score) -> usize {
    let drums = score.parts.iter().filter(|part| part.role == Role::Drums);
    let mut strokes: BTreeMap<Ticks, usize> = BTreeMap::new();
    for note in drums.flat_map(|part| &part.notes) {
        *strokes.entry(written(note.start)).or_default() += 1;
    }
    strokes.values().copied().max().unwrap_or(0)
}

pub(super) fn bass_on_kick(score: &Score) -> f64 {
    let bar = score.meter.bar().0;
    let kicks: BTreeSet<u64> = score
        .parts
        .iter()
        .filter(|part| part.role == Role::Drums)
        .flat_map(|part| &part.notes)
        .filter(|note| matches!(note.pitch.number(), 35 | 36))
        .map(|note| written(note.start).0)
        .collect();
    let bars: BTreeSet<u64> = kicks.iter().map(|at| at / bar).collect();
    let onsets: Vec<u64> = score
        .parts
        .iter()
        .filter(|part| part.role == Role::Bass)
        .flat_map(|part| &part.notes)
        .map(|note| written(note.start).0)
        .filter(|at| bars.contains(&(at / bar)))
        .collect();
    share(onsets.iter().filter(|at| kicks.contains(at)).count(), onsets.len(), 1.0)
}
