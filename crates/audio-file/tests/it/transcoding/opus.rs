use std::f64::consts::TAU;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use audio::{Buffer, Frames, Layout, SampleRate};
use audio_file::{Error, OpusBitRate, StreamEncoder, Target, decode, resample};

use super::{drained, float_of, heard, made, open, rate, tail};
use crate::{snr, sound, sound_of};

pub(super) fn opus_of(kbit_s: u32) -> Target {
    Target::Opus { bit_rate: OpusBitRate::new(kbit_s).unwrap() }
}

/// What ffmpeg hears in a file; opusinfo must have nothing to say against it.
fn heard_by_others(dir: &Path, bytes: &[u8], channels: usize, test: &str) -> Option<Buffer> {
    let (opusinfo, ffmpeg) =
        (testkit::program("opusinfo", test)?, testkit::program("ffmpeg", test)?);
    let (path, raw) = (dir.join("a.opus"), dir.join("a.raw"));
    std::fs::write(&path, bytes).unwrap();
    let said = testkit::run(Command::new(opusinfo).arg(&path));
    assert!(!said.to_lowercase().contains("warning") && said.contains("Playback length"), "{said}");
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y", "-i"]).arg(&path);
    let said = testkit::run(command.args(["-f", "f32le"]).arg(&raw));
    assert!(said.is_empty(), "{said}");
    let raw = std::fs::read(raw).unwrap();
    let samples: Vec<f32> =
        raw.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let plane = |c: usize| samples.iter().skip(c).step_by(channels).copied().collect();
    Some(Buffer::from_planes(SampleRate::STUDIO, (0..channels).map(plane).collect()).unwrap())
}

#[test]
fn opus_has_the_sound_and_to_the_sample_the_length_of_its_source() {
    let test = "opus_has_the_sound_and_to_the_sample_the_length_of_its_source";
    let dir = tempfile::tempdir().unwrap();
    for (hz, kbit_s, from, least) in [
        (48_000, 128, 0, 27.0),
        (48_000, 96, 30_000, 24.0),
        (48_000, 510, 0, 36.0),
        (48_000, 32, 0, 17.0),
        (44_100, 160, 0, 25.0),
        (44_100, 128, 10_001, 25.0),
        (96_000, 128, 0, 25.0),
        (8_000, 64, 0, 20.0),
    ] {
        let what = format!("{hz} Hz at {kbit_s} kbit/s from {from}");
        let buffer = sound(rate(hz));
        let transcode = open(Cursor::new(float_of(&buffer)), opus_of(kbit_s), from);
        let form = (transcode.rate(), transcode.layout());
        assert_eq!(form, (SampleRate::STUDIO, Layout::Stereo), "{what}");
        assert_eq!(transcode.content_type(), "audio/ogg; codecs=opus");
        let first = (from * 48_000).div_ceil(u64::from(hz));
        let expected = tail(&resample(&buffer, SampleRate::STUDIO).unwrap(), first);
        assert_eq!(transcode.length(), Some(expected.length()), "{what}");
        let seconds = expected.length().seconds(SampleRate::STUDIO);
        let estimate = transcode.estimated_bytes(Duration::from_secs_f64(seconds)).unwrap();
        let (bytes, error) = drained(transcode);
        assert!(error.is_none(), "{error:?}");
        let off = bytes.len() as f64 / estimate as f64;
        assert!((0.9..1.1).contains(&off), "{what}: {} of {estimate} bytes", bytes.len());
        let Some(theirs) = heard_by_others(dir.path(), &bytes, 2, test) else { return };
        for back in [heard(bytes), theirs] {
            assert_eq!(back.length(), expected.length(), "{what}");
            assert!(snr(&expected, &back) > least, "{what}: {}", snr(&expected, &back));
        }
    }
}

/// What fills a packet or a page exactly, what is one more or one less, and hardly anything.
#[test]
fn every_length_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    for packets in [1, 2, 50, 51, 100] {
        for frames in [packets * 960 - 121, packets * 960 - 120, packets * 960 - 119] {
            let whole = sound_of(SampleRate::STUDIO, 2.1);
            let source = Buffer::mono(SampleRate::STUDIO, whole.plane(0)[..frames].to_vec());
            let bytes = made(Cursor::new(float_of(&source)), opus_of(64), 0);
            assert_eq!(heard(bytes.clone()).length().0, frames as u64);
            let Some(theirs) = heard_by_others(dir.path(), &bytes, 1, "every_length_is_kept")
            else {
                return;
            };
            assert_eq!(theirs.length().0, frames as u64);
        }
    }
    let one = Buffer::mono(SampleRate::STUDIO, vec![0.5]);
    let bytes = made(Cursor::new(float_of(&one)), opus_of(64), 0);
    assert_eq!(heard(bytes).length(), Frames(1));
    // Of what lies beyond the end there are the headers and a packet of nothing.
    let bytes = made(Cursor::new(float_of(&one)), opus_of(64), 1);
    assert!(matches!(decode(Cursor::new(bytes)), Err(Error::Empty)));
}

#[test]
fn an_impulse_comes_out_at_its_frame() {
    /// Around the place of the impulse.
    const AROUND: usize = 400;
    let dir = tempfile::tempdir().unwrap();
    for at in [0, 500, 840, 12_345, 47_999, 95_000] {
        let mut plane = vec![0.0; 96_000];
        plane[at] = 0.9;
        let bytes =
            made(Cursor::new(float_of(&Buffer::mono(SampleRate::STUDIO, plane))), opus_of(128), 0);
        let ours = heard(bytes.clone());
        let theirs = heard_by_others(dir.path(), &bytes, 1, "an_impulse_comes_out_at_its_frame");
        for back in theirs.into_iter().chain([ours]) {
            let loud = |n: &usize| back.plane(0)[*n].abs();
            let peak = (0..96_000).max_by(|a, b| loud(a).total_cmp(&loud(b))).unwrap();
            assert!(peak.abs_diff(at) <= 1, "at {at}: {peak}");
            let near = at.saturating_sub(AROUND)..at + AROUND;
            let far = (0..96_000).filter(|n| !near.contains(n)).map(|n| loud(&n));
            assert!(far.fold(0.0, f32::max) < 0.02, "at {at}");
        }
    }
}

