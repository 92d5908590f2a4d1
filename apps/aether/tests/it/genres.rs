//! Every genre, with several seeds, is delivered at its target; another meter agrees.

use std::process::Command;

use crate::bench::Bench;

/// Several seeds of one genre pass their own checks.
fn check(sentence: &str) {
    let bench = Bench::new();
    let mut failures = Vec::new();
    for seed in ["1", "2", "3"] {
        let small = ["--duration", "17", "--no-stems", "--formats", "wav", "--threads", "1"];
        let song = ["make", sentence, "--seed", seed, "--out", seed];
        let ended = bench.run(&[song.as_slice(), small.as_slice()].concat());
        if ended.code != Some(0) {
            failures.push(format!("seed {seed}: {ended:#?}"));
        }
    }
    assert!(failures.is_empty(), "{sentence}: {}", failures.join("\n"));
}

#[test]
fn lo_fi_passes() {
    check("lo-fi hip hop for a rainy evening");
}

#[test]
fn house_passes() {
    check("uplifting house");
}

#[test]
fn synthwave_passes() {
    check("dark synthwave");
}

#[test]
fn jazz_passes() {
    check("fast jazz in B flat");
}

#[test]
fn rock_passes() {
    check("energetic rock");
}

#[test]
fn cinematic_passes() {
    check("epic cinematic music");
}

#[test]
fn another_meter_reads_the_same_loudness() {
    let test = "another_meter_reads_the_same_loudness";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let bench = Bench::new();
    let small = ["--duration", "20", "--no-stems", "--formats", "wav", "--out", "a"];
    bench.done(&[&["make", "energetic rock"], small.as_slice()].concat());
    let said = testkit::run(
        Command::new(ffmpeg)
            .args(["-hide_banner", "-nostats", "-i"])
            .arg(bench.path("a/master.wav"))
            .args(["-af", "ebur128=peak=true", "-f", "null", "-"]),
    );
    let summary = said.rsplit("Summary:").next().unwrap();
    let figure = |name: &str| -> f64 {
        let line = summary.lines().find(|line| line.trim().starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert!((figure("I:") + 14.0).abs() <= 0.2, "{summary}");
    assert!(figure("Peak:") <= -1.0, "{summary}");
}

/// Where nobody asks for a length the form has its own, and no length is held against it.
#[test]
fn a_song_of_no_asked_length_is_as_long_as_its_form() {
    let bench = Bench::new();
    let small = ["--no-stems", "--formats", "wav", "--seed", "12", "--out", "a"];
    bench.done(&[&["make", "cinematic"], small.as_slice()].concat());
    let report = crate::bench::read_json(&bench.path("a/report.json"));
    assert!(report["song"]["requested_seconds"].is_null());
    assert!(report["song"]["last_bar_line_seconds"].as_f64().unwrap() > 120.0);
}
