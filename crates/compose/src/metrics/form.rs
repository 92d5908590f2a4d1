use std::collections::BTreeSet;

use score::{Score, Section};

use super::{all_notes, share, written};

/// Bars of which at least this share of events is common are alike.
const ALIKE: f64 = 0.6;

/// What happens in each bar: places and notes of the whole band.
fn bars(score: &Score) -> Vec<BTreeSet<(u64, u8)>> {
    let bar = score.meter.bar().0;
    let count = (score.end.0 / bar) as usize;
    let mut bars = vec![BTreeSet::new(); count];
    for note in all_notes(score) {
        let at = written(note.start).0;
        if let Some(events) = bars.get_mut((at / bar) as usize) {
            events.insert((at % bar, note.pitch.number()));
        }
    }
    bars
}

pub(super) fn repeats(score: &Score) -> f64 {
    let bars = bars(score);
    let alike = |a: &BTreeSet<(u64, u8)>, b: &BTreeSet<(u64, u8)>| {
        let common = a.intersection(b).count();
        share(common, a.len() + b.len() - common, 1.0) >= ALIKE
    };
    let again = (1..bars.len()).filter(|at| bars[..*at].iter().any(|old| alike(old, &bars[*at])));
    share(again.count(), bars.len().saturating_sub(1), 0.0)
}

pub(super) fn contrast(score: &Score) -> f64 {
    let bars = bars(score);
    let density = |section: &Section| {
        let from = section.start_bar as usize;
        let of = bars.iter().skip(from).take(section.bars as usize);
        of.map(|events| events.len() as f64).sum::<f64>() / f64::from(section.bars.max(1))
    };
    let densities: Vec<f64> = score.sections.iter().map(density).collect();
    let most = densities.iter().copied().fold(0.0, f64::max);
    let least = densities.iter().copied().fold(f64::INFINITY, f64::min);
    if least > 0.0 && least.is_finite() { most / least } else { 1.0 }
}
