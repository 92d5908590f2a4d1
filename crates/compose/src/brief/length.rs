use super::token::{Token, number};

/// A length in seconds at a place, and how many words it takes: "two minutes", "1:30", "90 sec",
/// "2m30s", "a minute and a half", "half a minute", "2 minutes 30".
pub(super) fn length(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |index: usize| tokens.get(index).map_or("", |token| token.word.as_str());
    if let Some(seconds) = clock(word(at)).or_else(|| compact(word(at))) {
        return Some((seconds, 1));
    }
    if word(at) == "half" && matches!(word(at + 1), "a" | "an") && unit(word(at + 2)) == Some(60.0)
    {
        return Some((30.0, 3));
    }
    let (value, taken) = match number(tokens, at) {
        Some(found) => found,
        None if matches!(word(at), "a" | "an") => (1.0, 1),
        None => return None,
    };
    let size = unit(word(at + taken))?;
    let mut seconds = value * size;
    let mut taken = taken + 1;
    if size < 60.0 {
        return Some((seconds, taken));
    }
    let and = usize::from(word(at + taken) == "and");
    if (word(at + taken), word(at + taken + 1), word(at + taken + 2)) == ("and", "a", "half") {
        return Some((seconds + 30.0, taken + 3));
    }
    if let Some((more, words)) = number(tokens, at + taken + and).filter(|(v, _)| *v < 60.0) {
        let named = unit(word(at + taken + and + words)) == Some(1.0);
        let bare = and == 0 && tokens.get(at + taken - 1).is_some_and(|token| !token.pause);
        let digits = word(at + taken + and).starts_with(|c: char| c.is_ascii_digit());
        let last = tokens.get(at + taken + and + words).is_none();
        if named || (bare && digits && last) {
            seconds += more;
            taken += and + words + usize::from(named);
        }
    }
    Some((seconds, taken))
}

fn unit(word: &str) -> Option<f64> {
    match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hour" | "hours" => Some(3600.0),
        _ => None,
    }
}

/// "1:30".
fn clock(word: &str) -> Option<f64> {
    let (minutes, seconds) = word.split_once(':')?;
    let digits =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(minutes) || seconds.len() != 2 || !digits(seconds) {
        return None;
    }
    let (minutes, seconds): (f64, f64) = (minutes.parse().ok()?, seconds.parse().ok()?);
    (seconds < 60.0).then_some(minutes * 60.0 + seconds)
}

/// "2m30s", "3min", "45sec", "2m"; not "90s", which is a decade.
fn compact(word: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut rest = word;
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (value, after) = rest.split_at(digits);
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, next) = after.split_at(letters);
        let value: f64 = value.parse().ok()?;
        let decade =
            name == "s" && parts == 0 && value % 10.0 == 0.0 && !(5.0..50.0).contains(&value);
        if decade {
            return None;
        }
        seconds += value * unit(name)?;
        parts += 1;
        rest = next;
    }
    (parts > 0 && seconds.is_finite()).then_some(seconds)
}
