//! What is transcoded while it is played is what a whole file would hold.

#[cfg(feature = "mp3")]
mod mp3;
mod opus;
mod sources;

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use audio::{Buffer, Frames, SampleRate};
use audio_file::{
    BitRate, Depth, Error, Pcm, Source, Tags, Target, Transcode, decode, resample, write_flac,
    write_wav, write_wav_float,
};
use clock::Seed;
use testkit::{HELD, MOST_HELD};

use crate::{sound, sound_of};
use opus::opus_of;
use sources::{Tone, encoded};

const WAV16: Target = Target::Wav { depth: Depth::Sixteen };
const WAV24: Target = Target::Wav { depth: Depth::TwentyFour };
const FLAC16: Target = Target::Flac { depth: Depth::Sixteen };
const FLAC24: Target = Target::Flac { depth: Depth::TwentyFour };
fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

fn of_rate(kbit_s: u32) -> Target {
    Target::Mp3 { bit_rate: BitRate::new(kbit_s).unwrap() }
}

fn open(source: impl Source + 'static, to: Target, from: u64) -> Transcode {
    Transcode::open(source, to, Frames(from)).unwrap()
}

/// All bytes, and the error they end with.
fn drained(mut transcode: Transcode) -> (Vec<u8>, Option<Error>) {
    let mut bytes = Vec::new();
    loop {
        match transcode.next() {
            Ok(Some(piece)) => {
                assert!(!piece.is_empty() && piece.len() <= 32 << 10, "{}", piece.len());
                bytes.extend(piece);
            }
            Ok(None) => return (bytes, None),
            Err(error) => {
                assert!(matches!(transcode.next(), Ok(None)), "more after {error}");
                return (bytes, Some(error));
            }
        }
    }
}

fn made(source: impl Source + 'static, to: Target, from: u64) -> Vec<u8> {
    let (bytes, error) = drained(open(source, to, from));
    assert!(error.is_none(), "{to:?} from {from}: {error:?}");
    bytes
}

fn wav_of(pcm: &Pcm) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_wav(&mut bytes, pcm, &Tags::default()).unwrap();
    bytes
}

fn flac_of(pcm: &Pcm) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, pcm, &Tags::default()).unwrap();
    bytes.into_inner()
}

fn float_of(buffer: &Buffer) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_wav_float(&mut bytes, buffer, &Tags::default()).unwrap();
    bytes
}

fn heard(bytes: Vec<u8>) -> Buffer {
    decode(Cursor::new(bytes)).unwrap().0
}

fn tail(buffer: &Buffer, from: u64) -> Buffer {
    let mut tail = buffer.clone();
    tail.skip(Frames(from));
    tail
}

/// What a whole sound is after rounding as a transcode rounds it.
fn rounded(buffer: &Buffer, depth: Depth) -> Buffer {
    heard(wav_of(&Pcm::quantise(buffer, depth, Seed(0))))
}

fn passes_flac(dir: &Path, bytes: &[u8]) {
    let test = "what is transcoded to FLAC passes flac -t";
    let Some(flac) = testkit::program("flac", test) else { return };
    let path = dir.join("tested.flac");
    std::fs::write(&path, bytes).unwrap();
    testkit::run(Command::new(flac).args(["-t", "-s"]).arg(&path));
}

#[test]
fn whole_numbers_stay_what_they_are_from_every_place_on() {
    let dir = tempfile::tempdir().unwrap();
    for (hz, depth, wav, flac) in
        [(44_100, Depth::Sixteen, WAV16, FLAC16), (96_000, Depth::TwentyFour, WAV24, FLAC24)]
    {
        let pcm = Pcm::quantise(&sound_of(rate(hz), 0.6), depth, Seed(1));
        let (a, b) = (wav_of(&pcm), flac_of(&pcm));
        let whole = heard(a.clone());
        for from in [0, 1, 4_095, 20_000, whole.length().0 - 1] {
            for source in [&a, &b] {
                let source = || Cursor::new(source.clone());
                assert_eq!(heard(made(source(), wav, from)), tail(&whole, from));
                let packed = made(source(), flac, from);
                passes_flac(dir.path(), &packed);
                assert_eq!(heard(packed), tail(&whole, from), "from {from}");
            }
        }
        // A file of known length has the header, and so the bytes, of one written at once.
        assert_eq!(made(Cursor::new(b), wav, 0), a);
        // More bits take all of fewer.
        assert_eq!(heard(made(Cursor::new(a), FLAC24, 0)), whole);
    }
}

