use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use backtest::{Aim, Attempts, Drive, Feed, Point, Study, Walk, Work};
use clap::{Args, ValueEnum};
use fault::{Cancel, Progress};
use ops::console::{self, Display, Failure};
use trading::strategy::Strategy;

use crate::delivery;
use crate::order::{Ordered, RunArgs};
use crate::strategy::StrategyArgs;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis sweep --bars BTCUSDT-1m.csv.gz --strategy ema-cross --frame 15m \\
      --vary fast=5,10,15,20 --vary slow=30:90:15 --out study
  aegis sweep --journal market --strategy smc --vary reward=1,1.5,2,3 --vary stop-atr=0:1:0.25 \\
      --folds 5 --training 3 --purge 1d --embargo 1h --out study

Every combination is run over the whole recording. Then the recording is cut into spans: the setting
that did best over some of them trades the next one, and only what it makes there counts. Writes
study.html, study.json and trials.csv. Settings: fast, slow, frame (ema-cross); patience, stop-atr,
reward, longest, decay, entry (smc); rate, seed (random).";

/// More combinations than anybody waits for, or should believe the best of.
const MOST: usize = 10_000;
/// More decimals than any setting has a use for.
const MOST_DECIMALS: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// The Sharpe ratio of days
    Sharpe,
    /// The profit after costs
    Profit,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    run: RunArgs,

    /// Values of a setting: fast=5,10,20, or from:to:step as in fast=5:25:5
    #[arg(long, value_name = "KEY=VALUES", required = true)]
    vary: Vec<Varied>,

    /// What is best
    #[arg(long, value_enum, default_value = "sharpe")]
    by: By,

    /// How many times something is chosen on the past and traded; 0 for never
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=100))]
    folds: u32,

    /// Spans that each choice is made on
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100))]
    training: u32,

    /// Choose on all of the past, and not on its last spans alone
    #[arg(long)]
    anchored: bool,

    /// Left out at the end of the training: 90m, 4h, 1d
    #[arg(long, value_name = "TIME", default_value = "1d")]
    purge: Stretch,

    /// How long nothing is opened after a choice
    #[arg(long, value_name = "TIME", default_value = "1h")]
    embargo: Stretch,

    /// 0 is one per processor; the result is the same
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=256))]
    threads: u16,

    /// Folder for the study
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Replace a folder that is not empty
    #[arg(long)]
    force: bool,
}

/// A setting and the values it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Varied {
    key: String,
    values: Vec<String>,
}

impl FromStr for Varied {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as KEY=5,10,20 or KEY=5:25:5".to_owned();
        let (key, values) = text.split_once('=').ok_or_else(wrong)?;
        let values: Vec<String> = match values.split(':').collect::<Vec<_>>()[..] {
            [list] => list.split(',').map(|value| value.trim().to_owned()).collect(),
            [from, to, step] => steps(from, to, step).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        };
        if key.is_empty() || values.iter().any(String::is_empty) {
            return Err(wrong());
        }
        // What is tried twice would be counted as two trials.
        match values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)) {
            Some((_, twice)) => Err(format!("{twice} is given twice")),
            None => Ok(Self { key: key.to_owned(), values }),
        }
    }
}

/// From one number to another in steps, counted in whole units of the finest decimal of the three.
fn steps(from: &str, to: &str, step: &str) -> Option<Vec<String>> {
    let places = |text: &str| text.split_once('.').map_or(0, |(_, rest)| rest.len());
    let decimals = places(from).max(places(to)).max(places(step));
    let units = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{fraction:0<decimals$}").parse::<i64>().ok()
    };
    if decimals > MOST_DECIMALS {
        return None;
    }
    let (from, to, step) = (units(from)?, units(to)?, units(step)?);
    let count = to.checked_sub(from)?.checked_div(step)?;
    if step <= 0 || from < 0 || !(0..MOST as i64).contains(&count) {
        return None;
    }
    let value = |at: i64| {
        let digits = format!("{:0>width$}", from + at * step, width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        if decimals == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
    };
    Some((0..=count).map(value).collect())
}

/// A length of time in nanoseconds: "90m", "4h", "1d"; "0" too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch(i64);

