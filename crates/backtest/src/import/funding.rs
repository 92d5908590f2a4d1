use std::io::Read;
use std::path::Path;

use csv::ByteRecord;
use market::{Body, Event, Fixed8, Flags, Sequence, SymbolId};

use super::Import;
use super::time::Unit;
use crate::Error;

/// Names of the columns.
const TIMES: [&str; 4] = ["funding_time", "fundingtime", "calc_time", "time"];
const RATES: [&str; 4] = ["funding_rate", "fundingrate", "last_funding_rate", "rate"];

pub(super) fn read(path: &Path, bytes: Box<dyn Read>, symbol: SymbolId) -> Result<Import, Error> {
    let wrong = |reason: String| Error::File { path: path.to_owned(), reason };
    let mut table = csv::ReaderBuilder::new().flexible(true).quoting(false).from_reader(bytes);
    let header = table.byte_headers().map_err(|error| wrong(error.to_string()))?;
    let names: Vec<String> =
        header.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
    let find = |wanted: &[&str]| {
        names.iter().position(|name| wanted.contains(&name.as_str())).ok_or_else(|| {
            wrong(format!("no column \"{}\" in the header: {}", wanted[0], names.join(", ")))
        })
    };
    let (time, rate) = (find(&TIMES)?, find(&RATES)?);
    let mut import = Import::default();
    let mut record = ByteRecord::new();
    while table.read_byte_record(&mut record).map_err(|error| wrong(error.to_string()))? {
        let last = import.events.last().map(|event| event.receive);
        match settled(record.get(time), record.get(rate), symbol) {
            Ok(event) if last.is_some_and(|last| event.receive <= last) => {
                let line = record.position().map_or(0, csv::Position::line);
                import.quarantine.put(line, "the same time again, or an earlier one");
            }
            Ok(event) => import.events.push(event),
            Err(reason) => {
                import.quarantine.put(record.position().map_or(0, csv::Position::line), reason);
            }
        }
    }
    Ok(import)
}

fn settled(
    time: Option<&[u8]>,
    rate: Option<&[u8]>,
    symbol: SymbolId,
) -> Result<Event, &'static str> {
    let (time, rate) = time.zip(rate).ok_or("too few columns")?;
    let number = std::str::from_utf8(time.trim_ascii()).ok().and_then(|t| t.parse::<i64>().ok());
    let number = number.ok_or("the time is no whole number")?;
    let unit = Unit::of(number).ok_or("the time is in no unit between 2001 and 2286")?;
    let at = unit.nanos(number).ok_or("the time is out of range")?;
    let rate = std::str::from_utf8(rate.trim_ascii()).ok().and_then(plain);
    let rate = rate.and_then(|rate| Fixed8::parse(rate.as_bytes()).ok());
    let rate = rate.ok_or("the rate is no decimal of at most eight decimals")?;
    Ok(Event {
        sequence: Sequence(0),
        exchange: at,
        receive: at,
        symbol,
        flags: Flags::NONE,
        body: Body::Funding { rate, mark: None },
    })
}

/// A decimal without its exponent: files written by other programs have "6.8e-05" for 0.000068.
fn plain(text: &str) -> Option<String> {
    let Some((digits, power)) = text.split_once(['e', 'E']) else { return Some(text.to_owned()) };
    let power: i32 = power.parse().ok().filter(|power: &i32| power.abs() <= 20)?;
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = whole.len() as i32 + power;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    Some(if point <= 0 {
        format!("{sign}0.{}{all}", zeros(-point))
    } else if point as usize >= all.len() {
        format!("{sign}{all}{}", zeros(point - all.len() as i32))
    } else {
        format!("{sign}{}.{}", &all[..point as usize], &all[point as usize..])
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn exponents_are_written_out_exactly() {
        for (text, out) in [
            ("6.818e-05", "0.00006818"),
            ("-6.12e-06", "-0.00000612"),
            ("0.0001", "0.0001"),
            ("1e-08", "0.00000001"),
            ("1.25e+1", "12.5"),
            ("12E2", "1200"),
            ("1.5e0", "1.5"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(out));
        }
        for odd in ["e5", "1e", "1e99", "1.2.3e1", "NaNe1"] {
            assert_eq!(plain(odd), None, "{odd}");
        }
    }
}
