//! Tests 3 and 4: key number to decay and hold.

use super::{material, one_period_levels};
use crate::play::{RATE, frequency};

/// When the level has first fallen so far below its value a tenth of a second in, in seconds.
fn falls_by(levels: &[(f64, f64)], below: f64, decibels: f64) -> f64 {
    let rest = levels.iter().skip_while(|(at, _)| *at < 0.02);
    rest.clone().find(|(_, level)| *level < below - decibels).unwrap().0
}

#[test]
fn test_3_key_number_to_decay() {
    let Some(it) = material("test 3, key number to decay") else { return };
    // Two seconds at key 60 for 96 dB, 101 timecents more for every key below.
    let notes = [
        (33_600, 35_520, 84),
        (35_520, 37_440, 72),
        (37_440, 40_320, 60),
        (40_320, 46_080, 48),
        (46_080, 57_600, 36),
    ];
    for (from, to, key) in notes {
        let sound = it.play(1, from, to);
        let levels = one_period_levels(&sound);
        let decay = 2.0 * libm::exp2(f64::from(60 - key) * 101.0 / 1_200.0);
        let [a, b] = [6.0, 60.0].map(|db| falls_by(&levels, levels[10].1, db));
        let expected = decay * 54.0 / 96.0;
        assert!(((b - a) / expected - 1.0).abs() < 0.01, "key {key}: {} {expected}", b - a);
        let pitch = frequency(&sound.plane(0)[960..4_800]);
        assert!((pitch - 370.05).abs() < 0.1, "key {key} at {pitch} Hz");
    }
}

#[test]
fn test_4_key_number_to_hold() {
    let Some(it) = material("test 4, key number to hold") else { return };
    let notes = [
        (60_480, 62_400, 84),
        (62_400, 64_320, 72),
        (64_320, 66_240, 60),
        (66_240, 70_080, 48),
        (70_080, 76_800, 36),
    ];
    for (from, to, key) in notes {
        let sound = it.play(2, from, to);
        let levels = one_period_levels(&sound);
        let hold = 0.5 * libm::exp2(f64::from(60 - key) * 101.0 / 1_200.0);
        // Six milliseconds of attack before, and 24 of the 96 dB that decay in fifty.
        let measured = falls_by(&levels, levels[10].1, 24.0) - 0.006 - 0.0125;
        assert!((measured - hold).abs() < 0.002, "key {key}: {measured} {hold}");
        let held = levels.iter().filter(|(at, _)| (0.02..hold).contains(at));
        for (at, level) in held {
            assert!((level - levels[10].1).abs() < 0.02, "key {key} at {at}: {level}");
        }
        assert!(sound.length().0 > RATE / 2);
    }
}
