//! Recordings into a journal, and the journal as the same market.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::bench::{Bench, Ended, minutes};

const RATES: &str = "calc_time,funding_interval_hours,last_funding_rate\n1746376380000,8,0.01\n";

/// The line of an answer that begins with a word.
fn said<'a>(text: &'a str, word: &str) -> &'a str {
    text.lines().map(str::trim).find(|line| line.starts_with(word)).unwrap_or_default()
}

#[test]
fn a_market_gives_the_same_hash_from_its_files_and_from_its_journal() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(500));
    bench.file("rates.csv", RATES);
    let market = ["--bars", "BTCUSDT-1m.csv", "--funding", "BTCUSDT=rates.csv"];
    let imported = bench.run(&[&["import", "--out", "market"], &market[..]].concat());
    assert_eq!(imported.code, 0, "{}", imported.stderr);
    assert!(imported.stdout.contains("501 events of BTCUSDT from 2 files"), "{}", imported.stdout);
    assert!(imported.stdout.contains("Held back by the firewall: none"), "{}", imported.stdout);
    assert!(!bench.path("market/quarantine.csv").exists());
    let strategy = ["--strategy", "ema-cross", "--fast", "5", "--slow", "15"];
    let hash = |source: &[&str], out: &str| {
        let all = [&["backtest"], source, &strategy, &["--out", out]].concat();
        let ended = bench.run(&all);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        said(&ended.stdout, "hash ").to_owned()
    };
    let from_files = hash(&market, "a");
    assert!(from_files.len() > 20, "{from_files}");
    assert_eq!(from_files, hash(&["--journal", "market"], "b"));
    let [a, b] = ["a", "b"].map(|run| fs::read(bench.path(run).join("trades.csv")).unwrap());
    assert_eq!(a, b);
    let check = [&["lookahead-check", "--journal", "market", "--cuts", "3"], &strategy[..]];
    let ended = bench.run(&check.concat());
    assert!(ended.stdout.contains("6 altered futures at 3 cuts: nothing"), "{}", ended.stderr);
    let inspected = bench.run(&["inspect", "--journal", "market"]);
    assert!(inspected.stdout.contains("BTCUSDT: 501 events"), "{}", inspected.stdout);
    assert!(inspected.stdout.contains("500 of 1m, 0 gaps with 0 missing"), "{}", inspected.stdout);
}

#[test]
fn real_files_of_several_contracts_and_a_capture_are_the_same_market_from_a_journal() {
    let test = "a journal of real files";
    let Some(bars) = testkit::data("market/bars", test) else { return };
    let Some(capture) = testkit::data("market/raw/usdm_btcusdt_20240808.gz", test) else { return };
    let bench = Bench::new();
    let path = |name: &str| bars.join(name).display().to_string();
    let (bitcoin, ether) = (path("BTCUSDT-1m.csv.gz"), path("ETHUSDT-1m.csv.gz"));
    let funding = format!("BTCUSDT={}", path("BTCUSDT-8h-funding.csv"));
    let frames = format!("BTCUSDT={}", capture.display());
    for (source, events) in [
        (&["--bars", &bitcoin, "--bars", &ether][..], "103390 events of BTCUSDT, ETHUSDT"),
        (&["--frames", &frames], "events of BTCUSDT from 1 files"),
    ] {
        let import = [&["import", "--force", "--out", "market"], source].concat();
        let imported = bench.run(&import);
        assert!(imported.stdout.contains(events), "{}{}", imported.stdout, imported.stderr);
        assert!(imported.stdout.contains("firewall: none"), "{}", imported.stdout);
        let hash = |source: &[&str]| {
            let run = ["--strategy", "random", "--rate", "0.002", "--out", "run", "--force"];
            let ended = bench.run(&[&["backtest"], source, &run].concat());
            assert_eq!(ended.code, 0, "{}", ended.stderr);
            said(&ended.stdout, "hash ").to_owned()
        };
        assert_eq!(hash(source), hash(&["--journal", "market"]));
    }
    let all = ["--bars", &bitcoin, "--funding", &funding];
    let imported = bench.run(&[&["import", "--force", "--out", "market"], &all[..]].concat());
    // The funding before the first bar and after the last is recorded too.
    assert!(imported.stdout.contains("from 2 files"), "{}", imported.stdout);
}

