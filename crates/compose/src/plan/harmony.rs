use std::collections::BTreeMap;

use clock::Seed;
use score::{Key, Roman, SectionKind, Ticks, TimeSignature};

use super::{Cadence, CadenceKind, PlannedChord, PlannedSection};
use crate::Style;
use crate::style::{Bars, Progression};

/// The chords of every bar, without gaps.
pub(super) fn chords(
    style: &Style,
    key: Key,
    meter: TimeSignature,
    sections: &[PlannedSection],
    seed: Seed,
) -> Vec<PlannedChord> {
    let mut chosen: BTreeMap<SectionKind, &Progression> = BTreeMap::new();
    let mut planned = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let taken: Vec<&Progression> = chosen.values().copied().collect();
        let progression = match chosen.get(&section.kind) {
            Some(known) => known,
            None => choose(style, key, section.kind, &taken, seed),
        };
        chosen.insert(section.kind, progression);
        let next = sections.get(index + 1).map(|section| section.kind);
        for bar in 0..section.bars {
            let numerals = numerals(style, key, section, progression, bar, next);
            let start = meter.bar() * u64::from(section.start_bar + bar);
            planned.extend(shared(&numerals, key, meter, start, style));
        }
    }
    planned
}

/// A progression for a kind of section, another than those in use where there is a choice.
fn choose<'a>(
    style: &'a Style,
    key: Key,
    kind: SectionKind,
    taken: &[&Progression],
    seed: Seed,
) -> &'a Progression {
    let all = &style.harmony.progressions;
    let minor = key.mode.is_minor();
    let own = |p: &&Progression| p.minor == minor && p.sections.contains(&kind);
    let any = |p: &&Progression| p.minor == minor && p.sections.is_empty();
    let mut suited: Vec<&Progression> = all.iter().filter(own).collect();
    if suited.is_empty() {
        suited = all.iter().filter(any).collect();
    }
    let fresh: Vec<&Progression> =
        suited.iter().copied().filter(|p| !taken.iter().any(|t| t.bars == p.bars)).collect();
    // Intros and outros lean on what is heard elsewhere; the sections of the song contrast.
    let frame = matches!(kind, SectionKind::Intro | SectionKind::Outro | SectionKind::Build);
    let pool = if fresh.is_empty() || frame { &suited } else { &fresh };
    let weights: Vec<f64> = pool.iter().map(|progression| progression.weight).collect();
    let label = if frame { "progression/frame".into() } else { format!("progression/{kind:?}") };
    let drawn = seed.stream(&label).weighted(&weights).unwrap_or(0);
    pool.get(drawn).copied().unwrap_or(&all[0])
}

/// The numerals of one bar: the progression's, but home at the end of the song, and to the
/// dominant before a new section where the genre turns around.
fn numerals(
    style: &Style,
    key: Key,
    section: &PlannedSection,
    progression: &Progression,
    bar: u32,
    next: Option<SectionKind>,
) -> Vec<Roman> {
    let bars = &progression.bars.0;
    let left = section.bars - 1 - bar;
    if next.is_none() {
        let minor = key.mode.is_minor();
        let Bars(last) =
            if minor { &style.harmony.final_minor } else { &style.harmony.final_major };
        let from_end = last.len().checked_sub(1 + left as usize);
        if let Some(index) = from_end.filter(|_| section.bars as usize >= last.len() || left == 0) {
            return last[index].clone();
        }
    }
    // A section shorter than its progression takes the end of it, where the cadence is.
    let skipped = bars.len().saturating_sub(section.bars as usize);
    let mut own = bars[(skipped + bar as usize) % bars.len()].clone();
    let turns = style.harmony.turnarounds && left == 0 && next.is_some_and(|n| n != section.kind);
    if turns
        && !own.last().is_some_and(|roman| roman.is_dominant())
        && let Ok(dominant) = "V".parse()
    {
        if own.len() > 1 {
            own.pop();
        }
        own.push(dominant);
    }
    own
}

/// Chords that share a bar, changing on its pulses.
fn shared(
    numerals: &[Roman],
    key: Key,
    meter: TimeSignature,
    start: Ticks,
    style: &Style,
) -> Vec<PlannedChord> {
    let pulses = meter.pulses();
    let count = numerals.len().min(pulses.len());
    let place = |index: usize| {
        let pulse = (index * pulses.len()).div_ceil(count);
        pulses.get(pulse).map_or(meter.bar(), |pulse| pulse.at)
    };
    let at = |(index, roman): (usize, &Roman)| PlannedChord {
        start: start + place(index),
        length: place(index + 1) - place(index),
        chord: roman.coloured(key, style.harmony.colour),
        roman: roman.to_string(),
    };
    numerals.iter().take(count).enumerate().map(at).collect()
}

/// How every phrase of four bars ends.
pub(super) fn cadences(
    chords: &[PlannedChord],
    key: Key,
    meter: TimeSignature,
    sections: &[PlannedSection],
) -> Vec<Cadence> {
    let mut found = Vec::new();
    for section in sections {
        let ends = (1..=section.bars).filter(|bar| bar % 4 == 0 || *bar == section.bars);
        for bar in ends.map(|bar| section.start_bar + bar - 1) {
            let line = meter.bar() * u64::from(bar + 1);
            let after = chords.partition_point(|chord| chord.start < line);
            let last = after.checked_sub(1).and_then(|index| chords.get(index));
            let before = after.checked_sub(2).and_then(|index| chords.get(index));
            if let Some(last) = last {
                found.push(Cadence { bar, kind: kind_of(before, last, key) });
            }
        }
    }
    found
}

fn kind_of(before: Option<&PlannedChord>, last: &PlannedChord, key: Key) -> CadenceKind {
    let degree = |chord: &PlannedChord| chord.chord.root.class().from_class(key.tonic.class());
    match (before.map(degree), degree(last)) {
        (Some(7), 0) => CadenceKind::Authentic,
        (Some(5), 0) => CadenceKind::Plagal,
        (Some(7), 7) | (_, 7) => CadenceKind::Half,
        (Some(7), _) => CadenceKind::Deceptive,
        _ => CadenceKind::Open,
    }
}
