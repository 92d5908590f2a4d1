use std::fs;

use crate::bench::{Bench, minutes};

#[test]
fn a_run_leaves_a_report_a_page_and_a_table_and_says_what_it_rests_on() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(500));
    let run =
        ["backtest", "--bars", &bars, "--strategy", "ema-cross", "--fast", "5", "--slow", "15"];
    let first = bench.run(&[&run[..], &["--out", "a"]].concat());
    assert_eq!(
        (first.code, first.stdout.contains("What it rests on")),
        (0, true),
        "{}",
        first.stderr
    );
    assert!(first.stdout.contains("taker 0.0005") && first.stdout.contains("hash "));
    let page = fs::read_to_string(bench.path("a/report.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("EMA cross 5/15 on 1m"));
    let table = fs::read_to_string(bench.path("a/trades.csv")).unwrap();
    let trades = table.lines().count() - 1;
    assert!(trades > 5, "{table}");
    let json = bench.run(&[&["--json"], &run[..], &["--out", "b"]].concat());
    let printed: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let stored: serde_json::Value =
        serde_json::from_slice(&fs::read(bench.path("b/report.json")).unwrap()).unwrap();
    assert_eq!(printed["report"], stored);
    assert_eq!(stored["trades"].as_array().unwrap().len(), trades);
    assert_eq!(stored["figures"]["trades"], trades);
    // The same run again: the same bytes in every file.
    for name in ["report.html", "report.json", "trades.csv"] {
        let [a, b] = ["a", "b"].map(|folder| fs::read(bench.path(folder).join(name)).unwrap());
        assert_eq!(a, b, "{name}");
    }
}

#[test]
fn funding_is_settled_at_its_moment_by_who_holds_then() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(120));
    // Before the first bar, and an hour after it: 1 % of what is held then.
    let rates = "funding_time,funding_rate\n1746372720000,0.01\n1746376380000,1e-2\n1746376380000,1e-2\nx,1\n";
    bench.file("rates.csv", rates);
    let run = ["backtest", "--bars", &bars, "--strategy", "buy-and-hold", "--size", "worth:1000"];
    let ended = bench.run(&[&run[..], &["--funding", "BTCUSDT=rates.csv", "--out", "a"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(bench.path("a/report.json")).unwrap()).unwrap();
    let funding = report["figures"]["funding"].as_f64().unwrap();
    // 10 lots at 95,040, the close of the minute that ends then.
    assert!((funding + 9.504).abs() < 1e-6, "{funding}");
    assert!(ended.stdout.contains("line 5: the time is no whole number"), "{}", ended.stdout);
    let wrong = bench.run(&[&run[..], &["--funding", "ETHUSDT=rates.csv", "--out", "b"]].concat());
    assert!(
        wrong.stderr.contains("--funding ETHUSDT: no --bars of that contract"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn bars_that_are_missing_come_from_a_second_recording_that_is_asked_for_them() {
    let bench = Bench::new();
    let whole = minutes(500);
    // The header stays; minutes 100 to 106 are gone.
    let lines = whole.lines().enumerate().filter(|(at, _)| !(101..108).contains(at));
    let cut: String = lines.map(|(_, line)| format!("{line}\n")).collect();
    bench.file("cut.csv", &cut);
    bench.file("whole.csv", &whole);
    let run = ["backtest", "--bars", "BTCUSDT-1m=cut.csv", "--strategy", "ema-cross", "--out"];
    let report = |folder: &str, more: &[&str]| -> serde_json::Value {
        let ended = bench.run(&[&run[..], &[folder], more].concat());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let text = fs::read(bench.path(folder).join("report.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    };
    let alone = report("a", &[]);
    assert_eq!(
        (&alone["gaps"]["BTCUSDT"], &alone["repaired"]),
        (&1.into(), &serde_json::json!({}))
    );
    let asked = report("b", &["--repair", "BTCUSDT-1m=whole.csv"]);
    assert_eq!(asked["gaps"]["BTCUSDT"], 1);
    assert_eq!(asked["repaired"]["BTCUSDT"], 7);
    let page = fs::read_to_string(bench.path("b/report.html")).unwrap();
    assert!(page.contains("7 missing bars of BTCUSDT came when they were asked for."));
    for (other, why) in [
        ("ETHUSDT-1m=whole.csv", "--repair ETHUSDT: nothing of that contract is traded"),
        ("BTCUSDT-5m=whole.csv", "--repair BTCUSDT: what is traded has bars of 1m"),
    ] {
        let ended = bench.run(&[&run[..], &["c", "--repair", other]].concat());
        assert!(ended.code == 2 && ended.stderr.contains(why), "{}", ended.stderr);
    }
}

#[test]
fn retests_are_entered_by_limit_where_that_is_asked() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(400));
    let run = ["--bars", &bars, "--strategy", "smc", "--entry", "limit"];
    let ended = bench.run(&[&["backtest"], &run[..], &["--out", "a"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let page = fs::read_to_string(bench.path("a/report.html")).unwrap();
    assert!(page.contains("retests by limit"));
    let ended = bench.run(&[&["lookahead-check"], &run[..], &["--cuts", "5"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn strategies_that_come_with_it_do_not_see_the_future() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(400));
    for strategy in ["ema-cross", "smc", "random", "buy-and-hold"] {
        let check = ["lookahead-check", "--bars", &bars, "--strategy", strategy, "--cuts", "5"];
        let ended = bench.run(&check);
        assert_eq!(ended.code, 0, "{}", ended.stdout);
        assert!(ended.stdout.contains("10 altered futures at 5 cuts: nothing"), "{}", ended.stdout);
    }
}

#[test]
fn a_demo_needs_nothing() {
    let bench = Bench::new();
    let ended = bench.run(&["demo", "--days", "5"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("Report in aegis-demo/report.html"), "{}", ended.stdout);
    let page = fs::read_to_string(bench.path("aegis-demo/report.html")).unwrap();
    assert!(page.contains("BTCUSDT, ETHUSDT, SOLUSDT"));
    let again = bench.run(&["demo", "--days", "5", "--out", "again"]);
    let hash = |text: &str| text.lines().find(|line| line.contains("hash ")).unwrap().to_owned();
    assert_eq!(hash(&ended.stdout), hash(&again.stdout));
}

#[test]
fn lines_that_are_no_bars_are_told_with_their_numbers() {
    let bench = Bench::new();
    let text = format!("{}1746402780000,1,nonsense,1,1,1\n", minutes(60));
    let bars = bench.file("BTCUSDT-1m.csv", &text);
    let ended = bench.run(&["backtest", "--bars", &bars, "--strategy", "random", "--out", "a"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("Not taken: 1 lines, a price is no plain decimal"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("line 62: a price is no plain decimal"), "{}", ended.stdout);
}

/// What is given first makes no difference: contracts are numbered by their names.
#[test]
fn the_order_of_files_is_no_matter() {
    let bench = Bench::new();
    let btc = bench.file("BTCUSDT-1m.csv", &minutes(600));
    let eth = bench.file("ETHUSDT-1m.csv", &minutes(600));
    let hash = |first: &str, second: &str, out: &str| {
        let run = ["--json", "backtest", "--bars", first, "--bars", second, "--strategy", "random"];
        let ended =
            bench.run(&[&run[..], &["--rate", "0.1", "--slots", "1", "--out", out]].concat());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let said: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
        assert!(said["report"]["figures"]["trades"].as_u64().unwrap() > 5);
        (said["report"]["hash"].clone(), said["report"]["figures"].clone())
    };
    assert_eq!(hash(&btc, &eth, "a"), hash(&eth, &btc, "b"));
}