#[test]
fn the_capture_followed_from_a_journal_is_the_capture() {
    let test = "inspecting a journal of the capture";
    let Some(path) = testkit::data("market/raw/usdm_btcusdt_20240808.gz", test) else { return };
    let bench = Bench::new();
    let frames = format!("BTCUSDT={}", path.display());
    assert_eq!(bench.run(&["import", "--out", "market", "--frames", &frames]).code, 0);
    let ended = bench.run(&["inspect", "--journal", "market"]);
    for said in [
        "6547 changes applied (2 of them buffered), 4 stale, 0 gaps, 0 crossed",
        "5018 bids and 4578 asks, in step",
    ] {
        assert!(ended.stdout.contains(said), "{said}:\n{}", ended.stdout);
    }
}

#[test]
fn files_of_the_archive_are_read_by_their_names() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m-2025-05.csv", &minutes(60));
    bench.file("BTCUSDT-fundingRate-2025-05.csv", RATES);
    let trade = |id: u32, millis: u32| format!("{id},95000.1,0.5,1,2,17463727{millis},true\n");
    bench.file("BTCUSDT-aggTrades-2025-05-04.csv", &(trade(7, 80_001) + &trade(8, 80_002)));
    bench.file("BTCUSDT-aggTrades-2025-05-05.csv", &(trade(8, 80_002) + &trade(9, 80_003)));
    let zipped = Command::new("zip")
        .args(["-qj", "BTCUSDT-1m-2025-05.zip", "BTCUSDT-1m-2025-05.csv"])
        .current_dir(bench.path("."))
        .status();
    let bars = if zipped.is_ok_and(|status| status.success()) {
        "BTCUSDT-1m-2025-05.zip"
    } else {
        "BTCUSDT-1m-2025-05.csv"
    };
    let ended = bench.run(&[
        "import",
        "--json",
        "--out",
        "market",
        bars,
        "BTCUSDT-fundingRate-2025-05.csv",
        "BTCUSDT-aggTrades-2025-05-04.csv",
        "BTCUSDT-aggTrades-2025-05-05.csv",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&json["events"], &json["files"]), (&64.into(), &4.into()), "{json}");
    // The trade that stands in both days.
    assert_eq!(json["firewall"]["duplicate"], 1, "{json}");
    assert_eq!(json["refused"]["duplicate"], 1, "{json}");
    let table = fs::read_to_string(bench.path("market/quarantine.csv")).unwrap();
    assert!(table.contains("firewall,0,duplicate,"), "{table}");
    assert!(table.contains("BTCUSDT trades 1 to 2: sell 0.500 at 95000.1"), "{table}");
}

#[test]
fn what_is_not_taken_stands_in_quarantine_with_its_line_and_its_reason() {
    let bench = Bench::new();
    let jump = "1746376380000,200000.0,200000.0,200000.0,200000.0,1\n";
    let back = "1746372780000,95000.0,95005.0,94995.0,95001.0,1\n";
    let text = format!("{}{jump}{back}1746376440000,NaN,1,1,1,1\nx\n", minutes(60));
    bench.file("BTCUSDT-1m.csv", &text);
    let ended = bench.run(&["import", "--out", "market", "--bars", "BTCUSDT-1m.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for said in [
        "60 events of BTCUSDT",
        "Held back by the firewall: 1 price-jump",
        "Not taken: 1, time runs backwards",
        "Not taken: 1, a price is no plain decimal",
        "BTCUSDT-1m.csv line 63: time runs backwards",
    ] {
        assert!(ended.stdout.contains(said), "{said}:\n{}", ended.stdout);
    }
    let table = fs::read_to_string(bench.path("market/quarantine.csv")).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows[0], "source,line,reason,beginning");
    assert_eq!(
        rows[2],
        "BTCUSDT-1m.csv,64,a price is no plain decimal,\"1746376440000,NaN,1,1,1,1\""
    );
    assert_eq!(rows[3], "BTCUSDT-1m.csv,65,the time is no whole number,x");
    assert_eq!(rows.len(), 5, "{table}");
}

/// The one segment of a journal.
fn segment(folder: &Path) -> std::path::PathBuf {
    folder.join("00000000000000000000.journal")
}