#[test]
fn a_tone_keeps_its_pitch_and_its_level() {
    let dir = tempfile::tempdir().unwrap();
    for (hz, channels) in [(50.0, 2), (1_000.0, 2), (1_001.5, 1), (5_000.0, 2), (12_000.0, 1)] {
        let turn = |n: usize| TAU * hz * n as f64 / 48_000.0;
        let plane = || (0..96_000).map(|n| 0.25 * libm::sin(turn(n)) as f32).collect();
        let source =
            Buffer::from_planes(SampleRate::STUDIO, (0..channels).map(|_| plane()).collect());
        let bytes = made(Cursor::new(float_of(&source.unwrap())), opus_of(96), 0);
        let test = "a_tone_keeps_its_pitch_and_its_level";
        let Some(back) = heard_by_others(dir.path(), &bytes, channels, test) else { return };
        for plane in back.planes() {
            // A whole second: turns of every tone here come out even, or nearly so.
            let (mut sine, mut cosine, mut all) = (0.0, 0.0, 0.0);
            for (n, sample) in plane.iter().enumerate().skip(24_000).take(48_000) {
                let sample = f64::from(*sample);
                sine += sample * libm::sin(turn(n)) / 24_000.0;
                cosine += sample * libm::cos(turn(n)) / 24_000.0;
                all += sample * sample / 24_000.0;
            }
            let power = sine * sine + cosine * cosine;
            let level = 10.0 * libm::log10(power / (0.25 * 0.25));
            assert!(level.abs() < 0.2, "{hz} Hz: {level} dB");
            assert!(cosine.abs() < 0.01, "{hz} Hz is shifted: {cosine}");
            let purity = 10.0 * libm::log10(power / (all - power));
            assert!(purity > 25.0, "{hz} Hz: {purity} dB");
        }
    }
}

#[test]
fn an_endless_stream_is_the_same_in_any_blocks_and_plays_up_to_where_it_was_cut() {
    let test = "an_endless_stream_is_the_same_in_any_blocks_and_plays_up_to_where_it_was_cut";
    let sound = sound_of(SampleRate::STUDIO, 6.0);
    let stream = |sizes: &[usize], ends: bool| {
        let mut bytes = Vec::new();
        let begun =
            StreamEncoder::begin(opus_of(128), SampleRate::STUDIO, Layout::Stereo, &mut bytes);
        let (mut encoder, mut at) = (begun.unwrap(), 0);
        for size in sizes.iter().cycle() {
            let end = (at + size).min(sound.length().index());
            let planes = [&sound.plane(0)[at..end], &sound.plane(1)[at..end]];
            encoder.push(&planes, &mut bytes).unwrap();
            at = end;
            if at == sound.length().index() {
                break;
            }
        }
        if ends {
            encoder.finish(&mut bytes).unwrap();
        }
        bytes
    };
    let whole = stream(&[4_800], true);
    assert_eq!(stream(&[1, 7_000, 959, 960, 961, 40_000], true), whole);
    let expected = heard(whole.clone());
    assert_eq!(expected.length(), sound.length());
    let running = stream(&[4_800], false);
    assert_eq!(running, whole[..running.len()], "a second at most is held back");
    let held = heard(running.clone()).length().0;
    assert!((5 * 48_000 - 120..=6 * 48_000).contains(&held), "{held}");
    let dir = tempfile::tempdir().unwrap();
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    for tenth in 3..10 {
        let cut = &whole[..whole.len() * tenth / 10 + tenth];
        let (path, raw) = (dir.path().join("cut.opus"), dir.path().join("cut.raw"));
        std::fs::write(&path, cut).unwrap();
        let mut command = Command::new(&ffmpeg);
        command.args(["-v", "quiet", "-y", "-i"]).arg(&path);
        testkit::run(command.args(["-f", "f32le"]).arg(&raw));
        let frames = std::fs::metadata(&raw).unwrap().len() / 8;
        let there = sound.length().0 * tenth as u64 / 10;
        assert!(frames <= there + 4_800 && frames + 60_000 > there, "{tenth}: {frames}");
    }
}

#[test]
fn what_opus_does_not_take_is_refused_by_name() {
    let begin = |rate, layout| {
        StreamEncoder::begin(opus_of(128), rate, layout, &mut Vec::new()).err().unwrap().to_string()
    };
    let said = begin(SampleRate::CD, Layout::Stereo);
    assert!(said.contains("Opus cannot hold 44100 Hz; it takes 48000 Hz"), "{said}");
    let said = begin(SampleRate::STUDIO, Layout::Surround51);
    assert!(said.contains("Opus cannot hold 6 channels; it takes 1 or 2 channels"), "{said}");
    for kbit_s in [0, 5, 511] {
        let said = OpusBitRate::new(kbit_s).unwrap_err().to_string();
        assert!(said.contains("kbit/s; it takes 6 to 510 kbit/s"), "{said}");
    }
    assert_eq!(OpusBitRate::at_most(5), None);
    assert_eq!(OpusBitRate::at_most(u32::MAX).unwrap().kbit_s(), 510);
}
