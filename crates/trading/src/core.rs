//! The engine: one step takes what happened and gives out what is to be done.
//!
//! No clock, no chance, no input or output of its own: backtest, paper and live run this same
//! code, and the same inputs give the same commands.

mod desk;
mod enter;
mod heed;
mod look;
mod missing;
mod rest;

use clock::Nanos;
use market::{
    BarCounts, BookCounts, ClientId, ClosedBar, Contracts, Event, Fixed8, Notional, Report,
    SymbolId, Timeframe,
};

use crate::Error;
use crate::orders::Orders;
use crate::outbox::{Ask, Note, Outbox};
use crate::portfolio::{Portfolio, Worth};
use crate::risk::{Limits, Risk};
use crate::sizing::Sizing;
use crate::strategy::{Score, Strategy, Wishes};
use desk::Desk;

/// How an account is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What was paid in.
    pub deposit: Notional,
    /// How large positions are.
    pub sizing: Sizing,
    /// What risk holds it to.
    pub limits: Limits,
    /// The most positions at once.
    pub slots: u32,
    /// How much better than the weakest position a chance must score to take its place.
    pub hysteresis: f64,
    /// The fee that closing a position is reckoned to cost, as a share of its worth.
    pub fee: Fixed8,
    /// The length of the bars that the feed gives.
    pub base: Timeframe,
    /// How many missing bars are waited for.
    pub gap_limit: u64,
}

impl Settings {
    /// Ten thousand, three positions, 2 % at risk in each, minutes.
    pub const DEFAULT: Self = Self {
        deposit: Notional::whole(10_000),
        sizing: Sizing::Risk(Fixed8(2_000_000)),
        limits: Limits::DEFAULT,
        slots: 3,
        hysteresis: 0.0,
        fee: Fixed8(50_000),
        base: Timeframe::M1,
        gap_limit: market::DEFAULT_GAP_LIMIT,
    };
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// In a market.
    Market(&'a Event),
    /// To an order of ours.
    Report(&'a Report),
    /// All is in that the source has of what was asked for, as bars that are marked as repaired:
    /// what is still missing of it is given up.
    Answered(&'a Ask),
}

/// One account and the markets it looks at.
#[derive(Debug)]
pub struct Core<S> {
    contracts: Contracts,
    settings: Settings,
    strategy: S,
    desks: Vec<Desk>,
    portfolio: Portfolio,
    orders: Orders,
    risk: Risk,
    wishes: Wishes,
    closed: Vec<ClosedBar>,
    /// What the account was worth after the last step.
    worth: Worth,
    /// Whether something has happened since that it may be worth something else by.
    moved: bool,
    /// When the first entry that rests is to be taken back.
    patience_ends: Nanos,
}

impl<S: Strategy> Core<S> {
    /// An account that begins `now`. Order numbers go on after `last`.
    ///
    /// # Errors
    /// [`Error::Market`] for a strategy that wants bars which the feed's cannot build.
    pub fn new(
        contracts: Contracts,
        settings: Settings,
        strategy: S,
        now: Nanos,
        last: ClientId,
    ) -> Result<Self, Error> {
        let frames = strategy.timeframes().to_vec();
        let desk = |(symbol, _)| Desk::new(symbol, &settings, &frames);
        // A closed bar may close one of every length, and bars behind a gap come all at once.
        let closing = (frames.len() + 1) * (settings.gap_limit as usize + 1);
        Ok(Self {
            desks: contracts.iter().map(desk).collect::<Result<_, _>>()?,
            portfolio: Portfolio::new(settings.deposit, contracts.len()),
            orders: Orders::after(last, settings.limits.open_orders as usize),
            risk: Risk::new(settings.limits, now, settings.deposit),
            wishes: Wishes::default(),
            closed: Vec::with_capacity(closing),
            worth: Worth { deposit: settings.deposit, ..Worth::default() },
            // A limit may be so tight that the account is stopped before it began.
            moved: true,
            patience_ends: rest::NEVER,
            contracts,
            settings,
            strategy,
        })
    }

    /// Takes in what happened and adds to `out` what is to be done about it.
    ///
    /// # Errors
    /// What cannot be: see [`Error`]. The account then needs to be reconciled with the venue.
    pub fn step(&mut self, now: Nanos, input: Input<'_>, out: &mut Outbox) -> Result<(), Error> {
        match input {
            Input::Market(event) => {
                self.look(now, event, out)?;
                self.follow(now, event, out)?;
            }
            Input::Report(report) => self.heed(now, report, out)?,
            Input::Answered(ask) => self.give_up(now, ask, out)?,
        }
        self.lose_patience(now, out)?;
        self.watch(now, out)?;
        self.grant(now, out)
    }

    /// What the account was worth after the last step, at the prices known then.
    pub fn worth(&self) -> &Worth {
        &self.worth
    }

    /// The price by which a contract is valued.
    fn price(&self, symbol: SymbolId) -> Option<Fixed8> {
        let contract = self.contracts.get(symbol)?;
        self.desks.get(symbol.0 as usize)?.reference(contract).map(|(price, _)| price)
    }

    /// What is held of a contract is worth, without its sign, at the price known; none without a
    /// price.
    pub fn value(&self, symbol: SymbolId) -> Option<Notional> {
        let lots = self.portfolio.net(symbol).lots();
        self.contracts.get(symbol)?.value(self.price(symbol)?, lots)
    }

    /// The account's books.
    pub fn portfolio(&self) -> &Portfolio {
        &self.portfolio
    }

    /// Its orders.
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// Its risk.
    pub fn risk(&self) -> &Risk {
        &self.risk
    }

    /// Its contracts.
    pub fn contracts(&self) -> &Contracts {
        &self.contracts
    }

    /// Its strategy.
    pub fn strategy(&self) -> &S {
        &self.strategy
    }

    /// How many bars of a contract came to what; none for a number of another table.
    pub fn bar_counts(&self, symbol: SymbolId) -> Option<BarCounts> {
        self.desks.get(symbol.0 as usize).map(|desk| desk.bars.counts())
    }

    /// How many changes of a contract's book came to what; none for a number of another table.
    pub fn book_counts(&self, symbol: SymbolId) -> Option<BookCounts> {
        self.desks.get(symbol.0 as usize).map(|desk| desk.book.counts())
    }

    /// Looks at what the account is worth.
    fn watch(&mut self, now: Nanos, out: &mut Outbox) -> Result<(), Error> {
        // An account that is worth what it was has lost nothing more, whatever the day.
        if !self.moved {
            return Ok(());
        }
        self.revalue()?;
        self.moved = false;
        if let Some(halt) = self.risk.observe(now, self.worth.equity()) {
            out.notes.push(Note::Halted { at: now, halt });
            self.take_all_back(out);
        }
        Ok(())
    }

    /// Finds what the account is worth, where that may have moved.
    #[inline]
    fn revalue(&mut self) -> Result<(), Error> {
        if self.moved {
            self.worth = self.portfolio.worth(&self.contracts, |symbol| self.price(symbol))?;
        }
        Ok(())
    }

    fn desk(&mut self, symbol: SymbolId) -> Result<&mut Desk, Error> {
        self.desks.get_mut(symbol.0 as usize).ok_or_else(|| Error::UnknownSymbol(symbol))
    }

    fn beats(&self, chance: Score, held: Score) -> bool {
        chance.get() > held.get() + self.settings.hysteresis
    }
}
