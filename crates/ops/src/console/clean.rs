//! What is said quotes what people typed and files hold. Control characters in it could move the
//! cursor, colour or retitle a terminal, or hide the rest of a line.

use std::borrow::Cow;

/// Text on one line: control characters, line ends and tabs among them, become spaces.
pub(super) fn one_line(text: &str) -> String {
    pieces(text, char::is_control).join(" ")
}

/// Text as it is but for control characters other than line ends and tabs, which are left out.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(is_hidden) {
        Cow::Owned(pieces(text, is_hidden).concat())
    } else {
        Cow::Borrowed(text)
    }
}

/// What stands between characters that are not said.
fn pieces(text: &str, is_hidden: fn(char) -> bool) -> Vec<&str> {
    text.split(is_hidden).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{one_line, printable};

    #[test]
    fn nothing_that_is_said_reaches_into_the_terminal() {
        let text = "a\u{1b}[2J\u{7}b\r\n\tc\u{9b}31md\u{7f}";
        assert_eq!(printable(text), "a[2Jb\n\tc31md");
        assert_eq!(one_line(text), "a [2J b c 31md");
        assert!(matches!(printable("Zürich\n\t1"), Cow::Borrowed("Zürich\n\t1")));
    }
}
