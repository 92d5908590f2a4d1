//! Whatever is asked, the server is never wrong: ids, limits, cursors and words of strangers.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::Config;
use serde_json::json;

use crate::api_house::{Server, With};

/// A part of a path or a query, as it is sent.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| format!("tr-{n}")),
        "(al|ar|pl|ro|fo|ge|xx)-[0-9]{1,20}",
        "[A-Za-z0-9_-]{1,60}",
        Just("' OR 1=1 --".to_owned()),
        Just("../../etc/passwd".to_owned()),
        Just("\u{0}".to_owned()),
    ]
}

#[test]
fn hostile_words_are_refused_and_never_break_anything() {
    let server = Server::furnished(With::Writing);
    let routes = [
        "tracks/{}",
        "tracks/{}/file",
        "tracks/{}/waveform",
        "tracks/{}/similar",
        "albums/{}/tracks",
        "artists/{}",
        "folders/{}",
        "covers/{}",
        "playlists/{}",
        "playlists/{}/entries",
        "jobs/{}",
        "songs/{}",
        "songs/{}/files/1",
        "songs/1/files/{}",
        "tracks?limit={}",
        "tracks?after={}",
        "tracks?order={}",
        "tracks?album={}",
        "tracks?genre={}",
        "tracks?favourite={}",
        "albums?order=year&after={}",
        "artists?after={}",
        "plays?after={}",
        "jobs?after={}",
        "songs?after={}",
        "search?q={}",
        "search?q=a&limit={}",
        "covers/tr-1?size={}",
        "duplicates?by={}",
        "duplicates?by=sound&from={}",
        "statistics/most-played?since={}",
        "sonic-path?from={}&to=tr-1",
        "unreadable?after={}",
        "tracks?{}=1",
        "audit?before={}",
    ];
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    proptest!(config, |(word in word())| {
        for route in routes {
            let path = format!("/api/v1/{}", route.replace("{}", &escaped(&word)));
            let answer = server.send(&server.admin, "GET", &path, &[], b"");
            assert!((200..500).contains(&answer.status), "{path}: {answer:?}");
            assert!(!answer.text_lossy().contains("SELECT"), "{path}");
        }
    });
}

#[test]
fn hostile_bodies_are_refused_and_never_break_anything() {
    let server = Server::furnished(With::Writing);
    let routes = [
        ("POST", "playlists"),
        ("PATCH", "playlists/pl-1"),
        ("POST", "playlists/preview"),
        ("PUT", "queue"),
        ("POST", "plays"),
        ("PUT", "ratings/tr-1"),
        ("PUT", "bookmarks/tr-1"),
        ("POST", "scan"),
        ("POST", "roots"),
        ("POST", "tags/preview"),
        ("POST", "tags/batches"),
        ("POST", "songs"),
        ("POST", "songs/1/versions"),
    ];
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    proptest!(config, |(text in any::<String>(), number in any::<i64>())| {
        let bodies = [
            text.clone(),
            json!(text).to_string(),
            json!([number]).to_string(),
            json!({ "name": text, "rules": { "all": [{ "is": { "title": text } }], "limit": number } }).to_string(),
            json!({ "tracks": [text], "current": number, "position_ms": number }).to_string(),
            json!({ "track": "tr-1", "outcome": "played", "at": number }).to_string(),
            json!({ "stars": number }).to_string(),
            json!({ "path": text }).to_string(),
            json!({ "position_ms": number, "comment": text }).to_string(),
            json!({ "sentence": text, "duration_seconds": number, "key": text, "genre": text }).to_string(),
            json!({ "edits": [{ "op": "move", "from": number, "to": 0 }] }).to_string(),
            json!({ "edits": [{ "track": "tr-1", "seen": text, "changes": { "title": [text] } }] }).to_string(),
        ];
        for (method, route) in routes {
            for body in &bodies {
                let path = format!("/api/v1/{route}");
                let json = [("content-type", "application/json")];
                let answer = server.send(&server.admin, method, &path, &json, body.as_bytes());
                assert!((200..500).contains(&answer.status), "{method} {path} {body}: {answer:?}");
            }
        }
    });
}

#[test]
fn what_is_not_known_is_refused_in_bodies_and_queries() {
    let server = Server::furnished(With::Writing);
    let paths = server.document["paths"].as_object().unwrap();
    let mut held = 0;
    for (path, methods) in paths {
        for (method, route) in methods.as_object().unwrap() {
            if !path.starts_with("/api/v1/") {
                continue;
            }
            let place = path.replace("{id}", "1").replace("{track}", "tr-1");
            let place =
                if path.contains("/playlists/{id}") { place.replace("/1", "/pl-1") } else { place };
            let place =
                ["tracks", "albums", "artists", "covers", "ratings", "favourites", "folders"]
                    .iter()
                    .fold(place, |place, kind| {
                        place.replace(&format!("{kind}/1"), &format!("{kind}/tr-1"))
                    });
            let has_query = route["parameters"]
                .as_array()
                .is_some_and(|all| all.iter().any(|p| p["in"] == "query"));
            if has_query && method == "get" {
                let answer = server.ask(&server.admin, "GET", &format!("{place}?nonsense=1"), None);
                let is_held = answer.status == 422 || (answer.status == 404 && path.contains('{'));
                assert!(is_held, "{method} {path}: {answer:?}");
                held += 1;
            }
            if route["requestBody"]["content"].get("application/json").is_some() {
                let body = Some(json!({ "nonsense": 1 }));
                let answer = server.ask(&server.admin, &method.to_ascii_uppercase(), &place, body);
                assert!(matches!(answer.status, 422 | 404), "{method} {path}: {answer:?}");
                held += 1;
            }
        }
    }
    assert!(held > 25, "{held}");
}
