use clock::Chance;
use score::{Chord, Pitch, PitchClass, Ticks};

use super::draft::Draft;
use super::scene::{Bar, Scene, choose};
use crate::style::{Playing, Step};

/// The bass line: by patterns, walking, or one long note a chord.
pub(super) fn bass(scene: &Scene<'_>) -> Vec<Draft> {
    let mut line = Line { scene, near: home(scene), notes: Vec::new() };
    for bar in scene.bars() {
        if scene.is_last(&bar) {
            line.last_note(&bar);
            continue;
        }
        match scene.table().playing {
            Playing::Walking if bar.section.energy >= 0.35 => line.walk(&bar),
            Playing::Walking => line.two(&bar),
            Playing::Sustained => line.sustain(&bar),
            Playing::Pattern => line.pattern(&bar),
        }
    }
    line.notes
}

/// Where the line likes to be: a little above the bottom of its range.
fn home(scene: &Scene<'_>) -> Pitch {
    let [low, high] = scene.part.range;
    Pitch::clamped(i32::from(low) + (i32::from(high) - i32::from(low)) / 4)
}

struct Line<'s, 'a> {
    scene: &'s Scene<'a>,
    /// The last root played.
    near: Pitch,
    notes: Vec<Draft>,
}

impl Line<'_, '_> {
    fn chord_at(&self, at: Ticks) -> Chord {
        self.scene.plan.chord_at(at).chord
    }

    /// The key of a class in range, nearest to home so that the line does not wander off.
    fn root(&self, class: PitchClass) -> Pitch {
        let [low, high] = self.scene.part.range;
        let home = home(self.scene);
        let places = (low..=high).filter_map(Pitch::new).filter(|key| key.class() == class);
        let far = |key: &Pitch| {
            key.number().abs_diff(self.near.number()) + key.number().abs_diff(home.number()) * 2
        };
        places.min_by_key(far).unwrap_or(home)
    }

    fn in_range(&self, semitones: i32) -> Pitch {
        let [low, high] = self.scene.part.range;
        let mut key = semitones;
        while key > i32::from(high) {
            key -= 12;
        }
        while key < i32::from(low) {
            key += 12;
        }
        Pitch::clamped(key)
    }

    fn push(&mut self, start: Ticks, length: Ticks, pitch: Pitch, loudness: f64) {
        self.notes.push(Draft { start, length, pitch, loudness });
    }

    fn pattern(&mut self, bar: &Bar<'_>) {
        let scene = self.scene;
        let kind = format!("{:?}", bar.section.kind);
        let mut choice = scene.seed.child("pattern").stream(&kind);
        let Some(pattern) = choose(&scene.table().patterns, bar.section, &mut choice) else {
            return self.sustain(bar);
        };
        let mut chance = scene.seed.child("approach").stream(&bar.index.to_string());
        for step in pattern.steps.bar(bar.within as usize, scene.plan.meter) {
            let at = bar.start + step.at;
            let chord = self.chord_at(at);
            let root = self.root(chord.bass_class());
            let pitch = self.voice(step, root, chord, bar, &mut chance);
            let loudness = if step.symbol == b'r' { 66.0 } else { 92.0 };
            // A held note ends where the harmony leaves it.
            let until = scene.plan.chord_at(at);
            let length = step.length.min(until.start + until.length - at);
            self.push(at, length, pitch, loudness);
            self.near = root;
        }
    }

    fn voice(
        &self,
        step: Step,
        root: Pitch,
        chord: Chord,
        bar: &Bar<'_>,
        chance: &mut Chance,
    ) -> Pitch {
        let interval = |degree: usize, missing: i32| {
            chord.quality.intervals().get(degree).map_or(missing, |step| i32::from(*step))
        };
        match step.symbol {
            b'3' => self.in_range(root.semitones() + interval(1, 7)),
            b'5' if chord.quality.intervals().len() == 2 => self.in_range(root.semitones() + 7),
            b'5' => self.in_range(root.semitones() + interval(2, 7)),
            b'7' => self.in_range(root.semitones() + interval(3, 12)),
            b'8' => self.in_range(root.semitones() + 12),
            b'a' => {
                let next = self.chord_at(bar.start + self.scene.bar_length());
                self.approach(self.root(next.bass_class()), chance)
            }
            _ => root,
        }
    }

