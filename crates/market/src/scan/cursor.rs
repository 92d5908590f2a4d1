use clock::Nanos;

use crate::{Fixed8, Lots, Notional, Step, Ticks};

/// Most digits that fit 63 bits whatever they are. Longer numbers are left to the general reader.
const SAFE_DIGITS: usize = 18;

/// A place in a frame, and what may be read there. Every reader gives none on anything it does not
/// expect: the general parser will then look.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(frame: &'a [u8]) -> Self {
        Self { rest: frame }
    }

    /// Passes over exactly these bytes.
    #[inline(always)]
    pub(super) fn eat<const N: usize>(&mut self, expected: &[u8; N]) -> Option<()> {
        let (head, tail) = self.rest.split_first_chunk::<N>()?;
        if head != expected {
            return None;
        }
        self.rest = tail;
        Some(())
    }

    /// Passes over these bytes if they are here.
    #[inline(always)]
    pub(super) fn eat_if<const N: usize>(&mut self, expected: &[u8; N]) -> bool {
        self.eat(expected).is_some()
    }

    /// Passes over these bytes, whose number is known only now.
    pub(super) fn eat_slice(&mut self, expected: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    pub(super) fn end(&self) -> Option<()> {
        self.rest.is_empty().then_some(())
    }

    /// A text up to its closing quote, which is passed over. Only ASCII without escapes: such
    /// bytes mean themselves.
    #[inline(always)]
    pub(super) fn plain_text(&mut self) -> Option<&'a [u8]> {
        let odd = |b: &u8| *b == b'"' || *b == b'\\' || *b < 0x20 || *b >= 0x80;
        let length = self.rest.iter().position(odd)?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        let (quote, rest) = rest.split_first()?;
        self.rest = rest;
        (*quote == b'"').then_some(text)
    }

    /// A text of any UTF-8 without escapes, to be compared with a known name.
    #[inline(always)]
    pub(super) fn name(&mut self) -> Option<&'a [u8]> {
        let length = self.rest.iter().position(|b| *b == b'"' || *b == b'\\')?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        let (quote, rest) = rest.split_first()?;
        self.rest = rest;
        (*quote == b'"').then_some(text)
    }

    /// A whole number as JSON writes it: no sign, no leading zero.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Option<u64> {
        let (mut value, mut digits) = (0_u64, 0);
        if let Some((head, tail)) = self.rest.split_first_chunk::<8>()
            && let Some(eight) = eight_digits(*head)
        {
            (value, digits) = (eight, 8);
            if head[0] == b'0' {
                return None;
            }
            self.rest = tail;
        }
        while let Some((digit, tail)) = self.digit() {
            value = value * 10 + digit;
            digits += 1;
            if digits > SAFE_DIGITS || (digits == 2 && value < 10) {
                return None;
            }
            self.rest = tail;
        }
        (digits > 0).then_some(value)
    }

    /// A time in milliseconds.
    #[inline(always)]
    pub(super) fn time(&mut self) -> Option<Nanos> {
        super::time(self.number()?)
    }

    /// A decimal and its closing quote, in whole units of 10^-`decimals`.
    #[inline(always)]
    fn decimal(&mut self, decimals: u8) -> Option<i64> {
        let decimals = usize::from(decimals);
        let (mut value, mut digits) = (0_u64, 0);
        while let Some((digit, tail)) = self.digit() {
            value = value * 10 + digit;
            digits += 1;
            if digits > SAFE_DIGITS {
                return None;
            }
            self.rest = tail;
        }
        if digits == 0 || digits + decimals > SAFE_DIGITS {
            return None;
        }
        let mut places = 0;
        if self.eat_if(b".") {
            while let Some((digit, tail)) = self.digit() {
                if places < decimals {
                    value = value * 10 + digit;
                } else if digit != 0 {
                    return None;
                }
                places += 1;
                self.rest = tail;
            }
            if places == 0 {
                return None;
            }
        }
        self.eat(b"\"")?;
        for _ in places..decimals {
            value *= 10;
        }
        i64::try_from(value).ok()
    }

    /// A price on a grid, more than zero, and its closing quote.
    #[inline(always)]
    pub(super) fn price(&mut self, tick: Step) -> Option<Ticks> {
        self.steps(tick).filter(|steps| *steps > 0).map(Ticks)
    }

    /// A quantity on a grid, more than zero, and its closing quote.
    #[inline(always)]
    pub(super) fn quantity(&mut self, lot: Step) -> Option<Lots> {
        self.steps(lot).filter(|steps| *steps > 0).map(Lots)
    }

    /// A quantity on a grid and its closing quote.
    #[inline(always)]
    pub(super) fn quantity_or_zero(&mut self, lot: Step) -> Option<Lots> {
        self.steps(lot).map(Lots)
    }

    /// An amount in 1e-8 and its closing quote.
    pub(super) fn fixed(&mut self) -> Option<Fixed8> {
        let negative = self.eat_if(b"-");
        let units = self.decimal(crate::number::FIXED_DECIMALS)?;
        Some(Fixed8(if negative { -units } else { units }))
    }

    /// An amount of zero or more in 1e-8 and its closing quote.
    pub(super) fn notional(&mut self) -> Option<Notional> {
        self.decimal(crate::number::FIXED_DECIMALS).map(|units| Notional(i128::from(units)))
    }

    #[inline(always)]
    fn steps(&mut self, step: Step) -> Option<i64> {
        let units = self.decimal(step.decimals())?;
        if step.unit() == 1 {
            return Some(units);
        }
        (units % step.unit() == 0).then(|| units / step.unit())
    }

    #[inline(always)]
    fn digit(&self) -> Option<(u64, &'a [u8])> {
        let (byte, tail) = self.rest.split_first()?;
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some((u64::from(digit), tail))
    }
}

/// Eight digits at once, or none if any is no digit: pairs, then fours, then eight are put
/// together by multiplication (Lemire, "Quickly parsing eight digits", 2018).
#[inline(always)]
fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes);
    let digits = word.wrapping_sub(0x3030_3030_3030_3030);
    let over = word.wrapping_add(0x4646_4646_4646_4646);
    if (digits | over) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    Some(low.wrapping_add(high) >> 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{Cursor, eight_digits};

    proptest! {
        #[test]
        fn eight_digits_are_what_they_say(value in 0_u64..100_000_000) {
            let text: [u8; 8] = format!("{value:08}").into_bytes().try_into().unwrap();
            prop_assert_eq!(eight_digits(text), Some(value));
        }

        #[test]
        fn eight_bytes_with_another_are_none(mut text in "[0-9]{8}", at in 0_usize..8, byte in 0_u8..128) {
            if !byte.is_ascii_digit() {
                text.replace_range(at..=at, &char::from(byte).to_string());
                prop_assert_eq!(eight_digits(text.into_bytes().try_into().unwrap()), None);
            }
        }

        #[test]
        fn a_whole_number_is_read_as_json_has_it(text in "[0-9]{0,22}[,}x]?") {
            let digits = text.trim_end_matches([',', '}', 'x']);
            let expected = (digits.len() <= 18).then(|| serde_json::from_str::<u64>(digits).ok());
            prop_assert_eq!(Cursor::new(text.as_bytes()).number(), expected.flatten());
        }
    }
}
