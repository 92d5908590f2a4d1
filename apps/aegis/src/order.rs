use std::path::PathBuf;

use backtest::{Drive, Feed, Import, Quarantine};
use clap::{Args, ValueEnum};
use clock::Seed;
use market::{Contracts, Event, Fixed8, Notional, Timeframe};
use matching::Assumptions;
use ops::console::Failure;
use trading::strategies::{BuyAndHold, EmaCross, Random, Smc, SmcSettings};
use trading::strategy::Strategy;
use trading::{Period, Settings, Sizing};

use crate::recording::{self, Recording};

/// Largest file of assumptions.
const MAX_ASSUMPTIONS: u64 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Always in the market, on the side of the faster average
    EmaCross,
    /// Buys once
    BuyAndHold,
    /// Market structure of 15 minutes where one hour to one minute agree
    Smc,
    /// By chance: what it loses is what trading costs
    Random,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Bars of a contract, as CSV or CSV packed by gzip: BTCUSDT-1m.csv.gz, or BTCUSDT-1m=PATH
    #[arg(long, value_name = "FILE", required = true)]
    bars: Vec<Recording>,

    /// Settled funding of a contract, as CSV: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    funding: Vec<(String, PathBuf)>,

    /// What decides
    #[arg(long, value_enum)]
    strategy: Which,

    /// Bars of the faster average
    #[arg(long, default_value_t = 10, allow_negative_numbers = true)]
    fast: i64,

    /// Bars of the slower average
    #[arg(long, default_value_t = 20, allow_negative_numbers = true)]
    slow: i64,

    /// Length of the averages' bars; of the recording if not given
    #[arg(long, value_name = "LENGTH")]
    frame: Option<String>,

    /// How likely the random strategy is to act at a bar
    #[arg(long, default_value_t = 0.01, allow_negative_numbers = true)]
    rate: f64,

    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// What is paid in
    #[arg(long, default_value = "10000", allow_hyphen_values = true)]
    deposit: String,

    /// How large positions are: worth:1000, share:0.5 of the equity, or risk:0.02 of it at the stop
    #[arg(long, default_value = "share:0.5")]
    size: String,

    /// The most positions at once
    #[arg(long, default_value_t = 3)]
    slots: u32,

    /// What the simulated venue takes for granted, as a TOML file
    #[arg(long, value_name = "FILE")]
    assumptions: Option<PathBuf>,

    /// The fee tier; as the assumptions say if not given
    #[arg(long)]
    tier: Option<String>,
}

/// What is to be run, read and checked.
pub(crate) struct Ordered {
    pub(crate) assumptions: Assumptions,
    pub(crate) drive: Drive,
}

impl RunArgs {
    /// Everything but the recordings.
    pub(crate) fn order(&self) -> Result<Ordered, Failure> {
        let base = one_length(&self.bars)?;
        let assumptions = self.assumptions()?;
        let names = self.bars.iter().map(|recording| recording.symbol.as_str());
        let contracts = assumptions.contracts(names)?;
        let (settings, rules) = (self.settings(base)?, assumptions.rules()?);
        Ok(Ordered { assumptions, drive: Drive { contracts, settings, rules } })
    }

    /// The recordings.
    pub(crate) fn feed(&self, contracts: &Contracts) -> Result<(Feed, Quarantine), Failure> {
        read(self, contracts)
    }

    fn assumptions(&self) -> Result<Assumptions, Failure> {
        let mut assumptions = match &self.assumptions {
            Some(path) => Assumptions::parse(&ops::text(path, MAX_ASSUMPTIONS)?)?,
            None => backtest::assumptions()?,
        };
        if let Some(tier) = &self.tier {
            tier.clone_into(&mut assumptions.tier);
        }
        Ok(assumptions)
    }

    fn settings(&self, base: Timeframe) -> Result<Settings, Failure> {
        let deposit = amount("deposit", &self.deposit)?;
        let limits = Settings::DEFAULT.limits;
        // A backtest asks what a strategy does, not what stops it: limits follow the deposit.
        let limits = trading::risk::Limits {
            order: deposit,
            symbol: deposit,
            side: Notional(deposit.0 * i128::from(self.slots)),
            gross: Notional(deposit.0 * i128::from(self.slots)),
            daily_loss: deposit,
            drawdown: Fixed8::ONE,
            ..limits
        };
        let sizing = sizing(&self.size)?;
        Ok(Settings {
            deposit,
            sizing,
            limits,
            slots: self.slots,
            base,
            gap_limit: 0,
            ..Settings::DEFAULT
        })
    }

