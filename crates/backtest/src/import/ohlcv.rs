use std::path::Path;

use market::{Bar, Contract, Event, Flow, Lots, Notional, Refusal, SymbolId, Timeframe};

use super::Source;
use super::table::{Column, Reason, Row, Table, Times, of_price};
use crate::Error;

/// The archive's columns, which its files before 2022 do not name.
const ARCHIVE: [&str; 12] = [
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy_volume",
    "taker_buy_quote_volume",
    "ignore",
];
/// Names of the column of open times.
const TIMES: [&str; 5] = ["open_time", "time", "timestamp", "date", "opentime"];

/// Where the columns are.
struct Columns {
    time: Column,
    open: Column,
    high: Column,
    low: Column,
    close: Column,
    volume: Column,
    /// What takers bought, quote volume, trades: all three or none.
    flow: Option<[Column; 3]>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Error> {
        let taker = table.find(&["taker_buy_volume", "taker_buy_base_asset_volume"]);
        let quote = table.find(&["quote_volume", "quote_asset_volume"]);
        let trades = table.find(&["count", "trades", "number_of_trades"]);
        let flow = taker.zip(quote).zip(trades);
        Ok(Self {
            time: table.column(&TIMES)?,
            open: table.column(&["open"])?,
            high: table.column(&["high"])?,
            low: table.column(&["low"])?,
            close: table.column(&["close"])?,
            volume: table.column(&["volume"])?,
            flow: flow.map(|((taker, quote), trades)| [taker, quote, trades]),
        })
    }
}

pub(super) fn open(
    path: &Path,
    symbol: SymbolId,
    contract: &Contract,
    timeframe: Timeframe,
) -> Result<Source, Error> {
    let table = Table::open(path, &[&ARCHIVE])?;
    let (columns, contract) = (Columns::of(&table)?, contract.clone());
    let mut lines = Lines { contract, timeframe, columns, times: Times::default() };
    let event = move |row: &Row<'_>| lines.bar(row).map(|bar| Event::closed_bar(symbol, bar));
    Ok(Source::of_table(table, event))
}

/// Reads line after line.
struct Lines {
    contract: Contract,
    timeframe: Timeframe,
    columns: Columns,
    times: Times,
}

impl Lines {
    fn bar(&mut self, row: &Row<'_>) -> Result<Bar, Reason> {
        let timeframe = self.timeframe;
        let open_time = self.times.read(row.field(self.columns.time)?)?;
        if timeframe.open_of(open_time) != open_time {
            return Err("the time is no open of a bar of this length");
        }
        let price = |at| self.contract.tick.price(row.field(at)?).map_err(of_price);
        let (open, high) = (price(self.columns.open)?, price(self.columns.high)?);
        let (low, close) = (price(self.columns.low)?, price(self.columns.close)?);
        let volume = self.volume(row, self.columns.volume)?;
        if high < open.max(close) || low > open.min(close) {
            return Err("high or low is inside open and close");
        }
        let flow = self.columns.flow.map(|columns| self.flow(row, columns, volume)).transpose()?;
        self.times.advance(open_time, "the same open time again")?;
        Ok(Bar { timeframe, open_time, open, high, low, close, volume, flow })
    }

    fn flow(&self, row: &Row<'_>, columns: [Column; 3], volume: Lots) -> Result<Flow, Reason> {
        let [taker, quote, trades] = columns;
        let taker_buy = self.volume(row, taker)?;
        let quote = Notional::parse(row.field(quote)?).map_err(of_volume)?;
        let trades = row.count(trades)?;
        if taker_buy > volume {
            return Err("takers bought more than was traded");
        }
        if (trades == 0) != (volume == Lots(0)) {
            return Err("trades without volume, or volume without trades");
        }
        Ok(Flow { taker_buy, quote, trades })
    }

    fn volume(&self, row: &Row<'_>, column: Column) -> Result<Lots, Reason> {
        self.contract.lot.quantity_or_zero(row.field(column)?).map_err(of_volume)
    }
}

fn of_volume(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::NotDecimal => "the volume is no plain decimal",
        Refusal::Negative => "the volume is negative",
        Refusal::Zero => "the volume is zero",
        Refusal::OffGrid => "the volume is off the contract's grid",
        Refusal::Overflow => "the volume is too large",
    }
}
