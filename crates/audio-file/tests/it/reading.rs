//! Bytes that are not what they claim: an error that says so, never a panic, never silence.

use std::io::Cursor;

use audio::{Frames, SampleRate};
use audio_file::{Decoder, Depth, Error, Pcm, Tags, decode, write_flac, write_wav};
use clock::Seed;
use proptest::prelude::{ProptestConfig, any, prop, proptest};

use crate::sound;

fn wav() -> Vec<u8> {
    let mut bytes = Vec::new();
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    write_wav(&mut bytes, &pcm, &Tags::default()).unwrap();
    bytes
}

fn flac() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    write_flac(&mut bytes, &pcm, &Tags::default()).unwrap();
    bytes.into_inner()
}

fn refused(bytes: Vec<u8>) -> Error {
    match decode(Cursor::new(bytes)) {
        Ok((buffer, format)) => panic!("read {} frames of {}", buffer.length().0, format.name),
        Err(error) => error,
    }
}

#[test]
fn text_named_wav_is_no_sound() {
    let text = b"Dear diary, this is not a sound file at all. ".repeat(40);
    assert!(matches!(refused(text), Error::UnknownFormat));
    assert!(matches!(refused(Vec::new()), Error::UnknownFormat));
}

#[test]
fn a_flac_cut_short_is_refused() {
    let whole = flac();
    let error = refused(whole[..whole.len() / 2].to_vec());
    assert!(matches!(error, Error::Truncated { .. } | Error::Damaged(_)), "{error}");
}

#[test]
fn a_wav_cut_short_is_refused() {
    let whole = wav();
    let error = refused(whole[..whole.len() / 2].to_vec());
    assert!(matches!(error, Error::Truncated { .. } | Error::Damaged(_)), "{error}");
}

#[test]
fn a_rate_of_a_gigahertz_is_refused_with_the_range() {
    let mut bytes = wav();
    bytes[24..28].copy_from_slice(&1_000_000_000_u32.to_le_bytes());
    let said = refused(bytes).to_string();
    assert!(said.contains("1000000000 Hz") && said.contains("8000 to 192000"), "{said}");
}

#[test]
fn a_wav_without_samples_is_refused() {
    let mut bytes = wav();
    let data = bytes.windows(4).position(|w| w == b"data").unwrap();
    bytes.truncate(data + 8);
    bytes[data + 4..data + 8].copy_from_slice(&0_u32.to_le_bytes());
    assert!(matches!(refused(bytes), Error::Empty));
}

#[test]
fn a_wave_behind_something_else_is_not_played() {
    // Monkey's Audio keeps the header of the WAVE it was made from; its bytes are no samples.
    let error = refused([b"MAC \x8c\x0f\0\0".as_slice(), &wav()].concat());
    assert!(matches!(&error, Error::Unsupported(what) if what == "Monkey's Audio"), "{error}");
    assert!(matches!(refused([[0; 100].as_slice(), &wav()].concat()), Error::UnknownFormat));
}

#[test]
fn sound_behind_an_id3_tag_is_read_and_sought() {
    // A tag of 300 bytes, whatever they are.
    let tag = [b"ID3\x03\0\0\0\0\x02\x2c".as_slice(), &[0xff; 300]].concat();
    for plain in [wav(), flac()] {
        let (expected, _) = decode(Cursor::new(plain.clone())).unwrap();
        let bytes = [tag.as_slice(), &plain].concat();
        let (found, _) = decode(Cursor::new(bytes.clone())).unwrap();
        assert_eq!(found, expected);
        let mut decoder = Decoder::open(Cursor::new(bytes)).unwrap();
        decoder.seek(Frames(50_001)).unwrap();
        let block = decoder.next_block().unwrap().unwrap();
        assert_eq!(block[0][..100], expected.plane(0)[50_001..50_101]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mutated_files_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>(), packed in any::<bool>()) {
        let mut bytes = if packed { flac() } else { wav() };
        // Most of what can go wrong stands at the front.
        for (place, value) in flips {
            let place = place.index(bytes.len().min(200));
            bytes[place] = value;
        }
        bytes.truncate(cut.index(bytes.len()).max(60));
        drop(decode(Cursor::new(bytes)));
    }
}
