//! What is written and read keeps to its schema, and the schema notices what does not.

use std::fs;
use std::path::Path;

use compose::Brief;
use serde_json::{Value, json};
use studio::genre::{Genre, Genres};
use studio::schema::{NAMES, named};

use crate::song;

fn errors(schema: &str, instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&named(schema).unwrap()).unwrap();
    validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// The instance is valid; each change makes it one that is not.
fn check(schema: &str, instance: &Value, changes: &[(&str, Value)]) {
    assert_eq!(errors(schema, instance), [""; 0], "{schema}");
    for (pointer, value) in changes {
        let mut broken = instance.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        parent.insert(key.to_owned(), value.clone());
        assert!(!errors(schema, &broken).is_empty(), "{schema}: {pointer} may be {value}");
    }
    for key in instance.as_object().unwrap().keys().filter(|key| *key == "schema") {
        let mut broken = instance.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(!errors(schema, &broken).is_empty(), "{schema}: {key} may be missing");
    }
}

fn json_file(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_report_and_a_recipe_keep_to_their_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("song");
    song("rainy lo-fi with a zither, 80 bpm", 3, &out);
    check(
        "report",
        &json_file(&out.join("report.json")),
        &[
            ("/schema", json!(2)),
            ("/passed", json!("yes")),
            ("/mood", json!("sad")),
            ("/song/bpm", json!("fast")),
            ("/song/seed", json!(-1)),
        ],
    );
    check(
        "recipe",
        &json_file(&out.join("recipe.json")),
        &[("/schema", json!(0)), ("/files/song.mid", json!(1)), ("/ask/sentence", json!(null))],
    );
}

#[test]
fn a_brief_keeps_to_its_schema() {
    let genres = Genres::embedded().unwrap().names();
    for sentence in [
        "calm",
        "dark 80s synthwave in D dorian, 3/4, 100 bpm, two minutes, builds up, no drums, only bass",
        "a slow sad jazz ballad called \"Late\" with a tenor sax and no piano, half time, zither",
    ] {
        let brief = serde_json::to_value(Brief::read(sentence, &genres).unwrap()).unwrap();
        let changes = [
            ("/schema", json!("1")),
            ("/moods", json!(["hungry"])),
            ("/pace", json!("fastest")),
            ("/absent", json!([{ "role": "singer" }])),
            ("/colour", json!("blue")),
        ];
        check("brief", &brief, &changes);
    }
}

#[test]
fn every_genre_file_keeps_to_its_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/genres");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        Genre::parse(&path.display().to_string(), &text).unwrap();
        let file: Value =
            serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
        let changes = [
            ("/schema", json!(99)),
            ("/speed", json!(1)),
            ("/style/tempo/low", json!("slow")),
            ("/style/parts", json!([{ "name": "x" }])),
            ("/mix/room", json!(null)),
            ("/patches", json!({ "a": { "kind": "kazoo" } })),
        ];
        check("genre", &file, &changes);
        read += 1;
    }
    assert!(read >= 6, "{read} genre files");
}

#[test]
fn every_schema_has_a_versioned_name_and_says_what_it_is_of() {
    for name in NAMES {
        let schema = named(name).unwrap();
        let id = schema["$id"].as_str().unwrap();
        assert_eq!(id, format!("https://triad.invalid/schema/{name}-1.json"));
        assert_eq!(schema["title"], format!("Triad {name}, version 1"));
        assert!(schema["description"].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        jsonschema::meta::validate(&schema).unwrap();
    }
    assert!(named("song").is_none());
}
