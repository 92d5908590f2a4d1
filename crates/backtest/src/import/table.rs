//! A table of a market: columns found by their names or, where a file has no header, in the order
//! of the public archive.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use clock::Nanos;
use csv::{ByteRecord, Reader, ReaderBuilder};
use market::{Event, Refusal, Side};

use super::lines::Lines;
use super::quarantine::beginning;
use super::time::Unit;
use super::{Quarantine, packed};
use crate::Error;

/// Why a line is not taken.
pub(super) type Reason = &'static str;

/// Read at once: a file that is unpacked gives it in few calls.
const BUFFER: usize = 64 << 10;

/// A table being read.
pub(super) struct Table {
    path: Arc<Path>,
    lines: Reader<Lines<Box<dyn Read>>>,
    names: Vec<String>,
    record: ByteRecord,
    /// Whether the record that was read is still to be taken: a first line that is no header.
    has_record: bool,
}

/// Where a column is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column(usize);

impl Table {
    /// Reads the header. Where the first line begins with a number there is none, and the columns
    /// are those of `archive` that are as many.
    pub(super) fn open(path: &Path, archive: &[&[&str]]) -> Result<Self, Error> {
        let lines = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .quoting(false)
            .buffer_capacity(BUFFER)
            .from_reader(Lines::new(packed::open(path)?));
        let (names, record) = (Vec::new(), ByteRecord::new());
        let path = path.into();
        let mut table = Self { path, lines, names, record, has_record: false };
        table.has_record = table.advance()?;
        let first = || table.record.iter().map(bare);
        if !first().next().is_some_and(is_number) {
            table.names =
                first().map(|name| String::from_utf8_lossy(name).to_lowercase()).collect();
            table.has_record = false;
            return Ok(table);
        }
        let found = table.record.len();
        let columns = archive.iter().find(|columns| columns.len() == found).ok_or_else(|| {
            let known: Vec<String> = archive.iter().map(|names| names.len().to_string()).collect();
            let known = known.join(" or ");
            table.wrong(format!("no header, and {found} columns where the archive has {known}"))
        })?;
        table.names = columns.iter().map(|name| (*name).to_owned()).collect();
        Ok(table)
    }

    /// The column of one of these names, or which they are and what is there instead.
    pub(super) fn column(&self, wanted: &[&str]) -> Result<Column, Error> {
        self.find(wanted).ok_or_else(|| {
            let (names, other) = (self.names.join(", "), wanted[1..].join("\", \""));
            let header = beginning(names.as_bytes());
            let cut = if header.len() < names.len() { " ..." } else { "" };
            let other = match wanted.len() {
                1 => String::new(),
                _ => format!(" (or \"{other}\")"),
            };
            let wanted = wanted[0];
            self.wrong(format!("no column \"{wanted}\"{other} in the header: {header}{cut}"))
        })
    }

    /// The column of one of these names, if it is there.
    pub(super) fn find(&self, wanted: &[&str]) -> Option<Column> {
        self.names.iter().position(|name| wanted.contains(&name.as_str())).map(Column)
    }

    /// The event of the next line that `read` takes; those it refuses go to quarantine.
    pub(super) fn poll(
        &mut self,
        read: &mut dyn FnMut(&Row<'_>) -> Result<Event, Reason>,
        quarantine: &mut Quarantine,
    ) -> Result<Option<Event>, Error> {
        while self.has_record || self.advance()? {
            self.has_record = false;
            match read(&Row { record: &self.record }) {
                Ok(event) => return Ok(Some(event)),
                Err(reason) => {
                    let line = self.record.position().map_or(0, csv::Position::line);
                    let text = self.record.iter().collect::<Vec<_>>().join(&b","[..]);
                    quarantine.put(&self.path, line, reason, &text);
                }
            }
        }
        Ok(None)
    }

    fn advance(&mut self) -> Result<bool, Error> {
        let read = self.lines.read_byte_record(&mut self.record);
        read.map_err(|error| Error::File {
            path: self.path.to_path_buf(),
            reason: error.to_string(),
        })
    }

    fn wrong(&self, reason: String) -> Error {
        Error::File { path: self.path.to_path_buf(), reason }
    }
}

/// One line of a table.
pub(super) struct Row<'a> {
    record: &'a ByteRecord,
}

impl Row<'_> {
    /// What stands in a column.
    pub(super) fn field(&self, column: Column) -> Result<&[u8], Reason> {
        self.record.get(column.0).map(bare).ok_or("too few columns")
    }

    /// A number of a trade, or how many.
    pub(super) fn count(&self, column: Column) -> Result<u64, Reason> {
        whole(self.field(column)?).ok_or("a number is no whole number")
    }

    /// Who took, from whether the buyer was the maker.
    pub(super) fn aggressor(&self, column: Column) -> Result<Side, Reason> {
        match self.field(column)? {
            b"true" | b"True" | b"TRUE" => Ok(Side::Sell),
            b"false" | b"False" | b"FALSE" => Ok(Side::Buy),
            _ => Err("whether the buyer was the maker is neither true nor false"),
        }
    }
}

/// The times of a table, in the unit of the first.
#[derive(Debug, Default)]
pub(super) struct Times {
    unit: Option<Unit>,
    last: Option<Nanos>,
}

impl Times {
    pub(super) fn read(&mut self, text: &[u8]) -> Result<Nanos, Reason> {
        let number: i64 = whole(text).ok_or("the time is no whole number")?;
        let unit = Unit::of(number).ok_or("the time is in no unit between 2001 and 2286")?;
        if unit != *self.unit.get_or_insert(unit) {
            return Err("the time is in another unit than before");
        }
        unit.nanos(number).ok_or("the time is out of range")
    }

    /// Remembers the time of a line that is taken, which must not be before the last.
    pub(super) fn follow(&mut self, time: Nanos) -> Result<(), Reason> {
        if self.last.is_some_and(|last| time < last) {
            return Err("time runs backwards");
        }
        self.last = Some(time);
        Ok(())
    }

    /// As [`Times::follow`], and it must not be the same either, which is `again`.
    pub(super) fn advance(&mut self, time: Nanos, again: Reason) -> Result<(), Reason> {
        if self.last == Some(time) {
            return Err(again);
        }
        self.follow(time)
    }
}

/// A field without the space or the quotes around it. Quotes have no other meaning: a stray one
/// cannot swallow the lines behind it.
fn bare(field: &[u8]) -> &[u8] {
    let field = field.trim_ascii();
    field.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(field)
}

fn is_number(field: &[u8]) -> bool {
    !field.is_empty() && field.iter().all(u8::is_ascii_digit)
}

fn whole<N: std::str::FromStr>(text: &[u8]) -> Option<N> {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok())
}

pub(super) fn of_price(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::NotDecimal => "a price is no plain decimal",
        Refusal::Negative => "a price is negative",
        Refusal::Zero => "a price is zero",
        Refusal::OffGrid => "a price is off the contract's grid",
        Refusal::Overflow => "a price is too large",
    }
}

pub(super) fn of_quantity(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::NotDecimal => "a quantity is no plain decimal",
        Refusal::Negative => "a quantity is negative",
        Refusal::Zero => "a quantity is zero",
        Refusal::OffGrid => "a quantity is off the contract's grid",
        Refusal::Overflow => "a quantity is too large",
    }
}
