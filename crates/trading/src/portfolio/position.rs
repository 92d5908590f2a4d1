use clock::Nanos;
use market::{Contract, Fill, Lots, Notional, Side, SymbolId};

use crate::Error;

/// Lots held: above zero long, below zero short.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Net(pub i64);

impl Net {
    /// How many, whichever way.
    pub fn lots(self) -> Lots {
        Lots(self.0.saturating_abs())
    }

    /// What was done to hold it; none where nothing is held.
    pub fn side(self) -> Option<Side> {
        match self.0 {
            0 => None,
            1.. => Some(Side::Buy),
            _ => Some(Side::Sell),
        }
    }
}

/// What is held of one contract, and what has come of it since it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    net: Net,
    /// What the open lots cost; below zero for short ones, which brought it.
    entry: Notional,
    since: Nanos,
    so_far: SoFar,
}

/// What came of the lots of this position that are closed already, and what all of them cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct SoFar {
    largest: Lots,
    opened: Notional,
    opened_lots: Lots,
    closed: Notional,
    closed_lots: Lots,
    realised: Notional,
    fees: Notional,
    funding: Notional,
}

/// A position from its first fill to its last: one line of a trade list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// Of which contract.
    pub symbol: SymbolId,
    /// What opened it.
    pub side: Side,
    /// Its first fill.
    pub opened: Nanos,
    /// Its last fill.
    pub closed: Nanos,
    /// The most it held.
    pub largest: Lots,
    /// All lots that were opened, which are those that were closed.
    pub lots: Lots,
    /// What they were worth when opened, without sign.
    pub entry: Notional,
    /// What they were worth when closed, without sign.
    pub exit: Notional,
    /// Profit before fees and funding.
    pub realised: Notional,
    /// Paid in fees.
    pub fees: Notional,
    /// Received in funding.
    pub funding: Notional,
}

impl Trip {
    /// Profit after fees and funding.
    pub fn net(&self) -> Notional {
        Notional(self.realised.0 + self.funding.0 - self.fees.0)
    }
}

/// A fill as the position takes it.
pub(super) struct Booked {
    pub(super) position: Position,
    pub(super) realised: Notional,
    pub(super) trip: Option<Trip>,
}

impl Position {
    /// Lots held.
    pub fn net(&self) -> Net {
        self.net
    }

    /// What the open lots cost; below zero for short ones.
    pub fn entry(&self) -> Notional {
        self.entry
    }

    /// When it was opened; of no meaning where nothing is held.
    pub fn since(&self) -> Nanos {
        self.since
    }

    /// Fees paid for it so far, those of lots closed included.
    pub fn fees(&self) -> Notional {
        self.so_far.fees
    }

    /// Realised by closing a part of it, before fees and funding.
    pub fn realised(&self) -> Notional {
        self.so_far.realised
    }

    /// Received in funding since it was opened.
    pub fn funding(&self) -> Notional {
        self.so_far.funding
    }

    pub(super) fn fund(&mut self, received: Notional) -> Result<(), Error> {
        self.so_far.funding = sum(self.so_far.funding, received)?;
        Ok(())
    }

    /// The position after a fill. A fill that turns it over closes one position and opens another;
    /// its fee is shared between them by their lots.
    pub(super) fn filled(&self, contract: &Contract, fill: &Fill) -> Result<Booked, Error> {
        let against = self.net.side().is_some_and(|side| side != fill.side);
        let closing = if against { fill.quantity.min(self.net.lots()) } else { Lots(0) };
        let opening = Lots(fill.quantity.0 - closing.0);
        let fee = Notional(i128::from(fill.fee.0));
        let closing_fee = fee.share(closing, fill.quantity).ok_or_else(|| Error::Overflow)?;
        let mut booked = Booked { position: self.clone(), realised: Notional::ZERO, trip: None };
        if closing > Lots(0) {
            booked.realised = booked.position.close(contract, fill, closing, closing_fee)?;
            if booked.position.net == Net(0) {
                booked.trip = Some(booked.position.trip(fill));
                booked.position = Self::default();
            }
        }
        if opening > Lots(0) {
            let opening_fee = Notional(fee.0 - closing_fee.0);
            booked.position.open(contract, fill, opening, opening_fee)?;
        }
        Ok(booked)
    }

    fn open(
        &mut self,
        contract: &Contract,
        fill: &Fill,
        lots: Lots,
        fee: Notional,
    ) -> Result<(), Error> {
        let value = contract.notional(fill.price, lots).ok_or_else(|| Error::Overflow)?;
        if self.net == Net(0) {
            self.since = fill.time;
        }
        let sign = fill.side.sign();
        self.net = Net(self.net.0.checked_add(sign * lots.0).ok_or_else(|| Error::Overflow)?);
        self.entry = sum(self.entry, Notional(value.0 * i128::from(sign)))?;
        let so_far = &mut self.so_far;
        so_far.largest = so_far.largest.max(self.net.lots());
        so_far.opened = sum(so_far.opened, value)?;
        so_far.opened_lots = more(so_far.opened_lots, lots)?;
        so_far.fees = sum(so_far.fees, fee)?;
        Ok(())
    }

    /// Returns what was realised.
    fn close(
        &mut self,
        contract: &Contract,
        fill: &Fill,
        lots: Lots,
        fee: Notional,
    ) -> Result<Notional, Error> {
        let value = contract.notional(fill.price, lots).ok_or_else(|| Error::Overflow)?;
        let cost = self.entry.share(lots, self.net.lots()).ok_or_else(|| Error::Overflow)?;
        let signed = Notional(value.0 * i128::from(fill.side.sign()));
        let realised = Notional(-signed.0 - cost.0);
        self.entry = self.entry.minus(cost).ok_or_else(|| Error::Overflow)?;
        self.net = Net(self.net.0 + fill.side.sign() * lots.0);
        let so_far = &mut self.so_far;
        so_far.closed = sum(so_far.closed, value)?;
        so_far.closed_lots = more(so_far.closed_lots, lots)?;
        so_far.realised = sum(so_far.realised, realised)?;
        so_far.fees = sum(so_far.fees, fee)?;
        Ok(realised)
    }

    fn trip(&self, last: &Fill) -> Trip {
        let SoFar { largest, opened, opened_lots, closed, realised, fees, funding, .. } =
            self.so_far;
        Trip {
            symbol: last.symbol,
            side: last.side.opposite(),
            opened: self.since,
            closed: last.time,
            largest,
            lots: opened_lots,
            entry: opened,
            exit: closed,
            realised,
            fees,
            funding,
        }
    }
}

fn sum(a: Notional, b: Notional) -> Result<Notional, Error> {
    a.plus(b).ok_or_else(|| Error::Overflow)
}

fn more(a: Lots, b: Lots) -> Result<Lots, Error> {
    a.0.checked_add(b.0).map(Lots).ok_or_else(|| Error::Overflow)
}
