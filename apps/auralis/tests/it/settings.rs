//! Every setting is shown with its value and where it came from.

use crate::bench::{Bench, Ended};

const KEYS: [&str; 29] = [
    "batch.format",
    "batch.threads",
    "covers.cache-mb",
    "data.folder",
    "library.analysis",
    "library.import-playlists",
    "library.interval-minutes",
    "library.parents",
    "library.roots",
    "log.format",
    "log.level",
    "master.bit-depth",
    "master.intensity",
    "master.mp3-quality",
    "master.preset",
    "master.target",
    "server.allowed-hosts",
    "server.allowed-origins",
    "server.base-path",
    "server.listen",
    "server.requests-at-a-time",
    "server.requests-per-second",
    "server.tls",
    "server.tls-certificate",
    "server.tls-key",
    "server.trusted-proxies",
    "songs.per-day",
    "tags.write-back",
    "uploads.folder",
];

#[test]
fn every_setting_is_shown_with_its_origin() {
    let bench = Bench::new();
    let shown = bench.json(&["config", "show"]);
    assert_eq!(shown.as_object().unwrap().keys().collect::<Vec<_>>(), KEYS);
    let mut command = bench.program();
    command.args(["config", "show", "--json"]).env("AURALIS_MASTER_PRESET", "warm");
    let json = Ended::of(command.output().unwrap()).json();
    assert_eq!(json["master.preset"]["value"], "warm");
    assert_eq!(json["master.preset"]["origin"], "environment AURALIS_MASTER_PRESET");
    assert_eq!(json["master.target"]["origin"], "default");
}

#[test]
fn help_lists_what_there_is_to_choose_from() {
    let bench = Bench::new();
    for command in ["master", "batch"] {
        let help = bench.done(&[command, "--help"]).stdout;
        for (name, _) in [("adaptive", 0), ("punchy", 0), ("broadcast-eu", 0), ("-18", 0)] {
            assert!(help.contains(name), "{command}: {name}");
        }
    }
}
