//! What a file says about its song is said by what is made of it.

use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::path::Path;
use std::process::Command;

use audio::SampleRate;
use audio_file::{Carried, Depth, Mp3Quality, Pcm, Tags, write_flac, write_mp3, write_wav};
use clock::Seed;
use testkit::{HELD, MOST_HELD};

use crate::sound;

const SAID: [(&str, &str); 12] = [
    ("title", "Nächte"),
    ("artist", "First"),
    ("album", "An album"),
    ("genre", "Ambient"),
    ("comment", "A comment"),
    ("album_artist", "Various"),
    ("track", "3"),
    ("disc", "2"),
    ("date", "1999-05-06"),
    ("composer", "Somebody"),
    ("copyright", "2024 Nobody"),
    ("publisher", "A label"),
];

/// Writes a song with a cover and every tag of `SAID`, and gains for players, by ffmpeg.
fn tagged(ffmpeg: &Path, dir: &Path, name: &str) -> std::path::PathBuf {
    let path = dir.join(name);
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:duration=1"]);
    command.args(["-f", "lavfi", "-i", "color=red:size=16x16:rate=1:duration=1"]);
    command.args(["-map", "0:a", "-map", "1:v", "-frames:v", "1", "-c:v", "png"]);
    command.args(["-disposition:v", "attached_pic", "-metadata:s:v", "comment=Cover (front)"]);
    for (field, value) in SAID {
        command.args(["-metadata", &format!("{field}={value}")]);
    }
    command.args(["-metadata", "REPLAYGAIN_TRACK_GAIN=-7.00 dB"]);
    command.args(["-metadata", "R128_TRACK_GAIN=-1000"]);
    testkit::run(command.arg(&path));
    path
}

fn outputs(dir: &Path, tags: &Tags) -> Vec<std::path::PathBuf> {
    let buffer = sound(SampleRate::CD);
    let pcm = Pcm::quantise(&buffer, Depth::Sixteen, Seed(1));
    let file = |name: &str, write: &dyn Fn(&mut BufWriter<File>)| {
        let path = dir.join(name);
        let mut out = BufWriter::new(File::create(&path).unwrap());
        write(&mut out);
        out.flush().unwrap();
        path
    };
    let mut made = vec![
        file("out.wav", &|out| write_wav(out, &pcm, tags).unwrap()),
        file("out.flac", &|out| write_flac(out, &pcm, tags).unwrap()),
    ];
    if cfg!(feature = "mp3") {
        made.push(file("out.mp3", &|out| write_mp3(out, &buffer, Mp3Quality::V2, tags).unwrap()));
    }
    made
}

#[test]
fn tags_and_cover_are_carried_and_gains_are_not() {
    let test = "tags_and_cover_are_carried_and_gains_are_not";
    let (Some(ffmpeg), Some(ffprobe)) =
        (testkit::program("ffmpeg", test), testkit::program("ffprobe", test))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for name in ["in.flac", "in.mp3"] {
        let input = tagged(&ffmpeg, dir.path(), name);
        let before = std::fs::read(&input).unwrap();
        let tags = Tags::read(&mut File::open(&input).unwrap());
        assert_eq!(std::fs::read(&input).unwrap(), before, "the input stays as it is");
        assert_ne!(tags.carried, Carried::default());
        for path in outputs(dir.path(), &tags) {
            let made = path.display();
            let said = testkit::run(
                Command::new(&ffprobe)
                    .args(["-v", "error", "-show_entries", "format_tags:stream=codec_name"])
                    .arg(&path),
            );
            // ffmpeg reads the short list of a WAVE and not the longer one beside it.
            let in_wave =
                ["title", "artist", "album", "genre", "comment", "track", "date", "copyright"];
            let wave = made.to_string().ends_with("wav");
            for (field, value) in SAID {
                // ffmpeg writes an MP3's comment as a text of its own making.
                let no_comment = name == "in.mp3" && field == "comment";
                if wave && !in_wave.contains(&field) || no_comment {
                    continue;
                }
                let wanted = format!("tag:{field}={value}").to_lowercase();
                // A FLAC's label is no publisher to ffmpeg.
                let other = format!("tag:label={value}").to_lowercase();
                let lower = said.to_lowercase();
                assert!(
                    lower.contains(&wanted) || field == "publisher" && lower.contains(&other),
                    "{name} -> {made}: no {wanted} in\n{said}"
                );
            }
            assert!(!said.to_lowercase().contains("_gain"), "{made}:\n{said}");
            assert!(said.contains("codec_name=png"), "{made}:\n{said}");
            assert_eq!(Tags::read(&mut File::open(&path).unwrap()), tags, "{name} -> {made}");
        }
    }
}

