use score::{Mode, PitchClass, Score, Ticks};

use super::{pitched, share};

fn counts(score: &Score) -> [usize; 12] {
    let mut counts = [0; 12];
    for note in pitched(score) {
        counts[usize::from(note.pitch.class().number())] += 1;
    }
    counts
}

pub(super) fn class_entropy(score: &Score) -> f64 {
    let counts = counts(score);
    let total: usize = counts.iter().sum();
    let share = |count: &usize| *count as f64 / total as f64;
    counts.iter().filter(|c| **c > 0).map(share).map(|p| -p * libm::log2(p)).sum()
}

pub(super) fn scale_consistency(score: &Score) -> f64 {
    let counts = counts(score);
    let total: usize = counts.iter().sum();
    let within = |tonic: i32| -> usize {
        let steps = Mode::Major.steps().iter();
        steps.map(|s| counts[usize::from(PitchClass::of(tonic + i32::from(*s)).number())]).sum()
    };
    // A natural minor scale has the notes of its relative major, so twelve cover all 24.
    share((0..12).map(within).max().unwrap_or(0), total, 1.0)
}

pub(super) fn range(score: &Score) -> u8 {
    let low = pitched(score).map(|note| note.pitch.number()).min().unwrap_or(0);
    let high = pitched(score).map(|note| note.pitch.number()).max().unwrap_or(0);
    high - low
}

pub(super) fn polyphony(score: &Score) -> f64 {
    let slots = (score.end.0 / Ticks::SIXTEENTH.0) as usize + 1;
    let mut sounding = vec![0_usize; slots];
    for note in pitched(score) {
        let first = (note.start.0 / Ticks::SIXTEENTH.0) as usize;
        let last = (note.end().0.saturating_sub(1) / Ticks::SIXTEENTH.0) as usize;
        sounding.iter_mut().take(last + 1).skip(first).for_each(|count| *count += 1);
    }
    let busy = sounding.iter().filter(|count| **count > 0);
    share(busy.clone().sum(), busy.count(), 0.0)
}
