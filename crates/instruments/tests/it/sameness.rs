//! The same performance gives the same bits: twice, on either code path, however it is cut.

use fault::Cancel;
use instruments::{Bank, Event, Kernel, Message, Patch, Performance};

use crate::play::{chord, setting, stem};

/// Everything a player can do to a channel, packed into two seconds.
fn busy() -> Performance {
    let mut events = chord(&[48, 55, 60, 64, 67], 96, 1.2, 2.0).events;
    let mut at = |frame: u64, message| events.push(Event { at: audio::Frames(frame), message });
    for step in 0..40 {
        let value = (step * 3) as u8;
        at(step * 997, Message::Control { number: 1, value });
        at(step * 1_009, Message::Control { number: 74, value });
        at(step * 1_013, Message::Control { number: 10, value: 127 - value });
        at(step * 1_021, Message::PitchBend((8_192 + step * 100) as u16));
    }
    at(20_000, Message::Control { number: 64, value: 127 });
    at(30_000, Message::NoteOn { key: 72, velocity: 120 });
    at(30_017, Message::NoteOff { key: 72 });
    at(60_000, Message::Control { number: 64, value: 0 });
    Performance::new(events, audio::Frames(96_000))
}

fn bits(patch: &Patch, kernel: Kernel) -> Vec<u32> {
    let bank = Bank::embedded();
    let sound = instruments::render(&busy(), patch, bank, setting(kernel), &Cancel::new()).unwrap();
    sound.planes().iter().flatten().map(|sample| sample.to_bits()).collect()
}

#[test]
fn both_paths_and_both_times_agree() {
    for program in [0, 29, 48] {
        let patch = Patch::Bank { bank: 0, program };
        let first = bits(&patch, Kernel::Detect);
        assert!(first == bits(&patch, Kernel::Detect), "program {program}: second render");
        assert!(first == bits(&patch, Kernel::Scalar), "program {program}: scalar path");
    }
}

#[test]
fn a_longer_stem_begins_like_a_shorter_one() {
    let patch = Patch::Bank { bank: 0, program: 4 };
    let mut performance = busy();
    let whole = stem(&performance, &patch, Bank::embedded());
    performance.length = audio::Frames(50_001);
    let part = stem(&performance, &patch, Bank::embedded());
    assert_eq!(whole.plane(0)[..50_001], part.plane(0)[..]);
}

#[test]
fn a_raised_signal_stops_the_render() {
    let cancel = Cancel::new();
    cancel.cancel();
    let patch = Patch::Bank { bank: 0, program: 0 };
    let bank = Bank::embedded();
    let result = instruments::render(&busy(), &patch, bank, setting(Kernel::Detect), &cancel);
    assert_eq!(result.unwrap_err(), instruments::Error::Cancelled);
}
