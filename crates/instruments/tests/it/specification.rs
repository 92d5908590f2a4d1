//! The numeric parts of S. Christian Collins' SoundFont specification test (MIT), found under
//! `$TRIAD_DATA/soundfont`. Its README says what each test means.

use std::io::Write;
use std::path::PathBuf;

use audio::{Buffer, Frames};
use instruments::{Bank, Event, Message, Patch, Performance};
use midly::{MidiMessage, Smf, TrackEventKind};

use crate::play::{RATE, energy, frequency, level, stem};

mod envelopes;
mod filters;
mod oscillators;
mod samples;

/// The file runs at 960 ticks a beat and 120 beats a minute.
const FRAMES_PER_TICK: u64 = RATE / 1_920;

struct Material {
    bank: Bank,
    midi: Vec<u8>,
    bytes: Vec<u8>,
}

/// The test files; none, said by name, where they are not installed.
fn material(test: &str) -> Option<Material> {
    let Some(data) = std::env::var_os("TRIAD_DATA") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{test}: TRIAD_DATA is not set");
        // Past the harness, which keeps what passing tests print to itself.
        let mut terminal = std::io::stderr();
        writeln!(terminal, "not run, TRIAD_DATA is not set: {test}").unwrap();
        return None;
    };
    let folder = PathBuf::from(data).join("soundfont");
    let bytes = std::fs::read(folder.join("sf_spec_test.sf2")).unwrap();
    let bank = Bank::parse(bytes.clone()).unwrap();
    Some(Material { bank, midi: std::fs::read(folder.join("sf_spec_test.mid")).unwrap(), bytes })
}

impl Material {
    /// The part of a channel between two ticks. What was set before it is set at its start.
    /// In this file each channel plays the program of its own number.
    fn play(&self, channel: u8, from: u64, to: u64) -> Buffer {
        let smf = Smf::parse(&self.midi).unwrap();
        let mut events = Vec::new();
        for track in &smf.tracks {
            let mut tick = 0;
            for event in track {
                tick += u64::from(event.delta.as_int());
                let TrackEventKind::Midi { channel: on, message } = event.kind else { continue };
                if on.as_int() != channel || tick >= to {
                    continue;
                }
                let at = Frames(tick.saturating_sub(from) * FRAMES_PER_TICK);
                let note = matches!(message, MidiMessage::NoteOn { .. });
                if let Some(message) = translated(message)
                    && (tick >= from || !note)
                {
                    events.push(Event { at, message });
                }
            }
        }
        self.stem(channel, &Performance::new(events, Frames((to - from) * FRAMES_PER_TICK)))
    }

    /// A performance of ours on one of the bank's programs.
    fn stem(&self, program: u8, performance: &Performance) -> Buffer {
        stem(performance, &Patch::Bank { bank: 0, program }, &self.bank)
    }

    /// Where a controller of a channel stands at a tick.
    fn controller(&self, channel: u8, number: u8, at: u64) -> u8 {
        let mut found = 0;
        for track in &Smf::parse(&self.midi).unwrap().tracks {
            let mut tick = 0;
            for event in track {
                tick += u64::from(event.delta.as_int());
                if let TrackEventKind::Midi { channel: on, message } = event.kind
                    && let MidiMessage::Controller { controller, value } = message
                    && (on.as_int(), controller.as_int()) == (channel, number)
                    && tick <= at
                {
                    found = value.as_int();
                }
            }
        }
        found
    }

    /// The levels in dB of tones that begin every half second, `count` of them.
    fn levels(&self, channel: u8, from: u64, count: usize) -> Vec<f64> {
        let sound = self.play(channel, from, from + 960 * count as u64);
        (0..count).map(|n| level(&sound, n * 24_000 + 4_800, n * 24_000 + 16_800)).collect()
    }
}

fn translated(message: MidiMessage) -> Option<Message> {
    Some(match message {
        MidiMessage::NoteOn { key, vel } => {
            Message::NoteOn { key: key.as_int(), velocity: vel.as_int() }
        }
        MidiMessage::NoteOff { key, .. } => Message::NoteOff { key: key.as_int() },
        MidiMessage::Controller { controller, value } => {
            Message::Control { number: controller.as_int(), value: value.as_int() }
        }
        MidiMessage::PitchBend { bend } => Message::PitchBend(bend.0.as_int()),
        _ => return None,
    })
}

