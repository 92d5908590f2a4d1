//! Small files of many formats and defects, which `scripts/edge-files.sh` fetches, and mutations of
//! them: sound or an error, never a panic, with bounds on memory and time.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use audio::Frames;
use audio_file::{Decoder, Error, Tags};
use clock::{Chance, Seed};
use testkit::{HELD, MOST_HELD};

/// The longest that a file of the set, or a mutation of one, may take.
const LONGEST: Duration = Duration::from_secs(20);
/// What a file may take of memory while it is read in blocks, beside its own bytes.
const MEMORY: i64 = 192 << 20;
/// Frames after which a mutation is not read on: what is bounded is bounded by then.
const ENOUGH: u64 = 4_000_000;

/// The folder of files, or none under the rule of [`testkit::program`] that what is absent is said.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TRIAD_EDGE").map(PathBuf::from).or_else(|| {
        std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/triad-edge"))
    });
    let found = folder.filter(|folder| folder.is_dir());
    if found.is_none() {
        say(&format!("not run: {test} needs the files of scripts/edge-files.sh"));
    }
    found
}

#[expect(clippy::print_stderr, reason = "a test says what it found, and what it did not check")]
fn say(line: &str) {
    eprintln!("{line}");
}

#[expect(clippy::disallowed_methods, reason = "a test bounds the time that is taken")]
fn now() -> Instant {
    Instant::now()
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name != ".sum") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What a file gives: its format and frames.
fn read(bytes: Vec<u8>, at_most: u64) -> Result<(String, u64), Error> {
    let mut decoder = Decoder::open(Cursor::new(bytes))?;
    let (mut frames, mut bad) = (0, 0_usize);
    while let Some(planes) = decoder.next_block()? {
        assert_eq!(planes.len(), decoder.format().layout.channels());
        assert!(planes.iter().all(|plane| plane.len() == planes[0].len()));
        frames += planes[0].len() as u64;
        bad += planes.iter().flatten().filter(|sample| !sample.is_finite()).count();
        if frames > at_most {
            break;
        }
    }
    assert!(bad == 0 || frames > 0);
    if frames == 0 { Err(Error::Empty) } else { Ok((decoder.format().name.clone(), frames)) }
}

/// Reads a file under the bounds of memory and time.
fn bounded(what: &str, bytes: Vec<u8>, at_most: u64) -> Result<(String, u64), Error> {
    let before = HELD.get();
    MOST_HELD.set(before);
    let size = bytes.len();
    let start = now();
    let found = read(bytes.clone(), at_most);
    drop(Tags::read(&mut Cursor::new(bytes)));
    assert!(start.elapsed() < LONGEST, "{what} took {:?}", start.elapsed());
    let most = MOST_HELD.get() - before;
    assert!(most <= MEMORY + 3 * size as i64, "{what} took {most} bytes of memory");
    found
}

/// Frames as ffmpeg decodes them; none where it finds no sound.
fn frames_by_ffmpeg(ffmpeg: &Path, path: &Path) -> Option<u64> {
    let output = Command::new(ffmpeg)
        .args(["-v", "quiet", "-i"])
        .arg(path)
        .args(["-map", "0:a:0", "-ac", "1", "-c:a", "pcm_u8", "-f", "u8", "-"])
        .output()
        .unwrap();
    Some(output.stdout.len() as u64).filter(|frames| *frames > 0)
}

#[test]
fn every_edge_file_is_sound_or_an_error() {
    let test = "every_edge_file_is_sound_or_an_error";
    let Some(folder) = folder(test) else { return };
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let mut played = 0;
    let all = files(&folder);
    for path in &all {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let found = bounded(&name, std::fs::read(path).unwrap(), u64::MAX);
        let theirs = frames_by_ffmpeg(&ffmpeg, path);
        let theirs_said = theirs.map_or_else(|| "-".to_owned(), |frames| frames.to_string());
        match &found {
            Ok((format, frames)) => {
                played += 1;
                let mark = if theirs == Some(*frames) { "" } else { "  <" };
                say(&format!("{name:60} {format:22} {frames:>9} ffmpeg {theirs_said:>9}{mark}"));
            }
            Err(error) => {
                let mark = if theirs.is_some() { "  <" } else { "" };
                say(&format!("{name:60} {:>32} ffmpeg {theirs_said:>9}{mark} {error}", "-"));
            }
        }
    }
    say(&format!("{played} of {} files play", all.len()));
}

#[test]
fn mutations_of_edge_files_are_sound_or_errors() {
    let Some(folder) = folder("mutations_of_edge_files_are_sound_or_errors") else { return };
    let mut chance = Seed(2_166).stream("mutations");
    let all: Vec<Vec<u8>> =
        files(&folder).iter().map(|path| std::fs::read(path).unwrap()).collect();
    for (n, path) in files(&folder).iter().enumerate() {
        let whole = &all[n];
        if whole.len() < 16 || Decoder::open(Cursor::new(whole.clone())).is_err() {
            continue;
        }
        for kind in 0..12 {
            let what = format!("{} with mutation {kind}", path.display());
            let other = &all[chance.below(all.len())];
            let bytes = mutated(whole, other, kind, &mut chance);
            let start = now();
            // Said by the bounds; sound and errors are both well.
            drop(bounded(&what, bytes.clone(), ENOUGH));
            if let Ok(mut decoder) = Decoder::open(Cursor::new(bytes)) {
                for at in [30_000, 0, 1_000_000, 999] {
                    if decoder.seek(Frames(at)).is_ok() {
                        drop(decoder.next_block());
                    }
                }
            }
            assert!(start.elapsed() < LONGEST, "{what} took {:?}", start.elapsed());
        }
    }
}

fn mutated(whole: &[u8], other: &[u8], kind: usize, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    match kind {
        // Single bits, at the front and anywhere.
        0..=3 => {
            let span = if kind.is_multiple_of(2) { bytes.len().min(512) } else { bytes.len() };
            for _ in 0..=kind * 8 {
                let at = chance.below(span);
                bytes[at] ^= 1 << chance.below(8);
            }
        }
        4 | 5 => bytes.truncate(chance.below(whole.len())),
        // A part of another file in the middle, or in place of the end.
        6 | 7 => {
            let (at, from) = (chance.below(whole.len()), chance.below(other.len()));
            let rest = if kind == 6 { bytes.split_off(at) } else { Vec::new() };
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
            bytes.extend(rest);
        }
        // Sizes and lengths that are absurd: the largest word, ten hours of frames.
        8..=11 => {
            let word = [u32::MAX, 0x7fff_ffff, 10 * 3_600 * 48_000, 0][kind - 8];
            let word = if kind == 9 { word.to_le_bytes() } else { word.to_be_bytes() };
            for _ in 0..3 {
                let at = chance.below(bytes.len().min(256) - 4);
                bytes[at..at + 4].copy_from_slice(&word);
            }
        }
        _ => {}
    }
    bytes
}
