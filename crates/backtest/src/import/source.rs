use std::path::Path;

use market::{Contract, Contracts, Event, SymbolId, Timeframe};

use super::capture::Frames;
use super::table::{Reason, Row, Table};
use super::{Capture, Import, Quarantine, funding, ohlcv, tickers, trades};
use crate::Error;

/// A recording being read, event by event, so that it may be larger than memory. What it is read
/// from is said at [`Import`].
pub struct Source {
    lines: Lines,
    quarantine: Quarantine,
}

/// Makes an event of a line of a table.
type Reading = Box<dyn FnMut(&Row<'_>) -> Result<Event, Reason>>;

enum Lines {
    Table(Box<Table>, Reading),
    Frames(Box<Frames>),
}

impl Source {
    /// Opens bars; see [`Import::bars`].
    ///
    /// # Errors
    /// As there.
    pub fn bars(
        path: &Path,
        symbol: SymbolId,
        contract: &Contract,
        timeframe: Timeframe,
    ) -> Result<Self, Error> {
        ohlcv::open(path, symbol, contract, timeframe)
    }

    /// Opens trades; see [`Import::trades`].
    ///
    /// # Errors
    /// As there.
    pub fn trades(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Self, Error> {
        trades::open(path, symbol, contract)
    }

    /// Opens best bids and asks; see [`Import::tickers`].
    ///
    /// # Errors
    /// As there.
    pub fn tickers(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Self, Error> {
        tickers::open(path, symbol, contract)
    }

    /// Opens settled funding; see [`Import::funding`].
    ///
    /// # Errors
    /// As there.
    pub fn funding(path: &Path, symbol: SymbolId) -> Result<Self, Error> {
        funding::open(path, symbol)
    }

    /// Opens frames as they were received; see [`Import::frames`].
    ///
    /// # Errors
    /// As there.
    pub fn frames(path: &Path, symbol: SymbolId, contracts: &Contracts) -> Result<Self, Error> {
        let lines = Lines::Frames(Box::new(Frames::open(path, symbol, contracts)?));
        Ok(Self { lines, quarantine: Quarantine::default() })
    }

    pub(super) fn of_table(
        table: Table,
        reading: impl FnMut(&Row<'_>) -> Result<Event, Reason> + 'static,
    ) -> Self {
        let lines = Lines::Table(Box::new(table), Box::new(reading));
        Self { lines, quarantine: Quarantine::default() }
    }

    /// The next event; none at the end. Lines that are none are in quarantine.
    ///
    /// # Errors
    /// [`Error::File`] where the file breaks off or is damaged.
    pub fn poll(&mut self) -> Result<Option<Event>, Error> {
        match &mut self.lines {
            Lines::Table(table, reading) => table.poll(reading.as_mut(), &mut self.quarantine),
            Lines::Frames(frames) => frames.poll(&mut self.quarantine),
        }
    }

    /// The lines that were not taken until now.
    pub fn quarantine(&self) -> &Quarantine {
        &self.quarantine
    }

    /// All that is left of it.
    ///
    /// # Errors
    /// As [`Source::poll`].
    pub fn read(mut self) -> Result<Import, Error> {
        let events = self.drain()?;
        Ok(Import { events, quarantine: self.quarantine })
    }

    /// All that is left of it, and what became of its frames.
    pub(super) fn capture(mut self) -> Result<Capture, Error> {
        let events = self.drain()?;
        let (kinds, counts) = match self.lines {
            Lines::Frames(frames) => frames.counts(),
            Lines::Table(..) => Default::default(),
        };
        Ok(Capture { events, quarantine: self.quarantine, kinds, counts })
    }

    fn drain(&mut self) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        while let Some(event) = self.poll()? {
            events.push(event);
        }
        Ok(events)
    }
}
