use std::io::Cursor;
use std::process::Command;
use std::time::Duration;

use audio::{Buffer, Layout, SampleRate};
use audio_file::resample;

use super::{drained, ffmpeg_frames, float_of, heard, made, of_rate, open, rate, tail};
use crate::{snr, sound};

/// Frames by which MP3 sounds late without a header that says so.
const LATE: usize = 1_105;

#[test]
fn an_mp3_has_the_sound_and_the_length_of_its_source() {
    let test = "an_mp3_has_the_sound_and_the_length_of_its_source";
    let (Some(ffmpeg), Some(mpg123)) =
        (testkit::program("ffmpeg", test), testkit::program("mpg123", test))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for (from_hz, to_hz, kbit_s, from, least) in [
        (44_100, 44_100, 320, 0, 40.0),
        (44_100, 44_100, 128, 0, 20.0),
        (48_000, 48_000, 192, 30_000, 20.0),
        (32_000, 32_000, 96, 0, 15.0),
        (96_000, 48_000, 256, 24_000, 30.0),
        (88_200, 44_100, 256, 0, 30.0),
        (44_100, 22_050, 64, 0, 10.0),
        (22_050, 22_050, 96, 0, 15.0),
        (8_000, 8_000, 32, 0, 10.0),
        (8_000, 48_000, 128, 0, 15.0),
    ] {
        let what = format!("{from_hz} Hz at {kbit_s} kbit/s");
        let buffer = sound(rate(from_hz));
        let transcode = open(Cursor::new(float_of(&buffer)), of_rate(kbit_s), from);
        assert_eq!((transcode.rate(), transcode.layout()), (rate(to_hz), Layout::Stereo), "{what}");
        assert_eq!(transcode.content_type(), "audio/mpeg");
        let length = transcode.length().unwrap();
        let expected = tail(
            &resample(&buffer, rate(to_hz)).unwrap(),
            from * u64::from(to_hz) / u64::from(from_hz),
        );
        assert_eq!(length, expected.length(), "{what}");
        let estimate =
            transcode.estimated_bytes(Duration::from_secs_f64(length.seconds(rate(to_hz))));
        let (bytes, error) = drained(transcode);
        assert!(error.is_none(), "{error:?}");
        let frame = u64::from(kbit_s) * 144_000 / u64::from(to_hz);
        assert!(
            estimate.unwrap().abs_diff(bytes.len() as u64) <= frame,
            "{what}: {estimate:?} {}",
            bytes.len()
        );
        let path = dir.path().join("a.mp3");
        std::fs::write(&path, &bytes).unwrap();
        testkit::run(Command::new(&mpg123).args(["-t", "-q"]).arg(&path));
        let theirs = ffmpeg_frames(&ffmpeg, dir.path(), &bytes);
        assert!(
            theirs >= length.0 && theirs <= length.0 + 1_152 * 3,
            "{what}: {theirs} of {length:?}"
        );
        let back = tail(&heard(bytes), LATE as u64);
        assert!(back.length() >= length, "{what}");
        assert!(snr(&expected, &back) > least, "{what}: {}", snr(&expected, &back));
    }
}

#[test]
fn surround_is_folded_as_the_house_folds_it() {
    let stereo = sound(SampleRate::STUDIO);
    let plane = |c: usize| stereo.plane(c).iter().map(|s| s * 0.4).collect::<Vec<f32>>();
    let planes = vec![plane(0), plane(1), plane(0), plane(1), plane(1), plane(0)];
    let buffer = Buffer::from_planes(SampleRate::STUDIO, planes).unwrap();
    let back = heard(made(Cursor::new(float_of(&buffer)), of_rate(320), 0));
    let found = snr(&buffer.to_stereo(), &tail(&back, LATE as u64));
    assert!(found > 35.0, "{found}");
}
