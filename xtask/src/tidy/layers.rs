use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::workspace::{items, metadata, text};

/// Crates that another may use, in groups.
type Groups = &'static [&'static [&'static str]];

/// Who may use whom: the table of the design, crate by crate. A crate that is not here may not
/// exist; an arrow that is not here may not be drawn. Normal dependencies only.
const ALLOWED: [(&str, Groups); 28] = [
    // Words: no files, network, async, ambient time or randomness.
    ("fault", &[]),
    ("clock", &[]),
    ("figure", &[]),
    ("audio", &[GROUND]),
    ("score", &[GROUND]),
    ("market", &[GROUND]),
    // Engines: words only, never each other.
    ("audio-file", &[SOUND_WORDS]),
    ("mastering", &[SOUND_WORDS]),
    ("instruments", &[SOUND_WORDS]),
    ("compose", &[SOUND_WORDS]),
    ("journal", &[GROUND, &["market"]]),
    ("trading", &[GROUND, &["market"]]),
    ("matching", &[GROUND, &["market"]]),
    ("store", &[GROUND]),
    // Around a process: the ground alone, so that both sides may stand on it.
    ("ops", &[GROUND]),
    // Drivers: words, engines, what surrounds a process; never each other.
    ("studio", &[SOUND_WORDS, SONG_ENGINES, &["ops", "store"]]),
    ("backtest", &[MONEY_WORDS, MONEY_ENGINES, &["ops"]]),
    ("venues", &[MONEY_WORDS, MONEY_ENGINES, &["ops"]]),
    ("library", &[SOUND_WORDS, SONG_ENGINES, &["ops", "store"]]),
    ("listening", &[SOUND_WORDS, SONG_ENGINES]),
    // The edge: what answers over HTTP.
    ("gateway", &[GROUND, &["ops", "store"]]),
    (
        "server",
        &[
            SOUND_WORDS,
            SONG_ENGINES,
            &["ops", "store", "studio", "library", "listening", "gateway"],
        ],
    ),
    // Executables: their own side.
    ("aether", &[SOUND_WORDS, SONG_ENGINES, &["ops", "studio"]]),
    (
        "auralis",
        &[SOUND_WORDS, SONG_ENGINES, &["ops", "store", "studio", "library", "gateway", "server"]],
    ),
    ("aegis", &[MONEY_WORDS, MONEY_ENGINES, &["ops", "backtest", "venues"]]),
    ("testkit", &[]),
    // The benchmark and the fuzz targets run what they measure and attack.
    ("xtask", &[SOUND_WORDS, SONG_ENGINES, MONEY_WORDS, MONEY_ENGINES, &["journal", "backtest"]]),
    (
        "fuzz",
        &[
            SOUND_WORDS,
            SONG_ENGINES,
            MONEY_WORDS,
            &["studio", "journal", "backtest", "library", "gateway", "server"],
        ],
    ),
];

const GROUND: &[&str] = &["fault", "clock"];
const SOUND_WORDS: &[&str] = &["fault", "clock", "figure", "audio", "score"];
const SONG_ENGINES: &[&str] = &["audio-file", "mastering", "instruments", "compose"];
const MONEY_ENGINES: &[&str] = &["trading", "matching", "journal"];
const MONEY_WORDS: &[&str] = &["fault", "clock", "figure", "market"];

/// Compares the table with what cargo sees.
pub(super) fn check() -> Result<Vec<String>> {
    let metadata = metadata()?;
    let members: BTreeSet<&str> = items(&metadata["workspace_members"]).iter().map(text).collect();
    let table: BTreeMap<&str, Groups> = ALLOWED.into_iter().collect();
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
            if !allowed.iter().any(|group| group.contains(&dependency)) {
                broken.push(format!(
                    "{name} uses {dependency}: the table of layers has no such arrow"
                ));
            }
        }
    }
    Ok(broken)
}