/// The level of every period of the bank's sine, a quarter of a period apart, by the time of its
/// middle in seconds.
fn one_period_levels(sound: &Buffer) -> Vec<(f64, f64)> {
    // At its own pitch, 23 cents under 375 Hz.
    let period = 130;
    (0..sound.length().index() - period)
        .step_by(period / 4)
        .map(|at| ((at + period / 2) as f64 / RATE as f64, level(sound, at, at + period)))
        .collect()
}

/// The level of that sine with nothing done to it: the first tone of test 11.
fn level_of_the_plain_tone(it: &Material) -> f64 {
    it.levels(0, 164_160, 1)[0]
}

fn second(sound: &Buffer, at: f64) -> f64 {
    let frame = (at * RATE as f64) as usize;
    level(sound, frame - 480, frame + 480)
}

#[test]
fn test_1_volume_envelope() {
    let Some(it) = material("test 1, volume envelope") else { return };
    let sound = it.play(0, 2_880, 2_880 + 13_000);
    let peak = second(&sound, 2.5);
    assert!(second(&sound, 0.9) < peak - 90.0, "delay");
    for (share, expected) in [(0.25, -12.04), (0.5, -6.02), (0.75, -2.5)] {
        let measured = second(&sound, 1.0 + share) - peak;
        assert!((measured - expected).abs() < 0.1, "attack at {share}: {measured}");
    }
    let decay = second(&sound, 3.0625) - peak;
    assert!((decay + 6.0).abs() < 0.15, "decay: {decay}");
    let sustain = level(&sound, 168_000, 232_800) - level(&sound, 100_800, 139_200);
    assert!((sustain + 12.0).abs() < 0.02, "sustain: {sustain}");
    let release = second(&sound, 5.5) - peak;
    assert!((release + 60.0).abs() < 0.3, "release: {release}");
}

#[test]
fn test_2_modulation_envelope() {
    let Some(it) = material("test 2, modulation envelope") else { return };
    let sound = it.play(0, 18_240, 18_240 + 9_600);
    let pitch = |at: f64| {
        let frame = (at * RATE as f64) as usize;
        frequency(&sound.plane(0)[frame - 960..frame + 960])
    };
    let cents = |at: f64| 1_200.0 * libm::log2(pitch(at) / pitch(0.5));
    assert!((cents(2.5) - 1_200.0).abs() < 2.0, "hold: {}", cents(2.5));
    assert!((cents(3.25) - 900.0).abs() < 8.0, "decay: {}", cents(3.25));
    assert!((cents(4.5) - 600.0).abs() < 2.0, "sustain: {}", cents(4.5));
    assert!(cents(1.5) > 850.0, "the attack is convex: {}", cents(1.5));
}

#[test]
fn test_8_scale_tuning_and_root_key() {
    let Some(it) = material("test 8, scale tune and root key") else { return };
    let sound = it.play(3, 117_120, 117_120 + 6_000);
    let pitch = |n: usize| frequency(&sound.plane(0)[n * 48_000 + 4_800..n * 48_000 + 24_000]);
    for n in 1..3 {
        assert!((pitch(n) / pitch(0) - 1.0).abs() < 1e-4, "tone {n}: {} {}", pitch(n), pitch(0));
    }
}

#[test]
fn test_11_attenuation_steps_are_two_decibels() {
    let Some(it) = material("test 11, attenuation amount") else { return };
    let levels = it.levels(0, 164_160, 7);
    for pair in levels.windows(2) {
        assert!((pair[0] - pair[1] - 2.0).abs() < 0.005, "{levels:?}");
    }
}

#[test]
fn test_12_negative_attenuation_never_boosts() {
    let Some(it) = material("test 12, negative attenuation amount") else { return };
    let levels = it.levels(5, 174_720, 7);
    assert!(levels.iter().all(|l| (l - levels[0]).abs() < 0.005), "{levels:?}");
}

