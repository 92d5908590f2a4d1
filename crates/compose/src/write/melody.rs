use std::collections::BTreeMap;

use score::{Mode, Pitch, Ticks};

use super::draft::Draft;
use super::line::{Bounds, Slot, Stop, cheapest};
use super::scene::Scene;
use super::theme::{Develop, Theme, UNIT, Unit, firmness};
use crate::plan::PlannedSection;
use crate::style::Step;

/// Semitones the contour swings about the middle.
const SWING: f64 = 5.0;
/// Semitones the last chorus lies above the others.
const LIFT: f64 = 5.0;
/// Where the contour's middle lies in the range, so that the last chorus has room above.
const MIDDLE: f64 = 0.42;

/// The tune: every kind of section has its theme, which returns varied.
pub(super) fn melody(scene: &Scene<'_>) -> Vec<Draft> {
    let mut tune =
        Tune { scene, bounds: bounds(scene), shapes: BTreeMap::new(), notes: Vec::new() };
    for (index, section) in scene.plan.sections.iter().enumerate() {
        if scene.plays(index) && has_the_tune(scene, index) {
            tune.section(section, index);
        }
    }
    tune.notes
}

/// Where several could play the tune they take turns, section by section.
fn has_the_tune(scene: &Scene<'_>, section: usize) -> bool {
    let singers: Vec<usize> = scene
        .plan
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.role == score::Role::Melody)
        .filter(|(_, part)| part.active.get(section).copied().unwrap_or(false))
        .map(|(index, _)| index)
        .collect();
    let turn = scene.plan.sections[section].occurrence as usize;
    singers.get(turn % singers.len().max(1)) == Some(&scene.index)
}

/// The scale and range the tune keeps to.
pub(super) fn bounds(scene: &Scene<'_>) -> Bounds {
    let key = scene.plan.key;
    let table = &scene.style.melody;
    let own = if key.mode.is_minor() { table.minor_scale } else { table.major_scale };
    let fits = |scale: &Mode| scale.steps().iter().all(|s| key.mode.steps().contains(s) || *s == 6);
    Bounds {
        key,
        scale: own.filter(fits).unwrap_or(key.mode),
        low: scene.part.range[0],
        high: scene.part.range[1],
        leap: table.leap,
        tensions: scene.style.harmony.colour >= score::Colour::Sevenths,
    }
}

struct Tune<'s, 'a> {
    scene: &'s Scene<'a>,
    bounds: Bounds,
    /// Steps between the notes of motifs, by theme and motif, from their first statement.
    shapes: BTreeMap<(String, usize), Vec<i32>>,
    notes: Vec<Draft>,
}

impl Tune<'_, '_> {
    fn section(&mut self, section: &PlannedSection, section_index: usize) {
        let scene = self.scene;
        let meter = scene.plan.meter;
        // All parts sing one theme, so it is drawn from the song and not from the part.
        let theme = Theme::of(&scene.style.melody, section, scene.seed.child("song"));
        let units = theme.units(section.bars);
        let count = units.len();
        let final_section = section_index + 1 == scene.plan.sections.len();
        for (index, unit) in units.iter().enumerate() {
            let first = index as u32 * UNIT;
            let mut steps = theme.rhythm(*unit, index, meter);
            let start = meter.bar() * u64::from(section.start_bar + first);
            let end = meter.bar() * u64::from(section.start_bar + section.bars);
            // Nothing new is sung in the last bar of the song but its first note.
            let stop = if final_section { end - meter.bar() } else { end };
            steps.retain(|step| start + step.at < stop);
            if final_section && index + 1 == count {
                steps.push(Step { at: stop - start, length: meter.bar(), symbol: b'x' });
            }
            self.unit(&theme, section, *unit, (index, count), &steps, start);
        }
    }

