//! Files made by ffmpeg are decoded to what ffmpeg decodes them to.

use std::fs::File;
use std::io::BufWriter;
use std::process::Command;

use audio::SampleRate;
use audio_file::{Tags, decode, write_wav_float};

use crate::{snr, sound};

#[test]
fn every_format_decodes_as_ffmpeg_decodes_it() {
    let test = "every_format_decodes_as_ffmpeg_decodes_it";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("source.wav");
    let buffer = sound(SampleRate::CD);
    let mut out = BufWriter::new(File::create(&source).unwrap());
    write_wav_float(&mut out, &buffer, &Tags::default()).unwrap();
    drop(out);
    for (name, codec, floor_db) in [
        ("u8.wav", "pcm_u8", 40.0),
        ("s16.wav", "pcm_s16le", 85.0),
        ("s24.wav", "pcm_s24le", 120.0),
        ("f64.wav", "pcm_f64le", 140.0),
        ("a.flac", "flac", 85.0),
        ("a.aiff", "pcm_s16be", 85.0),
        ("sowt.aiff", "pcm_s16le", 85.0),
        ("s16.au", "pcm_s16be", 85.0),
        ("f32.au", "pcm_f32be", 140.0),
        ("alac.m4a", "alac", 85.0),
        ("aac.m4a", "aac", 20.0),
        ("a.mp3", "libmp3lame", 20.0),
        ("a.ogg", "libvorbis", 15.0),
        ("a.opus", "libopus", 15.0),
    ] {
        let path = dir.path().join(name);
        testkit::run(
            Command::new(&ffmpeg)
                .args(["-v", "error", "-y", "-i"])
                .arg(&source)
                .args(["-c:a", codec])
                .arg(&path),
        );
        let (ours, format) =
            decode(File::open(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let raw = dir.path().join("theirs.wav");
        testkit::run(
            Command::new(&ffmpeg)
                .args(["-v", "error", "-y", "-i"])
                .arg(&path)
                .args(["-c:a", "pcm_f32le"])
                .arg(&raw),
        );
        let (theirs, _) = decode(File::open(&raw).unwrap()).unwrap();
        if codec == "libopus" {
            assert_eq!((format.rate, ours.length()), (SampleRate::STUDIO, theirs.length()));
            assert!(
                snr(&theirs, &ours) > 50.0,
                "{name}: {:.1} dB from ffmpeg",
                snr(&theirs, &ours)
            );
            continue;
        }
        assert_eq!(format.rate, SampleRate::CD, "{name}");
        assert_eq!(ours.length(), buffer.length(), "{name}");
        let agreement = snr(&theirs, &ours);
        // ffmpeg's own noise stands in bands that AAC codes as noise.
        let wanted = if codec == "aac" { 40.0 } else { 70.0 };
        assert!(agreement > wanted || agreement.is_nan(), "{name}: {agreement:.1} dB from ffmpeg");
        assert!(snr(&buffer, &ours) > floor_db, "{name}: {:.1} dB", snr(&buffer, &ours));
    }
}

#[test]
fn an_rf64_header_is_read() {
    let test = "an_rf64_header_is_read";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.wav");
    testkit::run(
        Command::new(&ffmpeg)
            .args(["-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:duration=1"])
            .args(["-rf64", "always", "-c:a", "pcm_s24le"])
            .arg(&path),
    );
    let (buffer, format) = decode(File::open(&path).unwrap()).unwrap();
    assert_eq!(format.name, "rf64");
    assert_eq!(buffer.length().0, 44_100);
}
