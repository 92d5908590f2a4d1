//! Text as the stages of a master: a chain that gives finite sound, or an error.

#![no_main]

use audio::{Layout, SampleRate};
use libfuzzer_sys::fuzz_target;
use mastering::{Chain, Stream};

fuzz_target!(|text: &str| {
    let Ok(chain) = toml::from_str::<Chain>(text) else { return };
    let Ok(mut stream) = Stream::new(SampleRate::CD, Layout::Stereo, &chain) else { return };
    let mut planes = [vec![0.7_f32; 512], vec![-0.3_f32; 512]];
    for _ in 0..8 {
        let [left, right] = &mut planes;
        stream.process(&mut [left.as_mut_slice(), right.as_mut_slice()]);
        assert!(planes.iter().flatten().all(|sample| sample.is_finite()));
    }
});
