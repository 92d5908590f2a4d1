use std::fmt::{Display, Formatter, Result as Printed};

use crate::Nanos;

const DAY: i64 = 86_400_000_000_000;

/// A day of the Gregorian calendar in UTC, from 1677 to 2262 as [`Nanos`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01.
    days: i64,
}

impl Date {
    /// The day a moment is on.
    pub const fn of(moment: Nanos) -> Self {
        Self { days: moment.0.div_euclid(DAY) }
    }

    /// Reads "2024-02-29"; none for any other form and for days that never were.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        if parts.next().is_some() || !(1678..=2261).contains(&year) {
            return None;
        }
        let date = Self { days: days(year, month, day) };
        (date.civil() == (year, month, day)).then_some(date)
    }

    /// When it begins.
    pub const fn start(self) -> Nanos {
        Nanos(self.days.saturating_mul(DAY))
    }

    /// The day after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self { days: self.days + 1 }
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self { days: self.days + 1 - self.civil().2 }
    }

    /// The first day of the month after it.
    #[must_use]
    pub fn next_month(self) -> Self {
        // No month has more days, and the month after none ends within so many.
        Self { days: self.first_of_month().days + 31 }.first_of_month()
    }

    /// "2024-02".
    pub fn month(self) -> String {
        let (year, month, _) = self.civil();
        format!("{year:04}-{month:02}")
    }

    /// Year, month and day.
    ///
    /// Days are counted from 1 March of year 0 in eras of 400 years, so that the leap day is the
    /// last of its year.
    fn civil(self) -> (i64, i64, i64) {
        let shifted = self.days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let leaps = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
        let year_of_era = (day_of_era - leaps) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months from March have 153 days in every five.
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        (era * 400 + year_of_era + i64::from(month <= 2), month, day)
    }
}

/// Days since 1970-01-01, the other way round.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// "2025-05-04 15:33:00.000000000".
impl Display for Nanos {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        let (seconds, nanos) =
            (self.0.rem_euclid(DAY) / 1_000_000_000, self.0.rem_euclid(1_000_000_000));
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        write!(f, "{} {hours:02}:{minutes:02}:{:02}.{nanos:09}", Date::of(*self), seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;
    use crate::Nanos;

    fn date(millis: i64) -> Date {
        Date::of(Nanos::from_millis(millis).unwrap())
    }

    #[test]
    fn dates_as_the_calendar_has_them() {
        for (millis, text) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (1_709_164_800_000, "2024-02-29"),
            (951_782_400_000, "2000-02-29"),
        ] {
            assert_eq!(date(millis).to_string(), text);
            assert_eq!(Date::parse(text), Some(date(millis)));
        }
        assert_eq!(date(1_709_164_800_000).month(), "2024-02");
        let moment = Nanos(1_746_372_780_000_000_042);
        assert_eq!(moment.to_string(), "2025-05-04 15:33:00.000000042");
        assert_eq!(Nanos(-1).to_string(), "1969-12-31 23:59:59.999999999");
    }

    #[test]
    fn no_other_text_is_a_day() {
        for odd in ["2023-02-29", "2024-13-01", "2024-00-01", "2024-01-32", "2024-1-1", "24-01-01"]
        {
            assert_eq!(Date::parse(odd), None, "{odd}");
        }
        for odd in ["", "2024-01", "2024-01-01-01", "+024-01-01", "9999-01-01", "0000-01-01"] {
            assert_eq!(Date::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut last = Date { days: -1 }.civil();
        for days in 0..146_097 {
            let date = Date { days };
            let (year, month, day) = date.civil();
            let next_day = (year, month, day) == (last.0, last.1, last.2 + 1);
            let next_month = (year, month, day) == (last.0, last.1 + 1, 1);
            let next_year = (year, month, day) == (last.0 + 1, 1, 1) && last.1 == 12;
            assert!(next_day || next_month || next_year, "{last:?} before {year} {month} {day}");
            assert_eq!(super::days(year, month, day), days);
            assert_eq!(date.first_of_month().civil(), (year, month, 1));
            assert_eq!(date.next_month().first_of_month(), date.next_month());
            assert!(date.next_month() > date && date.next_month().days - days <= 31);
            last = (year, month, day);
        }
        assert_eq!(last, (2369, 12, 31));
    }
}
