use figure::{Axis, Block, Chart, Colour, Layer, Page, Table};

use super::{Forward, Point, Study};
use crate::page::{calendar, nice_step, trust};
use crate::statistics::FEWEST_DAYS;

/// Trials that are listed, the best first; all are in the table of trials.
const LISTED: usize = 40;

/// The study as one page to look at.
pub fn study_page(study: &Study) -> String {
    let title = format!("{} settings tried", study.trials.len());
    let subtitle = format!(
        "{}, {} to {}",
        study.contracts.join(", "),
        calendar::day(study.from_ms),
        calendar::day(study.to_ms)
    );
    let best = study.best_figures();
    let words = format!(
        "Best: {}, with {:+.2} after costs ({:+.2} %). {}",
        named(&study.trials[study.best].point),
        best.profit,
        best.profit_share * 100.0,
        verdict(study)
    );
    let mut page = Page::new(&title, &subtitle).text(&words);
    if let Some(forward) = &study.forward {
        page = page
            .heading("Chosen on the past, traded after it")
            .text(&forward_words(study, forward))
            .chart(
                &grown(forward),
                "The deposit through all folds, day by day. Dashed: the deposit.",
            )
            .table(&folds(study));
    }
    page = page.heading("Profit of every setting");
    if let Some((chart, caption)) = map(study) {
        page = page.chart(&chart, &caption);
    }
    page = page.chart(&spread(study), "Profit as a share of the deposit, the best setting first. Where few stand out of many, luck is the first guess.");
    page = page
        .heading("How far the best may be trusted")
        .table(&trust(&study.alone, study.deflated))
        .heading("Trials")
        .text(&listed(study))
        .table(&trials(study));
    if !study.impossible.is_empty() {
        let table = Table::new(&["Settings that cannot be", "why"]);
        let rows = study.impossible.iter();
        page = page.table(&rows.fold(table, |t, (point, why)| t.row([named(point), why.clone()])));
    }
    page = page.heading("What it rests on");
    study.assumptions.iter().fold(page, |page, line| page.text(line)).html()
}

fn verdict(study: &Study) -> String {
    let trials = study.trials.len();
    match study.deflated {
        Some(probability) => format!(
            "That its true Sharpe ratio is above what the best of {trials} has by luck has a probability of {:.0} %.",
            probability * 100.0
        ),
        None if study.alone.days < FEWEST_DAYS => {
            format!("{} days are too few to say how much of it is luck.", study.alone.days)
        }
        None => "Its days are all alike: there is nothing to say of luck.".to_owned(),
    }
}

fn named(point: &Point) -> String {
    let settings: Vec<String> = point.iter().map(|(key, value)| format!("{key} {value}")).collect();
    settings.join(", ")
}

fn forward_words(study: &Study, forward: &Forward) -> String {
    format!(
        "{} folds, {} with a profit, {} different choices: {:+.2} % in all. Sharpe ratio by the year {} \
         after the choice, {} in the training before it. What is open at the end of a fold is taken for closed \
         there, with its costs.",
        study.folds.len(),
        forward.won,
        forward.choices,
        forward.profit_share * 100.0,
        ratio(forward.sharpe),
        ratio(forward.sharpe_training)
    )
}

/// A ratio with two decimals, where there is one.
fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| format!("{value:.2}"))
}

fn grown(forward: &Forward) -> Chart {
    let mut equity = 100.0;
    let mut points = vec![(0.0, Some(equity))];
    for (day, daily) in forward.daily.iter().enumerate() {
        equity *= 1.0 + daily;
        points.push((day as f64 + 1.0, Some(equity)));
    }
    let values = points.iter().filter_map(|(_, y)| *y);
    let (low, high) = values.fold((100.0_f64, 100.0_f64), |(l, h), y| (l.min(y), h.max(y)));
    let room = ((high - low) * 0.05).max(0.1);
    let days = forward.daily.len().max(1) as f64;
    Chart {
        description: "The deposit through all folds".to_owned(),
        x: Axis::linear("days", 0.0, days, nice_step(days)),
        y: Axis::linear("%", low - room, high + room, nice_step(high - low + 2.0 * room)),
        layers: vec![
            Layer::Rule(Colour::Quiet, 100.0, String::new()),
            Layer::Line(Colour::Accent, points),
        ],
        height: 220,
    }
}

fn folds(study: &Study) -> Table {
    let headings =
        ["Trained", "traded", "chosen", "in the training", "after it", "Sharpe before, after"];
    study.folds.iter().fold(Table::new(&headings), |table, fold| {
        let ratio =
            |value: Option<f64>| value.map_or_else(|| "n/a".to_owned(), |v| format!("{v:.2}"));
        let (before, after) = (&fold.training.figures, &fold.test.figures);
        table.row([
            format!(
                "{} to {}",
                calendar::minute(fold.train_from_ms),
                calendar::minute(fold.train_to_ms)
            ),
            format!(
                "{} to {}",
                calendar::minute(fold.test_from_ms),
                calendar::minute(fold.test_to_ms)
            ),
            named(&study.trials[fold.chosen].point),
            format!("{:+.2} %", before.profit_share * 100.0),
            format!("{:+.2} %", after.profit_share * 100.0),
            format!("{}, {}", ratio(before.sharpe), ratio(after.sharpe)),
        ])
    })
}