#[test]
fn test_13_velocity_to_attenuation() {
    let Some(it) = material("test 13, velocity to attenuation curve") else { return };
    let velocities = [127.0, 111.0, 95.0, 79.0, 63.0, 47.0, 31.0, 15.0];
    let concave = |range: f64, v: f64| range / 96.0 * 40.0 * libm::log10(127.0 / v);
    type Curve<'a> = &'a dyn Fn(f64) -> f64;
    let tests: [(&str, u64, Curve<'_>); 5] = [
        ("A 96 dB concave", 187_200, &|v| concave(96.0, v)),
        ("B 144 dB concave", 198_720, &|v| concave(144.0, v)),
        ("C 48 dB concave", 210_240, &|v| concave(48.0, v)),
        ("D 96 dB linear", 221_760, &|v| 96.0 * (1.0 - v / 127.0)),
        ("E none", 233_280, &|_| 0.0),
    ];
    for (name, tick, curve) in tests {
        let levels = it.levels(0, tick, 8);
        for (level, velocity) in levels.iter().zip(velocities) {
            let measured = levels[0] - level;
            let expected = curve(velocity);
            assert!((measured - expected).abs() < 0.02, "{name} {velocity}: {measured} {expected}");
        }
    }
}

#[test]
fn test_14_velocity_to_filter_is_that_of_2_04() {
    let Some(it) = material("test 14, velocity to filter cutoff curve") else { return };
    // A: the default filters more and more; E: deleted, all alike.
    let filtered = it.levels(0, 246_720, 8);
    assert!(filtered.windows(2).all(|pair| pair[1] < pair[0] - 0.05), "{filtered:?}");
    let deleted = it.levels(0, 292_800, 8);
    assert!(deleted.iter().all(|l| (l - deleted[0]).abs() < 0.4), "{deleted:?}");
}

#[test]
fn test_20_pitch_bend() {
    let Some(it) = material("test 20, pitch bend") else { return };
    let pitch = |tick: u64, at: f64| {
        let sound = it.play(0, tick, tick + 10_000);
        let frame = (at * RATE as f64) as usize;
        frequency(&sound.plane(0)[frame - 2_400..frame + 2_400])
    };
    // The file leaves the wheel off its centre between tests: B, which ignores it, is the measure.
    let unbent = pitch(475_200, 0.2);
    for (name, tick, sign) in
        [("A default", 460_800, 1.0), ("B removed", 475_200, 0.0), ("C inverted", 489_600, -1.0)]
    {
        // From 0.5 s down, held from 1.0 to 1.5, back; from 2.5 s the same upwards.
        let cents = |at: f64| 1_200.0 * libm::log2(pitch(tick, at) / unbent);
        let (down, up) = (cents(1.25), cents(3.25));
        assert!((down + 200.0 * sign).abs() < 0.5, "{name} down: {down}");
        assert!((up - 200.0 * sign).abs() < 0.5, "{name} up: {up}");
    }
}

#[test]
fn test_21_exclusive_class() {
    let Some(it) = material("test 21, exclusive class") else { return };
    let sound = it.play(0, 503_040, 506_880);
    // The first noise is cut by the second, 240 ticks later, which is silent itself or short.
    let before = level(&sound, 1_000, 5_000);
    let after = level(&sound, 30_000, 40_000);
    assert!(after < before - 60.0 || !after.is_finite(), "{before} {after}");
}

#[test]
fn test_22_panning() {
    let Some(it) = material("test 22, panning") else { return };
    let sides = |tick: u64, n: usize| {
        let sound = it.play(6, tick, tick + 960 * 9);
        let range = n * 24_000 + 4_800..n * 24_000 + 16_800;
        [0, 1].map(|side| energy(&sound.plane(side)[range.clone()]))
    };
    // A and B: a mono sample, fully left, centred, fully right (controller 10 stops at 49.22 %).
    for (name, tick, far) in [("A", 510_720, 0.0), ("B", 522_240, 0.0007)] {
        let share = |n: usize| {
            let [left, right] = sides(tick, n);
            right / (left + right)
        };
        assert!(share(0) < 1e-9, "{name} left: {}", share(0));
        assert!((share(4) - 0.5).abs() < 1e-4, "{name} centre: {}", share(4));
        assert!(1.0 - share(8) <= far, "{name} right: {}", share(8));
    }
    // C and D: a stereo sample to the left keeps its right side in the centre.
    for (name, tick) in [("C", 533_760), ("D", 545_280)] {
        let [left, right] = sides(tick, 0);
        assert!((left / right - 3.0).abs() < 0.1, "{name}: {}", left / right);
    }
    // E and F: twice the range brings both sides to one speaker.
    for (name, tick) in [("E", 556_800), ("F", 568_320)] {
        let [left, right] = sides(tick, 0);
        assert!(right < left * 1e-9, "{name} left: {left} {right}");
        let [left, right] = sides(tick, 8);
        assert!(left < right * 0.002, "{name} right: {left} {right}");
    }
}
