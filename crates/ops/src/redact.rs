use std::borrow::Cow;

const BLANK: &str = "[redacted]";

/// Words that, as part of a key, make its value a secret.
const SECRET_WORDS: [&str; 9] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "authorization",
    "credential",
    "cookie",
    "privatekey",
];

/// Beginnings of values that are secrets wherever they stand.
const SECRET_PREFIXES: [&str; 8] =
    ["sk-", "pk-", "ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "AKIA"];

/// No vendor's key is shorter than this after its prefix.
const MIN_SECRET: usize = 12;

/// Blanks what must not be logged: values after secret-sounding keys (`password=…`,
/// `"api_key": "…"`), bearer and basic credentials, vendor keys by their prefix, and the user
/// part of URLs. Hashes and ids stay readable.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    let mut changed = false;
    while !rest.is_empty() {
        let (kept, secret) = next_secret(rest);
        out.push_str(kept);
        rest = &rest[kept.len()..];
        if secret > 0 {
            out.push_str(BLANK);
            rest = &rest[secret..];
            changed = true;
        }
    }
    if changed { Cow::Owned(out) } else { Cow::Borrowed(text) }
}

/// The text before the next secret, and the length of that secret (0 at the end).
fn next_secret(text: &str) -> (&str, usize) {
    let mut previous_is_word = false;
    for (at, c) in text.char_indices() {
        let here = &text[at..];
        if !previous_is_word && is_word(c) {
            let word: usize = here.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
            if let Some((skip, length)) = secret_at(here, word) {
                return (&text[..at + skip], length);
            }
        }
        if here.starts_with("://")
            && let Some(length) = user_part(&here[3..])
        {
            return (&text[..at + 3], length);
        }
        previous_is_word = is_word(c);
    }
    (text, 0)
}

/// Whether the word that begins here is a secret or names one: where the secret begins, and its
/// length.
fn secret_at(here: &str, word: usize) -> Option<(usize, usize)> {
    let is_vendor_key = SECRET_PREFIXES
        .iter()
        .any(|prefix| here.starts_with(prefix) && word >= prefix.len() + MIN_SECRET);
    if is_vendor_key {
        return Some((0, word));
    }
    let bare: String =
        here[..word].chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    if bare == "bearer" || bare == "basic" {
        let gap = here[word..].len() - here[word..].trim_start_matches(' ').len();
        let value = value_length(&here[word + gap..], " ,;\"'}]\n");
        return (gap > 0 && value >= MIN_SECRET).then_some((word + gap, value));
    }
    if !SECRET_WORDS.iter().any(|secret| bare.contains(secret)) {
        return None;
    }
    let after = here[word..].trim_start_matches(['"', '\'', '\\', ' ']);
    let after = after.strip_prefix([':', '='])?;
    let value = after.trim_start_matches([' ']);
    let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'');
    let value = value.trim_start_matches(['\\', '"', '\'']);
    let length = match quote {
        Some(quote) => value.find(quote).unwrap_or(value.len()),
        // An unquoted value ends with the line or the next field.
        None => value_length(value, ",;}]&\n"),
    };
    let length = if quote.is_none() && !bare.contains("authorization") {
        length.min(value_length(value, " ,;}]&\n"))
    } else {
        length
    };
    (length > 0 && !value.starts_with(BLANK)).then(|| (here.len() - value.len(), length))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn value_length(value: &str, ends: &str) -> usize {
    value.find(|c| ends.contains(c)).unwrap_or(value.len())
}

/// The length of `user:password` before an `@` in the authority of a URL.
fn user_part(authority: &str) -> Option<usize> {
    let end = value_length(authority, "/ ?#\"'\n");
    authority[..end].rfind('@').filter(|at| *at > 0)
}

#[cfg(test)]
mod tests {
    use super::redact;
    use proptest::prelude::proptest;

    #[test]
    fn planted_secrets_do_not_survive() {
        for (line, secret) in [
            ("key sk-ant-api03-AbCd_efGh-ijklMNOP", "AbCd_efGh"),
            (r#"{"headers":{"Authorization":"Bearer abcdef1234567890"}}"#, "abcdef1234567890"),
            ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNz"),
            (r#"{"db":{"password":"hunter2 with spaces"}}"#, "hunter2"),
            ("login failed: password=hunter2&user=x", "hunter2"),
            ("api_key = 'deadbeefcafe'", "deadbeefcafe"),
            ("x-api-key: 0123456789", "0123456789"),
            ("GET https://bob:hunter2@example.org/path", "hunter2"),
            (r#"caused by: "secret_token=\"s3cr3t\"""#, "s3cr3t"),
            ("Cookie: session=abc; theme=dark", "session=abc"),
        ] {
            let said = redact(line);
            assert!(!said.contains(secret), "{said}");
            assert!(said.contains("[redacted]"), "{said}");
        }
    }

    #[test]
    fn ordinary_lines_are_left_alone() {
        for line in [
            "master sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "id 0190f6a1-7c3e-7d2a-9b1f-3f0e5a6b7c8d stage mix 3.2 s",
            "tokens are counted; the secret of a good mix is silence",
            "see https://example.org/a@b",
        ] {
            assert_eq!(redact(line), line);
        }
    }

    proptest! {
        #[test]
        fn any_text_goes_through(text in ".{0,200}") {
            let once = redact(&text).into_owned();
            assert!(once.len() <= text.len() * 12 + 12);
        }
    }
}
