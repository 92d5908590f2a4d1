use clock::Nanos;
use fault::{Cancel, Progress};
use market::{
    BarCounts, Body, ClientId, Contract, Contracts, Event, Fixed8, Notional, Report, SymbolId,
};
use matching::{Brackets, Rules, Venue};
use trading::portfolio::Worth;
use trading::strategy::Strategy;
use trading::{Core, Note, Settings};

use crate::passage::Passage;
use crate::{Error, Feed};

/// How a run is made.
#[derive(Debug, Clone)]
pub struct Drive {
    /// What is traded.
    pub contracts: Contracts,
    /// How the account is run.
    pub settings: Settings,
    /// What the venue takes for granted.
    pub rules: Rules,
    /// Another recording that is asked for bars that are missing; none if nobody can be asked. A gap
    /// is asked for where `settings.gap_limit` is not below it.
    pub repairs: Option<Feed>,
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The strategy's own name of itself.
    pub strategy: String,
    /// When the first event was told, and the last.
    pub from: Nanos,
    /// See `from`.
    pub to: Nanos,
    /// How many events.
    pub events: usize,
    /// The equity at every moment at which bars closed, and at the end; without bars, each minute.
    pub equity: Vec<(Nanos, Notional)>,
    /// The record, in order.
    pub notes: Vec<Note>,
    /// What the venue said of orders, in order.
    pub reports: Vec<Report>,
    /// What the account was worth at the end, open positions at their last price.
    pub worth: Worth,
    /// When it was liquidated, which ends the run: all that was left is then taken for lost.
    pub liquidated: Option<Nanos>,
    /// Holes in the bars of each contract, in the order of their numbers. Where nobody can be asked
    /// for what is missing, `settings.gap_limit` is best 0.
    pub gaps: Vec<u64>,
    /// Bars of each contract that were missing and came when they were asked for.
    pub repaired: Vec<u64>,
    /// Positions that are open at the end: which, and since when.
    pub open: Vec<(SymbolId, Nanos)>,
    /// All commands and reports as one number: the same run gives the same.
    pub hash: String,
}

/// Between two points of the equity where there are no bars.
const EQUITY_STEP: i64 = 60_000_000_000;
/// Events between two words of progress.
const TELL: usize = 4_096;

/// Runs a strategy over a recorded market.
///
/// # Errors
/// [`Error::Empty`]; whatever core and venue cannot do; [`Error::Cancelled`].
pub fn run<S: Strategy>(
    feed: &Feed,
    drive: &Drive,
    strategy: S,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    let events = feed.events();
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Err(Error::Empty);
    };
    let name = strategy.name();
    let (contracts, start) = (drive.contracts.clone(), first.receive);
    let core = Core::new(contracts, drive.settings, strategy, start, ClientId(0))?;
    let venue = Venue::new(drive.contracts.clone(), drive.rules.clone());
    let mut passage = Passage::new(core, venue, drive.repairs.clone());
    let margin = Margin::new(drive);
    // A point a minute at most, and one at either end.
    let minutes = usize::try_from(last.receive.since(start) / EQUITY_STEP).unwrap_or(0);
    let mut equity = Vec::with_capacity(minutes.min(events.len()) + 2);
    equity.push((start, drive.settings.deposit));
    let (mut at, mut told, mut liquidated) = (0, 0, None);
    while at < events.len() {
        cancel.check()?;
        let group = bars_of_one_moment(&events[at..]);
        let now = events[at].receive;
        if group.is_empty() {
            passage.event(&events[at])?;
            at += 1;
        } else {
            passage.bars(group)?;
            at += group.len();
        }
        let worth = passage.core.worth();
        if margin.is_ruined(&passage.core)? {
            liquidated = Some(now);
            equity.push((now, Notional::ZERO));
            break;
        }
        let due = equity.last().is_none_or(|(told, _)| now.since(*told) >= EQUITY_STEP);
        if due {
            equity.push((now, worth.equity()));
        }
        if at >= told {
            progress.advance(at as f64 / events.len() as f64);
            told = at + TELL;
        }
    }
    let worth = *passage.core.worth();
    if liquidated.is_none() {
        equity.push((last.receive, worth.equity()));
    }
    let symbols = drive.contracts.iter().map(|(symbol, _)| symbol);
    let counts: Vec<BarCounts> = symbols.filter_map(|s| passage.core.bar_counts(s)).collect();
    Ok(Outcome {
        strategy: name,
        from: start,
        to: liquidated.unwrap_or(last.receive),
        events: at,
        equity,
        notes: passage.take_notes(),
        reports: std::mem::take(&mut passage.heard),
        worth,
        liquidated,
        gaps: counts.iter().map(|counts| counts.gaps).collect(),
        repaired: counts.iter().map(|counts| counts.repaired).collect(),
        open: passage.core.portfolio().open().map(|(s, held)| (s, held.since())).collect(),
        hash: passage.hash(),
    })
}

/// What the venue asks an account to be worth for what it holds.
struct Margin<'a> {
    /// By the number of the contract.
    brackets: Vec<&'a Brackets>,
    /// No bracket asks for more.
    highest: Fixed8,
}

impl<'a> Margin<'a> {
    fn new(drive: &'a Drive) -> Self {
        let of = |(_, contract): (_, &Contract)| drive.rules.maintenance.of(&contract.name);
        let brackets: Vec<&Brackets> = drive.contracts.iter().map(of).collect();
        let highest = brackets.iter().map(|brackets| brackets.highest()).max();
        Self { brackets, highest: highest.unwrap_or(Fixed8::ONE) }
    }

    /// Whether an account is worth less than that, or nothing at all.
    fn is_ruined<S: Strategy>(&self, core: &Core<S>) -> Result<bool, Error> {
        let worth = core.worth();
        let owned = worth.equity();
        if worth.gross == Notional::ZERO {
            return Ok(owned <= Notional::ZERO);
        }
        // Most accounts are worth more than any bracket could ask. Both sides in units of 1e-16.
        let most = worth.gross.0.saturating_mul(i128::from(self.highest.0));
        if owned.0.saturating_mul(i128::from(Fixed8::ONE.0)) > most {
            return Ok(false);
        }
        let mut asked = Notional::ZERO;
        for (symbol, _) in core.portfolio().open() {
            let value = core.value(symbol).ok_or(trading::Error::NoPrice(symbol))?;
            let brackets = self.brackets.get(symbol.0 as usize);
            let part = brackets.and_then(|brackets| brackets.margin(value));
            asked = part.and_then(|part| asked.plus(part)).ok_or(trading::Error::Overflow)?;
        }
        Ok(owned <= asked)
    }
}

/// The bars at the front that were told at one moment.
fn bars_of_one_moment(events: &[Event]) -> &[Event] {
    let Some(first) = events.first() else { return events };
    let together =
        |event: &&Event| matches!(event.body, Body::Bar(_)) && event.receive == first.receive;
    &events[..events.iter().take_while(together).count()]
}
