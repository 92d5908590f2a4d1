use std::collections::BTreeMap;

use clock::Chance;
use score::{Pitch, SectionKind, Ticks, drum};

use super::draft::Draft;
use super::scene::{Bar, Scene, choose};
use crate::brief::Feel;
use crate::style::{DrumPattern, Drums, Pattern, Step};

/// Hits a person can make at once: two hands and two feet.
const HANDS: usize = 2;
/// Hits of a drum machine at once, so that its mix stays clear.
const MACHINE: usize = 4;
/// Sections below this energy open without a cymbal.
const CRASH_FROM: f64 = 0.5;
/// Sections below this energy have no fills.
const FILL_FROM: f64 = 0.3;

/// The drum kit.
pub(super) fn drums(scene: &Scene<'_>) -> Vec<Draft> {
    let Some(kit) = &scene.style.drums else { return percussion(scene) };
    let mut hits = Vec::new();
    for bar in scene.bars() {
        if scene.is_last(&bar) {
            hits.extend(last_hit(kit, &bar));
            continue;
        }
        hits.extend(bar_of(scene, kit, &bar));
    }
    let limit = if scene.part.sound.patch.is_some() { Limit::Machine } else { Limit::Person };
    let mut hits = limited(hits, limit);
    choke(&mut hits);
    hits
}

/// A groove bar with what joins it to the next: a fill, a cymbal.
fn bar_of(scene: &Scene<'_>, kit: &Drums, bar: &Bar<'_>) -> Vec<Draft> {
    let kind = format!("{:?}", bar.section.kind);
    let mut choice = scene.seed.child("groove").stream(&kind);
    let Some(groove) = choose(&kit.patterns, bar.section, &mut choice) else { return Vec::new() };
    let mut chance = scene.seed.child("hits").stream(&bar.index.to_string());
    let mut hits = lines(scene, groove, bar, bar.within as usize, &mut chance);
    if let Some((fill, from)) = fill_of(scene, kit, bar) {
        hits.retain(|hit| hit.start < bar.start + from);
        let mut filled = lines(scene, fill, bar, 0, &mut chance);
        filled.retain(|hit| hit.start >= bar.start + from);
        hits.extend(filled);
    }
    let opens = bar.within == 0 && bar.section.energy >= CRASH_FROM;
    let phrase = bar.within > 0 && bar.within.is_multiple_of(8) && bar.section.energy >= 0.8;
    if let Some(crash) = kit.crash.as_deref().and_then(drum::key).filter(|_| opens || phrase) {
        hits.push(hit(bar.start, crash, if opens { 106.0 } else { 92.0 }));
    }
    hits
}

/// The fill of a bar and where in it the fill begins: the whole second half, or all of the last
/// bar of a section.
fn fill_of<'k>(
    scene: &Scene<'_>,
    kit: &'k Drums,
    bar: &Bar<'_>,
) -> Option<(&'k DrumPattern, Ticks)> {
    let last_of_song = bar.section_index + 1 == scene.plan.sections.len();
    let ends = bar.left() == 0 && !last_of_song;
    let joins = kit.fill_every > 0 && (bar.within + 1).is_multiple_of(kit.fill_every);
    if bar.section.energy < FILL_FROM || bar.section.bars < 2 || !(ends || joins) {
        return None;
    }
    let mut chance = scene.seed.child("fills").stream(&bar.index.to_string());
    let fill = choose(&kit.fills, bar.section, &mut chance)?;
    let pulses = scene.plan.meter.pulses();
    let from = if ends && chance.happens(0.5) { pulses.len() / 4 } else { pulses.len() / 2 };
    let from = if ends { from } else { pulses.len() - (pulses.len() / 4).max(1) };
    Some((fill, pulses.get(from).map_or(Ticks::ZERO, |pulse| pulse.at)))
}

fn lines(
    scene: &Scene<'_>,
    pattern: &DrumPattern,
    bar: &Bar<'_>,
    index: usize,
    chance: &mut Chance,
) -> Vec<Draft> {
    let mut hits = Vec::new();
    for (key, line) in pattern.keyed() {
        let build = bar.section.kind == SectionKind::Build;
        // A build is one long crescendo, however many bars it has.
        let index = if build {
            bar.within as usize * line.bars() / bar.section.bars as usize
        } else {
            index
        };
        let place = f64::from(bar.within) / f64::from(bar.section.bars);
        let swell = if build { 20.0 * place - 14.0 } else { 0.0 };
        for step in steps_of(scene, key, line, index) {
            let loudness = match step.symbol {
                b'X' => 112.0,
                b'x' => 96.0,
                b'o' => 72.0,
                b'g' => 44.0,
                b'?' if chance.happens(0.5) => 92.0,
                b'~' if chance.happens(0.5) => 42.0,
                _ => continue,
            };
            hits.push(hit(bar.start + step.at, key, loudness + swell));
        }
    }
    hits
}

