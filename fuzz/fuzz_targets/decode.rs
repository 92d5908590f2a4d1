//! Bytes as a sound file, read and sought: sound, or an error.

#![no_main]

use std::io::Cursor;

use audio::Frames;
use audio_file::Decoder;
use libfuzzer_sys::fuzz_target;

/// A few kilobytes of silence can be hours; what is to be found is found by then.
const ENOUGH: u64 = 2_000_000;

fuzz_target!(
    // A panic inside the fence around foreign parsers is no finding; one that gets out still is.
    // The hook of the fuzzer would end the run before the fence is reached.
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| {
        let Ok(mut decoder) = Decoder::open(Cursor::new(bytes.to_vec())) else { return };
        let frames = read(&mut decoder);
        for at in [frames / 2, frames, 0, u64::MAX] {
            if decoder.seek(Frames(at)).is_err() {
                return;
            }
            drop(decoder.next_block());
        }
    }
);

fn read(decoder: &mut Decoder) -> u64 {
    let channels = decoder.format().layout.channels();
    let mut frames = 0;
    while let Ok(Some(planes)) = decoder.next_block() {
        assert_eq!(planes.len(), channels);
        assert!(!planes[0].is_empty(), "sound without samples");
        assert!(planes.iter().all(|plane| plane.len() == planes[0].len()));
        frames += planes[0].len() as u64;
        if frames > ENOUGH {
            break;
        }
    }
    frames
}
