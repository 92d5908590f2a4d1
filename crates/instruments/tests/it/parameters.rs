//! Parameter numbers (NRPNs of section 9.6, RPNs 1 and 2), sample offsets, 24 bits, sostenuto.

use audio::{Buffer, Frames};
use instruments::{Bank, Event, Message, Patch, Performance};

use crate::built_bank::{BuiltBank, tone};
use crate::play::{RATE, frequency, level, periods, stem};

fn control(number: u8, value: u8) -> Message {
    Message::Control { number, value }
}

/// A generator moved by so many steps of its NRPN: number, fine half, coarse half.
fn nrpn(generator: u8, steps: i32) -> Vec<Message> {
    let value = 8_192 + steps;
    let (coarse, fine) = ((value / 128) as u8, (value % 128) as u8);
    vec![control(99, 120), control(98, generator), control(38, fine), control(6, coarse)]
}

fn rpn(number: u8, coarse: u8, fine: u8) -> Vec<Message> {
    vec![control(101, 0), control(100, number), control(6, coarse), control(38, fine)]
}

fn built(generators: &[(u16, i16)]) -> Bank {
    BuiltBank { generators, sound: tone(), ..BuiltBank::default() }.read()
}

/// Half a second of key 60 on a bank, after some messages.
fn play(bank: &Bank, messages: &[Message]) -> Buffer {
    let on = Message::NoteOn { key: 60, velocity: 127 };
    let messages = messages.iter().copied().chain([on]);
    let events = messages.map(|message| Event { at: Frames(0), message }).collect();
    let performance = Performance::new(events, Frames(RATE / 2));
    stem(&performance, &Patch::Bank { bank: 0, program: 0 }, bank)
}

/// The pitch of a steady tone above 375 Hz, in cents.
fn cents(sound: &Buffer) -> f64 {
    1_200.0 * libm::log2(frequency(&sound.plane(0)[4_800..24_000]) / 375.0)
}

#[track_caller]
fn check_cents(messages: &[Message], expected: f64) {
    let measured = cents(&play(&built(&[]), messages));
    assert!((measured - expected).abs() < 0.1, "{measured} cents, not {expected}");
}

#[test]
fn an_nrpn_moves_attenuation_by_centibels() {
    let bank = built(&[(48, 500)]);
    let plain = level(&play(&bank, &[]), 4_800, 24_000);
    for steps in [100, -100] {
        let moved = level(&play(&bank, &nrpn(48, steps)), 4_800, 24_000);
        let measured = plain - moved;
        assert!((measured - f64::from(steps) / 10.0).abs() < 0.01, "{steps}: {measured}");
    }
}

#[test]
fn an_nrpn_moves_the_tuning() {
    check_cents(&nrpn(51, 7), 700.0);
    check_cents(&nrpn(52, -50), -50.0);
    check_cents(&[nrpn(51, -12), nrpn(52, 25)].concat(), -1_175.0);
}

#[test]
fn an_nrpn_acts_on_a_note_that_sounds() {
    let mut events =
        vec![Event { at: Frames(0), message: Message::NoteOn { key: 60, velocity: 127 } }];
    events.extend(nrpn(51, 12).into_iter().map(|message| Event { at: Frames(4_800), message }));
    let performance = Performance::new(events, Frames(24_000));
    let sound = stem(&performance, &Patch::Bank { bank: 0, program: 0 }, &built(&[]));
    assert!((frequency(&sound.plane(0)[9_600..24_000]) - 750.0).abs() < 0.1);
}

#[test]
fn an_nrpn_counts_in_the_steps_of_its_generator() {
    // The vibrato oscillator at 8.176 Hz and 50 cents: its frequency in steps of four cents, its
    // depth in steps of two.
    let bank = built(&[(6, 50)]);
    let vibrato = |messages: &[Message]| {
        let sound = play(&bank, messages);
        let curve = periods(&sound.plane(0)[480..]);
        let cents = |p: &(f64, f64)| 1_200.0 * libm::log2(128.0 / p.1);
        let high = curve.iter().map(cents).fold(0.0, f64::max);
        let rises: Vec<f64> = curve
            .windows(2)
            .filter(|w| cents(&w[0]) < 0.0 && cents(&w[1]) >= 0.0)
            .map(|w| w[1].0)
            .collect();
        let last = rises[rises.len() - 1];
        (high, (rises.len() - 1) as f64 * RATE as f64 / (last - rises[0]))
    };
    let (depth, rate) = vibrato(&[]);
    assert!((depth - 50.0).abs() < 1.5 && (rate - 8.176).abs() < 0.2, "{depth} {rate}");
    let (depth, rate) = vibrato(&nrpn(24, 300));
    assert!((depth - 50.0).abs() < 3.0 && (rate - 16.352).abs() < 0.3, "{depth} {rate}");
    let (depth, _) = vibrato(&nrpn(6, 50));
    assert!((depth - 150.0).abs() < 4.0, "{depth}");
}

#[test]
fn an_nrpn_of_other_makers_and_an_ended_one_move_nothing() {
    // Another number space; a generator that no number names; the null parameter afterwards.
    check_cents(&[control(99, 1), control(98, 51), control(6, 76)], 0.0);
    check_cents(&nrpn(59, 100), 0.0);
    let mut ended = nrpn(51, 0);
    ended.extend([control(101, 127), control(100, 127), control(6, 76)]);
    check_cents(&ended, 0.0);
}

#[test]
fn rpn_1_tunes_in_fractions_of_a_semitone() {
    check_cents(&rpn(1, 96, 0), 50.0);
    check_cents(&rpn(1, 0, 0), -100.0);
    check_cents(&rpn(1, 64, 64), 100.0 * 64.0 / 8_192.0);
}

