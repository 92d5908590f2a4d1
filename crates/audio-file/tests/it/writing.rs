use std::fs::File;
use std::io::{BufWriter, Cursor};
use std::path::Path;
use std::process::Command;

use audio::{Buffer, SampleRate};
use audio_file::{
    Depth, Mp3Quality, Pcm, Tags, decode, write_flac, write_mp3, write_wav, write_wav_float,
};
use clock::Seed;

use crate::{snr, sound};

fn tags() -> Tags {
    Tags {
        title: "Süße \"Nacht\" / ..".to_owned(),
        artist: "AETHER".to_owned(),
        album: "Tests".to_owned(),
        genre: "lo-fi".to_owned(),
        bpm: Some(80),
        key: "F#m".to_owned(),
        comment: "seed 7".to_owned(),
        encoder: "triad".to_owned(),
        ..Tags::default()
    }
}

fn file(dir: &Path, name: &str, write: impl FnOnce(&mut BufWriter<File>)) -> std::path::PathBuf {
    let path = dir.join(name);
    let mut out = BufWriter::new(File::create(&path).unwrap());
    write(&mut out);
    std::io::Write::flush(&mut out).unwrap();
    path
}

/// MD5 of the decoded samples as ffmpeg sees them, in a common sample format.
fn md5(ffmpeg: &Path, file: &Path, format: &str) -> String {
    let said = testkit::run(
        Command::new(ffmpeg)
            .args(["-v", "error", "-i"])
            .arg(file)
            .args(["-f", "md5", "-c:a", format, "-"]),
    );
    said.trim().to_owned()
}

#[test]
fn wav_and_flac_hold_the_same_samples_for_ffmpeg_and_flac() {
    let test = "wav_and_flac_hold_the_same_samples_for_ffmpeg_and_flac";
    let (Some(ffmpeg), Some(flac)) =
        (testkit::program("ffmpeg", test), testkit::program("flac", test))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for (rate, depth, format) in [
        (SampleRate::CD, Depth::Sixteen, "pcm_s16le"),
        (SampleRate::STUDIO, Depth::TwentyFour, "pcm_s24le"),
    ] {
        let pcm = Pcm::quantise(&sound(rate), depth, Seed(1));
        let wav = file(dir.path(), "a.wav", |out| write_wav(out, &pcm, &tags()).unwrap());
        let packed = file(dir.path(), "a.flac", |out| write_flac(out, &pcm, &tags()).unwrap());
        testkit::run(Command::new(&flac).arg("-t").arg("-s").arg(&packed));
        assert_eq!(md5(&ffmpeg, &wav, format), md5(&ffmpeg, &packed, format));
        let (ours, _) = decode(File::open(&wav).unwrap()).unwrap();
        let (theirs, _) = decode(File::open(&packed).unwrap()).unwrap();
        assert_eq!(ours, theirs);
        assert!(snr(&sound(rate), &ours) > f64::from(depth.bits()) * 6.02 - 20.0);
    }
}

#[test]
fn float_wav_returns_every_bit() {
    let buffer = sound(SampleRate::STUDIO);
    let mut bytes = Vec::new();
    write_wav_float(&mut bytes, &buffer, &tags()).unwrap();
    let (back, format) = decode(Cursor::new(bytes)).unwrap();
    assert_eq!(back, buffer);
    assert_eq!(format.stated_frames, Some(buffer.length().0));
}

#[test]
fn tags_are_read_by_ffprobe() {
    let test = "tags_are_read_by_ffprobe";
    let Some(ffprobe) = testkit::program("ffprobe", test) else { return };
    let dir = tempfile::tempdir().unwrap();
    let buffer = sound(SampleRate::STUDIO);
    let pcm = Pcm::quantise(&buffer, Depth::TwentyFour, Seed(1));
    let mut files = vec![
        file(dir.path(), "t.wav", |out| write_wav(out, &pcm, &tags()).unwrap()),
        file(dir.path(), "f.wav", |out| write_wav_float(out, &buffer, &tags()).unwrap()),
        file(dir.path(), "t.flac", |out| write_flac(out, &pcm, &tags()).unwrap()),
    ];
    if cfg!(feature = "mp3") {
        let write = |out: &mut _| write_mp3(out, &buffer, Mp3Quality::V2, &tags()).unwrap();
        files.push(file(dir.path(), "t.mp3", write));
    }
    for path in files {
        let said = testkit::run(
            Command::new(&ffprobe).args(["-v", "error", "-show_entries", "format_tags"]).arg(&path),
        );
        let lower = said.to_lowercase();
        for (field, value) in [
            ("title", "süße \"nacht\" / .."),
            ("artist", "aether"),
            ("album", "tests"),
            ("genre", "lo-fi"),
            ("comment", "seed 7"),
        ] {
            let wanted = format!("tag:{field}={value}");
            assert!(lower.contains(&wanted), "{}: no {wanted} in\n{said}", path.display());
        }
    }
}

#[cfg(feature = "mp3")]
#[test]
fn an_mp3_has_exactly_the_length_of_its_wav() {
    let test = "an_mp3_has_exactly_the_length_of_its_wav";
    let (Some(ffmpeg), Some(mpg123)) =
        (testkit::program("ffmpeg", test), testkit::program("mpg123", test))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for (rate, quality) in [
        (SampleRate::CD, Mp3Quality::Constant320),
        (SampleRate::STUDIO, Mp3Quality::V0),
        (SampleRate::STUDIO, Mp3Quality::V2),
    ] {
        let buffer = sound(rate);
        let path =
            file(dir.path(), "a.mp3", |out| write_mp3(out, &buffer, quality, &tags()).unwrap());
        testkit::run(Command::new(&mpg123).args(["-t", "-q"]).arg(&path));
        let raw = dir.path().join("a.raw");
        testkit::run(
            Command::new(&ffmpeg)
                .args(["-v", "error", "-y", "-i"])
                .arg(&path)
                .args(["-f", "f32le"])
                .arg(&raw),
        );
        let frames = std::fs::metadata(&raw).unwrap().len() / 8;
        assert_eq!(frames, buffer.length().0, "{quality:?} by ffmpeg");
        let (back, _) = decode(File::open(&path).unwrap()).unwrap();
        assert_eq!(back.length(), buffer.length(), "{quality:?} by us");
        assert!(snr(&buffer, &back) > 20.0, "{quality:?} {}", snr(&buffer, &back));
    }
}

#[test]
fn what_a_format_cannot_hold_is_refused_by_name() {
    let high = Buffer::mono(SampleRate::new(96_000).unwrap(), vec![0.1; 1_000]);
    let error = write_mp3(&mut Vec::new(), &high, Mp3Quality::V0, &Tags::default()).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("96000 Hz") || said.contains("built without"), "{said}");
}