    fn unit(
        &mut self,
        theme: &Theme<'_>,
        section: &PlannedSection,
        unit: Unit,
        (index, count): (usize, usize),
        steps: &[Step],
        start: Ticks,
    ) {
        let scene = self.scene;
        // A section that comes back sings its second and last units anew.
        let again = section.occurrence > 0 || (index >= 4 && !theme.lively);
        let varied = again && index % 2 == 1;
        let variant = if varied { section.occurrence * 8 + index as u32 / 4 } else { 0 };
        let mut chance = theme.taste(index, variant);
        let steps = if varied { ornamented(steps, &mut chance) } else { steps.to_vec() };
        let period = if theme.lively { index / 4 } else { 0 };
        let label = (format!("{}/{period}", super::theme::label(section)), unit.motif);
        let shape = self.shapes.get(&label).cloned();
        let mut slots = Vec::with_capacity(steps.len());
        for (number, step) in steps.iter().enumerate() {
            slots.push(Slot {
                chord: scene.plan.chord_at(start + step.at).chord,
                firm: firmness(step, scene.plan.meter),
                height: self.height(theme, section, unit, (index, count), step),
                wish: number
                    .checked_sub(1)
                    .and_then(|n| shape.as_ref().and_then(|shape| wished(shape, unit, n))),
                stop: Stop::None,
            });
        }
        let closes = unit.develop == Develop::Close || index + 1 == count;
        if let Some(last) = slots.last_mut().filter(|_| closes) {
            last.stop = if index % 4 == 3 || index + 1 == count { Stop::Home } else { Stop::Open };
            last.firm = 8.0;
        }
        let recent: Vec<Pitch> = self.notes.iter().rev().take(2).rev().map(|n| n.pitch).collect();
        let pitches = cheapest(&slots, &recent, &self.bounds, &mut chance);
        if unit.develop == Develop::State {
            let bounds = &self.bounds;
            let steps = |pair: &[Pitch]| bounds.step_of(pair[1]) - bounds.step_of(pair[0]);
            self.shapes.entry(label).or_insert_with(|| pitches.windows(2).map(steps).collect());
        }
        self.sing(section, &steps, &pitches, start);
    }

    /// Where the contour has the line at a step, in semitones.
    fn height(
        &self,
        theme: &Theme<'_>,
        section: &PlannedSection,
        unit: Unit,
        (index, count): (usize, usize),
        step: &Step,
    ) -> f64 {
        let unit_length = self.scene.bar_length() * u64::from(UNIT);
        let period = count.min(4) as f64;
        let place = ((index % 4) as f64 + step.at.quarters() / unit_length.quarters()) / period;
        let (low, high) = (f64::from(self.bounds.low), f64::from(self.bounds.high));
        let room = (high - low) / 2.0;
        let middle = low + (high - low) * MIDDLE;
        let energetic = (section.energy - 0.5) * 5.0;
        let lift = if section.last && section.energy >= 0.6 { LIFT } else { 0.0 };
        let swing = if theme.lively { SWING * 1.5 } else { SWING };
        let sequence = if let Develop::Sequence(steps) = unit.develop { steps } else { 0 };
        let wanted = theme.contour.at(place.min(1.0)) * swing.min(room * 0.7)
            + energetic
            + lift
            + f64::from(self.scene.plan.height) * 1.4
            + f64::from(sequence) * 1.8;
        (middle + wanted).clamp(low + 2.0, high - 2.0)
    }

    /// As much of a note as the harmony allows: it ends where a chord begins that lacks it.
    fn consonant(&self, start: Ticks, length: Ticks, pitch: Pitch) -> Ticks {
        let plan = self.scene.plan;
        let mut span = plan.chord_at(start);
        let mut until = span.start + span.length;
        while until < start + length {
            span = plan.chord_at(until);
            // Beyond the end there is no next chord.
            if span.start < until || !span.chord.contains(pitch.class()) {
                return until - start;
            }
            until = span.start + span.length;
        }
        length
    }

    fn sing(&mut self, section: &PlannedSection, steps: &[Step], pitches: &[Pitch], start: Ticks) {
        let legato = self.scene.style.melody.legato;
        for (step, pitch) in steps.iter().zip(pitches) {
            let length = self.consonant(start + step.at, step.length, *pitch);
            let held = (length.0 as f64 * legato).round() as u64;
            let long = if step.length >= Ticks::QUARTER { 4.0 } else { 0.0 };
            self.notes.push(Draft {
                start: start + step.at,
                length: Ticks(held.max(60)),
                pitch: *pitch,
                loudness: 84.0 + 10.0 * section.energy + long,
            });
        }
    }
}

/// The steps a developed motif wishes for its nth interval.
fn wished(shape: &[i32], unit: Unit, n: usize) -> Option<i32> {
    let own = shape.get(n).copied();
    match unit.develop {
        Develop::Invert => own.map(|steps| -steps),
        Develop::State | Develop::Sequence(_) | Develop::Augment => own,
        // What is fragmented or closed keeps its head only.
        Develop::Fragment | Develop::Close => own.filter(|_| n < shape.len() / 2),
    }
}

/// A varied return: a long note is broken in two, or the first note comes late.
fn ornamented(steps: &[Step], chance: &mut clock::Chance) -> Vec<Step> {
    let mut varied = Vec::with_capacity(steps.len() + 2);
    for (index, step) in steps.iter().enumerate() {
        let last = index + 1 == steps.len();
        let whole = step.length >= Ticks::QUARTER && step.length.0.is_multiple_of(480);
        if whole && !last && chance.happens(0.4) {
            let half = Ticks(step.length.0 / 2);
            varied.push(Step { length: half, ..*step });
            varied.push(Step { at: step.at + half, length: half, ..*step });
        } else {
            varied.push(*step);
        }
    }
    varied
}
