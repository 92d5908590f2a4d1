use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Error, PPQ, Ticks};

/// A metre, one of those the house can play.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
pub struct TimeSignature {
    numerator: u8,
    denominator: u8,
}

/// A beat as it is felt: a quarter, or three eighths in compound and some odd metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// From the bar line.
    pub at: Ticks,
    /// To the next pulse or bar line.
    pub length: Ticks,
    /// 3 the downbeat, 2 the start of another accent group, 1 any other pulse.
    pub accent: u8,
}

impl TimeSignature {
    /// Common time.
    pub const COMMON: Self = Self { numerator: 4, denominator: 4 };

    /// A metre by its numbers: 2/4, 3/4, 4/4, 5/4, 6/8, 7/8 or 12/8.
    pub fn new(numerator: u8, denominator: u8) -> Result<Self, Error> {
        match (numerator, denominator) {
            (2..=5, 4) | (6 | 7 | 12, 8) => Ok(Self { numerator, denominator }),
            _ => Err(Error::Meter(format!("{numerator}/{denominator}"))),
        }
    }

    /// The upper number.
    pub fn numerator(self) -> u8 {
        self.numerator
    }

    /// The lower number, 4 or 8.
    pub fn denominator(self) -> u8 {
        self.denominator
    }

    /// The length of a bar.
    pub fn bar(self) -> Ticks {
        Ticks(u64::from(self.numerator) * PPQ * 4 / u64::from(self.denominator))
    }

    /// Whether pulses divide in three: 6/8 and 12/8.
    pub fn is_compound(self) -> bool {
        self.denominator == 8 && self.numerator.is_multiple_of(3)
    }

    /// Lengths of the pulses of a bar in eighths, and where accent groups begin.
    fn shape(self) -> &'static [(u8, u8)] {
        match (self.numerator, self.denominator) {
            (2, _) => &[(2, 3), (2, 1)],
            (3, _) => &[(2, 3), (2, 1), (2, 1)],
            (5, _) => &[(2, 3), (2, 1), (2, 1), (2, 2), (2, 1)],
            (6, _) => &[(3, 3), (3, 2)],
            (7, _) => &[(2, 3), (2, 2), (3, 2)],
            (12, _) => &[(3, 3), (3, 1), (3, 2), (3, 1)],
            _ => &[(2, 3), (2, 1), (2, 2), (2, 1)],
        }
    }

    /// The pulses of a bar. 5/4 is felt as 3+2, 7/8 as 2+2+3.
    pub fn pulses(self) -> Vec<Pulse> {
        let mut at = Ticks::ZERO;
        self.shape()
            .iter()
            .map(|(eighths, accent)| {
                let length = Ticks::EIGHTH * u64::from(*eighths);
                let pulse = Pulse { at, length, accent: *accent };
                at += length;
                pulse
            })
            .collect()
    }

    /// How strong a place in the bar is: 3 downbeat, 2 accent group, 1 pulse, 0 between pulses.
    pub fn accent(self, in_bar: Ticks) -> u8 {
        let mut at = 0;
        for (eighths, accent) in self.shape() {
            if in_bar.0 == at {
                return *accent;
            }
            at += u64::from(*eighths) * PPQ / 2;
        }
        0
    }
}

impl fmt::Display for TimeSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for TimeSignature {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = || Error::Meter(text.to_owned());
        let (upper, lower) = text.trim().split_once('/').ok_or_else(refused)?;
        let number = |part: &str| part.trim().parse::<u8>().map_err(|_| refused());
        Self::new(number(upper)?, number(lower)?)
    }
}

impl TryFrom<String> for TimeSignature {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<TimeSignature> for String {
    fn from(meter: TimeSignature) -> String {
        meter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::TimeSignature;
    use crate::Ticks;

    #[test]
    fn pulses_fill_the_bar() {
        for text in ["2/4", "3/4", "4/4", "5/4", "6/8", "7/8", "12/8"] {
            let meter: TimeSignature = text.parse().unwrap();
            let total: Ticks = meter.pulses().iter().map(|pulse| pulse.length).sum();
            assert_eq!(total, meter.bar(), "{text}");
            assert_eq!(meter.accent(Ticks::ZERO), 3);
            assert_eq!(meter.to_string(), text);
        }
        for text in ["4", "4/4/4", "0/4", "9/8", "4/0", "-1/4", "x/y"] {
            assert!(text.parse::<TimeSignature>().is_err(), "{text}");
        }
    }
}
