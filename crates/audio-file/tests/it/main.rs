//! Files we write are read by programs that are not ours, and files they write are read by us.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its sound has failed")]

mod edges;
mod editing;
mod foreign;
mod reading;
mod resampling;
mod seeking;
mod tagging;
mod transcoding;
mod writing;

use audio::{Buffer, SampleRate};
use testkit::Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

/// Two seconds and an odd frame of stereo music-like sound: partials that swell, and a hiss.
fn sound(rate: SampleRate) -> Buffer {
    sound_of(rate, 2.0)
}

/// As many seconds and an odd frame of it.
fn sound_of(rate: SampleRate, seconds: f64) -> Buffer {
    let frames = rate.frames(seconds).index() + 1;
    let mut chance = clock::Seed(11).stream("sound");
    let mut plane = |pitch: f64| -> Vec<f32> {
        (0..frames)
            .map(|n| {
                let turns = pitch * n as f64 / rate.hz_f64();
                let swell = 0.3 + 0.2 * libm::sin(n as f64 / 9_000.0);
                let tone = libm::sin(std::f64::consts::TAU * turns);
                (swell * tone + 0.01 * chance.between(-1.0, 1.0)) as f32
            })
            .collect()
    };
    let (left, right) = (plane(220.0), plane(331.0));
    Buffer::from_planes(rate, vec![left, right]).unwrap()
}

/// Signal to error ratio in dB over the common length.
fn snr(reference: &Buffer, other: &Buffer) -> f64 {
    let (mut signal, mut error) = (0.0, 0.0);
    for (a, b) in reference.planes().iter().zip(other.planes()) {
        for (a, b) in a.iter().zip(b) {
            signal += f64::from(*a) * f64::from(*a);
            error += f64::from(a - b) * f64::from(a - b);
        }
    }
    10.0 * libm::log10(signal / error)
}
