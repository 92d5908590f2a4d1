//! What the account holds and what it made, in whole units of 1e-8 of the quote currency.
//!
//! Every fill moves the books by exactly what it was worth; only the split between what is
//! realised now and what is still open is rounded, and what one side loses the other gets.

mod position;

use clock::Nanos;
use market::{Contract, Contracts, Fill, Fixed8, Notional, SymbolId};

pub use position::{Net, Position, Trip};

use crate::Error;

/// Cash and positions of one account in one quote currency, one-way mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portfolio {
    deposit: Notional,
    realised: Notional,
    fees: Notional,
    funding: Notional,
    /// By symbol number.
    positions: Vec<Position>,
}

/// What the account is worth, taken apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worth {
    /// What was paid in.
    pub deposit: Notional,
    /// Profit of what was closed, before fees and funding.
    pub realised: Notional,
    /// Paid in fees; rebates taken off.
    pub fees: Notional,
    /// Received in funding; below zero was paid.
    pub funding: Notional,
    /// Profit of what is open, at the prices given.
    pub unrealised: Notional,
    /// What the open positions are worth, added up without their signs.
    pub gross: Notional,
}

impl Worth {
    /// The wallet: what would be there if all were closed at what it cost.
    pub fn cash(&self) -> Notional {
        Notional(self.deposit.0 + self.realised.0 + self.funding.0 - self.fees.0)
    }

    /// The wallet and what is open.
    pub fn equity(&self) -> Notional {
        Notional(self.cash().0 + self.unrealised.0)
    }
}

impl Portfolio {
    /// An account with a deposit and no positions, for so many contracts.
    pub fn new(deposit: Notional, contracts: usize) -> Self {
        Self {
            deposit,
            realised: Notional::ZERO,
            fees: Notional::ZERO,
            funding: Notional::ZERO,
            positions: vec![Position::default(); contracts],
        }
    }

    /// What is held of a contract; none for a number of another table.
    pub fn position(&self, symbol: SymbolId) -> Option<&Position> {
        self.positions.get(symbol.0 as usize)
    }

    /// Lots held of a contract; nothing is held of one of another table.
    pub fn net(&self, symbol: SymbolId) -> Net {
        self.position(symbol).map_or(Net(0), Position::net)
    }

    /// Every contract of which something is held.
    pub fn open(&self) -> impl Iterator<Item = (SymbolId, &Position)> {
        let numbered = self.positions.iter().enumerate();
        numbered.filter(|(_, p)| p.net() != Net(0)).map(|(at, p)| (SymbolId(at as u32), p))
    }

    /// Books a fill. Returns what came of the position if it was closed by it, or turned over.
    ///
    /// # Errors
    /// [`Error::UnknownSymbol`]; [`Error::Fill`] for a fill of nothing or at no price;
    /// [`Error::Overflow`], and then nothing was booked.
    pub fn fill(&mut self, contract: &Contract, fill: &Fill) -> Result<Option<Trip>, Error> {
        if fill.quantity.0 <= 0 || fill.price.0 <= 0 {
            return Err(Error::Fill { trade: fill.trade });
        }
        let at = fill.symbol.0 as usize;
        let position = self.positions.get(at).ok_or_else(|| Error::UnknownSymbol(fill.symbol))?;
        let booked = position.filled(contract, fill)?;
        let fee = Notional(i128::from(fill.fee.0));
        let realised = sum(self.realised, booked.realised)?;
        let fees = sum(self.fees, fee)?;
        (self.realised, self.fees) = (realised, fees);
        self.positions[at] = booked.position;
        Ok(booked.trip)
    }

    /// Settles funding: longs pay `rate` of their value where it is more than zero, shorts receive
    /// it. Returns what was received.
    ///
    /// # Errors
    /// [`Error::UnknownSymbol`], [`Error::Overflow`].
    pub fn settle_funding(
        &mut self,
        contract: &Contract,
        symbol: SymbolId,
        rate: Fixed8,
        mark: Fixed8,
    ) -> Result<Notional, Error> {
        let at = symbol.0 as usize;
        let position = self.positions.get_mut(at).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let value = contract.value(mark, position.net().lots()).ok_or_else(|| Error::Overflow)?;
        let paid = value.times(rate).ok_or_else(|| Error::Overflow)?;
        let received = Notional(-paid.0 * i128::from(position.net().0.signum()));
        let funding = sum(self.funding, received)?;
        position.fund(received)?;
        self.funding = funding;
        Ok(received)
    }

    /// What it is all worth when `mark` tells the price of a contract, in units of 1e-8.
    ///
    /// # Errors
    /// [`Error::NoPrice`] for an open position without a price; [`Error::Overflow`].
    #[inline]
    pub fn worth(
        &self,
        contracts: &Contracts,
        mark: impl Fn(SymbolId) -> Option<Fixed8>,
    ) -> Result<Worth, Error> {
        let mut worth = Worth {
            deposit: self.deposit,
            realised: self.realised,
            fees: self.fees,
            funding: self.funding,
            ..Worth::default()
        };
        for (symbol, position) in self.open() {
            let contract = contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
            let price = mark(symbol).ok_or_else(|| Error::NoPrice(symbol))?;
            let value =
                contract.value(price, position.net().lots()).ok_or_else(|| Error::Overflow)?;
            let signed = Notional(value.0 * i128::from(position.net().0.signum()));
            worth.gross = sum(worth.gross, value)?;
            worth.unrealised = sum(worth.unrealised, Notional(signed.0 - position.entry().0))?;
        }
        Ok(worth)
    }

    /// When the oldest open position was opened.
    pub fn oldest(&self) -> Option<Nanos> {
        self.open().map(|(_, position)| position.since()).min()
    }
}

fn sum(a: Notional, b: Notional) -> Result<Notional, Error> {
    a.plus(b).ok_or_else(|| Error::Overflow)
}
