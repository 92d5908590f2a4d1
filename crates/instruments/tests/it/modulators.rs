//! Modulators as sections 8.2 and 9.5 describe them, beyond the default ones: links, sources and
//! transforms that are not known, the source that is none.

use audio::Frames;
use instruments::{Bank, Event, Message, Patch, Performance};

use crate::built_bank::{BuiltBank, tone};
use crate::play::{level, stem};

/// Generator 48, in centibels.
const ATTENUATION: u16 = 48;
/// The bit that makes a destination the number of a modulator of the zone.
const LINK: u16 = 0x8000;
/// The source that is fed by links.
const LINKED: u16 = 127;
/// MIDI controllers 20 and 21 as linear, unipolar, rising sources.
const CC20: u16 = 0x80 | 20;
const CC21: u16 = 0x80 | 21;

/// By how many decibels these modulators soften a tone, with controllers 20 and 21 as given.
fn softens(modulators: &[[u16; 5]], first: u8, second: u8) -> f64 {
    let play = |modulators: &[[u16; 5]]| {
        let bank = BuiltBank { modulators, sound: tone(), ..BuiltBank::default() }.read();
        let control = |number, value| Message::Control { number, value };
        let on = Message::NoteOn { key: 60, velocity: 127 };
        let events = [control(20, first), control(21, second), on];
        let events = events.map(|message| Event { at: Frames(0), message }).to_vec();
        let performance = Performance::new(events, Frames(24_000));
        let sound = stem(&performance, &Patch::Bank { bank: 0, program: 0 }, &bank);
        level(&sound, 12_000, 24_000)
    };
    play(&[]) - play(modulators)
}

#[track_caller]
fn check(modulators: &[[u16; 5]], expected: f64) {
    let measured = softens(modulators, 64, 32);
    assert!((measured - expected).abs() < 0.05, "{measured} dB, not {expected}");
}

#[test]
fn a_plain_modulator_moves_by_its_share() {
    check(&[[CC20, ATTENUATION, 600, 0, 0]], 60.0 * 64.0 / 127.0);
}

#[test]
fn a_link_passes_one_modulator_to_another() {
    check(&[[CC20, LINK | 1, 127, 0, 0], [LINKED, ATTENUATION, 600, 0, 0]], 60.0 * 64.0 / 127.0);
    // Half the output, and a target that stands before what feeds it.
    check(
        &[[LINKED, ATTENUATION, 600, 0, 0], [CC20, LINK, 64, 0, 0]],
        60.0 * 64.0 * 64.0 / 127.0 / 127.0,
    );
}

#[test]
fn links_to_one_modulator_add_up_and_chains_are_followed() {
    let sum = [
        [CC20, LINK | 2, 127, 0, 0],
        [CC21, LINK | 2, 127, 0, 0],
        [LINKED, ATTENUATION, 600, 0, 0],
    ];
    check(&sum, 60.0 * 96.0 / 127.0);
    let chain = [
        [CC20, LINK | 1, 127, 0, 0],
        [LINKED, LINK | 2, 127, 0, 0],
        [LINKED, ATTENUATION, 600, 0, 0],
    ];
    check(&chain, 60.0 * 64.0 / 127.0);
}

#[test]
fn a_curve_shapes_what_a_link_brings() {
    // Falling, unipolar: 1 - 64/127.
    check(
        &[[CC20, LINK | 1, 127, 0, 0], [LINKED | 0x100, ATTENUATION, 600, 0, 0]],
        60.0 * 63.0 / 127.0,
    );
}

#[test]
fn rings_of_links_are_refused() {
    // Of two, of one, and a ring beside a modulator that is well.
    check(&[[LINKED, LINK | 1, 127, 0, 0], [LINKED, LINK, 127, 0, 0]], 0.0);
    check(&[[LINKED, LINK, 127, 0, 0]], 0.0);
    let beside =
        [[LINKED, LINK | 1, 127, 0, 0], [LINKED, LINK, 127, 0, 0], [CC20, ATTENUATION, 127, 0, 0]];
    check(&beside, 12.7 * 64.0 / 127.0);
}

#[test]
fn a_link_to_nowhere_does_nothing() {
    check(&[[CC20, LINK | 7, 127, 0, 0]], 0.0);
    // Its target does not listen to links, and goes on as if there were none.
    check(&[[CC20, LINK | 1, 127, 0, 0], [CC21, ATTENUATION, 600, 0, 0]], 60.0 * 32.0 / 127.0);
    // A modulator that waits for a link that nothing feeds, rising or falling.
    check(&[[LINKED, ATTENUATION, 600, 0, 0]], 0.0);
    check(&[[LINKED | 0x100, ATTENUATION, 600, 0, 0]], 0.0);
}

/// A chain of modulators, each feeding the next, the last moving the attenuation.
fn chain(length: u16) -> Vec<[u16; 5]> {
    let mut chain: Vec<_> = (1..length).map(|n| [LINKED, LINK | n, 127, 0, 0]).collect();
    chain[0][0] = CC20;
    chain.push([LINKED, ATTENUATION, 600, 0, 0]);
    chain
}

#[test]
fn a_chain_is_followed_for_sixteen_links() {
    check(&chain(17), 60.0 * 64.0 / 127.0);
    check(&chain(18), 0.0);
    check(&chain(512), 0.0);
}

#[test]
fn a_zone_of_a_thousand_modulators_is_refused() {
    let modulators = chain(513);
    let bank = BuiltBank { modulators: &modulators, sound: tone(), ..BuiltBank::default() };
    let error = Bank::parse(bank.bytes()).unwrap_err();
    assert!(error.to_string().contains("512 modulators"), "{error}");
}

#[test]
fn what_the_standard_does_not_know_is_ignored() {
    let unknown = [
        // A transform.
        [CC20, ATTENUATION, 600, 0, 1],
        // General controllers 1 and 5.
        [1, ATTENUATION, 600, 0, 0],
        [5, ATTENUATION, 600, 0, 0],
        // A curve.
        [CC20 | 7 << 10, ATTENUATION, 600, 0, 0],
        // Data entry, a parameter number, a channel mode.
        [0x80 | 6, ATTENUATION, 600, 0, 0],
        [0x80 | 0x100 | 98, ATTENUATION, 600, 0, 0],
        [0x80 | 0x100 | 120, ATTENUATION, 600, 0, 0],
        // As the source of an amount, one that is unknown, and a link.
        [CC20, ATTENUATION, 600, 5, 0],
        [CC20, ATTENUATION, 600, LINKED, 0],
        // A generator that is not there.
        [CC20, 99, 600, 0, 0],
    ];
    for modulator in unknown {
        check(&[modulator], 0.0);
    }
    // Nor does it replace what is known: the default from volume to attenuation.
    check(&[[0x0587, ATTENUATION, 0, 0, 1]], 0.0);
}

#[test]
fn no_controller_stands_for_one() {
    check(&[[0, ATTENUATION, 100, 0, 0]], 10.0);
    check(&[[0, ATTENUATION, 100, CC20, 0]], 10.0 * 64.0 / 127.0);
}

#[test]
fn the_absolute_transform_takes_the_sign_away() {
    // Bipolar: 32 of 128 is half way down.
    check(&[[CC21 | 0x200, ATTENUATION, 600, 0, 2]], 30.0);
    let softened =
        softens(&[[CC21 | 0x200, ATTENUATION, 600, 0, 0], [0, ATTENUATION, 400, 0, 0]], 0, 32);
    assert!((softened - 10.0).abs() < 0.05, "without it, 40 dB less 30: {softened}");
}
