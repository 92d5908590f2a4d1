//! What a "no" takes back, and how far it reaches.

use super::token::Token;

/// Words that take back what follows them.
const NEGATIONS: [&str; 16] = [
    "no",
    "without",
    "not",
    "minus",
    "sans",
    "never",
    "don't",
    "dont",
    "isn't",
    "avoid",
    "nor",
    "excluding",
    "except",
    "zero",
    "lose",
    "skip",
];
/// Words that may stand between a negation and what it takes back.
const BETWEEN: [&str; 14] = [
    "any", "a", "an", "the", "too", "very", "so", "use", "want", "much", "overly", "really", "add",
    "be",
];

/// Whether a word is part of a negation.
pub(super) fn belongs(word: &str) -> bool {
    NEGATIONS.contains(&word) || BETWEEN.contains(&word)
}

/// Whether a negation stands before a place, or the place continues a list that one opened:
/// `taken_back` are the places of words that were read as taken back.
pub(super) fn is_negated(tokens: &[Token], taken_back: &[usize], at: usize) -> bool {
    let mut index = at;
    for _ in 0..4 {
        let Some(before) = index.checked_sub(1) else { return false };
        let token = &tokens[before];
        let word = token.word.as_str();
        if NEGATIONS.contains(&word) && !token.pause {
            return true;
        }
        if matches!(word, "or" | "and" | "nor") || token.pause {
            let item = if token.pause { Some(before) } else { before.checked_sub(1) };
            let listed = item.is_some_and(|item| taken_back.contains(&item));
            return listed && (word != "and" || opened_by_without(tokens, before));
        }
        if !BETWEEN.contains(&word) {
            return false;
        }
        index = before;
    }
    false
}

/// "without x and y" leaves out both, and so does "no x and y"; "not x and y" may not.
fn opened_by_without(tokens: &[Token], at: usize) -> bool {
    let negation = tokens[..at].iter().rev().find(|t| NEGATIONS.contains(&t.word.as_str()));
    negation.is_some_and(|token| token.word == "without" || token.word == "no")
}
