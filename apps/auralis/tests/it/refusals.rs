//! What cannot be done is refused in one line that names what is wrong and what would be right.

use std::fs;

use crate::bench::{Bench, tree};

fn refused(bench: &Bench, arguments: &[&str], words: &[&str]) {
    let before = tree(&bench.path("."));
    let ended = bench.run(arguments);
    assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:#?}");
    let error = ended.error();
    assert!(error.ends_with('\n') && error.lines().count() == 1, "{arguments:?}: {ended:#?}");
    for word in words {
        assert!(error.contains(word), "{arguments:?}: no \"{word}\" in {error}");
    }
    assert_eq!(tree(&bench.path(".")), before, "{arguments:?} left something behind");
}

#[test]
fn chains() {
    let bench = Bench::new();
    bench.music("in.wav", 2.0, 0.5);
    for (text, words) in [
        ("eq = [{ shape = \"bell\", hz = 1000, gain_db = 0 }]", ["chain c.toml", "no effect"]),
        ("[exciter]\nabove_hz = 4000\ndrive = 3\n", ["line 3", "drive"]),
        ("width = { side = 9.0 }", ["width.side is 9", "0 to 2"]),
        ("limiter = [", ["chain c.toml", "line"]),
        ("", ["chain c.toml", "no stage"]),
    ] {
        fs::write(bench.path("c.toml"), text).unwrap();
        refused(&bench, &["master", "in.wav", "-o", "o.wav", "--chain", "c.toml"], &words);
    }
    fs::write(bench.path("c.toml"), "dither = { bits = 24 }").unwrap();
    let master = ["master", "in.wav", "--chain", "c.toml", "-o"];
    let words = ["dither.bits is 24", "at most 16"];
    refused(&bench, &[&master[..], &["o.wav", "--bit-depth", "16"]].concat(), &words);
    refused(
        &bench,
        &[&master[..], &["o.mp3"]].concat(),
        &["dither.bits is 24", "leave dither out"],
    );
    refused(&bench, &["master", "in.wav", "-o", "o.wav", "--chain", "none.toml"], &["none.toml"]);
}

#[test]
fn settings_of_a_master() {
    let bench = Bench::new();
    bench.music("in.wav", 2.0, 0.5);
    let master =
        |options: &[&'static str]| [&["master", "in.wav", "-o", "o.wav"], options].concat();
    for (options, words) in [
        (&["--preset", "loud"][..], &["master.preset is \"loud\"", "adaptive", "plain"][..]),
        (&["--intensity", "1.5"], &["master.intensity is \"1.5\"", "0 to 1"]),
        (&["--loudness", "-5"], &["loudness is -5", "-30 to -6"]),
        (&["--target", "radio"], &["master.target", "spotify"]),
        (&["--reference", "none.wav"], &["none.wav"]),
    ] {
        refused(&bench, &master(options), words);
    }
    refused(&bench, &["analyze", "none.wav"], &["cannot read none.wav"]);
    refused(&bench, &["compare", "in.wav", "none.wav"], &["cannot read none.wav"]);
    refused(&bench, &["batch", "none", "--out", "a"], &["none"]);
    refused(&bench, &["batch", "in.wav", "--out", "a"], &["in.wav exists and is not a folder"]);
}

#[test]
fn a_batch_whose_masters_would_be_one_file() {
    let bench = Bench::new();
    bench.music("music/a.wav", 2.0, 0.5);
    bench.music("music/a.dat", 2.0, 0.5);
    bench.music("music/a.wav.raw", 2.0, 0.5);
    refused(&bench, &["batch", "music", "--out", "o"], &["a.wav.raw", "would both become"]);
}

#[test]
fn what_a_master_is_made_by_is_not_written_over() {
    let bench = Bench::new();
    bench.music("in.wav", 2.0, 0.5);
    bench.music("like.wav", 2.0, 0.3);
    let order = ["master", "in.wav", "-o", "like.wav", "--reference", "like.wav", "--force"];
    refused(&bench, &order, &["like.wav", "reference"]);
    let page =
        ["master", "in.wav", "-o", "o.wav", "--reference", "like.wav", "--report", "like.wav"];
    let ended = bench.run(&page);
    assert!(fs::read(bench.path("like.wav")).unwrap().starts_with(b"RIFF"), "{ended:?}");
}
