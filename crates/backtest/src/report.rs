use market::{Contract, Contracts, SymbolId};
use matching::Assumptions;
use serde::Serialize;
use trading::portfolio::Trip;
use trading::risk::Halt;
use trading::strategy::Entry;
use trading::{Note, Settings, Sizing};

use crate::figures::{amount, daily_returns};
use crate::{Confidence, Figures, Outcome, Quarantine};

/// The version of the report's form.
pub const REPORT_SCHEMA: u32 = 2;

/// What a run came to, for machines and for the page.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of this form.
    pub schema: u32,
    /// The program's version.
    pub version: String,
    /// Revisions of the engine and of the simulated venue.
    pub revisions: [u32; 2],
    /// The strategy's name of itself.
    pub strategy: String,
    /// Contracts, in the order of their numbers.
    pub contracts: Vec<String>,
    /// First and last moment, in milliseconds since 1970.
    pub from_ms: i64,
    /// See `from_ms`.
    pub to_ms: i64,
    /// Events that were played.
    pub events: usize,
    /// All commands and reports as one number.
    pub hash: String,
    /// What it comes to.
    pub figures: Figures,
    /// How far the figures may be trusted.
    pub confidence: Confidence,
    /// What it rests on: lines to read.
    pub assumptions: Vec<String>,
    /// Lines of the recordings that were not taken, by reason.
    pub refused: std::collections::BTreeMap<&'static str, u64>,
    /// What was wanted and did not become an order, by reason.
    pub declined: std::collections::BTreeMap<String, u64>,
    /// Holes in the bars, by contract.
    pub gaps: std::collections::BTreeMap<String, u64>,
    /// Bars that were missing and came when they were asked for, by contract.
    pub repaired: std::collections::BTreeMap<String, u64>,
    /// Stops, targets and exits that were not let out, by reason.
    pub unsent: std::collections::BTreeMap<String, u64>,
    /// When the account was liquidated, in milliseconds since 1970; the run ends there.
    pub liquidated_ms: Option<i64>,
    /// When the account was stopped, in milliseconds since 1970, and why.
    pub halts: Vec<(i64, String)>,
    /// By contract.
    pub by_contract: Vec<Share>,
    /// By what was seen.
    pub by_setup: Vec<Share>,
    /// Every closed position.
    pub trades: Vec<TradeLine>,
}

/// What one contract, or one setup, made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// Its name.
    pub name: String,
    /// Closed positions.
    pub trades: usize,
    /// Those that made something after costs.
    pub wins: usize,
    /// After costs.
    pub net: f64,
    /// Paid in fees.
    pub fees: f64,
}

/// One closed position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TradeLine {
    /// The contract.
    pub contract: String,
    /// "long" or "short".
    pub side: &'static str,
    /// What was seen.
    pub setup: &'static str,
    /// Milliseconds since 1970.
    pub opened_ms: i64,
    /// Milliseconds since 1970.
    pub closed_ms: i64,
    /// As the venue writes it.
    pub quantity: String,
    /// Average price in.
    pub entry: f64,
    /// Average price out.
    pub exit: f64,
    /// After costs.
    pub net: f64,
    /// Paid in fees.
    pub fees: f64,
    /// Received in funding.
    pub funding: f64,
}

impl Report {
    /// From what came of a run.
    pub fn of(
        outcome: &Outcome,
        contracts: &Contracts,
        settings: &Settings,
        assumptions: &Assumptions,
        quarantine: &Quarantine,
    ) -> Self {
        let name = |symbol: SymbolId| {
            contracts.get(symbol).map_or_else(String::new, |contract| contract.name.clone())
        };
        let closed: Vec<(Trip, Option<Entry>)> = outcome
            .notes
            .iter()
            .filter_map(|note| match note {
                Note::Closed { trip, entry } => Some((*trip, *entry)),
                _ => None,
            })
            .collect();
        let mut declined = std::collections::BTreeMap::new();
        let mut unsent = std::collections::BTreeMap::new();
        for note in &outcome.notes {
            match note {
                Note::Declined { why, .. } => {
                    *declined.entry(why.to_string()).or_default() += 1;
                }
                Note::Unsent { why, .. } => *unsent.entry(why.to_string()).or_default() += 1,
                _ => {}
            }
        }
        let by_contract = |counts: &[u64]| {
            let names = contracts.iter().map(|(_, contract)| contract.name.clone());
            names.zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
        };
        let setup = |entry: &Option<Entry>| entry.map_or("found", |entry| entry.setup);
        Self {
            schema: REPORT_SCHEMA,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            revisions: [trading::REVISION, matching::REVISION],
            strategy: outcome.strategy.clone(),
            contracts: contracts.iter().map(|(_, contract)| contract.name.clone()).collect(),
            from_ms: outcome.from.millis(),
            to_ms: outcome.to.millis(),
            events: outcome.events,
            hash: outcome.hash.clone(),
            figures: Figures::of(outcome),
            confidence: Confidence::of(&daily_returns(&outcome.equity)),
            assumptions: lines(settings, assumptions, contracts),
            refused: quarantine.counts.clone(),
            declined,
            gaps: by_contract(&outcome.gaps),
            repaired: by_contract(&outcome.repaired),
            unsent,
            liquidated_ms: outcome.liquidated.map(clock::Nanos::millis),
            halts: outcome.notes.iter().filter_map(halt).collect(),
            by_contract: shares(&closed, |(trip, _)| name(trip.symbol)),
            by_setup: shares(&closed, |(_, entry)| setup(entry).to_owned()),
            trades: closed
                .iter()
                .filter_map(|(trip, entry)| {
                    let contract = contracts.get(trip.symbol)?;
                    let coins = contract.lot.show_quantity(trip.lots).to_string();
                    let size: f64 = coins.parse().ok()?;
                    Some(TradeLine {
                        contract: contract.name.clone(),
                        side: if trip.side == market::Side::Buy { "long" } else { "short" },
                        setup: setup(entry),
                        opened_ms: trip.opened.millis(),
                        closed_ms: trip.closed.millis(),
                        quantity: coins,
                        entry: amount(trip.entry) / size,
                        exit: amount(trip.exit) / size,
                        net: amount(trip.net()),
                        fees: amount(trip.fees),
                        funding: amount(trip.funding),
                    })
                })
                .collect(),
        }
    }
}

