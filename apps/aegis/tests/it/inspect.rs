use crate::bench::{Bench, minutes};

#[test]
fn a_capture_is_read_and_its_book_followed() {
    let test = "inspecting the capture";
    let Some(path) = testkit::data("market/raw/usdm_btcusdt_20240808.gz", test) else { return };
    let ended = Bench::new().run(&["inspect", "--frames", &format!("BTCUSDT={}", path.display())]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for said in [
        "Frames  93954: 6551 book changes, 66089 book tickers, 21313 trades, 1 whole books",
        "6547 changes applied (2 of them buffered), 4 stale, 0 gaps, 0 crossed",
        "5018 bids and 4578 asks, in step",
    ] {
        assert!(ended.stdout.contains(said), "{said}:\n{}", ended.stdout);
    }
}

#[test]
fn frames_that_are_none_are_told_by_line_and_reason() {
    let bench = Bench::new();
    let trade = r#"{"e":"trade","E":1723161256313,"T":1723161256310,"s":"BTCUSDT","t":1,"p":"61000.10","q":"0.002","X":"MARKET","m":true}"#;
    let other = trade.replace("BTCUSDT", "DOGEUSDT");
    let off = trade.replace("61000.10", "61000.15");
    let cut = &trade[..60];
    let text = format!(
        "1723161256400000000 {trade}\nnonsense\nx {trade}\n1723161256400000000 {other}\n\
         1723161256400000000 {off}\n1723161256400000000 {cut}\n"
    );
    bench.file("capture", &text);
    let ended = bench.run(&["inspect", "--frames", "BTCUSDT=capture"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for said in [
        "1 events in 0.0 s",
        "line 2: no moment before the frame",
        "line 3: the moment is no whole number of nanoseconds",
        "line 4: unknown-symbol",
        "line 5: off-grid",
        "line 6: not-json",
    ] {
        assert!(ended.stdout.contains(said), "{said}:\n{}", ended.stdout);
    }
}

#[test]
fn holes_in_bars_are_counted() {
    let bench = Bench::new();
    let text = minutes(60);
    let lines: Vec<&str> = text.lines().collect();
    let holed = [&lines[..20], &lines[25..], &[""]].concat().join("\n");
    bench.file("BTCUSDT-1m.csv", &holed);
    let ended = bench.run(&["inspect", "--bars", "BTCUSDT-1m.csv"]);
    assert!(ended.stdout.contains("55 of 1m, 1 gaps with 5 missing"), "{}", ended.stdout);
    assert_eq!(bench.run(&["inspect"]).code, 2);
}
