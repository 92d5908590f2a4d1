//! When two names are one, how names are ordered, and which words find them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words that do not count at the beginning of a name that is sorted: those Subsonic's clients skip.
pub const ARTICLES: [&str; 11] =
    ["the", "el", "la", "los", "las", "le", "les", "os", "as", "o", "a"];

/// A longer query is cut: nobody types more.
const MAX_QUERY_CHARS: usize = 200;
/// A query of more words is cut.
const MAX_QUERY_WORDS: usize = 16;

/// What makes two spellings one name: composition, width, case and spaces do not count; accents do.
pub fn identity(name: &str) -> String {
    spaced(name.nfkc().flat_map(char::to_lowercase))
}

/// A name without accents and case, as it is sorted and searched.
pub fn plain(name: &str) -> String {
    let letters = name.nfkd().filter(|letter| !is_combining_mark(*letter));
    spaced(letters.flat_map(char::to_lowercase).flat_map(|letter| {
        let (one, rest) = spelt(letter);
        std::iter::once(one).chain(rest.chars())
    }))
}

/// What a name is sorted by: plain, without its article and what stands before its first letter.
pub fn sort_key(name: &str) -> String {
    let plain = plain(name);
    let bare = plain.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let without = bare.split_once(' ').filter(|(first, _)| ARTICLES.contains(first));
    match without {
        Some((_, rest)) => rest.to_owned(),
        None if bare.is_empty() => plain,
        None => bare.to_owned(),
    }
}

/// The words that find a name. "AC/DC" is found as "ac", "dc" and "acdc"; each sign of a script
/// without spaces is a word.
pub fn words(name: &str) -> String {
    let mut words = Vec::new();
    for chunk in plain(name).split(' ') {
        let pieces = pieces(chunk);
        words.extend(pieces.iter().map(|piece| spread(piece)));
        if pieces.len() > 1 {
            words.push(spread(&pieces.concat()));
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// The full-text expression that finds what a person means: every word, each perhaps only begun.
/// None where nothing is asked, which finds everything.
pub fn query(asked: &str) -> Option<String> {
    let asked: String = asked.chars().take(MAX_QUERY_CHARS).collect();
    let plain = plain(&asked);
    let terms: Vec<String> = plain.split(' ').filter_map(term).take(MAX_QUERY_WORDS).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

fn term(chunk: &str) -> Option<String> {
    let pieces = pieces(chunk);
    let phrase = |text: &str| format!("\"{text}\" *");
    match pieces.as_slice() {
        [] => None,
        [one] => Some(phrase(&spread(one))),
        several => {
            let apart = several.iter().map(|piece| spread(piece)).collect::<Vec<_>>().join(" ");
            Some(format!("({} OR {})", phrase(&apart), phrase(&spread(&several.concat()))))
        }
    }
}

/// The parts of a word between signs that are no letters.
fn pieces(chunk: &str) -> Vec<&str> {
    chunk
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// Signs of scripts that are written without spaces, set apart.
fn spread(word: &str) -> String {
    let mut spread = String::with_capacity(word.len());
    let mut after_sign = false;
    for letter in word.chars() {
        let is_sign = stands_alone(letter);
        if !spread.is_empty() && (is_sign || after_sign) {
            spread.push(' ');
        }
        spread.push(letter);
        after_sign = is_sign;
    }
    spread
}

/// Han, kana, Thai, Lao, Khmer and Burmese.
fn stands_alone(letter: char) -> bool {
    matches!(letter,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// Letters that have no accent to drop and yet a plain spelling.
fn spelt(letter: char) -> (char, &'static str) {
    match letter {
        'ß' => ('s', "s"),
        'æ' => ('a', "e"),
        'œ' => ('o', "e"),
        'ø' => ('o', ""),
        'đ' | 'ð' => ('d', ""),
        'þ' => ('t', "h"),
        'ł' => ('l', ""),
        'ı' => ('i', ""),
        '’' | '‘' | 'ʼ' => ('\'', ""),
        '“' | '”' => ('"', ""),
        '‐' | '‑' | '–' | '—' => ('-', ""),
        other => (other, ""),
    }
}

/// One space between words, none around; what is no text (controls) is a space.
fn spaced(letters: impl Iterator<Item = char>) -> String {
    let text: String = letters.map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{identity, plain, query, sort_key, words};

    #[test]
    fn composed_and_decomposed_names_are_one() {
        assert_eq!(identity("Bjo\u{308}rk"), identity("  BJ\u{d6}RK "));
        assert_ne!(identity("Bjork"), identity("Björk"));
        assert_eq!(plain("Sigur Rós – Ágætis Byrjun"), "sigur ros - agaetis byrjun");
    }

    #[test]
    fn articles_do_not_sort() {
        assert_eq!(sort_key("The Beatles"), "beatles");
        assert_eq!(sort_key("“Heroes”"), "heroes\"");
        assert_eq!(sort_key("A"), "a");
        assert_eq!(sort_key("!!!"), "!!!");
        assert_eq!(sort_key("Therapy?"), "therapy?");
    }

    #[test]
    fn names_with_signs_are_found_apart_and_together() {
        assert_eq!(words("AC/DC"), "ac dc acdc");
        assert_eq!(words("R.E.M."), "r e m rem");
        assert_eq!(words("東京事変 Live"), "東 京 事 変 live");
        assert_eq!(query("ac/dc"), Some("(\"ac dc\" * OR \"acdc\" *)".to_owned()));
        assert_eq!(query("京事"), Some("\"京 事\" *".to_owned()));
        assert_eq!(query(" \"*' ( "), None);
    }
}
