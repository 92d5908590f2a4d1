//! Where a file of a playlist says a track is.

/// Bytes of a path that would not come back from a line as they are, but do from a URL.
const SIGN: u8 = b'%';

/// Where a track is said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Names of folders and of the file, whatever they stood below.
    Path(Vec<String>),
    /// An address on a network: nothing of a collection.
    Elsewhere(String),
}

impl Place {
    /// Reads a line of a file in a folder of a root: a path of any system, or a `file:` URL.
    pub(super) fn read(folder: &str, line: &str) -> Self {
        if let Some(rest) = file_url(line) {
            // What follows "//" is the machine, or nothing.
            let path = match rest.strip_prefix("//") {
                Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
                None => rest,
            };
            return Self::Path(names(&decoded(path)));
        }
        if let Some((scheme, _)) = line.split_once("://")
            && !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        {
            return Self::Elsewhere(line.to_owned());
        }
        let path = line.replace('\\', "/");
        let has_drive = path.get(1..3) == Some(":/");
        let begins = path.starts_with('/') || has_drive || folder.is_empty();
        Self::Path(names(&if begins { path } else { format!("{folder}/{path}") }))
    }

    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Self::Path(names) => names.join("/"),
            Self::Elsewhere(address) => address.clone(),
        }
    }
}

/// A path below a root as a line that [`Place::read`] reads back: as it is where that can be, behind
/// "./" where its first sign would mean something, as a URL where it has signs that end or change a
/// line.
pub(super) fn written(path: &str) -> String {
    let is_plain = !path.contains(|sign: char| sign.is_control() || sign == '\\');
    if !is_plain || path.trim() != path {
        return format!("file:{}", encoded(path));
    }
    if path.starts_with('#') || path.contains("://") || file_url(path).is_some() {
        return format!("./{path}");
    }
    path.to_owned()
}

fn file_url(line: &str) -> Option<&str> {
    let scheme = line.get(..5)?;
    scheme.eq_ignore_ascii_case("file:").then(|| line.get(5..)).flatten()
}

/// The names of a path. "." and ".." are followed; what leads out of it leads nowhere.
fn names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name.to_owned()),
        }
    }
    names
}

fn encoded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A sign that is no "%" and two digits stays as it is.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == SIGN).then(|| text.get(at + 1..at + 3)).flatten();
        let code = code.filter(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(code) => {
                decoded.push(code);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