#[test]
fn rpn_2_tunes_in_semitones() {
    check_cents(&rpn(2, 64 + 7, 0), 700.0);
    check_cents(&rpn(2, 52, 0), -1_200.0);
    check_cents(&[rpn(2, 65, 0), rpn(1, 96, 0)].concat(), 150.0);
}

#[test]
fn the_fine_half_of_one_parameter_is_not_another_s() {
    let mut bend = nrpn(48, 100);
    // Two semitones of bend range, by the coarse half alone, and the wheel all the way down.
    bend.extend([control(101, 0), control(100, 0), control(6, 2), Message::PitchBend(0)]);
    check_cents(&bend, -200.0);
}

#[test]
fn a_sample_may_begin_later_by_nrpn_or_velocity() {
    // A ramp says where in it a note begins. Its loop is long enough not to be reached.
    let sound: Vec<i16> = (0..30_000).collect();
    let begins = |modulators: &[[u16; 5]], messages: &[Message]| {
        let bank = BuiltBank { modulators, sound: sound.clone(), ..BuiltBank::default() }.read();
        f64::from(play(&bank, messages).plane(0)[1_000]) * 32_768.0 / libm::sqrt(0.5)
    };
    let plain = begins(&[], &control_volume());
    let later = begins(&[], &[control_volume(), nrpn(0, 5_000)].concat());
    assert!((later - plain - 5_000.0).abs() < 10.0, "{later} {plain}");
    // Velocity 127 of 127 moves the start by the whole amount.
    let struck = begins(&[[2, 0, 5_000, 0, 0]], &control_volume());
    assert!((struck - plain - 5_000.0).abs() < 10.0, "{struck} {plain}");
}

fn control_volume() -> Vec<Message> {
    vec![control(7, 127)]
}

#[test]
fn the_third_byte_of_a_sample_is_heard() {
    // A tone of 64 steps of 24 bits, all of it below the 16th.
    let tone: Vec<i32> = (0..1_280)
        .map(|n| libm::round(64.0 * libm::sin(f64::from(n) * std::f64::consts::TAU / 128.0)) as i32)
        .collect();
    let high: Vec<i16> = tone.iter().map(|s| (s >> 8) as i16).collect();
    let low: Vec<u8> = tone.iter().map(|s| (s & 255) as u8).collect();
    let messages = control_volume();
    let bank = BuiltBank { sound: high.clone(), low: Some(low.clone()), ..BuiltBank::default() };
    let sound = play(&bank.read(), &messages);
    let expected = 20.0 * libm::log10(64.0 / 8_388_608.0) - 3.01;
    let measured = level(&sound, 4_800, 24_000);
    assert!((measured - expected).abs() < 0.05, "{measured} {expected}");
    assert!((frequency(&sound.plane(0)[4_800..24_000]) - 375.0).abs() < 0.1);
    // One of the wrong size is to be ignored: what is left is the square of the signs.
    let short = BuiltBank { sound: high, low: Some(low[..1_000].to_vec()), ..BuiltBank::default() };
    let measured = level(&play(&short.read(), &messages), 4_800, 24_000);
    assert!(measured > expected + 6.0, "{measured}");
}

/// The level of a tone half a second after its key came up, with pedals moved at times in frames.
fn after_the_key(pedals: &[(u64, u8, u8)], on: u64, off: u64) -> f64 {
    let mut events: Vec<Event> = pedals
        .iter()
        .map(|(at, number, value)| Event { at: Frames(*at), message: control(*number, *value) })
        .collect();
    events.push(Event { at: Frames(on), message: Message::NoteOn { key: 60, velocity: 127 } });
    events.push(Event { at: Frames(off), message: Message::NoteOff { key: 60 } });
    let performance = Performance::new(events, Frames(off + 24_000));
    let sound = stem(&performance, &Patch::Bank { bank: 0, program: 0 }, &built(&[]));
    level(&sound, off as usize + 19_200, off as usize + 24_000)
}

#[test]
fn sostenuto_holds_the_keys_that_were_down() {
    const SOSTENUTO: u8 = 66;
    const SUSTAIN: u8 = 64;
    let silent = |level: f64| level < -100.0;
    let down = (4_800, SOSTENUTO, 127);
    assert!(silent(after_the_key(&[], 0, 9_600)), "no pedal");
    assert!(!silent(after_the_key(&[down], 0, 9_600)), "down while the key is");
    assert!(silent(after_the_key(&[down], 7_200, 9_600)), "the key comes after the pedal");
    assert!(silent(after_the_key(&[down], 0, 2_400)), "the key is up before the pedal");
    assert!(silent(after_the_key(&[down, (14_400, SOSTENUTO, 0)], 0, 9_600)), "lifted again");
    let lifted_early = [down, (7_200, SOSTENUTO, 0)];
    assert!(silent(after_the_key(&lifted_early, 0, 9_600)), "lifted while the key is down");
    // What only sustain held when the pedal came down is none of its keys.
    let sustained = [(0, SUSTAIN, 127), down, (9_600, SUSTAIN, 0)];
    assert!(silent(after_the_key(&sustained, 0, 2_400)), "its key was up");
    // Sustain goes on holding what sostenuto lets go, and the other way round.
    let both = [down, (6_000, SUSTAIN, 127), (14_400, SOSTENUTO, 0)];
    assert!(!silent(after_the_key(&both, 0, 9_600)), "sustain holds on");
    let both = [down, (6_000, SUSTAIN, 127), (14_400, SUSTAIN, 0)];
    assert!(!silent(after_the_key(&both, 0, 9_600)), "sostenuto holds on");
}
