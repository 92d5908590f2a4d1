use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::workspace::{items, metadata, text};

/// Who may use whom: the table of the design, crate by crate. A crate that is not here may not
/// exist; an arrow that is not here may not be drawn. Normal dependencies only.
const ALLOWED: [(&str, &[&str]); 17] = [
    // Words: no files, network, async, ambient time or randomness.
    ("fault", &[]),
    ("clock", &[]),
    ("figure", &[]),
    ("audio", &["fault", "clock"]),
    ("score", &["fault", "clock"]),
    ("market", &["fault", "clock"]),
    // Engines: words only, never each other.
    ("audio-file", WORDS),
    ("mastering", WORDS),
    ("instruments", WORDS),
    ("compose", WORDS),
    ("trading", &["fault", "clock", "market"]),
    // Around a process: words only.
    ("ops", WORDS),
    // Drivers: words, engines, what surrounds a process; never each other.
    (
        "studio",
        &[
            "fault",
            "clock",
            "figure",
            "audio",
            "score",
            "audio-file",
            "mastering",
            "instruments",
            "compose",
            "ops",
        ],
    ),
    // Executables: their own side.
    (
        "aether",
        &[
            "fault",
            "clock",
            "figure",
            "audio",
            "score",
            "audio-file",
            "mastering",
            "instruments",
            "compose",
            "ops",
            "studio",
        ],
    ),
    ("testkit", &[]),
    // The benchmark runs what it measures.
    ("xtask", &["fault", "clock", "audio", "score", "audio-file", "mastering", "instruments"]),
    (
        "fuzz",
        &[
            "audio",
            "audio-file",
            "clock",
            "compose",
            "fault",
            "instruments",
            "market",
            "score",
            "studio",
        ],
    ),
];

const WORDS: &[&str] = &["fault", "clock", "figure", "audio", "score"];

/// Compares the table with what cargo sees.
pub(super) fn check() -> Result<Vec<String>> {
    let metadata = metadata()?;
    let members: BTreeSet<&str> = items(&metadata["workspace_members"]).iter().map(text).collect();
    let table: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut broken = Vec::new();
    let ours = items(&metadata["packages"]).iter().filter(|p| members.contains(text(&p["id"])));
    let packages: Vec<_> = ours.collect();
    let names: BTreeSet<&str> = packages.iter().map(|package| text(&package["name"])).collect();
    for package in packages {
        let name = text(&package["name"]);
        let Some(allowed) = table.get(name) else {
            broken.push(format!("crate {name} is not in the table of layers"));
            continue;
        };
        let normal = items(&package["dependencies"]).iter().filter(|d| d["kind"].is_null());
        for dependency in normal.map(|d| text(&d["name"])).filter(|d| names.contains(d)) {
            if !allowed.contains(&dependency) {
                broken.push(format!(
                    "{name} uses {dependency}: the table of layers has no such arrow"
                ));
            }
        }
    }
    Ok(broken)
}
