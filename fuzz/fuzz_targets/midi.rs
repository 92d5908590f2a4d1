//! Bytes as a MIDI file: tracks, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // A panic inside the fence around the foreign parser is no finding; one that gets out still
    // is. The hook of the fuzzer would end the run before the fence is reached.
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| drop(score::midi::read(bytes))
);
