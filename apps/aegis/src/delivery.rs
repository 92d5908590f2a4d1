use std::fs;
use std::path::Path;

use backtest::{Drive, Feed, Outcome, Quarantine, Report};
use ops::console::{self, Failure};

/// The stories of all orders, a line each.
pub(crate) const ORDERS: &str = "orders.jsonl";

/// Writes a file of a folder that is made.
pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), ops::Error> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(ops::Error::io("write", &path))
}

/// Writes a report as page, as JSON and as a table of trades, and the stories of all orders.
pub(crate) fn write(
    folder: &Path,
    report: &Report,
    outcome: &Outcome,
    feed: &Feed,
    drive: &Drive,
) -> Result<(), Failure> {
    let put = |name, bytes: &[u8]| put(folder, name, bytes);
    let json = serde_json::to_vec_pretty(report)
        .map_err(|error| Failure::bug(format!("the report is no JSON: {error}")))?;
    put("report.json", &json)?;
    put("report.html", backtest::page(report, outcome, feed, &drive.contracts).as_bytes())?;
    let mut orders = Vec::new();
    for story in backtest::stories(outcome, &drive.contracts, &drive.settings) {
        serde_json::to_writer(&mut orders, &story)
            .map_err(|error| Failure::bug(format!("an order is no JSON: {error}")))?;
        orders.push(b'\n');
    }
    put(ORDERS, &orders)?;
    let trades = backtest::trades_csv(report)
        .map_err(|error| Failure::bug(format!("the trades are no table: {error}")))?;
    Ok(put("trades.csv", &trades)?)
}

/// Says what a run came to and what that rests on.
pub(crate) fn print(
    out: &Path,
    report: &Report,
    quarantine: &Quarantine,
    json: bool,
) -> Result<(), Failure> {
    if json {
        return Ok(console::say_json(&serde_json::json!({
            "folder": out.display().to_string(),
            "report": report,
        }))?);
    }
    let figures = &report.figures;
    let mut lines = vec![format!(
        "{} on {}, {} events",
        report.strategy,
        report.contracts.join(", "),
        report.events
    )];
    lines.push(format!(
        "  {:+.2} after costs ({:+.2} %), {} closed positions, {} orders",
        figures.profit,
        figures.profit_share * 100.0,
        figures.trades,
        figures.orders
    ));
    lines.push(format!(
        "  {:+.2} before fees and funding, {:.2} fees, {:+.2} funding, deepest drawdown {:.2} %",
        figures.gross_profit,
        figures.fees,
        figures.funding,
        figures.drawdown_share * 100.0
    ));
    lines.push(format!("  hash {}", report.hash));
    for (name, gaps) in &report.gaps {
        lines.push(format!("  {gaps} holes in the bars of {name}"));
    }
    for (name, bars) in &report.repaired {
        lines.push(format!("  {bars} missing bars of {name} came when they were asked for"));
    }
    for (why, count) in &report.unsent {
        lines.push(format!("  {count} stops, targets or exits were not let out: {why}"));
    }
    if report.liquidated_ms.is_some() {
        lines.push("  liquidated: the run ends there, and all is lost".to_owned());
    }
    for (_, why) in &report.halts {
        lines.push(format!("  stopped before the end: {why}; nothing was opened after it"));
    }
    lines.push("What it rests on".to_owned());
    lines.extend(report.assumptions.iter().map(|line| format!("  {line}")));
    for (reason, count) in &quarantine.counts {
        lines.push(format!("Not taken: {count} lines, {reason}"));
    }
    for held in quarantine.told() {
        lines.push(format!("  {held}"));
    }
    lines.push(format!("Report in {}", out.join("report.html").display()));
    Ok(console::say(&lines)?)
}
