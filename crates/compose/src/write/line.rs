//! The cheapest melodic line through given rhythm and harmony: a search over all pitches at once,
//! so that leaps resolve, strong beats hold chord tones and motifs keep their shape.

use clock::Chance;
use score::{Chord, Key, Mode, Pitch};

/// A note to be found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) chord: Chord,
    /// How much it wants a chord tone: what another note costs.
    pub(super) firm: f64,
    /// Where the contour would have it, in semitones.
    pub(super) height: f64,
    /// Scale steps from the note before, when a motif wants its shape kept.
    pub(super) wish: Option<i32>,
    pub(super) stop: Stop,
}

/// Whether a note ends something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    None,
    /// The end of a phrase that goes on: a chord tone, rather not the tonic.
    Open,
    /// The end of a period: the tonic or another note of its chord.
    Home,
}

/// Where and how a line may go.
pub(super) struct Bounds {
    pub(super) key: Key,
    pub(super) scale: Mode,
    pub(super) low: u8,
    pub(super) high: u8,
    /// How willing it is to leap, 0 to 1.
    pub(super) leap: f64,
    /// Whether ninths and thirteenths may stand on strong beats.
    pub(super) tensions: bool,
}

const FORBIDDEN: f64 = 1e6;

impl Bounds {
    /// Keys to choose from: the scale, and chord tones outside it that `slots` bring.
    fn keys(&self, slots: &[Slot]) -> Vec<Pitch> {
        let scale = Key::new(self.key.tonic, self.scale);
        (self.low..=self.high)
            .filter_map(Pitch::new)
            .filter(|key| {
                let class = key.class();
                let chromatic = || slots.iter().any(|slot| slot.chord.contains(class));
                scale.contains(class) || chromatic()
            })
            .collect()
    }

    /// The place of a key on the scale, counted in steps.
    pub(super) fn step_of(&self, pitch: Pitch) -> i32 {
        let steps = self.scale.steps();
        let above = pitch.semitones() - i32::from(self.key.tonic.class().number());
        let (octave, within) = (above.div_euclid(12), above.rem_euclid(12));
        let index = steps.iter().filter(|step| i32::from(**step) <= within).count() as i32;
        octave * steps.len() as i32 + index
    }
}

/// The pitches of `slots` after the notes in `before` (the last one last), cheapest first of all
/// lines. `chance` adds a taste of its own so that seeds differ.
pub(super) fn cheapest(
    slots: &[Slot],
    before: &[Pitch],
    bounds: &Bounds,
    chance: &mut Chance,
) -> Vec<Pitch> {
    let keys = bounds.keys(slots);
    if slots.is_empty() || keys.is_empty() {
        return Vec::new();
    }
    let search = Search { slots, bounds, keys: &keys, before };
    let mut tables: Vec<Vec<f64>> = Vec::with_capacity(slots.len());
    let mut froms: Vec<Vec<usize>> = Vec::with_capacity(slots.len());
    for (index, slot) in slots.iter().enumerate() {
        let taste: Vec<f64> = keys.iter().map(|_| chance.unit() * 1.6).collect();
        let own: Vec<f64> =
            keys.iter().zip(&taste).map(|(key, taste)| search.note(slot, *key) + taste).collect();
        let (table, from) = search.extend(index, &own, tables.last());
        tables.push(table);
        froms.push(from);
    }
    search.trace(&tables, &froms)
}

struct Search<'s> {
    slots: &'s [Slot],
    bounds: &'s Bounds,
    keys: &'s [Pitch],
    before: &'s [Pitch],
}

