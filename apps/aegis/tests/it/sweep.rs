use std::fs;

use crate::bench::{Bench, minutes};

#[test]
fn a_sweep_leaves_a_study_the_same_on_any_number_of_threads() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(2_000));
    let sweep = |threads: &str, out: &str| {
        let asked = [
            "--json",
            "sweep",
            "--bars",
            &bars,
            "--strategy",
            "ema-cross",
            "--vary",
            "fast=5:15:5",
            "--vary",
            "slow=10,20,30",
            "--by",
            "profit",
            "--folds",
            "3",
            "--purge",
            "1h",
            "--embargo",
            "10m",
            "--threads",
            threads,
            "--out",
            out,
        ];
        let ended = bench.run(&asked);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let said: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        said["study"].clone()
    };
    let one = sweep("1", "a");
    assert_eq!(one, sweep("2", "b"));
    for name in ["study.html", "study.json", "trials.csv"] {
        let [a, b] = ["a", "b"].map(|folder| fs::read(bench.path(folder).join(name)).unwrap());
        assert_eq!(a, b, "{name}");
    }
    // Of nine pairs, two have a fast average that is none.
    assert_eq!(one["trials"].as_array().unwrap().len(), 7);
    let impossible = one["impossible"].as_array().unwrap();
    assert_eq!(impossible.len(), 2);
    assert!(impossible[0][1].as_str().unwrap().contains("less than slow"));
    assert_eq!(one["folds"].as_array().unwrap().len(), 3);
    let table = fs::read_to_string(bench.path("a/trials.csv")).unwrap();
    assert_eq!(table.lines().count(), 8);
    assert!(table.starts_with("fast,slow,profit,"));
}

#[test]
fn what_cannot_be_varied_is_refused_by_name() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(100));
    let sweep = |more: &[&str]| {
        let asked = ["sweep", "--bars", &bars, "--strategy", "ema-cross", "--out", "out"];
        let ended = bench.run(&[&asked[..], more].concat());
        assert!(!bench.path("out").exists());
        (ended.code, ended.stderr)
    };
    for (more, said) in [
        (&["--vary", "reward=1,2"][..], "settings of this strategy are fast, slow, frame"),
        (&["--vary", "fast=5,x"], "is no number"),
        (&["--vary", "fast=5", "--vary", "fast=6"], "given twice"),
        (&["--vary", "fast=30,40"], "no setting is possible"),
        (&["--vary", "fast=1:20000:1"], "KEY=5:25:5"),
        (&["--vary", "fast=5", "--purge", "3d", "--by", "profit"], "ask for fewer folds"),
        (&["--vary", "fast=5"], "days are too few to choose by the Sharpe ratio"),
        (&["--vary", "fast=5,5"], "given twice"),
    ] {
        let (code, stderr) = sweep(more);
        assert!(code == 2 && stderr.contains(said), "{more:?}: {code} {stderr}");
    }
}
