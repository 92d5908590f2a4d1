use crate::Error;

/// No name that people use is longer, in characters.
const MAX_CHARS: usize = 64;
const ACCEPTED: &str = "1 to 64 letters, digits and . _ - @, a letter or digit first";

/// The name of an account: compared without case, and written one way only.
///
/// Letters are those of alphabets in which no two accepted sequences are the same text to Unicode
/// (canonically equivalent), so that nobody can take a name that looks the same byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    shown: String,
    folded: String,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for any other character and length.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = Error::Invalid { field: "name", accepted: ACCEPTED };
        let is_accepted = |c: char| is_letter(c) || matches!(c, '.' | '_' | '-' | '@');
        let begins = text.chars().next().is_some_and(is_letter);
        // The length is asked first: a body of a megabyte is not walked for it.
        if !begins || text.len() > MAX_CHARS * 4 || text.chars().count() > MAX_CHARS {
            return Err(refused);
        }
        if !text.chars().all(is_accepted) {
            return Err(refused);
        }
        Ok(Self { shown: text.to_owned(), folded: text.to_lowercase() })
    }

    /// As its owner writes it.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// As it is compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// Letters and digits of blocks whose characters do not compose with one another.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        && matches!(c,
            '0'..='z'
            | '\u{c0}'..='\u{24f}'      // Latin
            | '\u{370}'..='\u{3ff}'     // Greek
            | '\u{400}'..='\u{52f}'     // Cyrillic
            | '\u{5d0}'..='\u{5ea}'     // Hebrew
            | '\u{621}'..='\u{64a}'     // Arabic
            | '\u{e01}'..='\u{e30}'     // Thai consonants and the first vowels
            | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' // kana without sound marks of their own
            | '\u{4e00}'..='\u{9fff}'   // Han
            | '\u{ac00}'..='\u{d7a3}') // Hangul
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn a_name_is_written_one_way() {
        for accepted in ["a", "Anna", "müller", "j.s.bach@leipzig", "Ёлка", "山田", "서연", "7of9"]
        {
            assert!(Name::parse(accepted).is_ok(), "{accepted}");
        }
        let decomposed = "mu\u{308}ller";
        let too_long = "a".repeat(65);
        for refused in
            ["", " a", "a b", ".a", "a\u{0}", decomposed, "\u{212b}", "a/b", "\u{1100}", &too_long]
        {
            assert!(Name::parse(refused).is_err(), "{refused:?}");
        }
        assert_eq!(
            Name::parse("MÜLLER").unwrap().folded(),
            Name::parse("müller").unwrap().folded()
        );
    }
}
