/// Year, month, day of a number of days since 1970-01-01, in the Gregorian calendar.
///
/// Days are counted from 1 March of year 0 in eras of 400 years, so that the leap day is the last
/// of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
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

const DAY_MS: i64 = 86_400_000;

/// "2025-05-04", of milliseconds since 1970 UTC.
pub(super) fn day(millis: i64) -> String {
    let (year, month, day) = civil(millis.div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// "2025-05".
pub(super) fn month(millis: i64) -> String {
    let (year, month, _) = civil(millis.div_euclid(DAY_MS));
    format!("{year:04}-{month:02}")
}

/// "2025-05-04 15:33".
pub(super) fn minute(millis: i64) -> String {
    let minutes = millis.rem_euclid(DAY_MS) / 60_000;
    format!("{} {:02}:{:02}", day(millis), minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{civil, day, minute, month};

    #[test]
    fn dates_as_the_calendar_has_them() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(minute(1_746_372_780_000), "2025-05-04 15:33");
        assert_eq!(month(1_709_164_800_000), "2024-02");
        assert_eq!(day(1_709_164_800_000), "2024-02-29");
        assert_eq!(day(951_782_400_000), "2000-02-29");
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_one_before() {
        let mut last = civil(-1);
        for days in 0..146_097 {
            let (year, month, day) = civil(days);
            let next_day = (year, month, day) == (last.0, last.1, last.2 + 1);
            let next_month = (year, month, day) == (last.0, last.1 + 1, 1);
            let next_year = (year, month, day) == (last.0 + 1, 1, 1) && last.1 == 12;
            assert!(next_day || next_month || next_year, "{last:?} before {year} {month} {day}");
            last = (year, month, day);
        }
        assert_eq!(last, (2369, 12, 31));
    }
}
