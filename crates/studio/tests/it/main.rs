//! The song pipeline held to its promises, on songs it really makes.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its song has failed")]

mod artifacts;
mod bands;
mod faults;
mod house;
mod jobs;
mod masters;
mod mixing;
mod plans;
mod returns;
mod schemas;
mod songs;
mod sums;
mod tampering;

use std::path::Path;

use audio::SampleRate;
use audio_file::{Depth, Mp3Quality};
use clock::Seed;
use compose::Wishes;
use fault::{Cancel, Silent};
use instruments::Kernel;
use mastering::Target;
use studio::genre::Genres;
use studio::make::{Delivery, FileFormat, Made, MakeOrder, make};

/// A short song with its stems, as WAV.
fn song(sentence: &str, seed: u64, out: &Path) -> Made {
    let order = MakeOrder {
        sentence: sentence.to_owned(),
        wishes: Wishes { duration: Some(15.0), ..Wishes::default() },
        seed: Seed(seed),
        artist: "Test".to_owned(),
        album: "Test".to_owned(),
        delivery: Delivery {
            target: Target::DEFAULT,
            formats: vec![FileFormat::Wav],
            depth: Depth::TwentyFour,
            rate: SampleRate::STUDIO,
            mp3_quality: Mp3Quality::V0,
            stems: true,
        },
        out: out.to_owned(),
        replace: false,
        threads: 2,
        kernel: Kernel::Detect,
    };
    make(&order, &Genres::embedded().unwrap(), &Silent, &Cancel::new()).unwrap()
}
