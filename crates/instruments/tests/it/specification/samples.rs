//! Tests 16 and 19: what is read of a sample, and how finely.

use super::{Material, level_of_the_plain_tone, material};
use crate::play::RATE;
use crate::spectrum::energy_between;

/// The sixteen-bit samples of a named sample of the file, read here by hand.
fn stored(it: &Material, name: &str) -> Vec<f64> {
    let find = |what: &[u8]| it.bytes.windows(what.len()).rposition(|w| w == what).unwrap();
    let first = |what: &[u8]| it.bytes.windows(what.len()).position(|w| w == what).unwrap();
    let word = |at: usize| u32::from_le_bytes(it.bytes[at..at + 4].try_into().unwrap()) as usize;
    let (header, sound) = (find(name.as_bytes()), first(b"smpl") + 8);
    let (start, end) = (word(header + 20), word(header + 24));
    let frame = |n| {
        let at = sound + 2 * n;
        f64::from(i16::from_le_bytes([it.bytes[at], it.bytes[at + 1]])) / 32_768.0
    };
    (start..end).map(frame).collect()
}

#[test]
fn test_16_sample_offset() {
    let Some(it) = material("test 16, sample offset") else { return };
    let sound = it.play(0, 320_640, 324_480);
    let source = stored(&it, "not supported");
    // At 22,050 Hz every 320th frame of ours falls on a frame of the sample, 147 apart.
    let heard: Vec<f64> = sound.plane(0).iter().step_by(320).map(|s| f64::from(*s)).collect();
    let alike = |offset: usize| {
        let other: Vec<f64> = source[offset..].iter().step_by(147).copied().collect();
        let pairs = || heard.iter().zip(&other).skip(1).take(100);
        let dot: f64 = pairs().map(|(a, b)| a * b).sum();
        let (one, two): (f64, f64) =
            (pairs().map(|(a, _)| a * a).sum(), pairs().map(|(_, b)| b * b).sum());
        dot / (one * two).sqrt()
    };
    let right = alike(6_720);
    assert!(right > 0.99, "{right}");
    for wrong in [0, 6_719, 6_721] {
        assert!(alike(wrong) < right, "{wrong}: {}", alike(wrong));
    }
}

#[test]
fn test_19_interpolation_leaves_no_grain() {
    let Some(it) = material("test 19, sample interpolation quality") else { return };
    let source = stored(&it, "Timpani Soft");
    for (from, to, key) in [
        (441_600, 443_520, 111),
        (443_520, 445_440, 105),
        (445_440, 447_360, 99),
        (447_360, 454_080, 93),
    ] {
        let sound = it.play(0, from, to);
        let rate = 11_025.0 * libm::exp2(f64::from(key - 114) / 12.0);
        let grain = added(&sound.plane(0)[2_400..2_400 + 16_384], rate);
        assert!(grain < -60.0, "key {key}: {grain} dB");
        // Straight lines between the samples, the cheapest way, leave 42 to 44 dB.
        let lines: Vec<f32> = (2_400..2_400 + 16_384)
            .map(|n| f64::from(n) * rate / RATE as f64)
            .map(|at| (at as usize, at.fract()))
            .map(|(n, share)| (source[n] + (source[n + 1] - source[n]) * share) as f32)
            .collect();
        let coarse = added(&lines, rate);
        assert!(grain < coarse - 20.0, "key {key}: {grain} dB, by lines {coarse} dB");
    }
}

/// What a sound holds above half the rate of its sample, in dB of what it holds below. The sample
/// has nothing there: interpolation added it.
fn added(heard: &[f32], rate: f64) -> f64 {
    let band = |hertz| energy_between(heard, hertz);
    band(0.55 * rate..RATE as f64 / 2.0) - band(20.0..0.5 * rate)
}

#[test]
fn a_tone_with_nothing_done_to_it_has_the_level_of_its_sample() {
    let Some(it) = material("the level of a plain tone") else { return };
    // Full velocity, full volume, no attenuation. Both sides together carry the sample's power.
    let loops = &stored(&it, "Sine-375Hz")[64..192];
    let power: f64 = loops.iter().map(|s| s * s).sum::<f64>() / loops.len() as f64;
    let measured = level_of_the_plain_tone(&it) - 10.0 * libm::log10(power);
    assert!(measured.abs() < 0.02, "{measured} dB");
}
