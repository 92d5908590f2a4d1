use clock::{Date, Nanos};

/// "2025-05-04", of milliseconds since 1970 UTC.
pub(crate) fn day(millis: i64) -> String {
    date(millis).to_string()
}

/// "2025-05".
pub(crate) fn month(millis: i64) -> String {
    date(millis).month()
}

/// "2025-05-04 15:33".
pub(crate) fn minute(millis: i64) -> String {
    let minutes = millis.rem_euclid(86_400_000) / 60_000;
    format!("{} {:02}:{:02}", day(millis), minutes / 60, minutes % 60)
}

/// Reports hold no moment that nanoseconds do not.
fn date(millis: i64) -> Date {
    Date::of(Nanos(millis.saturating_mul(1_000_000)))
}

/// "2025-05-04 15:33:07".
pub(crate) fn second(millis: i64) -> String {
    format!("{}:{:02}", minute(millis), millis.div_euclid(1_000).rem_euclid(60))
}

#[cfg(test)]
mod tests {
    use super::{day, minute, month};

    #[test]
    fn dates_as_the_calendar_has_them() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(minute(1_746_372_780_000), "2025-05-04 15:33");
        assert_eq!(month(1_709_164_800_000), "2024-02");
        assert_eq!(day(1_709_164_800_000), "2024-02-29");
        assert_eq!(day(951_782_400_000), "2000-02-29");
    }
}
