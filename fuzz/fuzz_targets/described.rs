//! Bytes as a file of a collection: what it says of itself, and its essence.

#![no_main]

use std::io::Cursor;

use audio_file::{Description, Essence};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| {
        drop(Description::read(&mut Cursor::new(bytes)));
        let essence = Essence::read(&mut Cursor::new(bytes)).expect("memory can be read");
        assert!(essence.is_none_or(|essence| !essence.bytes().is_empty()));
    }
);
