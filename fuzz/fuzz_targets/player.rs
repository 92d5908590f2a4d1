//! Bytes as what a player says over its socket.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = server::understands(text);
});
