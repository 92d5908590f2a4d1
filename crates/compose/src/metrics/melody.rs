use score::{Note, Part, Role, Score, Section, Ticks};

use super::{Intervals, mean, share, written};

fn tunes(score: &Score) -> impl Iterator<Item = &Part> {
    score.parts.iter().filter(|part| part.role == Role::Melody && !part.notes.is_empty())
}

pub(super) fn chord_tones(score: &Score) -> f64 {
    let strong = |note: &&Note| {
        let within = Ticks(written(note.start).0 % score.meter.bar().0);
        score.meter.accent(within) > 0
    };
    let notes: Vec<&Note> = tunes(score).flat_map(|part| &part.notes).filter(strong).collect();
    let fits = |note: &&&Note| {
        let chord = score.chord_at(written(note.start));
        chord.is_some_and(|chord| chord.contains(note.pitch.class()))
    };
    share(notes.iter().filter(fits).count(), notes.len(), 1.0)
}

pub(super) fn intervals(score: &Score) -> Intervals {
    let mut sizes = [0_usize; 5];
    for part in tunes(score) {
        for pair in part.notes.windows(2) {
            // A rest of a bar ends the line: what follows is a new beginning.
            if pair[1].start - pair[0].end() > score.meter.bar() {
                continue;
            }
            let size = pair[0].pitch.number().abs_diff(pair[1].pitch.number());
            let class = match size {
                0 => 0,
                1..=2 => 1,
                3..=4 => 2,
                5..=7 => 3,
                _ => 4,
            };
            sizes[class] += 1;
        }
    }
    let total = sizes.iter().sum();
    let [repeats, steps, skips, leaps, wide] = sizes.map(|count| share(count, total, 0.0));
    Intervals { repeats, steps, skips, leaps, wide }
}

/// Sections in which any tune plays.
fn sung(score: &Score) -> impl Iterator<Item = (&Section, Vec<&Note>)> {
    score.sections.iter().filter_map(|section| {
        let (from, to) = span(score, section);
        let notes: Vec<&Note> = tunes(score)
            .flat_map(|part| &part.notes)
            .filter(|note| (from..to).contains(&written(note.start)))
            .collect();
        (!notes.is_empty()).then_some((section, notes))
    })
}

fn span(score: &Score, section: &Section) -> (Ticks, Ticks) {
    let bar = score.meter.bar();
    let from = bar * u64::from(section.start_bar);
    (from, from + bar * u64::from(section.bars))
}

pub(super) fn rests(score: &Score) -> f64 {
    let of_section = |(section, notes): (&Section, Vec<&Note>)| {
        let (from, to) = span(score, section);
        let sounding: Ticks = notes.iter().map(|note| note.end().min(to) - note.start).sum();
        1.0 - sounding.quarters() / (to - from).quarters()
    };
    mean(sung(score).map(of_section), 1.0)
}

pub(super) fn cadences(score: &Score) -> f64 {
    let bar = score.meter.bar();
    let (mut ends, mut closed) = (0, 0);
    for (section, notes) in sung(score) {
        let (from, to) = span(score, section);
        let phrases = u64::from(section.bars).div_ceil(8);
        for phrase in 0..phrases {
            let start = from + bar * (8 * phrase);
            let end = (start + bar * 8).min(to);
            let within = |note: &&&Note| (start..end).contains(&written(note.start));
            let Some(last) = notes.iter().rfind(within) else { continue };
            let chord = score.chord_at(written(last.start));
            let fits = chord.is_some_and(|chord| chord.contains(last.pitch.class()));
            let parted = end - last.end() >= Ticks::EIGHTH;
            let held = last.length >= Ticks(700);
            ends += 1;
            closed += usize::from(fits && (parted || held));
        }
    }
    share(closed, ends, 1.0)
}