/// Every trial as a place on a map, where two settings were varied.
fn map(study: &Study) -> Option<(Chart, String)> {
    let [(across, _), (up, _)] = study.trials.first()?.point.as_slice() else { return None };
    let values = |at: usize| -> Vec<&str> {
        let mut seen: Vec<&str> = Vec::new();
        for tried in &study.trials {
            let value = tried.point[at].1.as_str();
            if !seen.contains(&value) {
                seen.push(value);
            }
        }
        seen
    };
    let (xs, ys) = (values(0), values(1));
    let profits = study.trials.iter().map(|tried| tried.trial.figures.profit_share);
    let most = profits.fold(0.0_f64, |most, share| most.max(share.abs())).max(1e-9);
    let mut won = Vec::new();
    let mut lost = Vec::new();
    for tried in &study.trials {
        let place = |at: usize, all: &[&str]| all.iter().position(|v| *v == tried.point[at].1);
        let (x, y) = (place(0, &xs)? as f64, place(1, &ys)? as f64);
        let share = tried.trial.figures.profit_share;
        let block = Block {
            x: (x + 0.02, x + 0.98),
            y: (y + 0.03, y + 0.97),
            strength: (share.abs() / most).max(0.04),
            label: format!("{:+.1}", share * 100.0),
        };
        if share > 0.0 { won.push(block) } else { lost.push(block) }
    }
    let chart = Chart {
        description: format!("Profit by {across} and {up}"),
        x: Axis::named(across, &xs),
        y: Axis::named(up, &ys),
        layers: vec![Layer::Blocks(Colour::Accent, won), Layer::Blocks(Colour::Limit, lost)],
        height: (60 + 40 * ys.len() as u32).min(600),
    };
    let caption = format!(
        "Profit in per cent of the deposit, {across} across and {up} up; the accent won, the other lost. \
         What is good beside what is good is worth more than a lone peak."
    );
    Some((chart, caption))
}

/// The profit of every trial, best first.
fn spread(study: &Study) -> Chart {
    let mut shares: Vec<f64> =
        study.trials.iter().map(|tried| tried.trial.figures.profit_share * 100.0).collect();
    shares.sort_unstable_by(|a, b| b.total_cmp(a));
    let high = shares.first().copied().unwrap_or(0.0).max(0.1);
    let low = shares.last().copied().unwrap_or(0.0).min(-0.1);
    let count = shares.len() as f64;
    let area = |keep: fn(f64) -> f64| {
        let steps = shares.iter().enumerate();
        steps
            .flat_map(|(at, share)| {
                let (from, to, share) = (at as f64, at as f64 + 1.0, keep(*share));
                [(from, share.min(0.0), share.max(0.0)), (to, share.min(0.0), share.max(0.0))]
            })
            .collect::<Vec<_>>()
    };
    Chart {
        description: "Profit of every setting, best first".to_owned(),
        x: Axis::linear("settings", 0.0, count, nice_step(count).max(1.0)),
        y: Axis::linear("%", low * 1.05, high * 1.05, nice_step(high - low)),
        layers: vec![
            Layer::Area(Colour::Accent, area(|share| share.max(0.0))),
            Layer::Area(Colour::Limit, area(|share| share.min(0.0))),
        ],
        height: 160,
    }
}

fn listed(study: &Study) -> String {
    let count = study.trials.len();
    if count > LISTED {
        format!("The best {LISTED} of {count} by profit; all are in trials.csv.")
    } else {
        format!("All {count}, by profit.")
    }
}

fn trials(study: &Study) -> Table {
    let mut order: Vec<usize> = (0..study.trials.len()).collect();
    let profit = |at: usize| study.trials[at].trial.figures.profit;
    order.sort_by(|a, b| profit(*b).total_cmp(&profit(*a)));
    let headings = ["Setting", "after costs", "drawdown", "Sharpe", "positions", "fees"];
    order.into_iter().take(LISTED).fold(Table::new(&headings), |table, at| {
        let tried = &study.trials[at];
        let f = &tried.trial.figures;
        table.row([
            named(&tried.point),
            format!("{:+.2}", f.profit),
            format!("{:.2} %", f.drawdown_share * 100.0),
            f.sharpe.map_or_else(|| "n/a".to_owned(), |ratio| format!("{ratio:.2}")),
            f.trades.to_string(),
            format!("{:.2}", f.fees),
        ])
    })
}
