//! The report as one page to look at.

pub(crate) mod calendar;
mod trades;

use figure::{Axis, Chart, Colour, Layer, Page, Table};
use market::Contracts;

use crate::figures::amount;
use crate::report::Share;
use crate::{Confidence, Feed, Interval, Outcome, Report};

/// Points of a curve: finer than any screen shows.
const POINTS: usize = 1_000;
/// Trades that are listed; the others are in the JSON.
const LISTED: usize = 200;

/// The page, with pictures from the feed that was run over.
pub fn page(report: &Report, outcome: &Outcome, feed: &Feed, contracts: &Contracts) -> String {
    let figures = &report.figures;
    let subtitle = format!(
        "{}, {} to {}",
        report.contracts.join(", "),
        calendar::day(report.from_ms),
        calendar::day(report.to_ms)
    );
    let words = format!(
        "{:+.2} after costs ({:+.2} %), {} closed positions, fees {:.2}. What has been is no promise.",
        figures.profit,
        figures.profit_share * 100.0,
        figures.trades,
        figures.fees
    );
    let mut page = Page::new(&report.strategy, &subtitle)
        .text(&words)
        .heading("Equity")
        .chart(
            &equity(outcome),
            "The account after fees and funding, open positions at their last price. Dashed: the deposit.",
        )
        .heading("Drawdown")
        .chart(&drawdown(outcome), "The fall from the highest equity there was.")
        .heading("What it comes to")
        .table(&summary(report))
        .heading("How far it may be trusted")
        .text("By its returns from day to day, drawn anew in blocks. One strategy out of many tried needs more doubt than this: see aegis sweep.")
        .table(&trust(&report.confidence, None))
        .heading("Month by month")
        .table(&months(outcome))
        .heading("By contract")
        .table(&shares(&report.by_contract))
        .heading("By what was seen")
        .table(&shares(&report.by_setup))
        .heading("What it rests on");
    for line in &report.assumptions {
        page = page.text(line);
    }
    for (name, gaps) in &report.gaps {
        page = page.text(&format!("{gaps} holes in the bars of {name}."));
    }
    for (name, bars) in &report.repaired {
        page = page.text(&format!("{bars} missing bars of {name} came when they were asked for."));
    }
    for (why, count) in &report.unsent {
        page = page.text(&format!("{count} stops, targets or exits were not let out: {why}."));
    }
    if let Some(at) = report.liquidated_ms {
        let at = calendar::minute(at);
        page = page.text(&format!("Liquidated at {at}: the run ends there, and all is lost."));
    }
    for (at, why) in &report.halts {
        let words =
            format!("Stopped at {}: {why}. Nothing was opened after it.", calendar::minute(*at));
        page = page.text(&words);
    }
    if !report.declined.is_empty() {
        let table = Table::new(&["Wanted, and no order", "times"]);
        let rows = report.declined.iter();
        page = page.table(&rows.fold(table, |t, (why, n)| t.row([why.clone(), n.to_string()])));
    }
    if !report.refused.is_empty() {
        let table = Table::new(&["Lines of the recordings that were not taken", "how many"]);
        let rows = report.refused.iter();
        page =
            page.table(&rows.fold(table, |t, (why, n)| t.row([(*why).to_owned(), n.to_string()])));
    }
    page = page.heading("Trades");
    for (chart, caption) in trades::overviews(outcome, feed, contracts) {
        page = page.chart(&chart, &caption);
    }
    let close_ups = trades::close_ups(outcome, feed, contracts);
    if !close_ups.is_empty() {
        page = page.heading("The best and the worst, close by");
    }
    for (chart, caption) in close_ups {
        page = page.chart(&chart, &caption);
    }
    page.heading("All trades").text(&listed(report)).table(&trades(report)).html()
}

fn listed(report: &Report) -> String {
    let count = report.trades.len();
    if count > LISTED {
        format!("The last {LISTED} of {count}; all are in report.json.")
    } else {
        format!("All {count}.")
    }
}