    /// What decides, made anew.
    pub(crate) fn strategy(
        &self,
        base: Timeframe,
        contracts: usize,
    ) -> Result<Box<dyn Strategy>, Failure> {
        let frame = match &self.frame {
            Some(name) => Timeframe::named(name.as_bytes()).ok_or_else(|| {
                let known: Vec<&str> = Timeframe::ALL.iter().map(|t| t.name()).collect();
                Failure::user(format!("--frame {name}: accepted are {}", known.join(", ")))
            })?,
            None => base,
        };
        Ok(match self.strategy {
            Which::EmaCross => {
                let (fast, slow) =
                    (Period::new("fast", self.fast)?, Period::new("slow", self.slow)?);
                Box::new(EmaCross::new(fast, slow, frame, contracts)?)
            }
            Which::Smc => Box::new(Smc::new(SmcSettings::default(), contracts)?),
            Which::BuyAndHold => Box::new(BuyAndHold::new(contracts)),
            Which::Random if !(0.0..=1.0).contains(&self.rate) => {
                return Err(Failure::user(format!("--rate {}: accepted is 0 to 1", self.rate)));
            }
            Which::Random => Box::new(Random::new(Seed(self.seed), self.rate)),
        })
    }
}

/// The one length of all bars.
fn one_length(bars: &[Recording]) -> Result<Timeframe, Failure> {
    let first = bars.first().ok_or_else(|| Failure::user("--bars: at least one".to_owned()))?;
    match bars.iter().find(|recording| recording.timeframe != first.timeframe) {
        None => Ok(first.timeframe),
        Some(other) => Err(Failure::user(format!(
            "--bars: {} has {} and {} has {}; bars of one run are of one length",
            first.symbol,
            first.timeframe.name(),
            other.symbol,
            other.timeframe.name()
        ))),
    }
}

fn amount(key: &str, text: &str) -> Result<Notional, Failure> {
    Notional::parse(text.as_bytes()).ok().filter(|amount| *amount > Notional::ZERO).ok_or_else(
        || Failure::user(format!("--{key} {text}: accepted is a plain decimal above zero")),
    )
}

fn sizing(text: &str) -> Result<Sizing, Failure> {
    let wrong = || {
        Failure::user(format!(
            "--size {text}: accepted are worth:AMOUNT, share:SHARE and risk:SHARE, shares above 0 up to 1"
        ))
    };
    let (rule, number) = text.split_once(':').ok_or_else(wrong)?;
    let share = || {
        let share = Fixed8::parse(number.as_bytes()).ok();
        share.filter(|share| (Fixed8(1)..=Fixed8::ONE).contains(share)).ok_or_else(wrong)
    };
    match rule {
        "worth" => amount("size worth", number).map(Sizing::Worth),
        "share" => share().map(Sizing::Share),
        "risk" => share().map(Sizing::Risk),
        _ => Err(wrong()),
    }
}

fn read(args: &RunArgs, contracts: &Contracts) -> Result<(Feed, Quarantine), Failure> {
    let mut quarantine = Quarantine::default();
    let mut recordings = Vec::new();
    for (recording, (symbol, contract)) in args.bars.iter().zip(contracts.iter()) {
        let import = Import::bars(&recording.path, symbol, contract, recording.timeframe)?;
        quarantine.absorb(&import.quarantine);
        recordings.push(import.events);
    }
    let mut rates: Vec<Vec<Event>> = Vec::new();
    for (name, path) in &args.funding {
        if args.funding.iter().filter(|(other, _)| other == name).count() > 1 {
            return Err(Failure::user(format!("--funding {name}: given twice")));
        }
        let symbol = contracts.find(name.as_bytes()).ok_or_else(|| {
            Failure::user(format!("--funding {name}: no --bars of that contract"))
        })?;
        let import = Import::funding(path, symbol)?;
        quarantine.absorb(&import.quarantine);
        // Funding outside the bars is of no account.
        let told = recordings.iter().flatten().map(|event| event.receive);
        let (first, last) = (told.clone().min(), told.max());
        let during = |event: &Event| {
            first.is_some_and(|f| event.receive >= f) && last.is_some_and(|l| event.receive <= l)
        };
        rates.push(import.events.into_iter().filter(during).collect());
    }
    recordings.extend(rates);
    Ok((Feed::merge(recordings), quarantine))
}
