//! What came of trying many settings, for machines and for the page.

mod page;

use clock::Nanos;
use market::{Contracts, Notional};
use matching::Assumptions;
use serde::Serialize;
use trading::Settings;

use crate::figures::{DAYS_A_YEAR, daily_returns};
use crate::report::lines;
use crate::statistics::{deflated_sharpe, sharpe};
use crate::{Aim, Confidence, Feed, Figures, Fold, Trial};

pub use page::study_page;

/// The version of the study's form.
pub const STUDY_SCHEMA: u32 = 1;

/// A setting and its value, as they were asked for.
pub type Point = Vec<(String, String)>;

/// What came of trying many settings.
#[derive(Debug, Clone, Serialize)]
pub struct Study {
    /// The version of this form.
    pub schema: u32,
    /// The program's version.
    pub version: String,
    /// Revisions of the engine and of the simulated venue.
    pub revisions: [u32; 2],
    /// Contracts, in the order of their numbers.
    pub contracts: Vec<String>,
    /// First and last moment, in milliseconds since 1970.
    pub from_ms: i64,
    /// See `from_ms`.
    pub to_ms: i64,
    /// Events of the recording.
    pub events: usize,
    /// What was chosen by.
    pub aim: Aim,
    /// Every setting that was tried, in the order it was asked for.
    pub trials: Vec<Tried>,
    /// Settings that cannot be, and why.
    pub impossible: Vec<(Point, String)>,
    /// Which trial is best over the whole recording.
    pub best: usize,
    /// How far its figures may be trusted if it had been the only one.
    pub alone: Confidence,
    /// How likely its true Sharpe ratio is above what the best of as many would have by luck.
    pub deflated: Option<f64>,
    /// Choices on the past, and what came after each.
    pub folds: Vec<Fold>,
    /// What all choices came to, one after the other; absent without folds.
    pub forward: Option<Forward>,
    /// What it rests on: lines to read.
    pub assumptions: Vec<String>,
}

/// One setting that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// The setting.
    pub point: Point,
    /// What it came to.
    #[serde(flatten)]
    pub trial: Trial,
}

/// What was traded only after it was chosen.
#[derive(Debug, Clone, Serialize)]
pub struct Forward {
    /// Profit as a share of the deposit, one fold's upon the other's.
    pub profit_share: f64,
    /// The mean of what the choices came to in their training, as daily Sharpe ratios by the year;
    /// beside that of what came after.
    pub sharpe_training: Option<f64>,
    /// See `sharpe_training`; none below ten whole days.
    pub sharpe: Option<f64>,
    /// Folds that ended with a profit.
    pub won: usize,
    /// How many different settings were chosen.
    pub choices: usize,
    /// How far it may be trusted.
    pub confidence: Confidence,
    /// Returns from day to day through all folds.
    #[serde(skip)]
    pub daily: Vec<f64>,
}

impl Forward {
    fn of(folds: &[Fold]) -> Option<Self> {
        if folds.is_empty() {
            return None;
        }
        let daily = daily_returns(&chained(folds));
        let mut chosen: Vec<usize> = folds.iter().map(|fold| fold.chosen).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let by_the_year = DAYS_A_YEAR.sqrt();
        let trained: Option<f64> = folds.iter().map(|fold| fold.training.daily_sharpe()).sum();
        Some(Self {
            profit_share: folds
                .iter()
                .fold(1.0, |sum, fold| sum * (1.0 + fold.test.figures.profit_share))
                - 1.0,
            sharpe_training: trained.map(|sum| sum / folds.len() as f64 * by_the_year),
            sharpe: sharpe(&daily).map(|ratio| ratio * by_the_year),
            won: folds.iter().filter(|fold| fold.test.figures.profit > 0.0).count(),
            choices: chosen.len(),
            confidence: Confidence::of(&daily),
            daily,
        })
    }
}

/// One account through all folds: each goes on with what the one before left.
fn chained(folds: &[Fold]) -> Vec<(Nanos, Notional)> {
    let mut chain: Vec<(Nanos, Notional)> = Vec::new();
    for fold in folds {
        let Some((_, deposit)) = fold.equity.first() else { continue };
        let begun = chain.last().map_or(1.0, |(_, equity)| equity.0 as f64 / deposit.0 as f64);
        let grown = |equity: &Notional| Notional((equity.0 as f64 * begun).round() as i128);
        chain.extend(fold.equity.iter().map(|(at, equity)| (*at, grown(equity))));
    }
    chain
}

/// What was tried over one recording.
#[derive(Debug)]
pub struct Attempts {
    /// The settings, with what each came to.
    pub trials: Vec<(Point, Trial)>,
    /// Settings that cannot be, and why.
    pub impossible: Vec<(Point, String)>,
    /// What was chosen by.
    pub aim: Aim,
    /// Choices on the past.
    pub folds: Vec<Fold>,
}

impl Study {
    /// Of what was tried; none where nothing was, or nothing that can be compared.
    pub fn of(
        attempts: Attempts,
        feed: &Feed,
        contracts: &Contracts,
        settings: &Settings,
        assumptions: &Assumptions,
    ) -> Option<Self> {
        let Attempts { trials, impossible, aim, folds } = attempts;
        let (points, trials): (Vec<Point>, Vec<Trial>) = trials.into_iter().unzip();
        let best = aim.best(&trials)?;
        let ratios: Vec<f64> = trials.iter().filter_map(Trial::daily_sharpe).collect();
        let (first, last) = (feed.events().first()?, feed.events().last()?);
        Some(Self {
            schema: STUDY_SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revisions: [trading::REVISION, matching::REVISION],
            contracts: contracts.iter().map(|(_, contract)| contract.name.clone()).collect(),
            from_ms: first.receive.millis(),
            to_ms: last.receive.millis(),
            events: feed.events().len(),
            aim,
            best,
            alone: Confidence::of(&trials[best].daily),
            deflated: deflated_sharpe(&trials[best].daily, &ratios),
            forward: Forward::of(&folds),
            folds,
            trials: points
                .into_iter()
                .zip(trials)
                .map(|(point, trial)| Tried { point, trial })
                .collect(),
            impossible,
            assumptions: lines(settings, assumptions, contracts),
        })
    }

    /// The figures of the best trial.
    pub fn best_figures(&self) -> &Figures {
        &self.trials[self.best].trial.figures
    }
}

/// Every trial as a table with a header: its settings, then its figures.
///
/// # Errors
/// What the writer of tables says; a table in memory gives it no cause.
pub fn trials_csv(study: &Study) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let keys = study.trials.first().map(|tried| tried.point.iter().map(|(key, _)| key.as_str()));
    let figures = [
        "profit",
        "profit_share",
        "drawdown_share",
        "sharpe",
        "sortino",
        "trades",
        "wins",
        "fees",
        "funding",
        "orders",
        "exposure",
        "hash",
    ];
    table.write_record(keys.into_iter().flatten().chain(figures))?;
    for Tried { point, trial } in &study.trials {
        let f = &trial.figures;
        let some = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
        let values = [
            f.profit.to_string(),
            f.profit_share.to_string(),
            f.drawdown_share.to_string(),
            some(f.sharpe),
            some(f.sortino),
            f.trades.to_string(),
            f.wins.to_string(),
            f.fees.to_string(),
            f.funding.to_string(),
            f.orders.to_string(),
            f.exposure.to_string(),
            trial.hash.clone(),
        ];
        table.write_record(point.iter().map(|(_, value)| value.clone()).chain(values))?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}
