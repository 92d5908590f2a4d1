//! Parts of a resource of known length: the header `Range` of RFC 9110, section 14.

/// What a client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// All of it, status 200.
    Whole {
        /// In bytes.
        length: u64,
    },
    /// A part, status 206. Never empty, never beyond the end.
    Part {
        /// The first byte, from 0.
        start: u64,
        /// How many bytes.
        count: u64,
        /// Of the whole, in bytes.
        length: u64,
    },
    /// Nothing, status 416: the part asked for lies beyond the end.
    Unsatisfiable {
        /// Of the whole, in bytes.
        length: u64,
    },
}

/// By what a client may know the very bytes of a resource again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validators<'a> {
    /// The header `ETag` as sent, with its quotes.
    pub etag: Option<&'a str>,
    /// The header `Last-Modified` as sent. A date knows no bytes again that changed within its
    /// second: give it for what is older.
    pub last_modified: Option<&'a str>,
}

impl Selection {
    /// What of `length` bytes the headers `Range` and `If-Range` of a GET ask for.
    ///
    /// A range that cannot be read, one in another unit than bytes, and several at once get the
    /// whole, as the standard allows; so does any range whose `If-Range` is not exactly one of the
    /// resource's validators.
    pub fn of(
        range: Option<&[u8]>,
        if_range: Option<&[u8]>,
        length: u64,
        validators: Validators<'_>,
    ) -> Self {
        let whole = Self::Whole { length };
        let Some(asked) = range.and_then(parse) else { return whole };
        if if_range.is_some_and(|condition| !validators.hold(condition)) {
            return whole;
        }
        let (start, end) = match asked {
            Asked::From(start) => (start, length),
            Asked::Between(start, last) => (start, last.saturating_add(1).min(length)),
            // The end of nothing is all of it, and still no part.
            Asked::Last(count) if count > 0 && length == 0 => return whole,
            Asked::Last(count) => (length.saturating_sub(count), length),
        };
        if start >= length {
            return Self::Unsatisfiable { length };
        }
        Self::Part { start, count: end - start, length }
    }

    /// The status of HTTP.
    pub const fn status(self) -> u16 {
        match self {
            Self::Whole { .. } => 200,
            Self::Part { .. } => 206,
            Self::Unsatisfiable { .. } => 416,
        }
    }

    /// The header `Content-Range`, where there is one.
    pub fn content_range(self) -> Option<String> {
        match self {
            Self::Whole { .. } => None,
            Self::Part { start, count, length } => {
                Some(format!("bytes {start}-{}/{length}", start + count - 1))
            }
            Self::Unsatisfiable { length } => Some(format!("bytes */{length}")),
        }
    }

    /// The first byte to send.
    pub const fn start(self) -> u64 {
        match self {
            Self::Part { start, .. } => start,
            Self::Whole { .. } | Self::Unsatisfiable { .. } => 0,
        }
    }

    /// How many bytes to send, which is the header `Content-Length`.
    pub const fn count(self) -> u64 {
        match self {
            Self::Whole { length } => length,
            Self::Part { count, .. } => count,
            Self::Unsatisfiable { .. } => 0,
        }
    }
}

impl Validators<'_> {
    /// Whether `condition` is exactly one of these. Weak tags know no bytes again.
    fn hold(self, condition: &[u8]) -> bool {
        let condition = condition.trim_ascii();
        let known = if condition.starts_with(b"\"") {
            self.etag.filter(|tag| !tag.starts_with("W/"))
        } else {
            self.last_modified
        };
        known.is_some_and(|known| known.as_bytes() == condition)
    }
}

#[derive(Debug, Clone, Copy)]
enum Asked {
    From(u64),
    /// The first and the last byte, in this order.
    Between(u64, u64),
    Last(u64),
}

/// The one range of a header; none for anything else.
fn parse(header: &[u8]) -> Option<Asked> {
    let equals = header.iter().position(|&byte| byte == b'=')?;
    let (unit, set) = (header[..equals].trim_ascii(), &header[equals + 1..]);
    if !unit.eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    // Empty items of a list are allowed and mean nothing.
    let mut items = set.split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    let mut items = items.by_ref().filter(|item| !item.is_empty());
    let item = items.next()?;
    if items.next().is_some() {
        return None;
    }
    let dash = item.iter().position(|&byte| byte == b'-')?;
    match (&item[..dash], &item[dash + 1..]) {
        (b"", last) => number(last).map(Asked::Last),
        (first, b"") => number(first).map(Asked::From),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Asked::Between(first, last))
        }
    }
}

/// Decimal digits, held at the end of `u64`: whoever asks for more bytes gets those there are.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        Some(number.saturating_mul(10).saturating_add(digit.into()))
    })
}

#[cfg(test)]
mod tests;
