//! The strategies that come with the program, and what of them can be set or varied.

use clap::{Args, ValueEnum};
use clock::Seed;
use market::Timeframe;
use ops::console::Failure;
use trading::Period;
use trading::strategies::{BuyAndHold, EmaCross, Random, Retests, Smc, SmcSettings};
use trading::strategy::Strategy;

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

#[derive(Debug, Clone, Args)]
pub(crate) struct StrategyArgs {
    /// What decides
    #[arg(long, value_enum)]
    strategy: Which,

    /// ema-cross: bars of the faster average
    #[arg(long, default_value_t = 10, allow_negative_numbers = true)]
    fast: i64,

    /// ema-cross: bars of the slower average
    #[arg(long, default_value_t = 20, allow_negative_numbers = true)]
    slow: i64,

    /// ema-cross: length of the averages' bars; of the recording if not given
    #[arg(long, value_name = "LENGTH")]
    frame: Option<String>,

    /// random: how likely it is to act at a bar
    #[arg(long, default_value_t = 0.01, allow_negative_numbers = true)]
    rate: f64,

    /// random: where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// smc: how long a chance waits for the frames to agree, in minutes
    #[arg(long, default_value_t = SmcSettings::DEFAULT.patience_minutes, allow_negative_numbers = true)]
    patience: i64,

    /// smc: how far behind what was seen the stop stands, in average true ranges
    #[arg(long, default_value_t = SmcSettings::DEFAULT.stop_atr, allow_negative_numbers = true)]
    stop_atr: f64,

    /// smc: how far away the target is, in distances of the stop
    #[arg(long, default_value_t = SmcSettings::DEFAULT.reward, allow_negative_numbers = true)]
    reward: f64,

    /// smc: the longest a position may last, in minutes
    #[arg(long, default_value_t = SmcSettings::DEFAULT.longest_minutes, allow_negative_numbers = true)]
    longest: i64,

    /// smc: below what agreement of the frames with a position it ends, 0 to 1; 0 is never
    #[arg(long, default_value_t = SmcSettings::DEFAULT.least_score, allow_negative_numbers = true)]
    decay: f64,

    /// smc: how the first retest of an order block is entered; limit rests at its edge
    #[arg(long, value_enum, default_value_t = Enter::Market)]
    entry: Enter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Enter {
    Market,
    Limit,
}

impl StrategyArgs {
    /// What decides, made anew.
    pub(crate) fn make(
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
            Which::Smc => Box::new(Smc::new(self.smc(), contracts)?),
            Which::BuyAndHold => Box::new(BuyAndHold::new(contracts)),
            Which::Random if !(0.0..=1.0).contains(&self.rate) => {
                return Err(Failure::user(format!("--rate {}: accepted is 0 to 1", self.rate)));
            }
            Which::Random => Box::new(Random::new(Seed(self.seed), self.rate)),
        })
    }

    fn smc(&self) -> SmcSettings {
        SmcSettings {
            patience_minutes: self.patience,
            stop_atr: self.stop_atr,
            reward: self.reward,
            longest_minutes: self.longest,
            least_score: self.decay,
            retests: match self.entry {
                Enter::Market => Retests::Market,
                Enter::Limit => Retests::Limit,
            },
            ..SmcSettings::DEFAULT
        }
    }

    /// The settings of the chosen strategy that can be varied.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        match self.strategy {
            Which::EmaCross => &["fast", "slow", "frame"],
            Which::BuyAndHold => &[],
            Which::Smc => &["patience", "stop-atr", "reward", "longest", "decay", "entry"],
            Which::Random => &["rate", "seed"],
        }
    }

    /// The same with one setting at another value.
    pub(crate) fn with(&self, key: &str, value: &str) -> Result<Self, Failure> {
        let mut other = self.clone();
        match key {
            "fast" => other.fast = number(key, value)?,
            "slow" => other.slow = number(key, value)?,
            "frame" => other.frame = Some(value.to_owned()),
            "rate" => other.rate = number(key, value)?,
            "seed" => other.seed = number(key, value)?,
            "patience" => other.patience = number(key, value)?,
            "stop-atr" => other.stop_atr = number(key, value)?,
            "reward" => other.reward = number(key, value)?,
            "longest" => other.longest = number(key, value)?,
            "decay" => other.decay = number(key, value)?,
            "entry" => {
                other.entry = Enter::from_str(value, false).map_err(|_| {
                    Failure::user(format!("--vary {key}: accepted are market and limit"))
                })?;
            }
            _ => return Err(self.unknown(key)),
        }
        if self.keys().contains(&key) { Ok(other) } else { Err(self.unknown(key)) }
    }

    fn unknown(&self, key: &str) -> Failure {
        let keys = self.keys();
        let known = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
        Failure::user(format!("--vary {key}: settings of this strategy are {known}"))
    }
}

fn number<T: std::str::FromStr>(key: &str, value: &str) -> Result<T, Failure> {
    value
        .parse()
        .map_err(|_| Failure::user(format!("--vary {key}: \"{value}\" is no number for it")))
}