impl FromStr for Stretch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as 90m, 4h or 1d, up to 1000d".to_owned();
        if text == "0" {
            return Ok(Self(0));
        }
        let unit = match text.chars().last() {
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            _ => return Err(wrong()),
        };
        let number: i64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
        let seconds = number.checked_mul(unit).filter(|s| (0..=86_400_000).contains(s));
        seconds.map(|seconds| Self(seconds * 1_000_000_000)).ok_or_else(wrong)
    }
}

/// Settings of the strategy that are tried, by what was asked for.
struct Grid {
    points: Vec<(Point, StrategyArgs)>,
    impossible: Vec<(Point, String)>,
}

impl Grid {
    fn of(args: &SweepArgs, drive: &Drive) -> Result<Self, Failure> {
        let count = args.vary.iter().try_fold(1_usize, |n, v| n.checked_mul(v.values.len()));
        if count.is_none_or(|count| count > MOST) {
            return Err(Failure::user(format!("--vary: more than {MOST} combinations")));
        }
        let mut all: Vec<(Point, StrategyArgs)> = vec![(Vec::new(), args.run.strategy.clone())];
        for (at, Varied { key, values }) in args.vary.iter().enumerate() {
            if args.vary[..at].iter().any(|before| before.key == *key) {
                return Err(Failure::user(format!("--vary {key}: given twice")));
            }
            let mut longer = Vec::with_capacity(all.len() * values.len());
            for (point, strategy) in &all {
                for value in values {
                    let mut point = point.clone();
                    point.push((key.clone(), value.clone()));
                    longer.push((point, strategy.with(key, value)?));
                }
            }
            all = longer;
        }
        let mut grid = Self { points: Vec::new(), impossible: Vec::new() };
        for (point, strategy) in all {
            match made(&strategy, drive) {
                Ok(_) => grid.points.push((point, strategy)),
                Err(failure) => grid.impossible.push((point, failure.to_string())),
            }
        }
        match (grid.points.first(), grid.impossible.first()) {
            (None, Some((_, why))) => Err(Failure::user(format!("no setting is possible: {why}"))),
            _ => Ok(grid),
        }
    }
}

fn made(strategy: &StrategyArgs, drive: &Drive) -> Result<Box<dyn Strategy>, Failure> {
    strategy.make(drive.settings.base, drive.contracts.len())
}

pub(crate) fn run(args: &SweepArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let Ordered { assumptions, mut drive } = args.run.order()?;
    let grid = Grid::of(args, &drive)?;
    let staging = ops::publish::StagedFolder::new(&args.out, args.force)?;
    let display = Display::stderr();
    display.stage("Reading");
    let read = args.run.feed(&mut drive);
    let done = read.and_then(|(feed, _)| {
        let attempts = try_all(args, grid, &feed, &drive, &display, cancel)?;
        Ok((feed, attempts))
    });
    display.finish();
    let (feed, attempts) = done?;
    let study = Study::of(attempts, &feed, &drive.contracts, &drive.settings, &assumptions)
        .ok_or_else(|| Failure::user("the recording holds no events".to_owned()))?;
    write(staging.path(), &study)?;
    staging.publish()?;
    print(&args.out, &study, json)
}

fn try_all(
    args: &SweepArgs,
    grid: Grid,
    feed: &Feed,
    drive: &Drive,
    display: &Display,
    cancel: &Cancel,
) -> Result<Attempts, Failure> {
    let one = NonZeroUsize::MIN;
    let threads = NonZeroUsize::new(usize::from(args.threads))
        .unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(one));
    let work = Work { threads, progress: display, cancel };
    let aim = match args.by {
        By::Sharpe => Aim::Sharpe,
        By::Profit => Aim::Profit,
    };
    let (points, strategies): (Vec<Point>, Vec<StrategyArgs>) = grid.points.into_iter().unzip();
    let make = |strategy: &StrategyArgs| made(strategy, drive);
    let ends = feed.events().first().zip(feed.events().last());
    aim.suits(ends.map_or(0, |(first, last)| last.receive.since(first.receive)))?;
    display.stage(&format!("Trying {} settings", points.len()));
    let trials = backtest::sweep(feed, drive, &strategies, make, work)?;
    let folds = if args.folds == 0 {
        Vec::new()
    } else {
        let (folds, training, anchored) = (args.folds, args.training, args.anchored);
        let (purge, embargo) = (args.purge.0, args.embargo.0);
        let plan = Walk { folds, training, anchored, purge, embargo, aim };
        backtest::walk(feed, drive, &plan, &strategies, make, work)?
    };
    let trials = points.into_iter().zip(trials).collect();
    Ok(Attempts { trials, impossible: grid.impossible, aim, folds })
}

