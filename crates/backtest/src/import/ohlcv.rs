use std::io::Read;
use std::path::Path;

use clock::Nanos;
use csv::ByteRecord;
use market::{Bar, Contract, Event, Refusal, SymbolId, Timeframe};

use super::Import;
use super::time::Unit;
use crate::Error;

/// Names of the column of open times.
const TIMES: [&str; 5] = ["open_time", "time", "timestamp", "date", "opentime"];

/// Where the columns are.
struct Columns {
    time: usize,
    open: usize,
    high: usize,
    low: usize,
    close: usize,
    volume: usize,
}

impl Columns {
    fn of(header: &ByteRecord) -> Result<Self, String> {
        let names: Vec<String> =
            header.iter().map(|name| String::from_utf8_lossy(bare(name)).to_lowercase()).collect();
        let find = |wanted: &[&str]| {
            names.iter().position(|name| wanted.contains(&name.as_str())).ok_or_else(|| {
                format!("no column \"{}\" in the header: {}", wanted[0], names.join(", "))
            })
        };
        Ok(Self {
            time: find(&TIMES)?,
            open: find(&["open"])?,
            high: find(&["high"])?,
            low: find(&["low"])?,
            close: find(&["close"])?,
            volume: find(&["volume"])?,
        })
    }
}

pub(super) fn read(
    path: &Path,
    bytes: Box<dyn Read>,
    symbol: SymbolId,
    contract: &Contract,
    timeframe: Timeframe,
) -> Result<Import, Error> {
    let wrong = |reason: String| Error::File { path: path.to_owned(), reason };
    let mut table = csv::ReaderBuilder::new().flexible(true).quoting(false).from_reader(bytes);
    let header = table.byte_headers().map_err(|error| wrong(error.to_string()))?;
    let columns = Columns::of(header).map_err(wrong)?;
    let mut import = Import::default();
    let mut reader = Lines { contract, timeframe, columns, unit: None, last: None };
    let mut record = ByteRecord::new();
    while table.read_byte_record(&mut record).map_err(|error| wrong(error.to_string()))? {
        let line = record.position().map_or(0, csv::Position::line);
        match reader.bar(&record) {
            Ok(bar) => import.events.push(Event::closed_bar(symbol, bar)),
            Err(reason) => import.quarantine.put(line, reason),
        }
    }
    Ok(import)
}

/// Reads line after line.
struct Lines<'a> {
    contract: &'a Contract,
    timeframe: Timeframe,
    columns: Columns,
    /// The unit of the first time; a file has one.
    unit: Option<Unit>,
    last: Option<Nanos>,
}

impl Lines<'_> {
    fn bar(&mut self, record: &ByteRecord) -> Result<Bar, &'static str> {
        let field = |at: usize| record.get(at).map(bare).ok_or("too few columns");
        let open_time = self.time(field(self.columns.time)?)?;
        let price = |at| self.contract.tick.price(field(at)?).map_err(of_price);
        let (open, high) = (price(self.columns.open)?, price(self.columns.high)?);
        let (low, close) = (price(self.columns.low)?, price(self.columns.close)?);
        let volume = field(self.columns.volume)?;
        let volume = self.contract.lot.quantity_or_zero(volume).map_err(of_volume)?;
        if high < open.max(close) || low > open.min(close) {
            return Err("high or low is inside open and close");
        }
        if self.last.is_some_and(|last| open_time == last) {
            return Err("the same open time again");
        }
        if self.last.is_some_and(|last| open_time < last) {
            return Err("time runs backwards");
        }
        self.last = Some(open_time);
        let timeframe = self.timeframe;
        Ok(Bar { timeframe, open_time, open, high, low, close, volume, flow: None })
    }

    fn time(&mut self, text: &[u8]) -> Result<Nanos, &'static str> {
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<i64>().ok());
        let number = number.ok_or("the time is no whole number")?;
        let unit = Unit::of(number).ok_or("the time is in no unit between 2001 and 2286")?;
        if unit != *self.unit.get_or_insert(unit) {
            return Err("the time is in another unit than before");
        }
        let time = unit.nanos(number).ok_or("the time is out of range")?;
        if self.timeframe.open_of(time) != time {
            return Err("the time is no open of a bar of this length");
        }
        Ok(time)
    }
}

/// A field without the space or the quotes around it. Quotes have no other meaning: a stray one
/// cannot swallow the lines behind it.
fn bare(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    field.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(field)
}

fn of_price(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotDecimal => "a price is no plain decimal",
        Refusal::Negative => "a price is negative",
        Refusal::Zero => "a price is zero",
        Refusal::OffGrid => "a price is off the contract's grid",
        Refusal::Overflow => "a price is too large",
    }
}

fn of_volume(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotDecimal => "the volume is no plain decimal",
        Refusal::Negative => "the volume is negative",
        Refusal::Zero => "the volume is zero",
        Refusal::OffGrid => "the volume is off the contract's grid",
        Refusal::Overflow => "the volume is too large",
    }
}