#[test]
fn fewer_bits_are_dithered_by_the_place_in_the_source() {
    let sound = sound_of(rate(48_000), 0.5);
    let fine = wav_of(&Pcm::quantise(&sound, Depth::TwentyFour, Seed(1)));
    let expected = rounded(&heard(fine.clone()), Depth::Sixteen);
    let float = float_of(&sound);
    let from_float = rounded(&sound, Depth::Sixteen);
    for from in [0, 5_000] {
        for to in [WAV16, FLAC16] {
            let found = heard(made(Cursor::new(fine.clone()), to, from));
            assert_eq!(found, tail(&expected, from), "{to:?}");
            let found = heard(made(Cursor::new(float.clone()), to, from));
            assert_eq!(found, tail(&from_float, from), "{to:?}");
        }
    }
}

#[test]
fn every_format_becomes_wav_and_flac_of_what_its_decoder_gives() {
    let test = "every_format_becomes_wav_and_flac_of_what_its_decoder_gives";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let dir = tempfile::tempdir().unwrap();
    let source = dir.path().join("source.wav");
    std::fs::write(&source, float_of(&sound_of(SampleRate::CD, 3.1))).unwrap();
    let tests: [(&str, &[&str], bool); 7] = [
        ("a.mp3", &["-c:a", "libmp3lame"], true),
        ("a.ogg", &["-c:a", "libvorbis"], true),
        ("a.m4a", &["-c:a", "aac", "-aac_pns", "0"], true),
        ("a.opus", &["-c:a", "libopus"], false),
        ("alac.m4a", &["-c:a", "alac", "-sample_fmt", "s16p"], true),
        ("a.aiff", &["-c:a", "pcm_s16be"], true),
        ("a.au", &["-c:a", "pcm_s16be"], true),
    ];
    for (name, options, seeks_to_the_bit) in tests {
        let path = encoded(&ffmpeg, &source, dir.path().join(name), options);
        let file = || File::open(&path).unwrap();
        let whole = decode(file()).unwrap().0;
        let lossless = ["alac.m4a", "a.aiff", "a.au"].contains(&name);
        let expected = if lossless { whole } else { rounded(&whole, Depth::Sixteen) };
        let froms: &[u64] = if seeks_to_the_bit { &[0, 70_001] } else { &[0] };
        for from in froms {
            let expected = tail(&expected, *from);
            let plain = made(file(), WAV16, *from);
            assert_eq!(ffmpeg_frames(&ffmpeg, dir.path(), &plain), expected.length().0, "{name}");
            assert_eq!(heard(plain), expected, "{name} from {from}");
            let packed = made(file(), FLAC16, *from);
            passes_flac(dir.path(), &packed);
            assert_eq!(heard(packed), expected, "{name} from {from}");
        }
    }
}

/// Frames of stereo that ffmpeg reads of it.
fn ffmpeg_frames(ffmpeg: &Path, dir: &Path, bytes: &[u8]) -> u64 {
    let (from, to) = (dir.join("read"), dir.join("read.raw"));
    std::fs::write(&from, bytes).unwrap();
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y", "-i"]).arg(&from);
    testkit::run(command.args(["-ac", "2", "-f", "s16le"]).arg(&to));
    std::fs::metadata(&to).unwrap().len() / 4
}

#[test]
fn what_is_resampled_from_the_middle_is_the_tail_of_the_whole() {
    // A rate that no FLAC frame can state.
    let buffer = sound_of(rate(65_537), 4.0);
    let whole = rounded(&resample(&buffer, rate(65_530)).unwrap(), Depth::Sixteen);
    let source = float_of(&buffer);
    for from in [0_u64, 1, 65_537, 200_000, buffer.length().0 - 1] {
        let first = (from * 65_530).div_ceil(65_537);
        let transcode = open(Cursor::new(source.clone()), FLAC16, from);
        assert_eq!(transcode.rate(), rate(65_530));
        assert_eq!(transcode.length(), Some(tail(&whole, first).length()));
        let found = heard(drained(transcode).0);
        assert_eq!(found, tail(&whole, first), "from {from}");
    }
}

