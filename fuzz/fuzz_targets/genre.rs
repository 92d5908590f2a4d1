//! Text as a genre file: a genre, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use studio::genre::Genre;

fuzz_target!(|text: &str| {
    drop(Genre::parse("fuzz", text));
});
