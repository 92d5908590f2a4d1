use std::fmt::{Display, Formatter, Result as Printed};

/// Why a text is no number here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// Not digits with at most one point between digits.
    #[error("not a plain decimal")]
    NotDecimal,
    /// Below zero where only zero or more has a meaning.
    #[error("negative")]
    Negative,
    /// Zero where only more has a meaning.
    #[error("zero")]
    Zero,
    /// Between two steps of the contract's grid.
    #[error("not on the contract's grid")]
    OffGrid,
    /// Beyond 63 bits.
    #[error("too large")]
    Overflow,
}

/// Reads a decimal of zero or more as whole units of 10^-`decimals`.
pub(crate) fn unsigned(text: &[u8], decimals: u8) -> Result<i64, Refusal> {
    if let [b'-', rest @ ..] = text {
        // What follows the sign is looked at too, so that "-x" is no number rather than a
        // negative one.
        return match unsigned(rest, decimals)? {
            0 => Ok(0),
            _ => Err(Refusal::Negative),
        };
    }
    let mut at = 0;
    let mut units: u64 = 0;
    while let Some(digit) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        units = push(units, digit)?;
        at += 1;
    }
    if at == 0 {
        return Err(Refusal::NotDecimal);
    }
    let fraction = match text.get(at) {
        None => &[],
        Some(b'.') if text.len() > at + 1 => text.get(at + 1..).unwrap_or_default(),
        Some(_) => return Err(Refusal::NotDecimal),
    };
    if !fraction.iter().all(u8::is_ascii_digit) {
        return Err(Refusal::NotDecimal);
    }
    let decimals = usize::from(decimals);
    for place in 0..decimals {
        let digit = fraction.get(place).map_or(0, |b| b - b'0');
        units = push(units, digit)?;
    }
    if fraction.iter().skip(decimals).any(|b| *b != b'0') {
        return Err(Refusal::OffGrid);
    }
    i64::try_from(units).map_err(|_| Refusal::Overflow)
}

/// As [`unsigned`], below zero too.
pub(crate) fn signed(text: &[u8], decimals: u8) -> Result<i64, Refusal> {
    match text {
        [b'-', b'-', ..] => Err(Refusal::NotDecimal),
        [b'-', rest @ ..] => unsigned(rest, decimals).map(|units| -units),
        _ => unsigned(text, decimals),
    }
}

fn push(units: u64, digit: u8) -> Result<u64, Refusal> {
    // Far below u64::MAX / 10, so that neither step can wrap.
    if units > (i64::MAX as u64) / 10 {
        return Err(Refusal::Overflow);
    }
    Ok(units * 10 + u64::from(digit))
}

/// Writes `units` of 10^-`decimals` as a plain decimal with all its decimals.
pub(crate) fn write(f: &mut Formatter<'_>, units: i128, decimals: u8) -> Printed {
    let sign = if units < 0 { "-" } else { "" };
    let scale = 10_u128.pow(u32::from(decimals));
    let (whole, fraction) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    match decimals {
        0 => write!(f, "{sign}{whole}"),
        _ => write!(f, "{sign}{whole}.{fraction:0width$}", width = usize::from(decimals)),
    }
}

/// A number with its decimals, to be printed.
pub(super) struct Plain {
    pub(super) units: i128,
    pub(super) decimals: u8,
}

impl Display for Plain {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        write(f, self.units, self.decimals)
    }
}
