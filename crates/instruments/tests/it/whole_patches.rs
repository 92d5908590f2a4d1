//! Every kind of patch, from silence to a chord.

use std::collections::BTreeMap;

use audio::Frames;
use instruments::{Bank, Error, Event, Message, Patch, Performance, subset};

use crate::play::{chord, frequency, level, stem};

/// Every program of the bank, and the modelled patches beside this file.
fn patches() -> Vec<(String, Patch)> {
    let bank = Bank::embedded();
    let named = |preset: instruments::Preset| {
        let patch = Patch::Bank { bank: preset.bank, program: preset.program };
        (preset.name, patch)
    };
    let mut patches: Vec<_> = bank.presets().into_iter().map(named).collect();
    patches.extend(modelled());
    patches
}

fn modelled() -> BTreeMap<String, Patch> {
    toml::from_str(include_str!("patches.toml")).unwrap()
}

/// Keys that make sense on a patch: drums for drummers, low keys for basses.
fn keys(name: &str, patch: &Patch) -> &'static [u8] {
    match patch {
        Patch::Bank { bank: 128, .. } | Patch::Drums(_) => &[36, 38, 42, 49],
        _ if name.contains("bass") => &[33],
        _ => &[48, 52, 55, 60],
    }
}

#[test]
fn silence_in_is_exact_silence_out() {
    for (name, patch) in patches() {
        let sound = stem(&Performance::new(vec![], Frames(4_000)), &patch, Bank::embedded());
        assert_eq!(sound.peak(), 0.0, "{name}");
        assert_eq!(sound.length(), Frames(4_000));
    }
}

#[test]
fn every_patch_sounds_and_leaves_headroom() {
    for (name, patch) in patches() {
        let keys = keys(&name, &patch);
        let sound = stem(&chord(keys, 90, 1.0, 2.0), &patch, Bank::embedded());
        assert_eq!(sound.first_not_finite(), None, "{name}");
        assert!(level(&sound, 0, 48_000) > -45.0, "{name} is too soft");
        let single = stem(&chord(&keys[..1], 100, 1.0, 2.0), &patch, Bank::embedded());
        assert!(single.peak() < 1.0, "{name}: {}", single.peak());
        assert!(single.peak() > 0.01, "{name}: {}", single.peak());
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let result = try_stem(&chord(&[60], 90, 0.1, 0.2), &Patch::Bank { bank: 7, program: 99 });
    assert_eq!(result.unwrap_err(), Error::NoPreset { bank: 7, program: 99 });
}

#[test]
fn a_subset_sounds_like_the_whole() {
    let whole = Bank::embedded();
    let part = Bank::parse(subset(whole, &[(0, 0), (128, 0)]).unwrap()).unwrap();
    assert_eq!(part.presets().len(), 2);
    let patch = Patch::Bank { bank: 0, program: 0 };
    let performance = chord(&[48, 60, 72], 90, 0.5, 1.0);
    assert_eq!(stem(&performance, &patch, whole), stem(&performance, &patch, &part));
}

#[test]
fn modelled_chords_sit_beside_the_bank() {
    for (name, patch) in modelled() {
        let sound = stem(&chord(keys(&name, &patch), 90, 1.0, 3.0), &patch, Bank::embedded());
        let peak = 20.0 * libm::log10(f64::from(sound.peak()));
        assert!((-14.0..-4.0).contains(&peak), "{name} peaks at {peak} dBFS");
    }
}

#[test]
fn a_table_survives_being_written() {
    for (name, patch) in modelled() {
        let text = toml::to_string(&patch).unwrap();
        assert_eq!(toml::from_str::<Patch>(&text).unwrap(), patch, "{name}");
    }
}

#[test]
fn an_unknown_field_or_value_is_refused_by_name() {
    let misspelt = "kind = \"synth\"\noscillators = []\ncutof = 3.0";
    let error = toml::from_str::<Patch>(misspelt).unwrap_err().to_string();
    assert!(error.contains("cutof"), "{error}");
    let too_loud = "kind = \"drums\"\nkit = \"808\"\nlevel_db = 90.0";
    let patch: Patch = toml::from_str(too_loud).unwrap();
    let error = try_stem(&chord(&[36], 90, 0.1, 0.2), &patch).unwrap_err();
    assert!(error.to_string().contains("level_db is 90"), "{error}");
}

#[test]
fn a_drum_machine_names_the_key_it_lacks() {
    for (name, patch) in modelled() {
        let Patch::Drums(machine) = &patch else { continue };
        for key in 0..128 {
            let result = try_stem(&chord(&[key], 100, 0.1, 0.5), &patch);
            match result {
                Ok(sound) => assert!(machine.plays(key) && sound.peak() > 0.01, "{name} {key}"),
                Err(error) => assert_eq!(error, Error::NoDrum { key }),
            }
        }
    }
}

#[test]
fn a_closed_hat_chokes_an_open_one() {
    let patch = modelled().remove("drums-909").unwrap();
    let mut performance = chord(&[46], 100, 0.1, 1.0);
    let open = stem(&performance, &patch, Bank::embedded());
    let closed = Message::NoteOn { key: 42, velocity: 1 };
    performance.events.push(Event { at: Frames(9_600), message: closed });
    let choked = stem(&performance, &patch, Bank::embedded());
    assert!(level(&open, 14_400, 19_200) > level(&choked, 14_400, 19_200) + 20.0);
}

#[test]
fn a_tied_note_glides_and_a_struck_one_does_not() {
    let patch = modelled().remove("synthwave-lead").unwrap();
    let Patch::Synth(mut synth) = patch else { panic!("the lead is a synth") };
    synth.lfo.pitch_cents = 0.0;
    synth.oscillators.truncate(1);
    synth.oscillators[0].voices = 1;
    synth.ensemble = 0.0;
    synth.filter.cutoff_hz = 100.0;
    synth.filter.key_tracking = 1.0;
    synth.filter.envelope_octaves = 0.0;
    let play = |second: u64| {
        let on = |at, key| Event { at: Frames(at), message: Message::NoteOn { key, velocity: 90 } };
        let off = |at, key| Event { at: Frames(at), message: Message::NoteOff { key } };
        let events = vec![on(0, 57), off(24_000, 57), on(second, 69)];
        let performance = Performance::new(events, Frames(48_000));
        stem(&performance, &Patch::Synth(synth.clone()), Bank::embedded())
    };
    let pitch = |sound: &audio::Buffer, at: usize| frequency(&sound.plane(0)[at..at + 1_200]);
    let (tied, struck) = (play(20_000), play(26_000));
    let gliding = pitch(&tied, 20_100);
    assert!((225.0..380.0).contains(&gliding), "{gliding}");
    assert!((pitch(&tied, 30_000) - 440.0).abs() < 4.0);
    assert!((pitch(&struck, 26_400) - 440.0).abs() < 12.0, "{}", pitch(&struck, 26_400));
}

fn try_stem(performance: &Performance, patch: &Patch) -> Result<audio::Buffer, Error> {
    let setting = crate::play::setting(instruments::Kernel::Detect);
    instruments::render(performance, patch, Bank::embedded(), setting, &fault::Cancel::new())
}
