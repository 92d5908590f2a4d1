//! What a request says besides its parameters: which method, which client.

use super::Parameters;

/// What every path of the protocol begins with.
const ROOT: &str = "/rest/";

/// Clients name themselves in a word or two; the name becomes that of a player.
const LONGEST_CLIENT: usize = 64;

/// The method a path asks for, with or without `.view`; none where the path is not of the
/// protocol. Whether there is such a method says [`super::catalogue::method`].
pub fn method(path: &str) -> Option<&str> {
    let name = path.strip_prefix(ROOT)?;
    let name = name.strip_suffix(".view").unwrap_or(name);
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Whether a body of this content type is a form that adds to the parameters.
pub fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The client's name, cut to 64 characters and without control characters; "unknown" where it does
/// not say one, as old clients and people with a browser do not.
pub fn client(parameters: &Parameters) -> String {
    let name: String = parameters
        .first("c")
        .unwrap_or_default()
        .chars()
        .filter(|char| !char.is_control())
        .take(LONGEST_CLIENT)
        .collect();
    let name = name.trim();
    if name.is_empty() { "unknown".to_owned() } else { name.to_owned() }
}
