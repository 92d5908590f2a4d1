//! Bytes as a SoundFont: a bank whose first program plays a note, or an error.

#![no_main]

use audio::{Frames, SampleRate};
use clock::Seed;
use fault::Cancel;
use instruments::{Bank, Event, Kernel, Message, Patch, Performance, Setting, render};
use libfuzzer_sys::fuzz_target;

/// Long enough for attack, release and a loop or two.
const LENGTH: Frames = Frames(9_600);

fuzz_target!(|bytes: &[u8]| {
    let Ok(bank) = Bank::parse(bytes.to_vec()) else { return };
    let Some(preset) = bank.presets().into_iter().next() else { return };
    let events = vec![
        Event { at: Frames(0), message: Message::NoteOn { key: 60, velocity: 100 } },
        Event { at: Frames(4_800), message: Message::NoteOff { key: 60 } },
    ];
    let patch = Patch::Bank { bank: preset.bank, program: preset.program };
    let setting = Setting { rate: SampleRate::STUDIO, seed: Seed(1), kernel: Kernel::Scalar };
    let performance = Performance::new(events, LENGTH);
    if let Ok(stem) = render(&performance, &patch, &bank, setting, &Cancel::new()) {
        assert_eq!(stem.length(), LENGTH);
    }
});
