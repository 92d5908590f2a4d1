use score::{Error as ScoreError, TimeSignature};

use super::token::{Token, number};

/// A tempo at a place, and how many words it takes: "80 bpm", "120bpm", "at 120", "tempo of 96".
pub(super) fn bpm(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |index: usize| tokens.get(index).map_or("", |token| token.word.as_str());
    if let Some(value) = word(at).strip_suffix("bpm").filter(|value| !value.is_empty()) {
        return value.parse().ok().filter(|v: &f64| v.is_finite()).map(|value| (value, 1));
    }
    if let Some((value, taken)) = number(tokens, at) {
        if word(at + taken) == "bpm" {
            return Some((value, taken + 1));
        }
        if (word(at + taken), word(at + taken + 1), word(at + taken + 2))
            == ("beats", "per", "minute")
        {
            return Some((value, taken + 3));
        }
    }
    let skipped = match (word(at), word(at + 1)) {
        ("tempo", "of" | "is" | "around") => 2,
        ("tempo" | "at", "around" | "about") => 2,
        ("at" | "tempo" | "bpm", _) => 1,
        _ => return None,
    };
    let (value, taken) = number(tokens, at + skipped)?;
    let followed = word(at + skipped + taken);
    let other = matches!(followed, "percent" | "minutes" | "minute" | "seconds" | "min" | "sec");
    let unit = match (followed, word(at + skipped + taken + 1)) {
        ("bpm", _) => 1,
        ("beats", "per") => 3,
        _ => 0,
    };
    let sure = unit > 0 || (30.0..=300.0).contains(&value);
    (!other && sure).then_some((value, skipped + taken + unit))
}

/// A metre in figures at a place: "3/4". Figures that are a metre, but not one of ours, are an
/// error.
pub(super) fn meter(word: &str) -> Option<Result<TimeSignature, ScoreError>> {
    let (upper, lower) = word.split_once('/')?;
    let figures =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let of_beats = matches!(lower, "1" | "2" | "4" | "8" | "16" | "32");
    (figures(upper) && of_beats).then(|| word.parse())
}
