//! Bytes as a picture of an album.

#![no_main]

use libfuzzer_sys::fuzz_target;
use library::covers;

fuzz_target!(
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| drop(covers::check(bytes))
);