#[test]
fn the_blocks_of_the_source_and_the_pace_of_the_reader_change_nothing() {
    let pcm = Pcm::quantise(&sound(rate(96_000)), Depth::TwentyFour, Seed(1));
    let (wav, flac) = (wav_of(&pcm), flac_of(&pcm));
    let mut targets = vec![WAV16, WAV24, FLAC16, FLAC24, opus_of(128), opus_of(24)];
    if audio_file::WRITES_MP3 {
        targets.extend([of_rate(128), of_rate(64)]);
    }
    for to in targets {
        let expected = made(Cursor::new(wav.clone()), to, 777);
        assert_eq!(made(Cursor::new(flac.clone()), to, 777), expected, "{to:?}");
        // Two at once, one piece at a time, one of them twice as fast.
        let mut slow = open(Cursor::new(wav.clone()), to, 777);
        let mut fast = open(Cursor::new(flac.clone()), to, 777);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        while let Some(piece) = slow.next().unwrap() {
            a.extend(piece);
            b.extend(fast.next().unwrap().unwrap_or_default());
            b.extend(fast.next().unwrap().unwrap_or_default());
        }
        assert!(a == expected && b == expected, "{to:?}");
    }
}

#[test]
fn memory_is_that_of_a_few_blocks_however_long_the_sound() {
    /// A minute of this is 92 MB as samples.
    const MOST: i64 = 6 << 20;
    let mut targets = vec![(WAV16, 240), (FLAC16, 60), (opus_of(128), 60)];
    if audio_file::WRITES_MP3 {
        targets.push((of_rate(192), 60));
    }
    for (to, seconds) in targets {
        let source = Tone::new(192_000, 2, seconds * 192_000);
        let before = HELD.get();
        MOST_HELD.set(before);
        let mut transcode = open(source, to, 0);
        let mut bytes = 0;
        while let Some(piece) = transcode.next().unwrap() {
            bytes += piece.len();
        }
        let most = MOST_HELD.get() - before;
        assert!(bytes > 100_000 && most < MOST, "{to:?}: {bytes} bytes made, {most} held");
        drop(transcode);
        assert!(HELD.get() - before < 4_096, "{to:?} leaves {}", HELD.get() - before);
    }
}

#[test]
fn one_sample_and_all_layouts_and_the_lowest_rate_are_files() {
    let dir = tempfile::tempdir().unwrap();
    for channels in [1, 2, 3, 4, 5, 6, 8] {
        for (hz, frames) in [(8_000, 1), (8_000, 15), (44_100, 4_097), (192_000, 20_000)] {
            let plane =
                |c: usize| (0..frames).map(|n| ((n * (c + 3)) % 97) as f32 / 128.0).collect();
            let buffer = Buffer::from_planes(rate(hz), (0..channels).map(plane).collect()).unwrap();
            let pcm = Pcm::exact(&buffer, Depth::TwentyFour);
            let source = flac_of(&pcm);
            let plain = made(Cursor::new(source.clone()), WAV24, 0);
            assert_eq!(plain, wav_of(&pcm), "{channels} at {hz}");
            let packed = made(Cursor::new(source.clone()), FLAC24, 0);
            passes_flac(dir.path(), &packed);
            assert_eq!(heard(packed), buffer, "{channels} at {hz}");
            let mut lossy = vec![opus_of(128)];
            lossy.extend(audio_file::WRITES_MP3.then(|| of_rate(128)));
            for to in lossy {
                let transcode = open(Cursor::new(source.clone()), to, 0);
                assert_eq!(transcode.layout().channels(), channels.min(2));
                let (bytes, error) = drained(transcode);
                assert!(error.is_none() && heard(bytes).length().0 >= 1, "{channels} at {hz}");
            }
        }
    }
}

#[test]
fn a_file_cut_short_ends_with_the_error_after_its_good_part() {
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    for whole in [wav_of(&pcm), flac_of(&pcm)] {
        let cut = whole[..whole.len() / 2].to_vec();
        let (bytes, error) = drained(open(Cursor::new(cut.clone()), FLAC16, 0));
        let Some(Error::Truncated { found, stated }) = error else { panic!("{error:?}") };
        assert_eq!(stated, pcm.length().0);
        // The header promises what the source promised, and so ours is cut short alike.
        let refused = decode(Cursor::new(bytes.clone())).unwrap_err();
        assert!(
            matches!(refused, Error::Truncated { found: ours, .. } if ours == found),
            "{refused}"
        );
        let (plain, error) = drained(open(Cursor::new(cut.clone()), WAV16, 0));
        assert!(matches!(error, Some(Error::Truncated { .. })), "{error:?}");
        let expected = wav_of(&pcm);
        assert_eq!(plain[..], expected[..plain.len()]);
        assert_eq!((plain.len() as u64 - 68) / 4, found);
        // Of what is not there only the error is left.
        let (bytes, error) = drained(open(Cursor::new(cut), WAV16, stated - 10));
        assert!(bytes.is_empty() && error.is_some(), "{} bytes, {error:?}", bytes.len());
    }
}

