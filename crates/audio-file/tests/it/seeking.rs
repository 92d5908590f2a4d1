//! After a seek the sound is that of reading from the beginning.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use audio::{Buffer, Frames, SampleRate};
use audio_file::{Decoder, Tags, decode, write_wav_float};
use clock::Seed;

use crate::sound_of;

/// Seconds of the test sound: more than any format's pre-roll.
const SECONDS: f64 = 12.3;
/// Frames compared at each place.
const COMPARED: usize = 5_000;

fn encode(ffmpeg: &Path, source: &Path, to: PathBuf, options: &[&str]) -> PathBuf {
    testkit::run(
        Command::new(ffmpeg).args(["-v", "error", "-y", "-i"]).arg(source).args(options).arg(&to),
    );
    to
}

fn source(dir: &Path) -> (PathBuf, Buffer) {
    let buffer = sound_of(SampleRate::CD, SECONDS);
    let path = dir.join("source.wav");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    write_wav_float(&mut out, &buffer, &Tags::default()).unwrap();
    (path, buffer)
}

/// At most `wanted` frames from where the decoder stands.
fn read(decoder: &mut Decoder, wanted: usize) -> Vec<Vec<f32>> {
    let mut planes = vec![Vec::new(); decoder.format().layout.channels()];
    while planes[0].len() < wanted {
        let Some(block) = decoder.next_block().unwrap() else { break };
        for (plane, block) in planes.iter_mut().zip(block) {
            plane.extend(block);
        }
    }
    planes.iter_mut().for_each(|plane| plane.truncate(wanted));
    planes
}

/// The largest difference to the linear decode over places drawn at random, forward, backward, to
/// where it stands, and to both ends.
fn largest_difference(path: &Path, places: usize) -> f32 {
    let (whole, _) = decode(File::open(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let length = whole.length().0;
    let mut decoder = Decoder::open(File::open(path).unwrap()).unwrap();
    let mut chance = Seed(5).stream("places");
    let mut largest = 0.0_f32;
    let fixed = [length / 2, length / 2, 0, 1, length - 1, length - 1_000, length / 2 + 3_000, 0];
    let drawn = std::iter::repeat_with(|| (chance.between(0.0, 1.0) * length as f64) as u64);
    for at in fixed.into_iter().chain(drawn.take(places)) {
        let at = at.min(length - 1);
        decoder.seek(Frames(at)).unwrap();
        let found = read(&mut decoder, COMPARED);
        for (found, plane) in found.iter().zip(whole.planes()) {
            let expected = &plane[at as usize..(at as usize + COMPARED).min(plane.len())];
            assert_eq!(found.len(), expected.len(), "{} at {at}", path.display());
            for (found, expected) in found.iter().zip(expected) {
                largest = largest.max((found - expected).abs());
            }
        }
    }
    for beyond in [length, length + 1, length * 3, u64::MAX] {
        decoder.seek(Frames(beyond)).unwrap();
        assert_eq!(decoder.next_block().unwrap(), None, "{}", path.display());
    }
    decoder.seek(Frames(0)).unwrap();
    assert_eq!(read(&mut decoder, usize::MAX)[0].len() as u64, length, "{}", path.display());
    largest
}

#[test]
fn a_seek_gives_what_reading_from_the_beginning_gives() {
    let test = "a_seek_gives_what_reading_from_the_beginning_gives";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let dir = tempfile::tempdir().unwrap();
    let (source, _) = source(dir.path());
    let tests: [(&str, &[&str]); 22] = [
        ("u8.wav", &["-c:a", "pcm_u8"]),
        ("s16.wav", &["-c:a", "pcm_s16le"]),
        ("s24.wav", &["-c:a", "pcm_s24le"]),
        ("long.wav", &["-c:a", "pcm_s24le", "-rf64", "always"]),
        ("a.flac", &["-c:a", "flac"]),
        ("96k.flac", &["-c:a", "flac", "-ar", "96000", "-frame_size", "1000"]),
        ("flac.ogg", &["-c:a", "flac"]),
        ("a.aiff", &["-c:a", "pcm_s16be"]),
        ("a.au", &["-c:a", "pcm_s24be"]),
        ("alac.m4a", &["-c:a", "alac"]),
        ("cbr.mp3", &["-c:a", "libmp3lame", "-b:a", "128k"]),
        ("vbr.mp3", &["-c:a", "libmp3lame", "-q:a", "2"]),
        ("low.mp3", &["-c:a", "libmp3lame", "-b:a", "8k", "-ar", "24000", "-ac", "1"]),
        ("lower.mp3", &["-c:a", "libmp3lame", "-b:a", "8k", "-ar", "8000", "-ac", "1"]),
        ("mono.mp3", &["-c:a", "libmp3lame", "-b:a", "32k", "-ar", "48000", "-ac", "1"]),
        ("plain.mp3", &["-c:a", "libmp3lame", "-write_xing", "0"]),
        ("a.mp2", &["-c:a", "mp2"]),
        ("a.ogg", &["-c:a", "libvorbis", "-q:a", "6"]),
        ("low.ogg", &["-c:a", "libvorbis", "-q:a", "-1", "-ar", "22050"]),
        ("a.m4a", &["-c:a", "aac", "-aac_pns", "0"]),
        (
            "fragmented.mp4",
            &[
                "-c:a",
                "aac",
                "-aac_pns",
                "0",
                "-movflags",
                "frag_keyframe+empty_moov",
                "-frag_duration",
                "2000000",
            ],
        ),
        ("a.aac", &["-c:a", "aac", "-aac_pns", "0"]),
    ];
    for (name, options) in tests {
        let path = encode(&ffmpeg, &source, dir.path().join(name), options);
        assert_eq!(largest_difference(&path, 20), 0.0, "{name}");
    }
    for (name, options, tolerance) in [
        ("noise.m4a", ["-c:a", "aac", "-b:a", "64k"], 0.03),
        ("a.opus", ["-c:a", "libopus", "-b:a", "96k"], 1e-5),
        ("low.opus", ["-c:a", "libopus", "-b:a", "16k"], 1e-5),
    ] {
        let path = encode(&ffmpeg, &source, dir.path().join(name), &options);
        let difference = largest_difference(&path, 20);
        assert!(difference <= tolerance, "{name}: {difference}");
    }
}
