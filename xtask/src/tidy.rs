//! Rules of the house that no compiler checks.

mod layers;
mod walks;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace::{files, root};

/// A file with more lines is more than one idea.
const MAX_LINES: usize = 600;
/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "prelude"];

/// Checks every rule and names each place that breaks one.
pub(crate) fn run() -> Result<()> {
    let mut broken = layers::check()?;
    broken.extend(walks::check()?);
    for file in files()? {
        broken.extend(check_name(&file));
        if file.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(root().join(&file))?;
            broken.extend(check_source(&file, &text));
        }
    }
    if broken.is_empty() {
        crate::say("tidy: layers, charters, walks, names and sizes are in order");
        return Ok(());
    }
    bail!("tidy:\n  {}", broken.join("\n  "))
}

fn check_name(file: &Path) -> Option<String> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_source = file.extension().is_some_and(|e| e == "rs" || e == "ts" || e == "svelte");
    if stem == "mod" && is_source {
        return Some(format!("{}: foo.rs + foo/ instead of mod.rs", file.display()));
    }
    let empty = is_source && EMPTY_NAMES.contains(&stem.as_str());
    empty.then(|| format!("{}: name what is in it", file.display()))
}

fn check_source(file: &Path, text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        broken.push(format!("{}: {lines} lines, at most {MAX_LINES}", file.display()));
    }
    // Spelled in two halves, so that this line is not one.
    for marker in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")] {
        if text.contains(marker) {
            broken.push(format!("{}: {marker}: finish it or file it", file.display()));
        }
    }
    if is_crate_root(file) {
        broken.extend(check_charter(file, text));
    }
    broken
}

/// Of a crate of the house: an example is its reader's own.
fn is_crate_root(file: &Path) -> bool {
    let is_root = file.ends_with("src/lib.rs") || file.ends_with("src/main.rs");
    is_root && !file.components().any(|part| part.as_os_str() == "examples")
}

/// A crate opens by saying what it holds and what it must never know.
fn check_charter(file: &Path, text: &str) -> Vec<String> {
    let charter: String = text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| line.trim_start_matches("//!").trim())
        .collect::<Vec<_>>()
        .join(" ");
    ["Holds:", "Must never know:"]
        .into_iter()
        .filter(|part| !charter.contains(part))
        .map(|part| format!("{}: the charter lacks \"{part}\"", file.display()))
        .collect()
}
