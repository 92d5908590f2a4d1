//! Bytes as a file with tags: tags, or an error; and what was read can be written.

#![no_main]

use std::io::Cursor;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_wav};
use clock::Seed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    // As in `decode`: the fence around foreign parsers is reached before the fuzzer's hook.
    init: drop(std::panic::take_hook()),
    |bytes: &[u8]| {
        let tags = Tags::read(&mut Cursor::new(bytes));
        let sound = Buffer::mono(SampleRate::CD, vec![0.1; 8]);
        let pcm = Pcm::quantise(&sound, Depth::Sixteen, Seed(1));
        drop(write_wav(&mut Vec::new(), &pcm, &tags));
    }
);
