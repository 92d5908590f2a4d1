//! The performance: swing, push and pull, timing that drifts as players do, accents and phrasing.

use score::{Note, Pitch, Role, Ticks, Velocity};

use super::draft::{Draft, without_overlap};
use super::scene::Scene;
use crate::style::SwingUnit;

/// How much of the last deviation stays in the next: drift, not noise.
const MEMORY: f64 = 0.82;
/// Share of the drift that is each note's own.
const OWN: f64 = 0.35;
/// The longest a performed note may stray, in milliseconds.
const FARTHEST_MS: f64 = 32.0;
/// The shortest performed note.
const SHORTEST: Ticks = Ticks(40);
/// Tempo from which swing straightens, and the tempo where it is half gone.
const SWING_FULL_UNTIL: f64 = 150.0;
const SWING_HALF_AT: f64 = 280.0;

/// The notes as they are played.
pub(super) fn perform(scene: &Scene<'_>, drafts: Vec<Draft>) -> Vec<Note> {
    let drafts = without_overlap(drafts);
    let groove = &scene.style.groove;
    let swing = swing_share(scene);
    let push = groove.push.get(&scene.part.role).copied().unwrap_or(0.0);
    let mut drift = Drift::new(groove.drift * scene.plan.looseness);
    let mut touch = Drift::new(groove.touch * scene.plan.looseness.min(1.2));
    let mut chance = scene.seed.child("performance").stream("notes");
    let mut notes: Vec<Note> = Vec::with_capacity(drafts.len());
    let mut moment = None;
    let mut rank = 0.0;
    for draft in &drafts {
        if moment != Some(draft.start) {
            moment = Some(draft.start);
            drift.next(chance.normal());
            touch.next(chance.normal());
            rank = 0.0;
        }
        let own = chance.normal() * drift.deviation * OWN;
        let late = push + drift.value + own + late_drum(scene, draft.pitch) + strum(scene, rank);
        rank += 1.0;
        let start = placed(scene, swung(draft.start, swing, scene), late);
        let end = placed(scene, swung(draft.end(), swing, scene), push + drift.value);
        let struck = draft.loudness + loudness(scene, draft) + touch.value + chance.normal() * 1.5;
        notes.push(Note {
            start,
            length: end.before(start).max(SHORTEST),
            pitch: draft.pitch,
            velocity: Velocity::clamped(struck.clamp(12.0, 124.0)),
        });
    }
    closed(notes, scene.plan.end)
}

/// A wandering value with a given deviation: each step keeps most of the last (AR(1)).
struct Drift {
    deviation: f64,
    value: f64,
}

impl Drift {
    fn new(deviation: f64) -> Self {
        Self { deviation, value: 0.0 }
    }

    fn next(&mut self, normal: f64) {
        let fresh = libm::sqrt(1.0 - MEMORY * MEMORY) * self.deviation;
        self.value = MEMORY * self.value + fresh * normal;
    }
}

/// Where the second of a swung pair falls, as a share of the pair. Fast music swings less.
fn swing_share(scene: &Scene<'_>) -> f64 {
    let written = scene.style.groove.swing / 100.0;
    if scene.style.groove.unit == SwingUnit::Sixteenth {
        return written;
    }
    let bpm = scene.plan.tempo.at(Ticks::ZERO).bpm();
    let over = ((bpm - SWING_FULL_UNTIL) / (SWING_HALF_AT - SWING_FULL_UNTIL)).clamp(0.0, 1.0);
    0.5 + (written - 0.5) * (1.0 - 0.5 * over)
}

/// A position on the straight grid as swing has it. Compound and odd pulses are not swung: they
/// have their own lilt.
fn swung(at: Ticks, share: f64, scene: &Scene<'_>) -> Ticks {
    let meter = scene.plan.meter;
    if share <= 0.5 || meter.denominator() == 8 {
        return at;
    }
    let pair = match scene.style.groove.unit {
        SwingUnit::Eighth => 960,
        SwingUnit::Sixteenth => 480,
    };
    let place = (at.0 % pair) as f64 / pair as f64;
    let moved = if place <= 0.5 {
        place * share / 0.5
    } else {
        share + (place - 0.5) * (1.0 - share) / 0.5
    };
    Ticks(at.0 - at.0 % pair + (moved * pair as f64).round() as u64)
}

/// A position moved by milliseconds at the tempo that holds there.
fn placed(scene: &Scene<'_>, at: Ticks, late_ms: f64) -> Ticks {
    let micros = f64::from(scene.plan.tempo.at(at).micros());
    let late = late_ms.clamp(-FARTHEST_MS, FARTHEST_MS) * 1000.0;
    at.shifted((late / micros * score::PPQ as f64).round() as i64)
}

fn late_drum(scene: &Scene<'_>, pitch: Pitch) -> f64 {
    let snare = matches!(pitch.number(), 37..=40);
    if scene.part.role == Role::Drums && snare { scene.style.groove.late_snare } else { 0.0 }
}

/// Guitars and harps are strummed from low to high, a hand on keys nearly together.
fn strum(scene: &Scene<'_>, rank: f64) -> f64 {
    if scene.part.role != Role::Chords {
        return 0.0;
    }
    match scene.part.sound.program.number() {
        24..=31 | 46 => rank * 5.0,
        _ => rank * 1.2,
    }
}

/// What place in the bar, the phrase and the song adds to the written loudness.
fn loudness(scene: &Scene<'_>, draft: &Draft) -> f64 {
    let plan = scene.plan;
    let bar = draft.start.0 / plan.meter.bar().0;
    let within = Ticks(draft.start.0 % plan.meter.bar().0);
    let drums = matches!(scene.part.role, Role::Drums | Role::Percussion);
    let metric = match plan.meter.accent(within) {
        3 => 5.0,
        2 => 3.0,
        1 => 0.0,
        _ if drums => -7.0,
        _ => -4.0,
    };
    let phrase = (bar % 4) as f64 + within.quarters() / plan.meter.bar().quarters();
    let place = phrase / 4.0;
    let arch = (4.0 * place * (1.0 - place) - 0.6) * if drums { 3.0 } else { 8.0 };
    let energy = plan
        .sections
        .iter()
        .rev()
        .find(|section| u64::from(section.start_bar) <= bar)
        .map_or(0.5, |section| section.energy);
    metric + arch + (energy - 0.6) * 26.0
}

/// Notes that stay within the song and leave each other's keys free.
fn closed(mut notes: Vec<Note>, end: Ticks) -> Vec<Note> {
    notes.retain(|note| note.start + SHORTEST < end);
    notes.sort_by_key(|note| (note.pitch, note.start));
    notes.dedup_by(|later, earlier| later.pitch == earlier.pitch && later.start == earlier.start);
    for index in 0..notes.len() {
        let next = notes.get(index + 1).filter(|next| next.pitch == notes[index].pitch);
        let until = next.map_or(end, |next| next.start).min(end);
        let note = &mut notes[index];
        note.length = note.length.min(until - note.start).max(Ticks(1));
    }
    notes.sort_by_key(|note| (note.start, note.pitch));
    notes
}
