use std::fs;

use crate::bench::{Bench, minutes};

#[test]
fn every_order_of_a_run_has_a_story_that_agrees_with_the_report() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(500));
    let run =
        ["backtest", "--bars", &bars, "--strategy", "ema-cross", "--fast", "5", "--slow", "15"];
    assert_eq!(bench.run(&[&run[..], &["--out", "run"]].concat()).code, 0);
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(bench.path("run/report.json")).unwrap()).unwrap();
    let orders = report["figures"]["orders"].as_u64().unwrap();
    let lines = fs::read_to_string(bench.path("run/orders.jsonl")).unwrap();
    assert_eq!(lines.lines().count() as u64, orders);
    let mut net = std::collections::BTreeMap::new();
    for order in 1..=orders {
        let said = bench.run(&["--json", "why", &order.to_string(), "--run", "run"]);
        let story: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(story["order"], order);
        if let Some(opened) = story["position"]["opened_ms"].as_i64() {
            net.insert(opened, story["position"]["net"].as_f64().unwrap());
        }
    }
    let trades = report["trades"].as_array().unwrap();
    assert_eq!(net.len(), trades.len());
    for trade in trades {
        let opened = trade["opened_ms"].as_i64().unwrap();
        assert_eq!(net[&opened], trade["net"].as_f64().unwrap());
    }
    let first = bench.run(&["why", "1", "--run", "run"]).stdout;
    for words in
        ["Order 1: ", "to open a position", "crossed", "accepted as its order 1", "traded at"]
    {
        assert!(first.contains(words), "{words}: {first}");
    }
}

#[test]
fn an_order_that_never_was_is_refused() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(100));
    let run = ["backtest", "--bars", &bars, "--strategy", "buy-and-hold", "--out", "run"];
    assert_eq!(bench.run(&run).code, 0);
    let said = bench.run(&["why", "99", "--run", "run"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("order 99: the run sent 1 to "), "{}", said.stderr);
    assert_eq!(bench.run(&["why", "1", "--run", "nowhere"]).code, 2);
}

#[test]
fn a_story_that_somebody_altered_does_not_reach_into_the_terminal() {
    let bench = Bench::new();
    let bars = bench.file("BTCUSDT-1m.csv", &minutes(100));
    let run = ["backtest", "--bars", &bars, "--strategy", "buy-and-hold", "--out", "run"];
    assert_eq!(bench.run(&run).code, 0);
    let path = bench.path("run/orders.jsonl");
    let lines = fs::read_to_string(&path).unwrap();
    fs::write(&path, lines.replace("BTCUSDT", "BTC\\u001b[2JUSDT\\u0007")).unwrap();
    let said = bench.run(&["why", "1", "--run", "run"]);
    assert!(said.code == 0 && said.stdout.contains("BTC[2JUSDT"), "{}{}", said.stdout, said.stderr);
    assert!(!said.stdout.contains(['\u{1b}', '\u{7}']), "{}{}", said.stdout, said.stderr);
}
