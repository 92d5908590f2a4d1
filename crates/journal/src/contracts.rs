//! Whose events a journal holds: the contracts in the order of their numbers, with the grids in
//! which their prices and quantities are counted. Written as the first record, because a number
//! or a step means nothing without it.
//!
//! The payload, little-endian: version (2 bytes), how many (4), then for each its name, its tick
//! and its lot, each a text with its length before it (1). A step is the decimal it is printed as,
//! so that each has one form.

use std::collections::BTreeSet;

use clock::Nanos;
use market::{Contracts, Sequence, Step};

use crate::{Error, Kind, Record, Writer};

/// The kind of a record that names the contracts.
pub const CONTRACTS: Kind = Kind(2);

const VERSION: u16 = 1;
/// The least a contract takes: three lengths and three letters.
const LEAST: usize = 6;

/// A contract as a journal names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name at the venue.
    pub name: String,
    /// The grid of its prices.
    pub tick: Step,
    /// The grid of its quantities.
    pub lot: Step,
}

/// Appends the contracts.
///
/// # Errors
/// As [`Writer::append`]; [`Error::Limit`] for a name of more than 255 bytes.
pub fn append(writer: &mut Writer, now: Nanos, contracts: &Contracts) -> Result<Sequence, Error> {
    let mut bytes = VERSION.to_le_bytes().to_vec();
    bytes.extend((contracts.len() as u32).to_le_bytes());
    for (_, contract) in contracts.iter() {
        for text in [&contract.name, &contract.tick.to_string(), &contract.lot.to_string()] {
            let length = u8::try_from(text.len()).map_err(|_| Error::Limit {
                what: "a name in bytes",
                given: text.len() as u64,
                accepted: "at most 255 are taken",
            })?;
            bytes.push(length);
            bytes.extend(text.as_bytes());
        }
    }
    writer.append(now, CONTRACTS, &bytes)
}

/// The contracts of a record, in the order of their numbers.
///
/// # Errors
/// [`Error::OtherKind`]; [`Error::NotContracts`] for any bytes that [`append`] could not have
/// written.
pub fn read(record: Record<'_>) -> Result<Vec<Listed>, Error> {
    let Record { sequence, kind, payload } = record;
    if kind != CONTRACTS {
        return Err(Error::OtherKind { sequence, found: kind, expected: CONTRACTS });
    }
    listed(payload).map_err(|what| Error::NotContracts { sequence, what })
}

fn listed(payload: &[u8]) -> Result<Vec<Listed>, &'static str> {
    let (version, rest) = payload.split_first_chunk().ok_or("it is cut off")?;
    if u16::from_le_bytes(*version) != VERSION {
        return Err("its version is not 1");
    }
    let (count, mut rest) = rest.split_first_chunk().ok_or("it is cut off")?;
    let count = u32::from_le_bytes(*count) as usize;
    if count > rest.len() / LEAST {
        return Err("it names more contracts than it has room for");
    }
    let (mut found, mut names) = (Vec::with_capacity(count), BTreeSet::new());
    for _ in 0..count {
        let name = text(&mut rest)?;
        if name.is_empty() || !names.insert(name) {
            return Err("a contract has no name, or another's");
        }
        let (tick, lot) = (step(text(&mut rest)?)?, step(text(&mut rest)?)?);
        found.push(Listed { name: name.to_owned(), tick, lot });
    }
    if rest.is_empty() { Ok(found) } else { Err("something follows its contracts") }
}

fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, &'static str> {
    let (length, behind) = rest.split_first().ok_or("it is cut off")?;
    let (text, behind) = behind.split_at_checked(usize::from(*length)).ok_or("it is cut off")?;
    *rest = behind;
    std::str::from_utf8(text).map_err(|_| "a name is no text")
}

fn step(text: &str) -> Result<Step, &'static str> {
    let step = Step::parse(text.as_bytes()).map_err(|_| "a tick or lot is no decimal")?;
    if step.to_string() == text { Ok(step) } else { Err("a tick or lot has another form") }
}
