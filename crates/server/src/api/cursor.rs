//! Where a page of a list ended, as a word that clients give back and need not understand.
//!
//! The word is base64url over the JSON list of the values its last thing is sorted by.

use gateway::Problem;
use library::catalogue::keyset::{Part, Place};
use serde_json::Value;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The longest sort key is a title, and titles are bounded by what is read of a file.
const MAX_WORD: usize = 16 << 10;
/// Values of the longest order.
const MAX_PARTS: usize = 4;

/// The word for a place.
pub(super) fn word(place: &Place) -> String {
    let parts = place.0.iter().map(|part| match part {
        Part::Whole(number) => Value::from(*number),
        Part::Text(text) => Value::from(text.as_str()),
        Part::Nothing => Value::Null,
    });
    encode(Value::from_iter(parts).to_string().as_bytes())
}

/// The place a word stands for.
pub(super) fn place(word: &str) -> Result<Place, Problem> {
    let refused = || Problem::invalid("after", "the next of the page before");
    let bytes = decode(word).ok_or_else(refused)?;
    let Ok(Value::Array(values)) = serde_json::from_slice(&bytes) else { return Err(refused()) };
    if values.is_empty() || values.len() > MAX_PARTS {
        return Err(refused());
    }
    let parts = values.into_iter().map(|value| match value {
        Value::Null => Ok(Part::Nothing),
        Value::String(text) => Ok(Part::Text(text)),
        Value::Number(number) => number.as_i64().map(Part::Whole).ok_or_else(refused),
        _ => Err(refused()),
    });
    parts.collect::<Result<_, _>>().map(Place)
}

/// The place a query names, if it names one.
pub(super) fn asked(word: Option<&str>) -> Result<Option<Place>, Problem> {
    word.map(place).transpose()
}

/// A word for a list that is sorted by number alone.
pub(super) fn of_number(number: i64) -> String {
    word(&Place(vec![Part::Whole(number)]))
}

/// The number behind such a word.
pub(super) fn number(word: Option<&str>) -> Result<Option<i64>, Problem> {
    match asked(word)? {
        None => Ok(None),
        Some(place) => match place.0.as_slice() {
            [Part::Whole(number)] => Ok(Some(*number)),
            _ => Err(Problem::invalid("after", "the next of the page before")),
        },
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut word = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let joined = three.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let joined = joined << (8 * (3 - three.len()));
        for digit in 0..=three.len() {
            let index = joined >> (18 - 6 * digit) & 63;
            word.push(char::from(DIGITS[index as usize]));
        }
    }
    word
}

/// The bytes; nothing for what [`encode`] would not have written.
fn decode(word: &str) -> Option<Vec<u8>> {
    if word.is_empty() || word.len() > MAX_WORD {
        return None;
    }
    let mut bytes = Vec::with_capacity(word.len() / 4 * 3 + 2);
    for four in word.as_bytes().chunks(4) {
        let value = |digit: &u8| DIGITS.iter().position(|one| one == digit);
        let joined =
            four.iter().try_fold(0_u32, |all, digit| Some(all << 6 | value(digit)? as u32))?;
        let joined = joined << (6 * (4 - four.len()));
        let count = four.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend((joined << 8).to_be_bytes().iter().take(count));
    }
    (encode(&bytes) == word).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Part, Place, decode, encode, number, of_number, place, word};
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn a_place_comes_back_from_its_word(text in any::<String>(), whole in any::<i64>()) {
            let there = Place(vec![Part::Text(text), Part::Nothing, Part::Whole(whole)]);
            prop_assert_eq!(place(&word(&there)).unwrap(), there);
            prop_assert_eq!(number(Some(&of_number(whole))).unwrap(), Some(whole));
        }

        #[test]
        fn any_bytes_have_one_word(bytes in proptest::collection::vec(any::<u8>(), 1..64)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_is_a_word_or_refused(text in any::<String>()) {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text.clone());
            }
            prop_assert!(place(&text).is_ok() || place(&text).is_err());
        }
    }
}
