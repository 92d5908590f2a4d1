use crate::bench::{Bench, minutes};

/// A run that must be refused: the exit code of a user's error, one line, and nothing left behind.
fn refused(bench: &Bench, arguments: &[&str], said: &str) {
    let all = [&["backtest"], arguments].concat();
    let ended = bench.run(&all);
    assert_eq!(ended.code, 2, "{all:?}: {}", ended.stderr);
    assert!(ended.stderr.contains(said), "{all:?}: {}", ended.stderr);
    assert!(!bench.path("out").exists(), "{all:?}");
}

#[test]
fn what_cannot_be_run_is_refused_by_name() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(60));
    bench.file("DOGEUSDT-1m.csv", &minutes(60));
    bench.file("ETHUSDT-5m.csv", &minutes(60));
    bench.file("odd.toml", "schema = 1\nspeed = 2\n");
    bench.file("LTCUSDT-1m.csv", "time,open,high,low,volume\n1,1,1,1,1\n");
    bench.file("SOLUSDT-1m.csv", "open_time,open,high,low,close,volume\n");
    let good = ["--bars", "BTCUSDT-1m.csv", "--strategy", "random", "--out", "out"];
    let with = |more: &[&'static str]| [&good[..], more].concat();
    refused(&bench, &with(&["--bars", "ETHUSDT-5m.csv"]), "bars of one run are of one length");
    refused(&bench, &with(&["--bars", "DOGEUSDT-1m.csv"]), "no contract DOGEUSDT; add a table");
    refused(&bench, &with(&["--bars", "LTCUSDT-1m.csv"]), "no column \"close\"");
    refused(&bench, &with(&["--deposit", "-5"]), "--deposit -5");
    refused(&bench, &with(&["--size", "share:2"]), "--size share:2: accepted are worth:AMOUNT");
    refused(&bench, &with(&["--rate", "-1"]), "--rate -1: accepted is 0 to 1");
    refused(&bench, &with(&["--tier", "vip99"]), "no tier \"vip99\" in [fees]: none, regular");
    refused(&bench, &with(&["--assumptions", "odd.toml"]), "speed");
    refused(&bench, &with(&["--assumptions", "nowhere.toml"]), "nowhere.toml");
    let cross = ["--bars", "BTCUSDT-1m.csv", "--strategy", "ema-cross", "--out", "out"];
    let with = |more: &[&'static str]| [&cross[..], more].concat();
    refused(
        &bench,
        &with(&["--fast", "20", "--slow", "10"]),
        "fast = 20: accepted is less than slow",
    );
    refused(&bench, &with(&["--fast", "0"]), "fast = 0: accepted is 1 to");
    refused(&bench, &with(&["--frame", "7m"]), "--frame 7m: accepted are 1m, 3m");
    let nothing = ["--bars", "nowhere/BTCUSDT-1m.csv", "--strategy", "random", "--out", "out"];
    refused(&bench, &nothing, "nowhere/BTCUSDT-1m.csv");
    let empty = ["--bars", "SOLUSDT-1m.csv", "--strategy", "random", "--out", "out"];
    refused(&bench, &empty, "no bars");
    let unnamed = ["--bars", "odd.toml", "--strategy", "random", "--out", "out"];
    refused(&bench, &unnamed, "BTCUSDT-1m=PATH");
}

#[test]
fn a_folder_that_is_not_empty_is_kept() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(60));
    std::fs::create_dir(bench.path("full")).unwrap();
    std::fs::write(bench.path("full/mine"), "mine").unwrap();
    let run = ["backtest", "--bars", "BTCUSDT-1m.csv", "--strategy", "random", "--out", "full"];
    assert_eq!(bench.run(&run).code, 2);
    assert!(bench.path("full/mine").exists());
    assert_eq!(bench.run(&[&run[..], &["--force"]].concat()).code, 0);
    assert!(bench.path("full/report.html").exists());
}
