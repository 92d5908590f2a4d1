//! Bytes as a picture of an album.

#![no_main]

use library::covers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| drop(covers::check(bytes))
);