    /// A step away from where the line goes next: of the scale, or a semitone below.
    fn approach(&self, target: Pitch, chance: &mut Chance) -> Pitch {
        let key = self.scene.plan.key;
        let [low, high] = self.scene.part.range;
        let reached = |step: &i32| {
            let pitch = target.moved(*step)?;
            let fits = key.contains(pitch.class()) && (low..=high).contains(&pitch.number());
            fits.then_some(pitch)
        };
        let below = [-1, -2].iter().find_map(reached);
        let above = [1, 2].iter().find_map(reached);
        let (first, second) = if chance.below(3) == 0 { (above, below) } else { (below, above) };
        first.or(second).unwrap_or(target)
    }

    fn sustain(&mut self, bar: &Bar<'_>) {
        let scene = self.scene;
        let end = bar.start + scene.bar_length();
        let mut at = bar.start;
        while at < end {
            let span = scene.plan.chord_at(at);
            let until = (span.start + span.length).min(end);
            let pitch = self.root(span.chord.bass_class());
            self.push(at, until - at, pitch, 84.0);
            self.near = pitch;
            at = until;
        }
    }

    /// Two notes a bar: root and fifth, or the roots of both chords.
    fn two(&mut self, bar: &Bar<'_>) {
        let pulses = self.scene.plan.meter.pulses();
        let half = pulses[pulses.len().div_ceil(2) % pulses.len()].at;
        let end = self.scene.bar_length();
        let halves = if half == Ticks::ZERO {
            vec![(Ticks::ZERO, end)]
        } else {
            vec![(Ticks::ZERO, half), (half, end - half)]
        };
        for (at, length) in halves {
            let span = self.scene.plan.chord_at(bar.start + at);
            let root = self.root(span.chord.bass_class());
            let fresh = span.start == bar.start + at || at == Ticks::ZERO;
            let pitch = if fresh { root } else { self.in_range(root.semitones() - 5) };
            self.push(bar.start + at, length, pitch, 84.0);
            self.near = root;
        }
    }

    /// A note a pulse: the root where the chord changes, an approach before it changes, and
    /// between them the shortest way through chord and scale.
    fn walk(&mut self, bar: &Bar<'_>) {
        let scene = self.scene;
        let mut chance = scene.seed.child("walk").stream(&bar.index.to_string());
        for pulse in scene.plan.meter.pulses() {
            let at = bar.start + pulse.at;
            let span = scene.plan.chord_at(at);
            let next_at = at + pulse.length;
            let next = scene.plan.chord_at(next_at);
            let last = self.notes.last().map_or(self.near, |note| note.pitch);
            let pitch = if span.start == at {
                self.near_root(span.chord.bass_class(), last)
            } else if next.start == next_at {
                let target = self.near_root(next.chord.bass_class(), last);
                let lowest = i32::from(scene.part.range[0]);
                let step = [-1, 1, -2, 2][chance.below(4)];
                let under = target.semitones() + step < lowest;
                self.in_range(target.semitones() + if under { -step } else { step })
            } else {
                self.passing(span.chord, last, &mut chance)
            };
            self.push(at, pulse.length, pitch, 88.0);
            self.near = pitch;
        }
    }

    fn near_root(&self, class: PitchClass, last: Pitch) -> Pitch {
        let [low, high] = self.scene.part.range;
        let home = home(self.scene);
        let places = (low..=high).filter_map(Pitch::new).filter(|key| key.class() == class);
        let far = |key: &Pitch| {
            key.number().abs_diff(last.number()) * 2 + key.number().abs_diff(home.number())
        };
        places.min_by_key(far).unwrap_or(home)
    }

    /// A chord tone within a fourth, or a step of the scale, other than the last note.
    fn passing(&self, chord: Chord, last: Pitch, chance: &mut Chance) -> Pitch {
        let [low, high] = self.scene.part.range;
        let near: Vec<Pitch> = (-5..=5)
            .filter(|step| *step != 0)
            .filter_map(|step| last.moved(step))
            .filter(|key| (low..=high).contains(&key.number()))
            .filter(|key| {
                let step = key.number().abs_diff(last.number()) <= 2;
                chord.contains(key.class()) || (step && self.scene.plan.key.contains(key.class()))
            })
            .collect();
        chance.pick(&near).copied().unwrap_or(last)
    }

    fn last_note(&mut self, bar: &Bar<'_>) {
        let chord = self.chord_at(bar.start);
        let pitch = self.root(chord.bass_class());
        self.push(bar.start, self.scene.bar_length(), pitch, 88.0);
    }
}
