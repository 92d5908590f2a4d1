//! Bytes as a MIDI file: tracks, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(score::midi::read(bytes));
});
