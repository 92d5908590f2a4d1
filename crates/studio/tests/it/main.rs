//! The studio through its public doors: songs, their stems, and the schemas of their files.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its song has failed")]

mod schemas;
mod stems;

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

/// A song of 15 s with its stems, in a folder.
fn song(sentence: &str, out: &Path) -> Made {
    let order = MakeOrder {
        sentence: sentence.to_owned(),
        wishes: Wishes { duration: Some(15.0), ..Wishes::default() },
        seed: Seed(3),
        artist: "A".to_owned(),
        album: "B".to_owned(),
        delivery: Delivery {
            target: Target::named("spotify").unwrap(),
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
