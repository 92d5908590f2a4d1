use score::{Mode, NoteName};

use super::token::Token;

/// A key at a place: its tonic, its mode when that is said, and how many words it takes.
pub(super) struct Found {
    pub(super) tonic: NoteName,
    pub(super) mode: Option<Mode>,
    pub(super) taken: usize,
}

/// Reads "in B flat", "F#m", "A minor", "key of D dorian". A bare letter is a key only where it
/// cannot be another word: "in C", but not "in a dark mood".
pub(super) fn key(tokens: &[Token], at: usize) -> Option<Found> {
    let word = |index: usize| tokens.get(index).map_or("", |token| token.word.as_str());
    let lead = match (word(at), word(at + 1)) {
        ("key", "of") => 2,
        ("in", "key") if word(at + 2) == "of" => 3,
        ("in" | "key", _) => 1,
        _ => 0,
    };
    let token = tokens.get(at + lead)?;
    let (tonic, suffix) = note(&token.text)?;
    let mut taken = lead + 1;
    let mut mode = match suffix {
        "" => None,
        "m" | "min" => Some(Mode::Minor),
        "maj" | "M" => Some(Mode::Major),
        _ => return None,
    };
    let mut tonic = tonic;
    let mut sure = !suffix.is_empty() || tonic.accidental() != 0;
    if suffix.is_empty() && tonic.accidental() == 0 {
        let accidental = match word(at + taken) {
            "flat" => -1,
            "sharp" => 1,
            _ => 0,
        };
        if accidental != 0 {
            tonic = NoteName::new(tonic.letter(), accidental)?;
            taken += 1;
            sure = true;
        }
    }
    if mode.is_none()
        && let Some((named, words)) = mode_at(tokens, at + taken)
    {
        mode = Some(named);
        taken += words;
        sure = true;
    }
    let upper = token.text.starts_with(|c: char| c.is_ascii_uppercase());
    // "am" and "a" are words; "Am", "in A" and "in c" are keys.
    let bare = lead > 0 && (upper || token.word != "a");
    let attached = token.text.len() > 1;
    let fits = if attached { upper || lead > 0 } else { sure || bare };
    fits.then_some(Found { tonic, mode, taken })
}

/// A letter with its accidental, and what follows in the same word.
fn note(text: &str) -> Option<(NoteName, &str)> {
    let letter = text.chars().next().filter(char::is_ascii_alphabetic)?;
    let rest = &text[1..];
    for (sign, accidental) in [("#", 1), ("\u{266f}", 1), ("\u{266d}", -1), ("b", -1)] {
        if let Some(after) = rest.strip_prefix(sign)
            && matches!(after, "" | "m" | "min" | "maj" | "M")
        {
            return NoteName::new(letter, accidental).map(|name| (name, after));
        }
    }
    NoteName::new(letter, 0).map(|name| (name, rest))
}

/// A mode in one or two words.
pub(super) fn mode_at(tokens: &[Token], at: usize) -> Option<(Mode, usize)> {
    let word = |index: usize| tokens.get(index).map_or("", |token| token.word.as_str());
    if !word(at + 1).is_empty()
        && let Ok(mode) = format!("{} {}", word(at), word(at + 1)).parse::<Mode>()
    {
        return Some((mode, 2));
    }
    // A mode of a key has seven notes; "blues" after a letter is the scale of a key in minor.
    let known = word(at).parse::<Mode>().ok().filter(|mode| *mode != Mode::Blues);
    known.map(|mode| (mode, 1))
}
