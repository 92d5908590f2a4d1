use std::fs;
use std::path::PathBuf;

use backtest::{Merge, Opener, Quarantine};
use clap::Args;
use fault::{Cancel, Progress};
use market::{Contracts, FirewallCounts};
use ops::console::{self, Display, Failure};

use crate::order;
use crate::piece::{self, Piece, What};
use crate::recording::{self, Recording};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis import --out market BTCUSDT-1m-2024-01.zip BTCUSDT-fundingRate-2024-01.zip
  aegis import --out market --bars ETHUSDT-1m=minutes.csv --funding ETHUSDT=rates.csv
  aegis import --out market --frames BTCUSDT=capture.gz
  aegis backtest --journal market --strategy smc --out run

Reads files of the public archive by their names, tables of others by yours, and frames as they
were received, all plain, gzip or zip; puts them into one order; asks the firewall of each event
whether it is possible and plausible; writes what is believed into a journal. What is not taken
is counted by reason and stands in quarantine.csv.";

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files named as the public archive names them: BTCUSDT-1m-2024-01.zip,
    /// BTCUSDT-aggTrades-2024-01-02.zip, also trades, bookTicker, fundingRate
    #[arg(value_name = "FILE", required_unless_present_any = ["bars", "trades", "tickers", "funding", "frames"])]
    files: Vec<Piece>,

    /// Bars of a contract, as CSV: BTCUSDT-1m.csv.gz, or BTCUSDT-1m=PATH
    #[arg(long, value_name = "FILE")]
    bars: Vec<Recording>,

    /// Trades of a contract, single or aggregate, as CSV: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    trades: Vec<(String, PathBuf)>,

    /// Best bids and asks of a contract, as CSV: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    tickers: Vec<(String, PathBuf)>,

    /// Settled funding of a contract, as CSV: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    funding: Vec<(String, PathBuf)>,

    /// Frames of a contract as they were received: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    frames: Vec<(String, PathBuf)>,

    /// Folder for the journal
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Replace a folder that is not empty
    #[arg(long)]
    force: bool,

    /// What is known of the contracts, as a TOML file
    #[arg(long, value_name = "FILE")]
    assumptions: Option<PathBuf>,
}

/// What came of it.
struct Imported {
    files: usize,
    contracts: Contracts,
    counts: FirewallCounts,
    quarantine: Quarantine,
}

pub(crate) fn run(args: &ImportArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let assumptions = order::assumptions(args.assumptions.as_deref())?;
    let pieces = pieces(args);
    let contracts = assumptions.contracts(piece::names(&pieces))?;
    let staging = ops::publish::StagedFolder::new(&args.out, args.force)?;
    let display = Display::stderr();
    let done = (|| {
        display.stage("Looking");
        let market = Merge::new(pieces.iter().map(|piece| opener(piece, &contracts)))?;
        display.stage("Writing");
        backtest::record(staging.path(), &contracts, market, &display, cancel)
    })();
    display.finish();
    let (counts, quarantine) = done?;
    if quarantine.total() > 0 {
        let path = staging.path().join("quarantine.csv");
        let table = quarantine.csv();
        let table = table.map_err(|error| Failure::bug(format!("no table: {error}")))?;
        fs::write(&path, table).map_err(ops::Error::io("write", &path))?;
    }
    staging.publish()?;
    let files = pieces.len();
    print(args, &Imported { files, contracts, counts, quarantine }, json)
}

fn opener<'a>(piece: &'a Piece, contracts: &'a Contracts) -> Opener<'a> {
    Box::new(move || piece.open(contracts))
}

fn pieces(args: &ImportArgs) -> Vec<Piece> {
    let bars = args.bars.iter().map(Recording::piece);
    bars.chain(Piece::all(What::Trades, &args.trades))
        .chain(Piece::all(What::Tickers, &args.tickers))
        .chain(Piece::all(What::Funding, &args.funding))
        .chain(Piece::all(What::Frames, &args.frames))
        .chain(args.files.iter().cloned())
        .collect()
}

fn print(args: &ImportArgs, imported: &Imported, json: bool) -> Result<(), Failure> {
    let Imported { files, contracts, counts, quarantine } = imported;
    let names: Vec<&str> = contracts.iter().map(|(_, contract)| contract.name.as_str()).collect();
    if json {
        let doubted: serde_json::Map<String, serde_json::Value> =
            counts.doubted().map(|(doubt, n)| (doubt.name().to_owned(), n.into())).collect();
        return Ok(console::say_json(&serde_json::json!({
            "journal": args.out.display().to_string(),
            "contracts": names,
            "files": files,
            "events": counts.accepted,
            "refused": quarantine.counts,
            "firewall": doubted,
        }))?);
    }
    let mut lines = vec![format!(
        "{} events of {} from {files} files in {}",
        counts.accepted,
        names.join(", "),
        args.out.display()
    )];
    let doubted: Vec<String> = counts
        .doubted()
        .filter(|(_, count)| *count > 0)
        .map(|(doubt, count)| format!("{count} {doubt}"))
        .collect();
    let said = if doubted.is_empty() { "none".to_owned() } else { doubted.join(", ") };
    lines.push(format!("  Held back by the firewall: {said}"));
    for (reason, count) in &quarantine.counts {
        lines.push(format!("Not taken: {count}, {reason}"));
    }
    lines.extend(quarantine.told().map(|held| format!("  {held}")));
    if quarantine.total() > 0 {
        lines.push(format!("All of them in {}", args.out.join("quarantine.csv").display()));
    }
    Ok(console::say(&lines)?)
}
