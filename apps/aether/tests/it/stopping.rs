//! A run that is stopped, or whose disk is full, leaves nothing behind.

#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::bench::{Bench, Ended};

/// Starts a song of fifteen minutes, and a moment after it plays sends a signal.
fn stopped_by(signal: &str) {
    let bench = Bench::new();
    let mut command = bench.program();
    command.args(["make", "epic cinematic music", "--duration", "15:00", "--out", "a/song"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    testkit::run(Command::new("kill").arg(signal).arg(child.id().to_string()));
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.error()), (Some(3), "error: cancelled\n"), "{ended:#?}");
    assert_eq!(bench.names(), ["a/"]);
}

#[test]
fn an_interrupt_ends_a_song_and_clears_up() {
    stopped_by("-INT");
}

#[test]
fn a_termination_ends_a_song_and_clears_up() {
    stopped_by("-TERM");
}

/// Runs the program with a bound on the size of files, as a disk that fills would do; the signal
/// that goes with the bound is ignored, so that writes fail instead.
fn bounded(bench: &Bench, kilobytes: u32, arguments: &[&str]) -> Ended {
    let mut shell = Command::new("bash");
    bench.surround(&mut shell);
    let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
    shell.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_aether")).args(arguments);
    Ended::of(shell.output().unwrap())
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    if testkit::program("bash", "a_write_that_fails_leaves_nothing").is_none() {
        return;
    }
    let bench = Bench::new();
    bench.wav("in.wav", 480_000, |n| 0.3 * libm::sin(n as f64 / 15.0));
    let song = ["make", "calm house", "--duration", "15", "--out", "song"];
    for arguments in [
        &["master", "in.wav", "-o", "out.wav"][..],
        &["master", "in.wav", "-o", "out.flac"],
        &["master", "in.wav", "-o", "out.mp3"],
        &song,
        &[song.as_slice(), &["--no-stems", "--formats", "mp3"]].concat(),
        &[song.as_slice(), &["--no-stems", "--formats", "flac"]].concat(),
    ] {
        let ended = bounded(&bench, 64, arguments);
        assert_eq!(ended.code, Some(4), "{arguments:?}: {ended:#?}");
        assert_eq!(ended.error().lines().count(), 1, "{arguments:?}: {ended:#?}");
        assert_eq!(bench.names(), ["in.wav"], "{arguments:?}");
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let test = "a_full_disk_leaves_what_was_there";
    let bench = Bench::new();
    bench.wav("in.wav", 480_000, |n| 0.3 * libm::sin(n as f64 / 15.0));
    fs::create_dir(bench.path("disk")).unwrap();
    let Some(mount) = testkit::program("mount", test) else { return };
    let mut tiny = Command::new(mount);
    tiny.args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(bench.path("disk"));
    if !tiny.output().is_ok_and(|output| output.status.success()) {
        eprintln!("not run: {test} needs the right to mount");
        return;
    }
    fs::write(bench.path("disk/out.wav"), "old").unwrap();
    let song = ["make", "calm house", "--duration", "15", "--out", "disk/song"];
    let master = ["master", "in.wav", "--force", "-o", "disk/out.wav"];
    let ends = [bench.run(&song), bench.run(&master)];
    let left = (bench.names(), fs::read(bench.path("disk/out.wav")).unwrap());
    testkit::run(Command::new("umount").arg(bench.path("disk")));
    for ended in ends {
        assert_eq!(ended.code, Some(4), "{ended:#?}");
        assert!(ended.error().contains("No space left"), "{ended:#?}");
    }
    assert_eq!(left.0, ["disk/", "disk/out.wav", "in.wav"]);
    assert_eq!(left.1, b"old");
}
