use std::path::Path;

use clock::Seed;
use compose::{Brief, GenreName, Plan, Style, compose};
use fault::Cancel;
use score::Score;

pub(crate) const IDS: [&str; 6] =
    ["lo-fi-hip-hop", "house", "synthwave", "jazz", "rock", "cinematic"];

/// The programs that the embedded bank has.
const BANK: [u8; 42] = [
    0, 4, 5, 8, 9, 11, 12, 14, 16, 18, 24, 25, 26, 27, 28, 29, 30, 32, 33, 34, 35, 36, 40, 42, 43,
    44, 45, 46, 47, 48, 49, 52, 56, 57, 60, 61, 65, 66, 68, 70, 71, 73,
];
const KITS: [u8; 6] = [0, 8, 16, 32, 40, 48];

pub(crate) fn style(id: &str) -> Style {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/genres");
    let text = std::fs::read_to_string(assets.join(format!("{id}.toml"))).unwrap();
    let file: toml::Value = toml::from_str(&text).unwrap();
    file["style"].clone().try_into().unwrap()
}

pub(crate) fn names() -> Vec<GenreName> {
    IDS.iter().map(|id| style(id).genre_name()).collect()
}

pub(crate) fn plan(style: &Style, sentence: &str, seed: u64) -> Plan {
    let brief = Brief::read(sentence, &names()).unwrap();
    Plan::new(&brief, style, Seed(seed)).unwrap()
}

pub(crate) fn song(style: &Style, sentence: &str, seed: u64) -> (Plan, Score) {
    let plan = plan(style, sentence, seed);
    let score = compose(&plan, style, Seed(seed), &Cancel::new()).unwrap();
    (plan, score)
}

#[test]
fn every_genre_file_is_sound_and_plays_what_the_bank_has() {
    for id in IDS {
        let style = style(id);
        assert_eq!(style.id, id);
        for part in &style.parts {
            let known: &[u8] = match part.role {
                score::Role::Drums | score::Role::Percussion => &KITS,
                _ => &BANK,
            };
            let programs = part.alternatives.iter().chain([&part.program]);
            for program in programs.map(|program| program.number()) {
                assert!(known.contains(&program), "{id}: {} {program}", part.name);
            }
        }
    }
}

/// A whole genre file, with the tables that other engines own left as they are.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct GenreFile {
    schema: u32,
    style: Style,
    #[serde(default, rename = "patches")]
    _patches: std::collections::BTreeMap<String, toml::Value>,
    #[serde(default, rename = "mix")]
    _mix: Option<toml::Value>,
    #[serde(default, rename = "master")]
    _master: Option<toml::Value>,
}

#[test]
fn a_style_is_one_table_of_a_genre_file() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/genres");
    for id in IDS {
        let text = std::fs::read_to_string(assets.join(format!("{id}.toml"))).unwrap();
        let file: GenreFile = toml::from_str(&text).unwrap();
        assert_eq!((file.schema, file.style.id.as_str()), (1, id));
    }
}

#[test]
fn a_broken_genre_file_is_refused_with_the_name_of_the_table() {
    let check = |from: &str, to: &str, expected: &str| {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/genres/jazz.toml");
        let text = std::fs::read_to_string(assets).unwrap();
        assert!(text.contains(from), "{from}");
        let file: toml::Value = toml::from_str(&text.replacen(from, to, 1)).unwrap();
        let error = Style::deserialize_from(file["style"].clone()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    check("swing = 66", "swing = 80", "groove.swing");
    check("\"eighth\"", "\"eighths\"", "eighths");
    check("ritardando = true", "rallentando = true", "rallentando");
    check("ride = \"x...", "rode = \"x...", "rode");
    check("ride = \"x...", "ride = \"y...", "ride");
    check("ii V | iii", "ii Q | iii", "Q");
    check("low = 66", "low = 366", "tempo");
    check("bars = 4", "bars = 5", "forms");
    check("range = [28, 55]", "range = [55, 28]", "range");
}

trait DeserializeFrom: Sized {
    fn deserialize_from(value: toml::Value) -> Result<Self, String>;
}

impl DeserializeFrom for Style {
    fn deserialize_from(value: toml::Value) -> Result<Self, String> {
        value.try_into().map_err(|error: toml::de::Error| error.to_string())
    }
}
