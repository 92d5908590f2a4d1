//! Recorded markets, from the files they come in: tables as the venue's public archive has them or
//! as others write them, and frames as they were received. Each plain, packed by gzip, or the one
//! member of a zip.

mod capture;
mod funding;
mod lines;
mod ohlcv;
mod packed;
mod quarantine;
mod source;
mod table;
mod tickers;
mod time;
mod trades;

use std::path::Path;

pub use capture::Capture;
use market::{Contract, Contracts, Event, SymbolId, Timeframe};
pub use quarantine::{Held, Quarantine};
pub use source::Source;

use crate::Error;

/// What was read from a file.
#[derive(Debug, Clone, Default)]
pub struct Import {
    /// Its events, in the order of the file.
    pub events: Vec<Event>,
    /// What was not taken.
    pub quarantine: Quarantine,
}

impl Import {
    /// Reads bars: columns `open_time` (or `time`, `timestamp`, `date`), `open`, `high`, `low`,
    /// `close`, `volume`, in any order among others; with `quote_volume`, `count` and
    /// `taker_buy_volume` they have their [`market::Flow`]. Without a header, the archive's twelve
    /// columns.
    ///
    /// # Errors
    /// [`Error::File`] for a file that is no such table, by the column that is missing;
    /// [`Error::Ops`] for one that cannot be read. Lines that cannot be bars are in quarantine.
    pub fn bars(
        path: &Path,
        symbol: SymbolId,
        contract: &Contract,
        timeframe: Timeframe,
    ) -> Result<Self, Error> {
        Source::bars(path, symbol, contract, timeframe)?.read()
    }

    /// Reads trades, single or aggregate, by the columns the archive has for them: aggregate ones
    /// have an `agg_trade_id`.
    ///
    /// # Errors
    /// As [`Import::bars`].
    pub fn trades(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Self, Error> {
        Source::trades(path, symbol, contract)?.read()
    }

    /// Reads best bids and asks, by the columns the archive has for its book tickers.
    ///
    /// # Errors
    /// As [`Import::bars`].
    pub fn tickers(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Self, Error> {
        Source::tickers(path, symbol, contract)?.read()
    }

    /// Reads settled funding: columns `funding_time` and `funding_rate`, or the archive's
    /// `calc_time` and `last_funding_rate`.
    ///
    /// # Errors
    /// As [`Import::bars`].
    pub fn funding(path: &Path, symbol: SymbolId) -> Result<Self, Error> {
        Source::funding(path, symbol)?.read()
    }

    /// Reads frames of a venue as they were received: a line each, the moment in nanoseconds since
    /// 1970, a space, the frame. A whole book that does not say whose it is is of `symbol`.
    ///
    /// # Errors
    /// [`Error::Ops`] and [`Error::File`] for a file that cannot be read. Lines that say nothing
    /// this system uses are in quarantine.
    pub fn frames(path: &Path, symbol: SymbolId, contracts: &Contracts) -> Result<Capture, Error> {
        Source::frames(path, symbol, contracts)?.capture()
    }
}