/// Every so manieth point, and the last.
fn thinned(outcome: &Outcome) -> Vec<(f64, f64)> {
    let from = outcome.from;
    let days = |at: clock::Nanos| at.since(from) as f64 / 86_400e9;
    let every = outcome.equity.len().div_ceil(POINTS).max(1);
    let points = outcome.equity.iter();
    let mut thin: Vec<(f64, f64)> =
        points.step_by(every).map(|(at, equity)| (days(*at), amount(*equity))).collect();
    if let Some((at, equity)) = outcome.equity.last() {
        thin.push((days(*at), amount(*equity)));
    }
    thin
}

fn days_axis(points: &[(f64, f64)]) -> Axis {
    let to = points.last().map_or(1.0, |(day, _)| day.max(1e-3));
    Axis::linear("days", 0.0, to, nice_step(to))
}

/// A step of 1, 2 or 5 times a power of ten, for about eight ticks.
pub(crate) fn nice_step(span: f64) -> f64 {
    let rough = (span / 8.0).max(1e-9);
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * power >= rough).unwrap_or(10.0);
    step * power
}

fn equity(outcome: &Outcome) -> Chart {
    let points = thinned(outcome);
    let low = points.iter().map(|(_, y)| *y).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|(_, y)| *y).fold(f64::NEG_INFINITY, f64::max);
    let room = ((high - low) * 0.05).max(high.abs() * 1e-4).max(1e-6);
    let (low, high) = (low - room, high + room);
    Chart {
        description: "Equity over time; the dashed line is the deposit".to_owned(),
        x: days_axis(&points),
        y: Axis::linear("equity", low, high, nice_step(high - low)),
        layers: vec![
            Layer::Rule(Colour::Quiet, amount(outcome.worth.deposit), String::new()),
            Layer::Line(Colour::Accent, points.into_iter().map(|(x, y)| (x, Some(y))).collect()),
        ],
        height: 260,
    }
}

/// The deepest fall of every so many points, so that none is lost between them.
fn drawdown(outcome: &Outcome) -> Chart {
    let points = thinned(outcome);
    let every = outcome.equity.len().div_ceil(POINTS).max(1);
    let mut highest = f64::MIN;
    let mut fall = |equity: f64| {
        highest = highest.max(equity);
        if highest > 0.0 { (equity / highest - 1.0) * 100.0 } else { 0.0 }
    };
    let falls: Vec<(f64, f64)> = outcome
        .equity
        .chunks(every)
        .filter_map(|chunk| {
            let deepest = chunk.iter().map(|(_, equity)| fall(amount(*equity))).fold(0.0, f64::min);
            let at = chunk.first()?.0.since(outcome.from) as f64 / 86_400e9;
            Some((at, deepest))
        })
        .collect();
    let low = falls.iter().map(|(_, y)| *y).fold(-0.1, f64::min) * 1.05;
    Chart {
        description: "Drawdown over time".to_owned(),
        x: days_axis(&points),
        y: Axis::linear("%", low, 0.0, nice_step(-low)),
        layers: vec![Layer::Area(
            Colour::Limit,
            falls.into_iter().map(|(x, y)| (x, y, 0.0)).collect(),
        )],
        height: 160,
    }
}

