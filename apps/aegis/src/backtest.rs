use std::path::PathBuf;

use backtest::{Drive, Report};
use clap::Args;
use fault::{Cancel, Progress};
use ops::console::{Display, Failure};

use crate::delivery;
use crate::order::{Ordered, RunArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis backtest --bars BTCUSDT-1m.csv.gz --strategy ema-cross --fast 10 --slow 20 --out run
  aegis backtest --bars BTCUSDT-1m.csv.gz --bars ETHUSDT-1m.csv.gz --strategy random --seed 3 --out null
  aegis backtest --bars BTCUSDT-1m.csv.gz --strategy smc --size risk:0.01 --out structure
  aegis backtest --bars BTCUSDT-1m=minutes.csv --strategy buy-and-hold --size worth:10000 --json --out hold
  aegis backtest --bars BTCUSDT-1m=stream.csv --repair BTCUSDT-1m=archive.csv --strategy smc --out run
  aegis backtest --journal market --strategy smc --out run
  aegis backtest --frames BTCUSDT=capture.gz --strategy random --out ticks

Writes report.html, report.json, trades.csv and orders.jsonl into the folder; aegis why tells one order. What the result rests on is printed
with it; --assumptions FILE replaces what comes with the program. A result is no promise.";

#[derive(Debug, Args)]
pub(crate) struct BacktestArgs {
    #[command(flatten)]
    run: RunArgs,

    /// Folder for the report
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Replace a folder that is not empty
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &BacktestArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let Ordered { assumptions, mut drive } = args.run.order()?;
    let staging = ops::publish::StagedFolder::new(&args.out, args.force)?;
    let display = Display::stderr();
    let done = (|| {
        display.stage("Reading");
        let (feed, quarantine) = args.run.feed(&mut drive)?;
        display.stage("Running");
        let strategy = args.run.strategy.make(drive.settings.base, drive.contracts.len())?;
        let outcome = backtest::run(&feed, &drive, strategy, &display, cancel)?;
        Ok::<_, Failure>((outcome, feed, quarantine))
    })();
    display.finish();
    let (outcome, feed, quarantine) = done?;
    let Drive { contracts, settings, .. } = &drive;
    let report = Report::of(&outcome, contracts, settings, &assumptions, &quarantine);
    delivery::write(staging.path(), &report, &outcome, &feed, &drive)?;
    staging.publish()?;
    delivery::print(&args.out, &report, &quarantine, json)
}
