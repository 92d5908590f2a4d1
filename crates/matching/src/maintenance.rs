use std::collections::BTreeMap;

use market::{Fixed8, Notional};
use serde::{Deserialize, Serialize};

use crate::Error;

/// What an account must be worth to hold positions, by contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    own: BTreeMap<String, Brackets>,
    others: Brackets,
}

/// What a position asks for: the larger it is, the larger the share of it that the venue wants to
/// see. Each bracket is a rate on all of the position less an amount, so that nothing jumps at an
/// edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brackets(Vec<Bracket>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bracket {
    /// The largest position in it; none for the last.
    up_to: Option<Notional>,
    rate: Fixed8,
    deduct: Notional,
}

/// A bracket as the file writes it: decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BracketText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up_to: Option<String>,
    rate: String,
    deduct: String,
}

impl Maintenance {
    /// One rate for every contract and size.
    pub fn flat(rate: Fixed8) -> Self {
        let only = Bracket { up_to: None, rate, deduct: Notional::ZERO };
        Self { own: BTreeMap::new(), others: Brackets(vec![only]) }
    }

    /// With brackets of some contracts as the file writes them.
    pub(crate) fn with(
        rate: Fixed8,
        own: &BTreeMap<String, Vec<BracketText>>,
    ) -> Result<Self, Error> {
        let read = |(name, rows): (&String, &Vec<BracketText>)| {
            Ok::<_, Error>((name.clone(), Brackets::read(name, rows)?))
        };
        Ok(Self { own: own.iter().map(read).collect::<Result<_, _>>()?, ..Self::flat(rate) })
    }

    /// The brackets of a contract, by its name.
    pub fn of(&self, contract: &str) -> &Brackets {
        self.own.get(contract).unwrap_or(&self.others)
    }
}

impl Brackets {
    fn read(name: &str, rows: &[BracketText]) -> Result<Self, Error> {
        let mut brackets: Vec<Bracket> = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let wrong = |key: &str, text: &str, permitted| Error::Number {
                key: format!("brackets.{name}[{at}].{key}"),
                text: text.to_owned(),
                permitted,
            };
            let before = brackets.last();
            let from = before.and_then(|b| b.up_to).unwrap_or(Notional::ZERO);
            let up_to = match (&row.up_to, at + 1 == rows.len()) {
                (None, true) => None,
                (Some(text), false) => {
                    let read = Notional::parse(text.as_bytes()).ok().filter(|up_to| *up_to > from);
                    let permitted = "a plain decimal above the bracket before";
                    Some(read.ok_or_else(|| wrong("up_to", text, permitted))?)
                }
                (text, _) => {
                    let text = text.as_deref().unwrap_or_default();
                    return Err(wrong("up_to", text, "a number in all brackets but the last"));
                }
            };
            let above = before.map_or(Fixed8(0), |b| b.rate);
            let rate = Fixed8::parse(row.rate.as_bytes()).ok();
            let rate =
                rate.filter(|rate| *rate > above && *rate <= Fixed8::ONE).ok_or_else(|| {
                    wrong("rate", &row.rate, "a share up to 1 and above the bracket before")
                })?;
            let deduct = Notional::parse(row.deduct.as_bytes()).ok();
            let continuous = |deduct: &Notional| match before {
                None => *deduct == Notional::ZERO,
                // In units of 1e-16: nothing is rounded.
                Some(before) => {
                    let one = i128::from(Fixed8::ONE.0);
                    let steeper = i128::from(rate.0 - before.rate.0);
                    from.0.checked_mul(steeper) == (deduct.0 - before.deduct.0).checked_mul(one)
                }
            };
            let deduct = deduct.filter(continuous).ok_or_else(|| {
                let permitted = "the amount by which nothing jumps at the edge to the bracket \
                                 before: its own, and that edge times what the rate grows by";
                wrong("deduct", &row.deduct, permitted)
            })?;
            brackets.push(Bracket { up_to, rate, deduct });
        }
        if brackets.is_empty() {
            return Err(Error::Assumptions(format!("brackets.{name} is empty")));
        }
        Ok(Self(brackets))
    }

    /// What an account must be worth to hold a position of this value, without its sign; none
    /// beyond what can be counted.
    pub fn margin(&self, value: Notional) -> Option<Notional> {
        let inside = |bracket: &&Bracket| bracket.up_to.is_none_or(|up_to| value <= up_to);
        let bracket = self.0.iter().find(inside)?;
        value.times(bracket.rate)?.minus(bracket.deduct)
    }

    /// The rate that no position exceeds.
    pub fn highest(&self) -> Fixed8 {
        self.0.last().map_or(Fixed8::ONE, |bracket| bracket.rate)
    }
}

impl std::fmt::Display for Brackets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, Bracket { up_to, rate, deduct }) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{}", short(rate))?;
            if *deduct != Notional::ZERO {
                write!(f, " less {}", short(deduct))?;
            }
            match up_to {
                Some(up_to) => write!(f, " up to {}", short(up_to))?,
                None if at > 0 => write!(f, " beyond")?,
                None => {}
            }
        }
        Ok(())
    }
}

/// Without the zeros at the end: amounts and rates always have eight decimals.
fn short(number: &impl std::fmt::Display) -> String {
    number.to_string().trim_end_matches('0').trim_end_matches('.').to_owned()
}
