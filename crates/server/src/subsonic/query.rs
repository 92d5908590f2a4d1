//! What a client searches for.

use super::{Failure, Parameters};

/// In characters; titles are shorter, and what is longer costs the index more than it finds.
const LONGEST: usize = 200;

/// A search as clients mean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// The whole library: how clients copy it, page by page.
    Everything,
    /// What is to be found, trimmed and not empty.
    Text(String),
}

/// Reads `query`. Clients write `""`, two literal quotes, for everything, and put quotes around or
/// an asterisk after what they look for, as the first server's index wanted: one surrounding pair
/// of quotes and one asterisk at the end are dropped. No `query` is everything, too.
///
/// # Errors
/// Code 0 for more than 200 characters.
pub fn query(parameters: &Parameters) -> Result<Query, Failure> {
    let text = normalised(parameters.first("query").unwrap_or_default());
    if text.chars().count() > LONGEST {
        return Err(Failure::invalid("query"));
    }
    Ok(if text.is_empty() { Query::Everything } else { Query::Text(text.to_owned()) })
}

fn normalised(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_suffix('*').unwrap_or(text).trim_end();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn one_pair_of_quotes_and_one_asterisk_are_dropped() {
        for (raw, text) in [
            ("", ""),
            ("\"\"", ""),
            (" \"\" ", ""),
            ("*", ""),
            ("\"abba gold\"", "abba gold"),
            ("\"\"abba\"\"", "\"abba\""),
            ("abba*", "abba"),
            ("\"abba\"*", "abba"),
            ("\"", "\""),
            ("12\" mix", "12\" mix"),
        ] {
            assert_eq!(normalised(raw), text, "{raw}");
        }
    }
}
