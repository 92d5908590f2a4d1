//! Bytes as a sound file: sound, or an error.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((buffer, format)) = audio_file::decode(Cursor::new(bytes.to_vec())) {
        assert!(buffer.length().0 > 0, "sound without samples");
        assert_eq!(buffer.rate(), format.rate);
    }
});
