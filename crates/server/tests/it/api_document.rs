//! What the API says of itself.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::api_house::{Server, With};

#[test]
fn the_description_is_the_one_that_was_read() {
    let server = Server::empty(With::Nothing);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let text = serde_json::to_string_pretty(&server.document).unwrap();
    testkit::golden(&path, &format!("{text}\n"));
}

#[test]
fn every_route_says_what_it_is_for_who_may_and_what_goes_wrong() {
    let server = Server::empty(With::Nothing);
    let mut operations = BTreeSet::new();
    for (path, methods) in server.document["paths"].as_object().unwrap() {
        for (method, route) in methods.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(route["summary"].is_string() || route["description"].is_string(), "{name}");
            assert!(operations.insert(route["operationId"].to_string()), "{name}");
            let responses = route["responses"].as_object().unwrap();
            let is_open = route.get("security").is_none();
            assert!(is_open || responses.contains_key("401"), "{name}");
            assert!(!path.contains('{') || is_open || responses.contains_key("404"), "{name}");
        }
    }
}

#[test]
fn every_schema_that_is_named_is_there() {
    let server = Server::empty(With::Nothing);
    let mut named = Vec::new();
    references(&server.document, &mut named);
    assert!(!named.is_empty());
    for name in named {
        let pointer = name.trim_start_matches('#');
        assert!(server.document.pointer(pointer).is_some(), "{name}");
    }
}

fn references(value: &Value, named: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(name) if key == "$ref" => named.push(name.clone()),
                    value => references(value, named),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, named)),
        _ => {}
    }
}
