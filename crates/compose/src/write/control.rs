use score::{Control, Role, Ticks};

use super::scene::Scene;
use crate::style::Playing;

/// Steps in which an expression swell rises or falls.
const SWELL_STEPS: u64 = 12;

/// Level, place, swells of sustained parts and the pedal of keyboards.
pub(super) fn controls(scene: &Scene<'_>) -> Vec<Control> {
    let mut changes = Vec::new();
    let table = scene.table();
    if let Some(value) = table.volume {
        changes.push(Control { at: Ticks::ZERO, number: 7, value: value.min(127) });
    }
    let pan = (64 + i16::from(table.pan)).clamp(0, 127) as u8;
    changes.push(Control { at: Ticks::ZERO, number: 10, value: pan });
    if matches!(scene.part.role, Role::Pad) || is_bowed_or_blown(scene) {
        changes.extend(swells(scene));
    }
    if is_pedalled(scene) {
        changes.extend(pedal(scene));
    }
    changes.sort_by_key(|change| change.at);
    changes
}

fn is_bowed_or_blown(scene: &Scene<'_>) -> bool {
    let bowed = matches!(scene.part.sound.program.number(), 40..=44 | 48..=52 | 56..=73);
    bowed
        && scene.part.sound.patch.is_none()
        && !matches!(scene.part.role, Role::Drums | Role::Percussion)
}

/// Expression (CC11) rises to the middle of every four bars and toward fuller sections.
fn swells(scene: &Scene<'_>) -> Vec<Control> {
    let mut changes = Vec::new();
    let mut last = 0;
    for (index, section) in scene.plan.sections.iter().enumerate() {
        if !scene.plays(index) {
            continue;
        }
        let next = scene.plan.sections.get(index + 1).map_or(section.energy, |s| s.energy);
        let rise = (next - section.energy).max(0.0);
        for phrase in (0..section.bars).step_by(4) {
            let bars = u64::from((section.bars - phrase).min(4));
            let from = scene.bar_length() * u64::from(section.start_bar + phrase);
            let closing = phrase + 4 >= section.bars;
            for step in 0..SWELL_STEPS {
                let place = step as f64 / SWELL_STEPS as f64;
                let arch = 4.0 * place * (1.0 - place);
                let toward = if closing { rise * place * 30.0 } else { 0.0 };
                let level = 82.0 + 22.0 * section.energy + 14.0 * arch + toward;
                let value = level.round().clamp(40.0, 127.0) as u8;
                if value != last {
                    let at = from + Ticks(scene.bar_length().0 * bars * step / SWELL_STEPS);
                    changes.push(Control { at, number: 11, value });
                    last = value;
                }
            }
        }
    }
    changes
}

/// Keyboards that hold whole chords use the pedal.
fn is_pedalled(scene: &Scene<'_>) -> bool {
    matches!(scene.part.sound.program.number(), 0 | 4 | 5 | 11)
        && scene.part.sound.patch.is_none()
        && matches!(scene.part.role, Role::Chords | Role::Arp)
        && (scene.table().playing == Playing::Sustained || scene.part.role == Role::Arp)
}

/// The pedal goes down after each change of harmony and up just before the next.
fn pedal(scene: &Scene<'_>) -> Vec<Control> {
    let mut changes = Vec::new();
    for bar in scene.bars() {
        let end = bar.start + scene.bar_length();
        let of_bar = scene.plan.chords.iter().filter(|c| c.start >= bar.start && c.start < end);
        for chord in of_bar {
            let until = (chord.start + chord.length).before(Ticks(40));
            changes.push(Control { at: chord.start + Ticks(60), number: 64, value: 110 });
            changes.push(Control { at: until, number: 64, value: 0 });
        }
    }
    changes
}