impl Search<'_> {
    /// The cost of the best line to each pair of last two keys, and the key before the pair.
    fn extend(&self, index: usize, own: &[f64], last: Option<&Vec<f64>>) -> (Vec<f64>, Vec<usize>) {
        let n = self.keys.len();
        let mut table = vec![f64::INFINITY; n * n];
        let mut from = vec![0; n * n];
        for (at, key) in self.keys.iter().enumerate() {
            match last {
                // The first note: the pair is closed by whatever came before the line.
                None => {
                    let step = self.before.last().map_or(0.0, |prev| {
                        let older = self.before.len().checked_sub(2).map(|i| self.before[i]);
                        self.step(index, None, *prev, *key) + turn(older, *prev, *key)
                    });
                    table[at] = own[at] + step;
                }
                Some(last) if index == 1 => {
                    for (prev, prev_key) in self.keys.iter().enumerate() {
                        let turn = turn(self.before.last().copied(), *prev_key, *key);
                        let step = self.step(index, Some(index - 1), *prev_key, *key);
                        table[prev * n + at] = last[prev] + own[at] + step + turn;
                    }
                }
                Some(last) => self.third(index, at, own[at], last, &mut table, &mut from),
            }
        }
        (table, from)
    }

    fn third(
        &self,
        index: usize,
        at: usize,
        own: f64,
        last: &[f64],
        table: &mut [f64],
        from: &mut [usize],
    ) {
        let n = self.keys.len();
        for (prev, prev_key) in self.keys.iter().enumerate() {
            let step = self.step(index, Some(index - 1), *prev_key, self.keys[at]);
            for (older, older_key) in self.keys.iter().enumerate() {
                let turn = turn(Some(*older_key), *prev_key, self.keys[at]);
                let cost = last[older * n + prev] + own + step + turn;
                if cost < table[prev * n + at] {
                    table[prev * n + at] = cost;
                    from[prev * n + at] = older;
                }
            }
        }
    }

    fn trace(&self, tables: &[Vec<f64>], froms: &[Vec<usize>]) -> Vec<Pitch> {
        let n = self.keys.len();
        let Some(last) = tables.last() else { return Vec::new() };
        let best =
            last.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(index, _)| index);
        if tables.len() == 1 {
            return vec![self.keys[best % n]];
        }
        let (mut prev, mut at) = (best / n, best % n);
        let mut line = Vec::with_capacity(tables.len());
        for from in froms.iter().rev() {
            line.push(self.keys[at]);
            let older = from[prev * n + at];
            (at, prev) = (prev, older);
            if line.len() + 1 == tables.len() {
                line.push(self.keys[at]);
                break;
            }
        }
        line.reverse();
        line
    }

    /// What it costs to have this key here.
    fn note(&self, slot: &Slot, key: Pitch) -> f64 {
        let class = key.class();
        let away = (key.semitones() as f64 - slot.height).abs();
        let mut cost = 0.2 * away + if away > 7.0 { 0.4 * (away - 7.0) } else { 0.0 };
        let in_chord = slot.chord.contains(class);
        let in_scale = Key::new(self.bounds.key.tonic, self.bounds.scale).contains(class);
        if !in_chord {
            let above = class.from_class(slot.chord.root.class());
            let tension = self.bounds.tensions && matches!(above, 2 | 9);
            // A semitone above a chord tone is the note to avoid.
            let avoid = slot.chord.contains(class.above(-1));
            let mild = if tension { 0.45 } else { 1.0 };
            cost += slot.firm * if avoid { 1.8 } else { mild };
        } else if !in_scale {
            cost += 1.2;
        }
        // Beside a raised leading note the scale's own would be a false relation.
        let raised = |by: i32| {
            let beside = class.above(by);
            slot.chord.contains(beside) && !self.bounds.key.contains(beside)
        };
        if !in_chord && (raised(1) || raised(-1)) {
            cost += 5.0;
        }
        cost + self.ending(slot, key, in_chord)
    }

    fn ending(&self, slot: &Slot, key: Pitch, in_chord: bool) -> f64 {
        let home = key.class().from_class(self.bounds.key.tonic.class());
        match slot.stop {
            Stop::None => 0.0,
            _ if !in_chord => 20.0,
            Stop::Home if home == 0 => 0.0,
            Stop::Home => 2.5,
            Stop::Open if home == 0 => 2.5,
            Stop::Open => 0.0,
        }
    }

    /// What it costs to go from one key to the next.
    fn step(&self, index: usize, last: Option<usize>, from: Pitch, to: Pitch) -> f64 {
        let slot = &self.slots[index];
        let size = i32::from(from.number().abs_diff(to.number()));
        let dear = 1.4 - self.bounds.leap;
        let mut cost = match size {
            0 => 1.5,
            1 | 2 => 0.15,
            3 | 4 => 1.3 * dear,
            5 => 2.3 * dear,
            7 => 3.0 * dear,
            12 => 6.0 * dear,
            6 => 7.0,
            8 | 9 => 7.0 * dear,
            _ => 14.0,
        };
        let foreign = |slot: &Slot, key: Pitch| !slot.chord.contains(key.class());
        // A third within the chord is as natural as a step.
        if matches!(size, 3 | 4) && !foreign(slot, from) && !foreign(slot, to) {
            cost *= 0.5;
        }
        // Passing and neighbour notes come and go by step.
        if size > 2 && foreign(slot, to) {
            cost += 4.0;
        }
        if size > 2 && last.is_some_and(|last| foreign(&self.slots[last], from)) {
            cost += 5.0;
        }
        if let Some(wish) = slot.wish {
            let steps = self.bounds.step_of(to) - self.bounds.step_of(from);
            cost += 1.5 * f64::from((steps - wish).abs().min(5));
        }
        cost
    }
}

