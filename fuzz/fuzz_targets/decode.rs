//! Bytes as a sound file: sound, or an error.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // A panic inside the fence around foreign parsers is no finding; one that gets out still is.
    // The hook of the fuzzer would end the run before the fence is reached.
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| {
        if let Ok((buffer, format)) = audio_file::decode(Cursor::new(bytes.to_vec())) {
            assert!(buffer.length().0 > 0, "sound without samples");
            assert_eq!(buffer.rate(), format.rate);
        }
    }
);
