//! What a simulated venue takes for granted, as one file says it: everything a result rests on and
//! no data tells.

use std::collections::BTreeMap;

use market::{
    Contract, Contracts, Fixed8, Liquidity, Lots, Notional, QuantityLimits, Status, Step, Ticks,
};
use serde::{Deserialize, Serialize};

use crate::maintenance::BracketText;
use crate::{Error, Maintenance};

/// What is paid for a fill, as shares of its worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    /// By the order that stood in the book.
    pub maker: Fixed8,
    /// By the order that took from it.
    pub taker: Fixed8,
}

impl Fees {
    /// The share for one side.
    pub fn of(self, liquidity: Liquidity) -> Fixed8 {
        match liquidity {
            Liquidity::Maker => self.maker,
            Liquidity::Taker => self.taker,
        }
    }
}

/// What the venue of one run takes for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The fees of the account's tier.
    pub fees: Fees,
    /// What a market order loses against the price it is filled from where no book says it, as a
    /// share of that price.
    pub slippage: Fixed8,
    /// What the account must be worth to hold what it holds; below it all is liquidated.
    pub maintenance: Maintenance,
    /// From us to the venue, in nanoseconds.
    pub order_latency: i64,
    /// From the venue to us, in nanoseconds.
    pub report_latency: i64,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// The version of its form.
    pub schema: u32,
    /// Where its facts are from, in a sentence.
    pub source: String,
    /// The fee tier that is used, by its name below.
    pub tier: String,
    /// See [`Rules::slippage`]; a decimal.
    pub slippage: String,
    /// See [`Rules::maintenance`]: the rate of contracts without brackets; a decimal.
    pub maintenance: String,
    /// From us to the venue, in microseconds.
    pub order_latency_us: u32,
    /// From the venue to us, in microseconds.
    pub report_latency_us: u32,
    /// Fee tiers by name.
    pub fees: BTreeMap<String, TierText>,
    /// Contracts by name.
    pub contracts: BTreeMap<String, ContractText>,
    /// See [`Rules::maintenance`]: brackets of contracts that have their own, smallest first.
    #[serde(default)]
    pub brackets: BTreeMap<String, Vec<BracketText>>,
}

/// A fee tier as the file writes it: decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierText {
    maker: String,
    taker: String,
}

impl std::fmt::Display for TierText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "maker {}, taker {}", self.maker, self.taker)
    }
}

/// A contract as the file writes it: decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractText {
    tick: String,
    lot: String,
    min_quantity: String,
    max_quantity: String,
    max_market_quantity: String,
    min_notional: String,
}

/// The version of the file's form.
const SCHEMA: u32 = 1;
/// No venue charges more than this share, and no market order should lose it.
const MOST: Fixed8 = Fixed8(10_000_000);

impl Assumptions {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Error::Assumptions`] and [`Error::Number`], by the name of the key.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read: Self = toml::from_str(text)
            .map_err(|error| Error::Assumptions(error.to_string().replace('\n', " ")))?;
        if read.schema != SCHEMA {
            return Err(Error::Number {
                key: "schema".to_owned(),
                text: read.schema.to_string(),
                permitted: "1",
            });
        }
        read.rules()?;
        read.contracts(read.contracts.keys().map(String::as_str))?;
        if let Some(stray) = read.brackets.keys().find(|name| !read.contracts.contains_key(*name)) {
            return Err(Error::NoContract(stray.clone()));
        }
        Ok(read)
    }

    /// What it means for a venue.
    ///
    /// # Errors
    /// [`Error::Number`] by the name of the key; [`Error::Assumptions`] for a tier that is not
    /// there.
    pub fn rules(&self) -> Result<Rules, Error> {
        let tier = self.fees.get(&self.tier).ok_or_else(|| {
            let known: Vec<&str> = self.fees.keys().map(String::as_str).collect();
            Error::Assumptions(format!("no tier \"{}\" in [fees]: {}", self.tier, known.join(", ")))
        })?;
        let key = |name: &str| format!("fees.{}.{name}", self.tier);
        Ok(Rules {
            fees: Fees {
                maker: share(key("maker"), &tier.maker, Fixed8(-MOST.0))?,
                taker: share(key("taker"), &tier.taker, Fixed8(0))?,
            },
            slippage: share("slippage".to_owned(), &self.slippage, Fixed8(0))?,
            maintenance: Maintenance::with(
                share("maintenance".to_owned(), &self.maintenance, Fixed8(0))?,
                &self.brackets,
            )?,
            order_latency: i64::from(self.order_latency_us) * 1_000,
            report_latency: i64::from(self.report_latency_us) * 1_000,
        })
    }

    /// The table of some contracts, numbered in the order given.
    ///
    /// # Errors
    /// [`Error::NoContract`], [`Error::Number`], [`Error::Market`].
    pub fn contracts<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Contracts, Error> {
        let mut contracts = Vec::new();
        for name in names {
            let text =
                self.contracts.get(name).ok_or_else(|| Error::NoContract(name.to_owned()))?;
            contracts.push(contract(name, text)?);
        }
        Ok(Contracts::new(contracts)?)
    }
}

fn share(key: String, text: &str, least: Fixed8) -> Result<Fixed8, Error> {
    let read = Fixed8::parse(text.as_bytes()).ok();
    read.filter(|share| (least..=MOST).contains(share)).ok_or_else(|| Error::Number {
        key,
        text: text.to_owned(),
        permitted: "a share such as 0.0005, at most 0.1, with at most eight decimals",
    })
}

fn contract(name: &str, text: &ContractText) -> Result<Contract, Error> {
    let wrong = |key: &str, text: &str| Error::Number {
        key: format!("contracts.{name}.{key}"),
        text: text.to_owned(),
        permitted: "a plain decimal above zero, on the contract's grid",
    };
    let step = |key, text: &str| Step::parse(text.as_bytes()).map_err(|_| wrong(key, text));
    let (tick, lot) = (step("tick", &text.tick)?, step("lot", &text.lot)?);
    let lots = |key, text: &str| lot.quantity(text.as_bytes()).map_err(|_| wrong(key, text));
    let limits = QuantityLimits {
        min: lots("min_quantity", &text.min_quantity)?,
        max: lots("max_quantity", &text.max_quantity)?,
        step: Lots(1),
    };
    let max = lots("max_market_quantity", &text.max_market_quantity)?;
    Ok(Contract {
        name: name.to_owned(),
        kind: "PERPETUAL".to_owned(),
        quote: "USDT".to_owned(),
        status: Status::Trading,
        tick,
        lot,
        min_price: Ticks(1),
        max_price: Ticks(i64::MAX),
        limit: limits,
        market: QuantityLimits { max, ..limits },
        min_notional: Notional::parse(text.min_notional.as_bytes())
            .map_err(|_| wrong("min_notional", &text.min_notional))?,
        band: None,
    })
}
