//! Every setting is shown with its value and where it came from.

use std::fs;

use crate::bench::{Bench, Ended};

const KEYS: [&str; 10] = [
    "log.format",
    "log.level",
    "make.album",
    "make.artist",
    "make.formats",
    "make.rate",
    "make.threads",
    "master.bit-depth",
    "master.mp3-quality",
    "master.target",
];

#[test]
fn every_setting_is_shown_with_its_origin() {
    let bench = Bench::new();
    let shown = bench.done(&["config", "show"]).stdout;
    for key in KEYS {
        let line = shown.lines().find(|line| line.starts_with(&format!("{key} = \"")));
        assert!(line.is_some_and(|line| line.ends_with("(default)")), "{key} in {shown}");
    }
    let keys: Vec<String> = bench
        .done(&["config", "show", "--json"])
        .json()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, KEYS);
}

#[test]
fn file_then_environment_wins() {
    let bench = Bench::new();
    fs::create_dir(bench.path("aether")).unwrap();
    let file = "[make]\nrate = 44100\nartist = \"File\"\n[master]\nbit-depth = 16\n";
    fs::write(bench.path("aether/config.toml"), file).unwrap();
    let mut command = bench.program();
    command.args(["config", "show", "--json"]).env("AETHER_MAKE_ARTIST", "Variable");
    let json = Ended::of(command.output().unwrap()).json();
    assert_eq!(json["make.artist"]["value"], "Variable");
    assert_eq!(json["make.artist"]["origin"], "environment AETHER_MAKE_ARTIST");
    assert_eq!(json["make.rate"]["value"], "44100");
    let origin = json["make.rate"]["origin"].as_str().unwrap();
    assert!(origin.ends_with("aether/config.toml"), "{origin}");
    assert_eq!(json["make.album"]["origin"], "default");

    fs::write(bench.path("other.toml"), "[make]\nartist = \"Other\"\n").unwrap();
    let other = bench.done(&["config", "show", "--json", "--config", "other.toml"]).json();
    assert_eq!(other["make.artist"]["value"], "Other");
    assert_eq!(other["make.rate"]["origin"], "default");
}
