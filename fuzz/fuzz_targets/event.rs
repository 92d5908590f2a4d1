//! Bytes as a stored event: an event whose bytes they are, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use market::{Sequence, WIDE_BYTES, decode, encode};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(event) = decode(Sequence(0), bytes) {
        let mut again = [0; WIDE_BYTES];
        let length = encode(&event, &mut again);
        assert_eq!(&again[..length], bytes);
    }
});
