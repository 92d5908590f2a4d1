/// The value of a cookie in the `Cookie` headers of a request. None when it is there twice: one of
/// them was set by somebody else. Names are compared exactly; values are letters and digits.
pub fn cookie<'a>(headers: impl Iterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    let mut values = headers
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='))
        .filter(|(said, _)| *said == name)
        .map(|(_, value)| value);
    let value = values.next()?;
    let is_token = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_token && values.next().is_none()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::cookie;

    #[test]
    fn a_cookie_is_found_by_its_exact_name_and_once() {
        let find = |header| cookie([header].into_iter(), "s");
        assert_eq!(find("s=abc"), Some("abc"));
        assert_eq!(find("a=1; s=abc; ss=2"), Some("abc"));
        for none in ["", "s", "s=", "S=abc", "s=a; s=b", "s=a; s=a", "s=a b", "s=\"a\"", "xs=a"] {
            assert_eq!(find(none), None, "{none}");
        }
    }
}