/// Half and double time move kick and snare; what keeps time goes on.
fn steps_of(scene: &Scene<'_>, key: Pitch, line: &Pattern, index: usize) -> Vec<Step> {
    let keeps_time = drum::is_hat(key) || matches!(key.number(), 51 | 53 | 54 | 59 | 69 | 70);
    match scene.plan.feel.filter(|_| !keeps_time) {
        Some(Feel::HalfTime) => line.half_time_bar(index, scene.plan.meter),
        Some(Feel::DoubleTime) => line.double_time_bar(index, scene.plan.meter),
        None => line.bar(index, scene.plan.meter),
    }
}

fn hit(start: Ticks, pitch: Pitch, loudness: f64) -> Draft {
    let rings = matches!(pitch.number(), 46 | 49 | 52 | 55 | 57 | 51 | 59);
    let length = if rings { Ticks::QUARTER } else { Ticks::SIXTEENTH };
    Draft { start, length, pitch, loudness }
}

/// The song ends on its first beat: kick and cymbal together.
fn last_hit(kit: &Drums, bar: &Bar<'_>) -> Vec<Draft> {
    let crash = kit.crash.as_deref().and_then(drum::key);
    let kick = drum::key("kick");
    let loud = 70.0 + 36.0 * bar.section.energy;
    let both = crash.into_iter().chain(kick);
    both.map(|key| hit(bar.start, key, loud)).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Limit {
    Person,
    Machine,
}

/// What matters more when a player runs out of hands.
fn rank(key: Pitch) -> u8 {
    match key.number() {
        49 | 52 | 55 | 57 => 0,
        37..=40 => 1,
        41 | 43 | 45 | 47 | 48 | 50 => 2,
        51 | 53 | 59 => 3,
        46 => 4,
        42 => 5,
        _ => 6,
    }
}

/// Leaves what two hands and two feet can strike together; a machine strikes any four.
fn limited(hits: Vec<Draft>, limit: Limit) -> Vec<Draft> {
    let mut together: BTreeMap<Ticks, Vec<Draft>> = BTreeMap::new();
    for hit in hits {
        together.entry(hit.start).or_default().push(hit);
    }
    let mut kept = Vec::new();
    for mut hits in together.into_values() {
        hits.sort_by(|a, b| a.pitch.cmp(&b.pitch).then(b.loudness.total_cmp(&a.loudness)));
        hits.dedup_by_key(|hit| hit.pitch);
        let (mut feet, mut hands): (Vec<Draft>, Vec<Draft>) =
            hits.into_iter().partition(|hit| drum::is_foot(hit.pitch));
        hands.sort_by_key(|hit| rank(hit.pitch));
        let open = hands.iter().any(|hit| hit.pitch.number() == 46);
        if open {
            hands.retain(|hit| hit.pitch.number() != 42);
            feet.retain(|hit| hit.pitch.number() != 44);
        }
        feet.truncate(2);
        hands.truncate(if limit == Limit::Person { HANDS } else { MACHINE - feet.len() });
        kept.extend(feet);
        kept.extend(hands);
    }
    kept
}

/// An open hi-hat sounds until the next stroke of the hi-hat.
fn choke(hits: &mut [Draft]) {
    let hats: Vec<Ticks> =
        hits.iter().filter(|hit| drum::is_hat(hit.pitch)).map(|hit| hit.start).collect();
    for open in hits.iter_mut().filter(|hit| hit.pitch.number() == 46) {
        if let Some(next) = hats.iter().find(|start| **start > open.start) {
            open.length = open.length.min(*next - open.start);
        }
    }
}

/// Hand percussion for those who ask for it: shaker and congas under the kit.
pub(super) fn percussion(scene: &Scene<'_>) -> Vec<Draft> {
    const LINES: [(&str, &str); 3] = [
        ("shaker", "o.x. o.x. o.x. o.x."),
        ("open-conga", ".... ..o. .... ..xx"),
        ("mute-conga", "..o. .... ..o. ...."),
    ];
    let lines: Vec<_> = LINES
        .iter()
        .filter_map(|(name, line)| {
            Some((drum::key(name)?, Pattern::try_from((*line).to_owned()).ok()?))
        })
        .collect();
    debug_assert_eq!(lines.len(), LINES.len(), "a line of the hands is not one");
    let mut hits = Vec::new();
    for bar in scene.bars().filter(|bar| !scene.is_last(bar)) {
        for (key, line) in &lines {
            for step in line.bar(0, scene.plan.meter) {
                let loudness = if step.symbol == b'x' { 84.0 } else { 62.0 };
                hits.push(hit(bar.start + step.at, *key, loudness));
            }
        }
    }
    limited(hits, Limit::Person)
}
