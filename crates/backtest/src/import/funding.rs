use std::path::Path;

use market::{Body, Event, Fixed8, Flags, Sequence, SymbolId};

use super::Source;
use super::table::{Row, Table, Times};
use crate::Error;

/// The archive's columns.
const ARCHIVE: [&str; 3] = ["calc_time", "funding_interval_hours", "last_funding_rate"];
/// Names of the columns.
const TIMES: [&str; 4] = ["funding_time", "fundingtime", "calc_time", "time"];
const RATES: [&str; 4] = ["funding_rate", "fundingrate", "last_funding_rate", "rate"];

pub(super) fn open(path: &Path, symbol: SymbolId) -> Result<Source, Error> {
    let table = Table::open(path, &[&ARCHIVE])?;
    let (time, rate) = (table.column(&TIMES)?, table.column(&RATES)?);
    let mut times = Times::default();
    let event = move |row: &Row<'_>| {
        let at = times.read(row.field(time)?)?;
        let text = std::str::from_utf8(row.field(rate)?).ok().and_then(plain);
        let rate = text.and_then(|text| Fixed8::parse(text.as_bytes()).ok());
        let rate = rate.ok_or("the rate is no decimal of at most eight decimals")?;
        times.advance(at, "the same time again")?;
        Ok(Event {
            sequence: Sequence(0),
            exchange: at,
            receive: at,
            symbol,
            flags: Flags::NONE,
            body: Body::Funding { rate, mark: None },
        })
    };
    Ok(Source::of_table(table, event))
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
