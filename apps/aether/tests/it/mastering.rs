//! A sound of any format is brought to its target, and the sound it came from is never touched.

use std::fs;

use crate::bench::{Bench, Ended};

/// Masters, then measures what was written.
fn lands(bench: &Bench, input: &str, output: &str, options: &[&str], target: (f64, f64)) {
    bench.done(&[&["master", input, "-o", output], options].concat());
    let measured = bench.done(&["measure", "--json", output]).json();
    let figure = |name: &str| measured[0]["figures"][name].as_f64().unwrap();
    let (loudness, peak) = (figure("integrated_lufs"), figure("true_peak_dbtp"));
    assert!((loudness - target.0).abs() <= 0.2, "{input}: {loudness} LUFS");
    assert!(peak <= target.1, "{input}: {peak} dBTP");
}

#[test]
fn every_format_lands_on_its_target() {
    let test = "every_format_lands_on_its_target";
    for (name, options) in [
        ("a.wav", &["-c:a", "pcm_s24le"][..]),
        ("a.flac", &["-c:a", "flac"]),
        ("a.mp3", &["-c:a", "libmp3lame"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.opus", &["-c:a", "libopus"]),
        ("aac.m4a", &["-c:a", "aac"]),
        ("alac.m4a", &["-c:a", "alac"]),
        ("a.aiff", &["-c:a", "pcm_s16be"]),
        ("a.au", &["-c:a", "pcm_s16be"]),
    ] {
        let bench = Bench::new();
        if bench.sound(name, options, test).is_none() {
            return;
        }
        let before = fs::read(bench.path(name)).unwrap();
        lands(&bench, name, "out.wav", &[], (-14.0, -1.0));
        assert_eq!(fs::read(bench.path(name)).unwrap(), before);
    }
}

#[test]
fn every_output_lands_on_its_target() {
    let test = "every_output_lands_on_its_target";
    let bench = Bench::new();
    if bench.sound("a.wav", &[], test).is_none() {
        return;
    }
    lands(&bench, "a.wav", "16.wav", &["--bit-depth", "16"], (-14.0, -1.0));
    lands(&bench, "a.wav", "out.flac", &["--target", "apple"], (-16.0, -1.0));
    lands(&bench, "a.wav", "out.mp3", &["--target", "broadcast-eu"], (-23.0, -1.0));
    lands(&bench, "a.wav", "V4.mp3", &["--mp3-quality", "V4"], (-14.0, -1.0));
    bench.done(&["master", "a.wav", "-o", "again.wav", "--bit-depth", "16"]);
    let bytes = |name: &str| fs::read(bench.path(name)).unwrap();
    assert!(bytes("again.wav") == bytes("16.wav"), "the same order, other bytes");
}

/// The input's bytes are what they were, the run was refused, and nothing is new in the folder.
fn refused(bench: &Bench, output: &str, because: &str, force: &[&str]) {
    let before = (bench.names(), fs::read(bench.path("in.wav")).unwrap());
    let ended: Ended = bench.run(&[&["master", "in.wav", "-o", output], force].concat());
    assert_eq!(ended.code, Some(2), "{output}: {ended:#?}");
    assert!(ended.error().contains(because), "{output}: {ended:#?}");
    assert_eq!((bench.names(), fs::read(bench.path("in.wav")).unwrap()), before, "{output}");
}

#[test]
fn the_input_is_never_overwritten() {
    let bench = Bench::new();
    bench.wav("in.wav", 96_000, |n| 0.3 * libm::sin(n as f64 / 15.0));
    fs::create_dir(bench.path("below")).unwrap();
    fs::hard_link(bench.path("in.wav"), bench.path("hard.wav")).unwrap();
    let mut names = vec!["in.wav", "./in.wav", "below/../in.wav", "hard.wav"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("in.wav", bench.path("soft.wav")).unwrap();
        std::os::unix::fs::symlink("..", bench.path("below/up")).unwrap();
        names.extend(["soft.wav", "below/up/in.wav"]);
    }
    for name in names {
        for force in [&[][..], &["--force"]] {
            refused(&bench, name, "is the input itself", force);
        }
    }
}

#[test]
fn an_output_that_exists_is_refused_without_force() {
    let bench = Bench::new();
    bench.wav("in.wav", 96_000, |n| 0.3 * libm::sin(n as f64 / 15.0));
    fs::write(bench.path("out.wav"), "old").unwrap();
    refused(&bench, "out.wav", "exists already", &[]);
    assert_eq!(fs::read(bench.path("out.wav")).unwrap(), b"old");
    fs::create_dir(bench.path("folder.wav")).unwrap();
    refused(&bench, "folder.wav", "folder.wav", &["--force"]);
    bench.done(&["master", "in.wav", "-o", "out.wav", "--force"]);
    assert!(fs::read(bench.path("out.wav")).unwrap().starts_with(b"RIFF"));
}