fn halt(note: &Note) -> Option<(i64, String)> {
    let Note::Halted { at, halt } = note else { return None };
    let why = match halt {
        Halt::DailyLoss => "the day's loss",
        Halt::Drawdown => "the loss from the highest equity",
        Halt::Ordered => "by hand",
    };
    Some((at.millis(), why.to_owned()))
}

/// Every closed position as a table with a header; times in milliseconds since 1970.
///
/// # Errors
/// What the writer of tables says; a table in memory gives it no cause.
pub fn trades_csv(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for trade in &report.trades {
        table.serialize(trade)?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// What the result rests on, to be read before it.
pub(crate) fn lines(
    settings: &Settings,
    assumptions: &Assumptions,
    contracts: &Contracts,
) -> Vec<String> {
    let fees = assumptions.fees.get(&assumptions.tier);
    let mut lines = vec![
        format!("deposit {} in the quote currency", amount(settings.deposit)),
        format!(
            "{}, at most {} positions; an order is worth at most {}, a position {}, and what is sized \
             larger is cut to that",
            sizing(settings.sizing),
            settings.slots,
            amount(settings.limits.order),
            amount(settings.limits.symbol)
        ),
        format!(
            "fees of tier \"{}\": {}",
            assumptions.tier,
            fees.map_or_else(String::new, ToString::to_string)
        ),
        format!(
            "bars alone: orders meet the next open; slippage {} of the price on market orders and stops, \
             rounded up to a tick; stops before targets inside a bar; limits only when the price goes through; a bar in which anything was traded fills any quantity",
            assumptions.slippage
        ),
        format!(
            "trades alone: orders travel as with quotes and meet the next trade, whatever its size, with the \
             slippage of bars; a resting order is filled by a price beyond its own; minutes are built from the trades",
        ),
        format!(
            "quotes and trades: {} us to the venue, {} us back; resting orders at the end of their queue, \
             which only trades shorten",
            assumptions.order_latency_us, assumptions.report_latency_us
        ),
        "funding only where the feed has it; an account that is worth less than the maintenance margin of \
         what it holds, looked at when bars close, is liquidated and loses all it had; one-way mode"
            .to_owned(),
    ];
    match assumptions.rules() {
        Ok(rules) => lines.extend(contracts.iter().map(|(_, Contract { name, .. })| {
            format!("maintenance margin of {name}: {}", rules.maintenance.of(name))
        })),
        Err(error) => lines.push(error.to_string()),
    }
    lines.push(format!("facts: {}", assumptions.source));
    lines
}

pub(crate) fn sizing(sizing: Sizing) -> String {
    match sizing {
        Sizing::Worth(worth) => format!("positions worth {}", amount(worth)),
        Sizing::Share(share) => format!("positions worth {share} of the equity"),
        Sizing::Risk(share) => {
            format!("positions that lose {share} of the equity at their stop, costs not counted")
        }
    }
}

fn shares<K: Fn(&(Trip, Option<Entry>)) -> String>(
    closed: &[(Trip, Option<Entry>)],
    key: K,
) -> Vec<Share> {
    let mut shares: std::collections::BTreeMap<String, Share> = std::collections::BTreeMap::new();
    for one in closed {
        let name = key(one);
        let share = shares.entry(name.clone()).or_insert_with(|| Share {
            name,
            trades: 0,
            wins: 0,
            net: 0.0,
            fees: 0.0,
        });
        let net = amount(one.0.net());
        share.trades += 1;
        share.wins += usize::from(net > 0.0);
        share.net += net;
        share.fees += amount(one.0.fees);
    }
    shares.into_values().collect()
}