#[test]
fn beyond_the_end_is_no_sound_and_no_error() {
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    for from in [pcm.length().0, pcm.length().0 + 1, u64::MAX] {
        let transcode = open(Cursor::new(flac_of(&pcm)), WAV16, from);
        assert_eq!(transcode.length(), Some(Frames(0)));
        assert_eq!(drained(transcode).0.len(), 68);
        assert_eq!(made(Cursor::new(flac_of(&pcm)), FLAC16, from).len(), 42);
        if audio_file::WRITES_MP3 {
            made(Cursor::new(float_of(&sound(rate(96_000)))), of_rate(64), from);
        }
    }
}

#[test]
fn samples_that_are_no_numbers_end_it_and_loud_ones_do_not() {
    let mut buffer = sound(SampleRate::STUDIO);
    for (n, sample) in [(70_000, 1e30), (70_001, -1e38), (70_100, f32::MAX)] {
        buffer.stereo_mut().unwrap().0[n] = sample;
    }
    let mut targets = vec![WAV16, FLAC24, opus_of(6), opus_of(64), opus_of(510)];
    if audio_file::WRITES_MP3 {
        targets.extend([of_rate(8), of_rate(64), of_rate(320)]);
    }
    for to in targets {
        made(Cursor::new(float_of(&buffer)), to, 0);
        for foreign in [f32::NAN, f32::INFINITY] {
            let mut broken = buffer.clone();
            broken.stereo_mut().unwrap().1[90_000] = foreign;
            let (bytes, error) = drained(open(Cursor::new(float_of(&broken)), to, 0));
            assert!(matches!(error, Some(Error::Damaged(_))) && bytes.len() > 1_000, "{to:?}");
        }
    }
}

#[test]
fn wave_of_more_than_four_gigabytes_says_so_before_it_comes() {
    const FRAMES: u64 = 1 << 30;
    let mut transcode = open(Tone::new(48_000, 2, FRAMES), WAV24, 0);
    assert_eq!(transcode.length(), Some(Frames(FRAMES)));
    let first = transcode.next().unwrap().unwrap();
    assert_eq!((&first[..4], &first[8..16]), (&b"RF64"[..], &b"WAVEds64"[..]));
    assert_eq!(first[28..36], (FRAMES * 6).to_le_bytes());
    let duration = Duration::from_secs_f64(FRAMES as f64 / 48_000.0);
    assert_eq!(transcode.estimated_bytes(duration), Some(FRAMES * 6 + 68 + 36));
}

#[test]
fn the_size_of_a_wave_is_known_before() {
    for (frames, depth) in
        [(1_usize, Depth::TwentyFour), (44_101, Depth::Sixteen), (9_999, Depth::TwentyFour)]
    {
        let buffer =
            Buffer::mono(rate(44_100), (0..frames).map(|n| (n % 7) as f32 / 8.0).collect());
        let to = Target::Wav { depth };
        let transcode = open(Cursor::new(flac_of(&Pcm::exact(&buffer, Depth::Sixteen))), to, 0);
        let nanos = (frames as u64 * 1_000_000_000).div_ceil(44_100);
        let stated = transcode.estimated_bytes(Duration::from_nanos(nanos)).unwrap();
        assert_eq!(stated, drained(transcode).0.len() as u64);
    }
}

#[test]
fn a_bit_rate_is_one_that_mp3_has() {
    assert_eq!(BitRate::new(128).unwrap().kbit_s(), 128);
    assert_eq!(BitRate::at_most(200).unwrap().kbit_s(), 192);
    assert_eq!(BitRate::at_most(u32::MAX).unwrap().kbit_s(), 320);
    assert_eq!(BitRate::at_most(7), None);
    for kbit_s in [0, 7, 100, 321] {
        let said = BitRate::new(kbit_s).unwrap_err().to_string();
        assert!(said.contains("kbit/s; it takes 8 to 48"), "{said}");
    }
}

#[test]
fn a_transcode_goes_to_the_thread_that_sends_it() {
    fn is_send<T: Send>(_: &T) {}
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    is_send(&open(Cursor::new(wav_of(&pcm)), FLAC16, 0));
}

#[cfg(not(feature = "mp3"))]
#[test]
fn a_build_without_mp3_says_so() {
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    let refused = Transcode::open(Cursor::new(wav_of(&pcm)), of_rate(128), Frames(0)).err();
    assert!(matches!(refused, Some(Error::NotBuilt(..))), "{refused:?}");
}
