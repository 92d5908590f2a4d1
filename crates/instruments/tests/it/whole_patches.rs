//! Every kind of patch, from silence to a chord.

use audio::Frames;
use instruments::{Bank, Error, Patch, Performance, subset};

use crate::play::{chord, level, stem};

fn patches() -> Vec<(String, Patch)> {
    let bank = Bank::embedded();
    let name = |preset: instruments::Preset| {
        let patch = Patch::Bank { bank: preset.bank, program: preset.program };
        (preset.name, patch)
    };
    bank.presets().into_iter().map(name).collect()
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
        let chord_keys: &[u8] = if matches!(patch, Patch::Bank { bank: 128, .. }) {
            &[36, 38, 42, 49]
        } else {
            &[48, 52, 55, 60]
        };
        let sound = stem(&chord(chord_keys, 90, 1.0, 2.0), &patch, Bank::embedded());
        assert_eq!(sound.first_not_finite(), None, "{name}");
        assert!(level(&sound, 0, 48_000) > -45.0, "{name} is too soft");
        let single = stem(&chord(&chord_keys[..1], 100, 1.0, 2.0), &patch, Bank::embedded());
        assert!(single.peak() < 1.0, "{name}: {}", single.peak());
        assert!(single.peak() > 0.01, "{name}: {}", single.peak());
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let bank = Bank::embedded();
    let patch = Patch::Bank { bank: 7, program: 99 };
    let setting = crate::play::setting(instruments::Kernel::Detect);
    let cancel = fault::Cancel::new();
    let result = instruments::render(&chord(&[60], 90, 0.1, 0.2), &patch, bank, setting, &cancel);
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
