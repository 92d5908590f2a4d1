//! Tests 5 to 7: the two low-frequency oscillators and what the mod wheel moves.

use audio::Buffer;

use super::{level_of_the_plain_tone, material, one_period_levels};
use crate::play::{RATE, periods};

/// A curve over time as its swing: lowest and highest value, and its rate in Hz by the times it
/// rises through the middle.
fn swing(curve: &[(f64, f64)]) -> (f64, f64, f64) {
    let low = curve.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let high = curve.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let middle = (low + high) / 2.0;
    let mut rises: Vec<f64> = curve
        .windows(2)
        .filter(|pair| pair[0].1 < middle && pair[1].1 >= middle)
        .map(|pair| pair[1].0)
        .collect();
    // What ripples through the middle counts once.
    rises.dedup_by(|later, earlier| *later - *earlier < 0.02);
    let rate = (rises.len() - 1) as f64 / (rises[rises.len() - 1] - rises[0]);
    (low, high, rate)
}

/// The pitch of every period in cents from a frequency, by time in seconds.
fn cents(sound: &Buffer, from: f64) -> Vec<(f64, f64)> {
    let pitch = |(at, length): (f64, f64)| {
        (at / RATE as f64, 1_200.0 * libm::log2(RATE as f64 / length / from))
    };
    periods(&sound.plane(0)[480..]).into_iter().map(pitch).collect()
}

/// -1238 absolute cents.
const RATE_HZ: f64 = 3.998_6;

#[test]
fn test_5_modulation_lfo_to_volume() {
    let Some(it) = material("test 5, modulation LFO") else { return };
    let plain = level_of_the_plain_tone(&it);
    for (name, from, velocity) in [("A", 80_640, 127.0), ("B", 89_280, 90.0)] {
        let sound = it.play(0, from, from + 5_760);
        let curve = one_period_levels(&sound);
        let curve: Vec<_> = curve.into_iter().filter(|(at, _)| (0.02..2.95).contains(at)).collect();
        let (low, high, rate) = swing(&curve);
        let middle = plain - 40.0 * libm::log10(127.0 / velocity);
        assert!((high - middle - 6.0).abs() < 0.1, "{name} up: {}", high - middle);
        assert!((low - middle + 6.0).abs() < 0.1, "{name} down: {}", low - middle);
        assert!((rate - RATE_HZ).abs() < 0.02, "{name}: {rate} Hz");
        // A triangle: from the middle up first, the same slope all the way.
        for (share, expected) in
            [(0.125, 3.0), (0.25, 6.0), (0.375, 3.0), (0.625, -3.0), (0.75, -6.0)]
        {
            let at = (1.0 + share) / RATE_HZ;
            let nearest = curve.iter().min_by(|a, b| (a.0 - at).abs().total_cmp(&(b.0 - at).abs()));
            let measured = nearest.unwrap().1 - middle;
            assert!((measured - expected).abs() < 0.15, "{name} at {share}: {measured}");
        }
    }
}

#[test]
fn test_6_vibrato_lfo_to_pitch() {
    let Some(it) = material("test 6, vibrato LFO") else { return };
    let sound = it.play(0, 98_880, 104_640);
    let curve = cents(&sound, 370.05);
    let (low, high, rate) = swing(&curve);
    // A period lies across the tip of the triangle and so measures some cents less.
    assert!((high - 600.0).abs() < 12.0, "up: {high}");
    assert!((low + 600.0).abs() < 12.0, "down: {low}");
    assert!((rate - RATE_HZ).abs() < 0.03, "{rate} Hz");
}

#[test]
fn test_7_the_mod_wheel_moves_the_vibrato_lfo() {
    let Some(it) = material("test 7, mod wheel to LFO") else { return };
    let sound = it.play(0, 108_480, 114_240);
    let curve = cents(&sound, 740.1);
    let (low, high, rate) = swing(&curve);
    assert!((high - 50.0).abs() < 1.0, "up: {high}");
    assert!((low + 50.0).abs() < 1.0, "down: {low}");
    // The other oscillator stands at 8.176 Hz in this test.
    assert!((rate - RATE_HZ).abs() < 0.03, "{rate} Hz");
}