#[test]
fn further_artists_totals_lyrics_and_identities_are_carried() {
    let mut comments: Vec<(&str, &str)> = vec![
        ("TITLE", "Song"),
        ("ARTIST", "First"),
        ("ARTIST", "Second"),
        ("GENRE", "Jazz"),
        ("GENRE", "Funk"),
        ("TRACKNUMBER", "3"),
        ("TRACKTOTAL", "12"),
        ("DISCNUMBER", "1"),
        ("DISCTOTAL", "2"),
        ("LYRICS", "One line\nand another"),
        ("MUSICBRAINZ_TRACKID", "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"),
        ("MUSICBRAINZ_ALBUMID", "1ef75f7c-5ac6-4d4d-a4b5-0b5ef8b6a3c6"),
        ("ISRC", "DEAB12345678"),
    ];
    comments.push(("REPLAYGAIN_ALBUM_GAIN", "-3 dB"));
    let pcm = Pcm::quantise(&sound(SampleRate::CD), Depth::Sixteen, Seed(1));
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &pcm, &Tags::default()).unwrap();
    let input = with_comments(&bytes.into_inner(), &comments);
    let tags = Tags::read(&mut Cursor::new(input));
    assert_eq!((tags.artist.as_str(), tags.genre.as_str()), ("First", "Jazz"));
    let dir = tempfile::tempdir().unwrap();
    for path in outputs(dir.path(), &tags) {
        assert_eq!(Tags::read(&mut File::open(&path).unwrap()), tags, "{}", path.display());
    }
    let flac =
        String::from_utf8_lossy(&std::fs::read(dir.path().join("out.flac")).unwrap()[..4_000])
            .into_owned();
    for (field, value) in &comments[..comments.len() - 1] {
        assert!(flac.contains(&format!("{field}={value}")), "{field} is lost");
    }
    assert!(!flac.contains("REPLAYGAIN"));
}

/// A FLAC with other Vorbis comments: the block behind the first one.
fn with_comments(flac: &[u8], comments: &[(&str, &str)]) -> Vec<u8> {
    const STREAMINFO_END: usize = 4 + 4 + 34;
    let mut body = vec![0; 4];
    body.extend_from_slice(&(comments.len() as u32).to_le_bytes());
    for (field, value) in comments {
        let line = format!("{field}={value}");
        body.extend_from_slice(&(line.len() as u32).to_le_bytes());
        body.extend_from_slice(line.as_bytes());
    }
    let mut out = flac[..STREAMINFO_END].to_vec();
    out.push(4);
    out.extend_from_slice(&(body.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&body);
    // The other blocks but the old comments.
    let mut at = STREAMINFO_END;
    loop {
        let (kind, last) = (flac[at] & 0x7f, flac[at] & 0x80 != 0);
        let size = u32::from_be_bytes([0, flac[at + 1], flac[at + 2], flac[at + 3]]) as usize + 4;
        if kind != 4 {
            out.extend_from_slice(&flac[at..at + size]);
        }
        at += size;
        if last {
            assert_ne!(kind, 4, "the comments are not the last block");
            break;
        }
    }
    out.extend_from_slice(&flac[at..]);
    out
}

#[test]
fn a_picture_of_a_hundred_megabytes_is_left_behind() {
    const PICTURE: usize = 100 << 20;
    let size = |n: usize| [21, 14, 7, 0].map(|shift| ((n >> shift) & 0x7f) as u8);
    let title = b"\x03Still here";
    let mut file = b"ID3\x04\x00\x00".to_vec();
    file.extend_from_slice(&size(20 + title.len() + PICTURE));
    file.extend_from_slice(b"TIT2");
    file.extend_from_slice(&size(title.len()));
    file.extend_from_slice(b"\0\0");
    file.extend_from_slice(title);
    file.extend_from_slice(b"APIC");
    file.extend_from_slice(&size(PICTURE));
    file.extend_from_slice(b"\0\0\x03image/png\0\x03\0");
    file.resize(file.len() + PICTURE - 13, 7);
    if cfg!(feature = "mp3") {
        let sound = sound(SampleRate::CD);
        write_mp3(&mut file, &sound, Mp3Quality::V2, &Tags::default()).unwrap();
    }
    let mut source = Cursor::new(file);
    let before = HELD.get();
    MOST_HELD.set(before);
    let tags = Tags::read(&mut source);
    assert!(MOST_HELD.get() - before < 40 << 20, "{}", MOST_HELD.get() - before);
    assert!(tags.title == "Still here" || tags == Tags::default(), "{}", tags.title);
    assert!(cfg!(not(feature = "mp3")) || audio_file::decode(source).is_ok());
    assert!(MOST_HELD.get() - before < 40 << 20, "{}", MOST_HELD.get() - before);
}