fn summary(report: &Report) -> Table {
    let figures = &report.figures;
    let some = |value: Option<f64>| value.map_or_else(|| "n/a".to_owned(), |v| format!("{v:.3}"));
    let share = |value: f64| format!("{:.2} %", value * 100.0);
    let wins = if figures.trades > 0 {
        share(figures.wins as f64 / figures.trades as f64)
    } else {
        "n/a".to_owned()
    };
    let cost = if figures.gross_profit > 0.0 {
        share(figures.fees / figures.gross_profit)
    } else {
        "n/a".to_owned()
    };
    let rows = [
        ("Profit after costs", format!("{:.2}", figures.profit)),
        ("Profit before fees and funding", format!("{:.2}", figures.gross_profit)),
        ("Fees", format!("{:.2}", figures.fees)),
        ("Funding received", format!("{:.2}", figures.funding)),
        ("Fees as a share of that profit", cost),
        ("Deepest drawdown", share(figures.drawdown_share)),
        ("Longest time under water", format!("{:.1} days", figures.underwater_days)),
        ("Sharpe, daily, by the year", some(figures.sharpe)),
        ("Sortino, daily, by the year", some(figures.sortino)),
        ("Closed positions", figures.trades.to_string()),
        ("of them with a profit after costs", wins),
        ("Profit factor", some(figures.profit_factor)),
        ("Mean of a position after costs", some(figures.expectancy)),
        ("Orders", figures.orders.to_string()),
        ("Time with a position", share(figures.exposure)),
        ("Events", report.events.to_string()),
        ("Commands and reports, as one number", report.hash.clone()),
    ];
    let table = Table::new(&["", ""]);
    rows.into_iter().fold(table, |table, (name, value)| table.row([name.to_owned(), value]))
}

/// What a record of so many days says.
pub(crate) fn trust(confidence: &Confidence, deflated: Option<f64>) -> Table {
    let between = |interval: Option<Interval>, scale: f64, unit: &str| {
        interval.map_or_else(
            || "n/a".to_owned(),
            |i| format!("{:.2}{unit} to {:.2}{unit}", i.low * scale, i.high * scale),
        )
    };
    let probability =
        |p: Option<f64>| p.map_or_else(|| "n/a".to_owned(), |p| format!("{:.1} %", p * 100.0));
    let mut rows = vec![
        ("Days", confidence.days.to_string()),
        ("Sharpe by the year, in 95 of 100 such records", between(confidence.sharpe, 1.0, "")),
        ("Profit, likewise", between(confidence.profit_share, 100.0, " %")),
        ("Deepest drawdown, likewise", between(confidence.drawdown_share, 100.0, " %")),
        ("Probability of a true Sharpe ratio above zero", probability(confidence.above_zero)),
    ];
    if deflated.is_some() {
        rows.push(("The same, when every trial is counted", probability(deflated)));
    }
    rows.into_iter().fold(Table::new(&["", ""]), |t, (name, value)| t.row([name.to_owned(), value]))
}

fn months(outcome: &Outcome) -> Table {
    let mut ends: Vec<(String, f64)> = Vec::new();
    for (at, equity) in &outcome.equity {
        // What is told at midnight ends the month before.
        let month = calendar::month(clock::Nanos(at.0 - 1).millis());
        match ends.last_mut() {
            Some((last, end)) if *last == month => *end = amount(*equity),
            _ => ends.push((month, amount(*equity))),
        }
    }
    let mut before = amount(outcome.worth.deposit);
    let mut table = Table::new(&["Month", "profit", "share"]);
    for (month, end) in ends {
        let share = if before > 0.0 { (end / before - 1.0) * 100.0 } else { 0.0 };
        table = table.row([month, format!("{:+.2}", end - before), format!("{share:+.2} %")]);
        before = end;
    }
    table
}

fn shares(shares: &[Share]) -> Table {
    let table = Table::new(&["", "positions", "with profit", "after costs", "fees"]);
    shares.iter().fold(table, |table, share| {
        table.row([
            share.name.clone(),
            share.trades.to_string(),
            share.wins.to_string(),
            format!("{:+.2}", share.net),
            format!("{:.2}", share.fees),
        ])
    })
}

fn trades(report: &Report) -> Table {
    let headings =
        ["Opened", "closed", "contract", "side", "seen", "quantity", "in", "out", "after costs"];
    let from = report.trades.len().saturating_sub(LISTED);
    report.trades[from..].iter().fold(Table::new(&headings), |table, trade| {
        table.row([
            calendar::minute(trade.opened_ms),
            calendar::minute(trade.closed_ms),
            trade.contract.clone(),
            trade.side.to_owned(),
            trade.setup.to_owned(),
            trade.quantity.clone(),
            format!("{:.2}", trade.entry),
            format!("{:.2}", trade.exit),
            format!("{:+.2}", trade.net),
        ])
    })
}
