/// A word of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it was written.
    pub(super) text: String,
    /// Lower case, straight quotes.
    pub(super) word: String,
    /// First byte in the sentence.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// Whether something has been read from it.
    pub(super) used: bool,
    /// Whether a comma or full stop follows.
    pub(super) pause: bool,
}

/// Signs that belong to words: F#, Eb, don't, 3/4, 1:30, r&b, 2.5.
fn belongs(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '#' | '\u{266f}' | '\u{266d}' | '\'' | '\u{2019}' | '/' | ':' | '&' | '.' | '%'
        )
}

/// The words of a sentence. Dashes part words, so "lo-fi" and "lo fi" read alike.
pub(super) fn tokens(sentence: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut start = None;
    for (at, c) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        match (start, belongs(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.extend(token(sentence, from, at));
                start = None;
            }
            _ => {}
        }
        if matches!(c, ',' | ';' | '!' | '?')
            && let Some(last) = tokens.last_mut()
        {
            last.pause = true;
        }
    }
    tokens
}

fn token(sentence: &str, from: usize, to: usize) -> Option<Token> {
    let raw = &sentence[from..to];
    let edge = |c: char| matches!(c, '\'' | '\u{2019}' | '/' | ':' | '&' | '.' | '%');
    let head = raw.trim_start_matches(edge);
    let text = head.trim_end_matches(edge);
    if text.is_empty() {
        return None;
    }
    let start = from + (raw.len() - head.len());
    Some(Token {
        text: text.to_owned(),
        word: text.to_lowercase().replace('\u{2019}', "'"),
        start,
        end: start + text.len(),
        used: false,
        pause: head.len() != text.len() && head.ends_with('.'),
    })
}

/// The words of a phrase as tokens have them.
pub(super) fn words_of(phrase: &str) -> Vec<String> {
    tokens(phrase).into_iter().map(|token| token.word).collect()
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A number in digits or words at a place, and how many words it takes: "2.5", "ninety",
/// "a hundred and twenty", "forty five", "two and a half".
pub(super) fn number(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |index: usize| tokens.get(index).map(|token| token.word.as_str());
    let (mut value, mut taken) = whole(tokens, at)?;
    if word(at + taken) == Some("hundred") {
        value *= 100.0;
        taken += 1;
        let and = usize::from(word(at + taken) == Some("and"));
        if let Some((rest, more)) = whole(tokens, at + taken + and).filter(|(v, _)| *v < 100.0) {
            value += rest;
            taken += and + more;
        }
    }
    if (word(at + taken), word(at + taken + 1), word(at + taken + 2))
        == (Some("and"), Some("a"), Some("half"))
    {
        value += 0.5;
        taken += 3;
    }
    Some((value, taken))
}

fn whole(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = tokens.get(at)?.word.as_str();
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let plain = word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        return word.parse().ok().filter(|v: &f64| plain && v.is_finite()).map(|value| (value, 1));
    }
    if let Some(value) = SMALL.iter().position(|small| *small == word) {
        return Some((value as f64, 1));
    }
    if let Some(tens) = TENS.iter().position(|tens| *tens == word) {
        let value = (tens as f64 + 2.0) * 10.0;
        let next = tokens.get(at + 1).map(|token| token.word.as_str());
        let ones = next.and_then(|next| SMALL.iter().position(|small| *small == next));
        return match ones.filter(|ones| (1..10).contains(ones)) {
            Some(ones) => Some((value + ones as f64, 2)),
            None => Some((value, 1)),
        };
    }
    let hundred = tokens.get(at + 1).is_some_and(|token| token.word == "hundred");
    (word == "a" && hundred).then_some((1.0, 1))
}