#[test]
fn a_damaged_journal_is_refused_by_its_record_or_read_up_to_it() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(200));
    assert_eq!(bench.run(&["import", "--out", "market", "--bars", "BTCUSDT-1m.csv"]).code, 0);
    let path = segment(&bench.path("market"));
    let mut bytes = fs::read(&path).unwrap();
    // A byte in the payload of record 100: a header, the contracts, bars of 20 + 112 bytes each.
    let contracts = 20 + 6 + 8 + 4 + 6;
    bytes[64 + contracts + 99 * 132 + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let run = ["--journal", "market", "--strategy", "buy-and-hold", "--out", "run"];
    let ended = bench.run(&[&["backtest"], &run[..]].concat());
    assert_eq!(ended.code, 4, "{}", ended.stdout);
    let said = "00000000000000000000.journal is damaged at byte";
    assert!(
        ended.stderr.contains(said) && ended.stderr.contains("(record 100)"),
        "{}",
        ended.stderr
    );
    assert!(!bench.path("run").exists());
    let ended = bench.run(&[&["backtest", "--up-to-damage"], &run[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains(", 99 events"), "{}", ended.stdout);
    assert!(ended.stdout.contains("damaged from here on"), "{}", ended.stdout);
    let ended = bench.run(&["inspect", "--journal", "market", "--up-to-damage"]);
    assert!(ended.stdout.contains("BTCUSDT: 99 events"), "{}", ended.stdout);
    // Where the first event is damaged there is nothing to run over.
    bytes[64 + contracts + 60] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let ended = bench.run(&[&["backtest", "--force", "--up-to-damage"], &run[..]].concat());
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert!(ended.stderr.contains("every line was refused, or there was none"), "{}", ended.stderr);
    let ended = bench.run(&["inspect", "--journal", "market", "--up-to-damage"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.starts_with("No events\n  Not taken: 1 lines, damaged from here on\n"));
    let ended = bench.run(&["inspect", "--json", "--journal", "market", "--up-to-damage"]);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(json[0]["refused"]["damaged from here on"], 1, "{json}");
    assert!(json[0]["recording"].is_null(), "{json}");
    bytes[64 + contracts + 60] ^= 1;
    // A torn end is no damage: a crash leaves it, and it is told.
    bytes[64 + contracts + 99 * 132 + 60] ^= 1;
    fs::write(&path, &bytes[..bytes.len() - 30]).unwrap();
    let ended = bench.run(&["inspect", "--journal", "market"]);
    assert!(ended.stdout.contains("BTCUSDT: 199 events"), "{}", ended.stdout);
    assert!(ended.stdout.contains("ends in a part of a record"), "{}", ended.stdout);
}

/// Nothing of it is a bar, so that all of it is read for the length of its bars.
#[test]
fn a_damaged_journal_of_trades_alone_is_read_up_to_the_damage() {
    let bench = Bench::new();
    let trade = |n: i64| {
        let time = 1_746_372_780_000 + n * 20_000;
        format!("{n},{}.0,1.0,95000.0,{time},true\n", 95_000 + n % 7)
    };
    let table: String = (0..300).map(trade).collect();
    bench.file(
        "BTCUSDT-trades.csv",
        &format!("id,price,qty,quote_qty,time,is_buyer_maker\n{table}"),
    );
    let import = ["import", "--out", "market", "--trades", "BTCUSDT=BTCUSDT-trades.csv"];
    let ended = bench.run(&import);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let path = segment(&bench.path("market"));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let run = ["backtest", "--journal", "market", "--strategy", "random", "--out", "run"];
    assert_eq!(bench.run(&run).code, 4);
    let ended = bench.run(&[&run[..], &["--up-to-damage"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stdout.contains("damaged from here on"), "{}", ended.stdout);
}

#[test]
fn a_journal_of_other_steps_or_of_nobody_is_refused_by_name() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(60));
    assert_eq!(bench.run(&["import", "--out", "market", "--bars", "BTCUSDT-1m.csv"]).code, 0);
    let run = ["backtest", "--strategy", "random", "--out", "run", "--journal"];
    let own = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../assets/backtest/assumptions.toml"
    ))
    .unwrap();
    bench.file("finer.toml", &own.replacen("tick = \"0.1\"", "tick = \"0.01\"", 1));
    let ended = bench.run(&[&run[..], &["market", "--assumptions", "finer.toml"]].concat());
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    let said = "prices of BTCUSDT are counted in steps of 0.1; the assumptions say 0.01";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    bench.file("fewer.toml", &own.replacen("contracts.BTCUSDT", "contracts.WBTCUSDT", 1));
    let ended = bench.run(&[&run[..], &["market", "--assumptions", "fewer.toml"]].concat());
    assert!(ended.stderr.contains("no contract BTCUSDT"), "{}", ended.stderr);
    let ended = bench.run(&[&run[..], &["nowhere"]].concat());
    assert_eq!((ended.code, ended.stderr.contains("there is no journal here")), (2, true));
    // Only the header of a segment: no contracts.
    let bytes = fs::read(segment(&bench.path("market"))).unwrap();
    fs::create_dir(bench.path("empty")).unwrap();
    fs::write(segment(&bench.path("empty")), &bytes[..64]).unwrap();
    let ended = bench.run(&[&run[..], &["empty"]].concat());
    assert!(ended.stderr.contains("its first record names no contracts"), "{}", ended.stderr);
    let both = [&run[..], &["market", "--bars", "BTCUSDT-1m.csv"]].concat();
    assert_eq!(bench.run(&both).code, 2, "a journal is the whole market");
}

#[test]
fn a_disk_that_is_full_is_told_and_leaves_nothing() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", &minutes(5_000));
    let script = "trap '' XFSZ; ulimit -f 64 && exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_aegis"), "import", "--out", "market"])
        .args(["--bars", "BTCUSDT-1m.csv"])
        .current_dir(bench.path("."))
        .output()
        .unwrap();
    let ended = Ended::of(output);
    assert_eq!(ended.code, 4, "{}", ended.stderr);
    assert!(ended.stderr.contains("no space for"), "{}", ended.stderr);
    assert_eq!(fs::read_dir(bench.path(".")).unwrap().count(), 1);
}

