use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use clock::Date;
use fault::{Cancel, Progress};
use ops::console::{self, Display, Failure};
use venues::archive::{Archive, BASE, Every, Fetched, Kind, Patience, Place};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis download BTCUSDT ETHUSDT --from 2024-01 --to 2024-06 --out archive
  aegis download BTCUSDT --kind agg-trades --every day --from 2024-01-02 --out archive
  aegis download BTCUSDT --kind klines --kind funding-rate --from 2024-01 --out archive --json
  aegis import --out market archive/futures/um/monthly/klines/BTCUSDT/1m/*.zip

Each file is held to the archive's checksum before it gets its name. What broke off or was
stopped is gone on with the next time; what is there already is not fetched again. A day or
month that the archive does not have, or has no checksum for, is counted, and no error unless
there is no other.";

/// More files than this are asked for by mistake: thirty years of days are fewer.
const MOST: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Bars of trades, as long as --interval says
    Klines,
    /// Trades, put together by the venue
    AggTrades,
    /// Single trades
    Trades,
    /// Best bids and asks
    BookTicker,
    /// Settled funding, by months alone
    FundingRate,
    /// Bars of the mark price; nothing here reads them yet
    MarkPriceKlines,
}

impl Of {
    fn kind(self) -> Kind {
        match self {
            Self::Klines => Kind::Klines,
            Self::AggTrades => Kind::AggTrades,
            Self::Trades => Kind::Trades,
            Self::BookTicker => Kind::BookTicker,
            Self::FundingRate => Kind::FundingRate,
            Self::MarkPriceKlines => Kind::MarkPriceKlines,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Length {
    /// A file a day
    Day,
    /// A file a month
    Month,
}

/// A day, or a month from its first day to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    first: Date,
    last: Date,
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(day) = Date::parse(text) {
            return Ok(Self { first: day, last: day });
        }
        let first = Date::parse(&format!("{text}-01"));
        let first = first.ok_or("accepted is a day, 2024-01-31, or a month, 2024-01")?;
        Ok(Self { first, last: Date::of(first.next_month().start().plus(-1)) })
    }
}

#[derive(Debug, Args)]
pub(crate) struct DownloadArgs {
    /// Contracts, such as BTCUSDT
    #[arg(value_name = "CONTRACT", required = true)]
    contracts: Vec<String>,

    /// What of them
    #[arg(long, value_enum, default_value = "klines")]
    kind: Vec<Of>,

    /// Length of bars, as the archive names it
    #[arg(long, default_value = "1m")]
    interval: String,

    /// How long each file is of
    #[arg(long, value_enum, default_value_t = Length::Month)]
    every: Length,

    /// The first day or month: 2024-01-31 or 2024-01
    #[arg(long, value_name = "DATE")]
    from: Days,

    /// The last day or month; the first one if not given
    #[arg(long, value_name = "DATE")]
    to: Option<Days>,

    /// Folder that the archive's folders are made in
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Where the archive is
    #[arg(long, value_name = "URL", default_value = BASE)]
    base: String,

    /// A proxy to go by: http://host:3128
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
}

/// What came of it.
#[derive(Default)]
struct Tally {
    fetched: usize,
    bytes: u64,
    already: usize,
    absent: Vec<String>,
    unvouched: Vec<String>,
    files: Vec<String>,
}

pub(crate) fn run(args: &DownloadArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let places = places(args)?;
    let archive = Archive::new(&args.base, args.proxy.as_deref(), Patience::default())?;
    let display = Display::stderr();
    let mut tally = Tally::default();
    let done: Result<(), Failure> = places.iter().try_for_each(|place| {
        display.stage(&place.name());
        let path = match archive.fetch(place, &args.out, &display, cancel)? {
            Fetched::Whole { path, bytes } => {
                tally.fetched += 1;
                tally.bytes += bytes;
                path
            }
            Fetched::Already(path) => {
                tally.already += 1;
                path
            }
            Fetched::Absent => {
                tally.absent.push(place.name());
                return Ok(());
            }
            Fetched::Unvouched => {
                tally.unvouched.push(place.name());
                return Ok(());
            }
        };
        tally.files.push(path.display().to_string());
        Ok(())
    });
    display.finish();
    done?;
    print(&tally, json)?;
    if tally.files.is_empty() && !tally.unvouched.is_empty() {
        let count = tally.unvouched.len();
        let said = format!("no checksum for {count} files of the archive, and no other file");
        return Err(Failure::verdict(said));
    }
    if tally.files.is_empty() {
        return Err(Failure::verdict("the archive has none of it".to_owned()));
    }
    Ok(())
}

fn places(args: &DownloadArgs) -> Result<Vec<Place>, Failure> {
    let days = (args.from.first, args.to.unwrap_or(args.from).last);
    let every = match args.every {
        Length::Day => Every::Day,
        Length::Month => Every::Month,
    };
    let mut places = Vec::new();
    for contract in &args.contracts {
        for of in &args.kind {
            places.extend(Place::all(contract, of.kind(), &args.interval, every, days)?);
        }
    }
    if places.len() > MOST {
        let said = format!("{} files: accepted are {MOST} at once", places.len());
        return Err(Failure::user(said));
    }
    Ok(places)
}

fn print(tally: &Tally, json: bool) -> Result<(), Failure> {
    let Tally { fetched, bytes, already, absent, unvouched, files } = tally;
    if json {
        return Ok(console::say_json(&serde_json::json!({
            "fetched": fetched,
            "bytes": bytes,
            "already": already,
            "absent": absent,
            "without_checksum": unvouched,
            "files": files,
        }))?);
    }
    let megabytes = *bytes as f64 / 1e6;
    let mut lines = vec![format!(
        "{fetched} files fetched, {megabytes:.1} MB; {already} were there; {} not in the archive",
        absent.len()
    )];
    lines.extend(absent.iter().map(|name| format!("  not in the archive: {name}")));
    lines.extend(unvouched.iter().map(|name| format!("  no checksum for {name}: not fetched")));
    lines.extend(files.iter().cloned());
    Ok(console::say(&lines)?)
}

#[cfg(test)]
mod tests {
    use super::Days;

    #[test]
    fn a_month_is_all_its_days() {
        let days = |text: &str| {
            text.parse::<Days>().map(|days| (days.first.to_string(), days.last.to_string()))
        };
        let february = ("2024-02-01".to_owned(), "2024-02-29".to_owned());
        assert_eq!(days("2024-02"), Ok(february));
        let day = "2024-02-07".to_owned();
        assert_eq!(days("2024-02-07"), Ok((day.clone(), day)));
        assert!(days("2024").unwrap_err().contains("a month, 2024-01"));
    }
}
