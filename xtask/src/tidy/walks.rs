use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;

use crate::workspace::{files, root};

/// Every `krate::…::name` in backticks in docs/walks must be a name that the crate defines.
pub(super) fn check() -> Result<Vec<String>> {
    let files = files()?;
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs")) {
        let mut parts = file.components().map(|c| c.as_os_str().to_string_lossy());
        let (Some(top), Some(name)) = (parts.next(), parts.next()) else { continue };
        if top == "crates" || top == "apps" {
            let text = fs::read_to_string(root().join(file))?;
            sources.entry(name.replace('-', "_")).or_default().push_str(&text);
        }
    }
    let mut broken = Vec::new();
    for walk in files.iter().filter(|file| file.starts_with("docs/walks")) {
        let text = fs::read_to_string(root().join(walk))?;
        for path in text.split('`').skip(1).step_by(2).filter(|code| code.contains("::")) {
            if !is_defined(path, &sources) {
                broken.push(format!("{}: `{path}` does not exist", walk.display()));
            }
        }
    }
    Ok(broken)
}

fn is_defined(path: &str, sources: &BTreeMap<String, String>) -> bool {
    let mut parts = path.split("::");
    let (Some(krate), Some(name)) = (parts.next(), parts.last()) else { return false };
    let Some(source) = sources.get(krate) else { return false };
    ["fn", "struct", "enum", "trait", "const", "type", "mod"].iter().any(|kind| {
        source.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
            let next = source[at + found.len()..].chars().next();
            !next.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    })
}