#[test]
fn more_files_than_a_process_may_open_are_put_into_one_order() {
    let bench = Bench::new();
    let all = minutes(1_500);
    let mut lines = all.lines();
    let header = lines.next().unwrap();
    let mut files: Vec<String> = lines
        .enumerate()
        .map(|(at, line)| {
            bench.file(&format!("{at}/BTCUSDT-1m.csv"), &format!("{header}\n{line}\n"))
        })
        .collect();
    // Whatever order they are given in.
    files.reverse();
    bench.file("BTCUSDT-1m.csv", &all);
    let script = "ulimit -n 64 && exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_aegis"), "import", "--out", "many"])
        .args(&files)
        .current_dir(bench.path("."))
        .output()
        .unwrap();
    let ended = Ended::of(output);
    assert!(ended.stdout.contains("1500 events of BTCUSDT from 1500 files"), "{}", ended.stderr);
    assert_eq!(bench.run(&["import", "--out", "one", "BTCUSDT-1m.csv"]).code, 0);
    let [many, one] = ["many", "one"].map(|folder| fs::read(segment(&bench.path(folder))).unwrap());
    assert!(many == one, "the same market is the same journal, byte by byte");
}

#[test]
fn an_import_that_cannot_be_leaves_nothing() {
    let bench = Bench::new();
    bench.file("BTCUSDT-1m.csv", "open_time,open,high,low,volume\n1,1,1,1,1\n");
    bench.file("ETHUSDT-1m.csv", "open_time,open,high,low,close,volume\n");
    bench.file("odd.csv", "x");
    bench.file("BTCUSDT-1m.zip", "PK\u{3}\u{4} and no more of it");
    for (arguments, said) in [
        (&["BTCUSDT-1m.csv"][..], "no column \"close\""),
        (&["ETHUSDT-1m.csv"], "every line was refused, or there was none"),
        (&["odd.csv"], "\"odd\" is no name of the archive's"),
        (&["DOGEUSDT-1m.csv"], "no contract DOGEUSDT"),
        (&["BTCUSDT-1m.zip"], "no whole zip"),
        (&["BTCUSDT-1m-2024-01.zip"], "BTCUSDT-1m-2024-01.zip"),
        (&["markPriceKlines/BTCUSDT-1m-2024-01.zip"], "are not of trades"),
        (&[], "required"),
    ] {
        let ended = bench.run(&[&["import", "--out", "out"], arguments].concat());
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
        assert!(!bench.path("out").exists(), "{arguments:?}");
    }
    let left = fs::read_dir(bench.path(".")).unwrap().count();
    assert_eq!(left, 4, "no staged folder is left");
}
