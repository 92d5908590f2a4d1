use std::path::{Path, PathBuf};

use backtest::{Drive, Feed, Quarantine};
use clap::Args;
use market::{DEFAULT_GAP_LIMIT, Fixed8, Notional, Timeframe};
use matching::Assumptions;
use ops::console::Failure;
use trading::{Settings, Sizing};

use crate::recording::Recording;
use crate::source::SourceArgs;
use crate::strategy::StrategyArgs;

/// Largest file of assumptions.
const MAX_ASSUMPTIONS: u64 = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    pub(crate) strategy: StrategyArgs,

    /// Another recording of a contract's bars, which is asked for those that are missing: written as
    /// --bars is. Without one a gap is marked and gone over
    #[arg(long, value_name = "FILE")]
    repair: Vec<Recording>,

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
        let assumptions = self.assumptions()?;
        let (contracts, base) = self.source.market(&assumptions)?;
        let (settings, rules) = (self.settings(base)?, assumptions.rules()?);
        let drive = Drive { contracts, settings, rules, repairs: None };
        Ok(Ordered { assumptions, drive })
    }

    /// The recordings; those that are asked for what is missing come into the drive.
    pub(crate) fn feed(&self, drive: &mut Drive) -> Result<(Feed, Quarantine), Failure> {
        let (feed, mut quarantine) = self.source.feed(&drive.contracts)?;
        let mut repairs = Vec::new();
        for recording in &self.repair {
            let name = &recording.symbol;
            let wrong = |why: &str| Failure::user(format!("--repair {name}: {why}"));
            if drive.contracts.find(name.as_bytes()).is_none() {
                return Err(wrong("nothing of that contract is traded"));
            }
            if recording.timeframe != drive.settings.base {
                let base = drive.settings.base.name();
                return Err(wrong(&format!("what is traded has bars of {base}")));
            }
            let import = recording.piece().open(&drive.contracts)?.read()?;
            quarantine.absorb(&import.quarantine);
            repairs.push(import.events);
        }
        drive.repairs = (!repairs.is_empty()).then(|| Feed::merge(repairs));
        Ok((feed, quarantine))
    }

    fn assumptions(&self) -> Result<Assumptions, Failure> {
        let mut assumptions = assumptions(self.assumptions.as_deref())?;
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
            // Where nobody can be asked, waiting brings nothing.
            gap_limit: if self.repair.is_empty() { 0 } else { DEFAULT_GAP_LIMIT },
            ..Settings::DEFAULT
        })
    }
}

/// The assumptions of a file, or those that come with the program.
pub(crate) fn assumptions(path: Option<&Path>) -> Result<Assumptions, Failure> {
    Ok(match path {
        Some(path) => Assumptions::parse(&ops::text(path, MAX_ASSUMPTIONS)?)?,
        None => backtest::assumptions()?,
    })
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
