use super::token::Token;

/// The longest title, in characters.
const MAX_TITLE: usize = 120;
const PAIRS: [(char, char); 3] = [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}')];

/// A title: text in quotes, or the capitalised words after "called", "titled" or "named". Gives
/// the title and the bytes it takes, the word before it included.
pub(super) fn title(sentence: &str, tokens: &[Token]) -> Option<(String, usize, usize)> {
    quoted(sentence, tokens).or_else(|| named(sentence, tokens))
}

fn names(word: &str) -> bool {
    matches!(word, "called" | "titled" | "named" | "entitled" | "title")
}

fn quoted(sentence: &str, tokens: &[Token]) -> Option<(String, usize, usize)> {
    for (open, close) in PAIRS {
        let Some(start) = sentence.find(open) else { continue };
        let inside = start + open.len_utf8();
        let Some(length) = sentence[inside..].find(close) else { continue };
        let text = sentence[inside..inside + length].trim();
        if text.is_empty() {
            continue;
        }
        let before = tokens.iter().rev().find(|token| token.end <= start);
        let from = before.filter(|token| names(&token.word)).map_or(start, |token| token.start);
        let end = inside + length + close.len_utf8();
        return Some((text.chars().take(MAX_TITLE).collect(), from, end));
    }
    None
}

fn named(sentence: &str, tokens: &[Token]) -> Option<(String, usize, usize)> {
    let at = tokens.iter().position(|token| names(&token.word) && token.word != "title")?;
    let capital = |token: &&Token| token.text.starts_with(char::is_uppercase);
    let words = tokens[at + 1..].iter().take_while(capital).count();
    let paused = tokens[at + 1..at + 1 + words].iter().position(|token| token.pause);
    let words = paused.map_or(words, |pause| pause + 1);
    let (first, last) = (tokens.get(at + 1)?, tokens.get(at + words)?);
    (words > 0).then(|| {
        let text = sentence[first.start..last.end].chars().take(MAX_TITLE).collect();
        (text, tokens[at].start, last.end)
    })
}
