use clap::Args;
use fault::{Cancel, Progress};
use ops::console::{self, Display, Failure};

use crate::order::{Ordered, RunArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis lookahead-check --bars BTCUSDT-1m.csv.gz --strategy ema-cross
  aegis lookahead-check --bars BTCUSDT-1m.csv.gz --strategy smc --cuts 50

Runs the strategy over the whole recording, then again with what comes after each cut left out, and
with it turned upside down. Whatever was done before a cut must be the same each time. Exit code 4
says that it was not.";

#[derive(Debug, Args)]
pub(crate) struct LookaheadArgs {
    #[command(flatten)]
    run: RunArgs,

    /// At how many moments the recording is cut
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    cuts: u16,
}

pub(crate) fn run(args: &LookaheadArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let Ordered { mut drive, .. } = args.run.order()?;
    let display = Display::stderr();
    let done: Result<_, Failure> = (|| {
        display.stage("Reading");
        let (feed, _) = args.run.feed(&mut drive)?;
        display.stage("Altering the future");
        let make = || args.run.strategy.make(drive.settings.base, drive.contracts.len());
        let cuts = usize::from(args.cuts);
        backtest::lookahead(&feed, &drive, make, cuts, &display, cancel)
    })();
    display.finish();
    let sights = done?;
    if json {
        let found = serde_json::json!({ "cuts": args.cuts, "sights": sights });
        console::say_json(&found)?;
    } else {
        let mut lines: Vec<String> = sights
            .iter()
            .map(|sight| {
                format!(
                    "At {} ms, future {:?}:\n  with it     {}\n  without it  {}",
                    sight.moment_ms, sight.altered, sight.whole, sight.other
                )
            })
            .collect();
        if lines.is_empty() {
            let runs = 2 * args.cuts;
            lines.push(format!(
                "{runs} altered futures at {} cuts: nothing before them changed",
                args.cuts
            ));
        }
        console::say(&lines)?;
    }
    if sights.is_empty() {
        return Ok(());
    }
    let count = sights.len();
    Err(Failure::verdict(format!("{count} futures changed what was done before them")))
}