/// After a leap the line turns and steps; it neither leaps on nor repeats one note for long.
fn turn(older: Option<Pitch>, from: Pitch, to: Pitch) -> f64 {
    let Some(older) = older else { return 0.0 };
    let first = from.semitones() - older.semitones();
    let second = to.semitones() - from.semitones();
    if first == 0 && second == 0 {
        return 2.5;
    }
    if first.abs() < 5 {
        // Going to and fro between two notes is no tune.
        return if first != 0 && first == -second { 0.5 } else { 0.0 };
    }
    match (first.signum() == second.signum(), second.abs()) {
        (_, 0) => 0.6,
        (true, 1..=2) => 1.2,
        (true, _) => FORBIDDEN.min(6.0),
        (false, 1..=2) => -0.4,
        (false, 3..=4) => 0.8,
        (false, _) => 4.0,
    }
}

#[cfg(test)]
mod tests {
    use clock::Seed;
    use score::{Chord, Mode};

    use super::{Bounds, Slot, Stop, cheapest};

    #[test]
    fn a_line_is_found_that_steps_and_comes_home() {
        let key = "C".parse().unwrap();
        let bounds =
            Bounds { key, scale: Mode::Major, low: 60, high: 79, leap: 0.2, tensions: false };
        for seed in 0..50 {
            let chords = ["C", "C", "F", "F", "G", "G", "C", "C"];
            let slots: Vec<Slot> = chords
                .iter()
                .enumerate()
                .map(|(index, symbol)| Slot {
                    chord: Chord::parse(symbol).unwrap(),
                    firm: if index % 2 == 0 { 6.0 } else { 0.5 },
                    height: 69.0,
                    wish: None,
                    stop: if index == 7 { Stop::Home } else { Stop::None },
                })
                .collect();
            let line = cheapest(&slots, &[], &bounds, &mut Seed(seed).stream("line"));
            assert_eq!(line.len(), 8);
            assert_eq!(line[7].class().number(), 0);
            for (slot, pitch) in slots.iter().zip(&line).filter(|(slot, _)| slot.firm > 1.0) {
                assert!(slot.chord.contains(pitch.class()), "{seed}: {line:?}");
            }
            for pair in line.windows(2) {
                assert!(pair[0].number().abs_diff(pair[1].number()) <= 9, "{seed}: {line:?}");
            }
        }
    }
}
