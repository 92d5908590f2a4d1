//! What pedals, controllers and too many notes do to a channel, whatever plays it.

use std::collections::BTreeMap;

use audio::Frames;
use instruments::{Bank, Event, Message, Patch, Performance};

use crate::play::{chord, energy, frequency, level, stem};

fn control(at: u64, number: u8, value: u8) -> Event {
    Event { at: Frames(at), message: Message::Control { number, value } }
}

/// A performance with more events, which come first where they are simultaneous.
fn with(performance: Performance, events: &[Event]) -> Performance {
    Performance::new([events, &performance.events].concat(), performance.length)
}

/// An organ of the bank and a held sound of the synthesiser: both stay level while a key is down.
fn held() -> [(&'static str, Patch); 2] {
    let mut modelled: BTreeMap<String, Patch> =
        toml::from_str(include_str!("patches.toml")).unwrap();
    [
        ("organ", Patch::Bank { bank: 0, program: 16 }),
        ("brass", modelled.remove("synthwave-brass").unwrap()),
    ]
}

#[test]
fn the_pedal_holds_what_the_key_lets_go() {
    for (name, patch) in held() {
        let free = chord(&[60], 100, 0.3, 2.0);
        let pedalled = with(free.clone(), &[control(0, 64, 127), control(72_000, 64, 0)]);
        let (free, pedalled) =
            (stem(&free, &patch, Bank::embedded()), stem(&pedalled, &patch, Bank::embedded()));
        let (released, kept) = (level(&free, 57_600, 67_200), level(&pedalled, 57_600, 67_200));
        assert!(kept > released + 20.0, "{name}: {kept} {released}");
        assert!(level(&pedalled, 91_000, 96_000) < kept - 10.0, "{name}: the pedal came up");
    }
}

#[test]
fn expression_follows_forty_log_of_its_value() {
    for (name, patch) in held() {
        let full = stem(&chord(&[60], 100, 2.0, 2.0), &patch, Bank::embedded());
        let half = with(chord(&[60], 100, 2.0, 2.0), &[control(0, 11, 64)]);
        let half = stem(&half, &patch, Bank::embedded());
        let measured = level(&full, 24_000, 72_000) - level(&half, 24_000, 72_000);
        assert!((measured - 11.91).abs() < 0.1, "{name}: {measured}");
    }
}

#[test]
fn pan_moves_a_sound_to_one_side() {
    for (name, patch) in held() {
        let left = with(chord(&[60], 100, 1.0, 1.0), &[control(0, 10, 0)]);
        let sound = stem(&left, &patch, Bank::embedded());
        let [left, right] = [0, 1].map(|side| energy(sound.plane(side)));
        assert!(right < left * 1e-6, "{name}: {left} {right}");
    }
}

#[test]
fn the_bend_range_is_a_registered_parameter() {
    for (name, patch) in held() {
        let wheel = Event { at: Frames(0), message: Message::PitchBend(0) };
        let octave =
            [control(0, 101, 0), control(0, 100, 0), control(0, 6, 12), control(0, 38, 0), wheel];
        let plain = stem(&chord(&[72], 100, 1.0, 1.0), &patch, Bank::embedded());
        let bent = with(chord(&[72], 100, 1.0, 1.0), &octave);
        let bent = stem(&bent, &patch, Bank::embedded());
        // Overtones cross zero too, so this is no measure of the octave, only of its being one.
        let pitch = |sound: &audio::Buffer| frequency(&sound.plane(0)[24_000..36_000]);
        assert!(pitch(&bent) < pitch(&plain) * 0.75, "{name}");
    }
}

#[test]
fn more_notes_than_voices_cut_the_quietest_without_harm() {
    for (name, patch) in held() {
        let mut events = Vec::new();
        for n in 0..2_000_u64 {
            let key = 24 + (n * 7 % 84) as u8;
            let message = Message::NoteOn { key, velocity: 20 + (n % 100) as u8 };
            events.push(Event { at: Frames(n * 11), message });
        }
        events.push(control(0, 64, 127));
        let sound = stem(&Performance::new(events, Frames(30_000)), &patch, Bank::embedded());
        assert_eq!(sound.first_not_finite(), None, "{name}");
        assert!(sound.peak() > 0.1, "{name}");
    }
}

#[test]
fn all_sound_off_is_silence_within_ten_milliseconds() {
    for (name, patch) in held() {
        let off = with(chord(&[60, 64, 67], 100, 1.0, 1.0), &[control(24_000, 120, 0)]);
        let sound = stem(&off, &patch, Bank::embedded());
        assert!(level(&sound, 20_000, 24_000) > -40.0, "{name}");
        // The ensemble's delays are 13 ms long at most.
        let rest = level(&sound, 25_600, 48_000);
        assert!(rest < -90.0, "{name}: {rest}");
    }
}
