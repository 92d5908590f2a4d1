use clock::Nanos;

/// The unit a file counts time in, told by how large its numbers are: each reads dates from 2001 to
/// 2286, and they do not overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl Unit {
    pub(super) fn of(number: i64) -> Option<Self> {
        match number {
            1_000_000_000..=9_999_999_999 => Some(Self::Seconds),
            1_000_000_000_000..=9_999_999_999_999 => Some(Self::Millis),
            1_000_000_000_000_000..=9_999_999_999_999_999 => Some(Self::Micros),
            1_000_000_000_000_000_000..=i64::MAX => Some(Self::Nanos),
            _ => None,
        }
    }

    pub(super) fn nanos(self, number: i64) -> Option<Nanos> {
        let scale = match self {
            Self::Seconds => 1_000_000_000,
            Self::Millis => 1_000_000,
            Self::Micros => 1_000,
            Self::Nanos => 1,
        };
        number.checked_mul(scale).map(Nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;
    use clock::Nanos;

    #[test]
    fn the_size_of_a_number_tells_its_unit() {
        let moment = Nanos(1_746_372_780_000_000_000);
        for (number, unit) in [
            (1_746_372_780, Unit::Seconds),
            (1_746_372_780_000, Unit::Millis),
            (1_746_372_780_000_000, Unit::Micros),
            (1_746_372_780_000_000_000, Unit::Nanos),
        ] {
            assert_eq!(Unit::of(number), Some(unit));
            assert_eq!(unit.nanos(number), Some(moment));
        }
        for odd in [0, -5, 20_250_504, 99_999_999_999] {
            assert_eq!(Unit::of(odd), None, "{odd}");
        }
    }
}