fn write(folder: &Path, study: &Study) -> Result<(), Failure> {
    let put = |name, bytes: &[u8]| delivery::put(folder, name, bytes);
    let json = serde_json::to_vec_pretty(study)
        .map_err(|error| Failure::bug(format!("the study is no JSON: {error}")))?;
    put("study.json", &json)?;
    put("study.html", backtest::study_page(study).as_bytes())?;
    let trials = backtest::trials_csv(study)
        .map_err(|error| Failure::bug(format!("the trials are no table: {error}")))?;
    Ok(put("trials.csv", &trials)?)
}

fn print(out: &Path, study: &Study, json: bool) -> Result<(), Failure> {
    if json {
        return Ok(console::say_json(&serde_json::json!({
            "folder": out.display().to_string(),
            "study": study,
        }))?);
    }
    let best = study.best_figures();
    let tried = &study.trials[study.best];
    let point: Vec<String> = tried.point.iter().map(|(k, v)| format!("{k} {v}")).collect();
    let percent = |p: Option<f64>| p.map_or("n/a".to_owned(), |p| format!("{:.1} %", p * 100.0));
    let mut lines = vec![
        format!(
            "{} settings on {}, {} events; {} cannot be",
            study.trials.len(),
            study.contracts.join(", "),
            study.events,
            study.impossible.len()
        ),
        format!(
            "  Best: {}: {:+.2} after costs ({:+.2} %), {} closed positions",
            point.join(", "),
            best.profit,
            best.profit_share * 100.0,
            best.trades
        ),
        format!(
            "  Its true Sharpe ratio is above zero with a probability of {} if it was the only one tried,",
            percent(study.alone.above_zero)
        ),
        format!(
            "  and above what the best of {} has by luck with {}",
            study.trials.len(),
            percent(study.deflated)
        ),
    ];
    if let Some(forward) = &study.forward {
        lines.push(format!(
            "  Chosen on the past and traded after it: {:+.2} % over {} folds, {} of them with a profit",
            forward.profit_share * 100.0,
            study.folds.len(),
            forward.won
        ));
    }
    lines.push(format!("Study in {}", out.join("study.html").display()));
    Ok(console::say(&lines)?)
}

#[cfg(test)]
mod tests {
    use super::{Stretch, Varied};

    #[test]
    fn values_are_listed_or_stepped() {
        let read = |text: &str| text.parse::<Varied>().map(|varied| varied.values);
        assert_eq!(read("fast=5,10").unwrap(), ["5", "10"]);
        assert_eq!(read("fast=5:20:5").unwrap(), ["5", "10", "15", "20"]);
        assert_eq!(read("stop-atr=0:0.3:0.1").unwrap(), ["0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(read("reward=0.95:1.05:0.05").unwrap(), ["0.95", "1.00", "1.05"]);
        let large = "seed=9007199254740993:9007199254740995:1";
        let seeds = ["9007199254740993", "9007199254740994", "9007199254740995"];
        assert_eq!(read(large).unwrap(), seeds);
        let long = format!("rate=0.{}1:1:1", "0".repeat(66_000));
        assert!(read(&long).is_err() && read("fast=5,5").unwrap_err().contains("twice"));
        for odd in
            ["fast", "=5", "fast=", "fast=1,,2", "fast=1:2", "fast=2:1:1", "f=1:9:0", "f=a:b:c"]
        {
            assert!(read(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn stretches_of_time() {
        let hour = 3_600_000_000_000;
        assert_eq!("90m".parse(), Ok(Stretch(hour * 3 / 2)));
        assert_eq!(("4h".parse(), "1d".parse()), (Ok(Stretch(4 * hour)), Ok(Stretch(24 * hour))));
        assert_eq!("0".parse(), Ok(Stretch(0)));
        for odd in ["", "1", "-1h", "1w", "h", "99999999999d"] {
            assert!(odd.parse::<Stretch>().is_err(), "{odd}");
        }
    }
}
