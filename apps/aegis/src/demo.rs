use std::path::PathBuf;

use backtest::{Drive, Feed, Quarantine, Report};
use clap::Args;
use clock::Seed;
use fault::{Cancel, Progress};
use market::{Fixed8, Timeframe};
use ops::console::{Display, Failure};
use trading::strategies::EmaCross;
use trading::{Period, Settings, Sizing};

use crate::delivery;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis demo
  aegis demo --seed 7 --days 60 --out demo-7

Makes up a market of three contracts with regimes, jumps and missing minutes, runs a cross of
averages over it, and writes the report. It needs no data. What wins here has shown nothing.";

/// The contracts, and where their prices begin.
const MARKET: [(&str, f64); 3] = [("BTCUSDT", 95_000.0), ("ETHUSDT", 2_700.0), ("SOLUSDT", 180.0)];
const MINUTES_A_DAY: usize = 1_440;

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Which market that never was
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// How long it lasts
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=365))]
    days: u16,

    /// Folder for the report
    #[arg(long, value_name = "DIR", default_value = "aegis-demo")]
    out: PathBuf,

    /// Replace a folder that is not empty
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &DemoArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let assumptions = backtest::assumptions()?;
    let contracts = assumptions.contracts(MARKET.map(|(name, _)| name))?;
    let sizing = Sizing::Share(Fixed8(30_000_000));
    let settings = Settings { sizing, gap_limit: 0, ..Settings::DEFAULT };
    let drive = Drive {
        contracts: contracts.clone(),
        settings,
        rules: assumptions.rules()?,
        repairs: None,
    };
    let staging = ops::publish::StagedFolder::new(&args.out, args.force)?;
    let display = Display::stderr();
    display.stage("Making up a market");
    let minutes = usize::from(args.days) * MINUTES_A_DAY;
    let recordings = contracts.iter().zip(MARKET).map(|((symbol, contract), (_, price))| {
        backtest::synthetic(Seed(args.seed), symbol, contract, price, minutes)
    });
    let feed = Feed::merge(recordings);
    display.stage("Running");
    let (fast, slow) = (Period::new("fast", 20)?, Period::new("slow", 50)?);
    let strategy = EmaCross::new(fast, slow, Timeframe::M15, contracts.len())?;
    let outcome = backtest::run(&feed, &drive, strategy, &display, cancel);
    display.finish();
    let outcome = outcome?;
    let quarantine = Quarantine::default();
    let report = Report::of(&outcome, &contracts, &settings, &assumptions, &quarantine);
    delivery::write(staging.path(), &report, &outcome, &feed, &drive)?;
    staging.publish()?;
    delivery::print(&args.out, &report, &quarantine, json)
}
