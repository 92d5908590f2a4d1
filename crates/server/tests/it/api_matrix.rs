//! Who may what: every route of the whole description, for nobody, somebody else, an admin and the
//! owner of the things it speaks of.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::json;

use crate::api_flows::track;
use crate::api_house::{Server, With};
use crate::api_songs::composed;

/// A method, a route with the names of things in it, what follows it, a body, and the answers to
/// nobody, a listener, an admin, and the listener whose things they are: asked in this order.
type Row = (&'static str, &'static str, &'static str, &'static str, [u16; 4]);

const ALL: [u16; 4] = [200; 4];
const READ: [u16; 4] = [401, 200, 200, 200];
const DONE: [u16; 4] = [401, 204, 204, 204];
/// Of a thing that is its owner's alone: nobody else sees it, an admin neither.
const OWN: [u16; 4] = [401, 404, 404, 200];
const OWN_DONE: [u16; 4] = [401, 404, 404, 204];
const ADMIN: [u16; 4] = [401, 403, 200, 403];
const NO_KEY: [u16; 4] = [401, 403, 403, 403];
const ABSENT: [u16; 4] = [401, 404, 404, 404];

/// What the shell has.
const SHELL: [Row; 23] = [
    ("GET", "/api/v1/setup", "", "", ALL),
    ("POST", "/api/v1/setup", "", r#"{"token":"0","name":"a","password":"0123456789"}"#, [409; 4]),
    ("POST", "/api/v1/login", "", r#"{"name":"a","password":"b"}"#, [401; 4]),
    ("POST", "/api/v1/logout", "", "", NO_KEY),
    ("GET", "/api/v1/session", "", "", READ),
    ("POST", "/api/v1/password", "", r#"{"old":"a","new":"0123456789"}"#, NO_KEY),
    ("GET", "/api/v1/sessions", "", "", READ),
    ("DELETE", "/api/v1/sessions/{id}", "", "", ABSENT),
    ("GET", "/api/v1/keys", "", "", READ),
    ("POST", "/api/v1/keys", "", r#"{"name":"a"}"#, NO_KEY),
    ("DELETE", "/api/v1/keys/{id}", "", "", ABSENT),
    ("GET", "/api/v1/users", "", "", ADMIN),
    (
        "POST",
        "/api/v1/users",
        "",
        r#"{"name":"Bert","password":"0123456789","role":"admin"}"#,
        [401, 403, 409, 403],
    ),
    ("GET", "/api/v1/users/{id}", "", "", [401, 403, 404, 403]),
    ("PATCH", "/api/v1/users/{id}", "", r#"{"role":"admin"}"#, [401, 403, 404, 403]),
    ("DELETE", "/api/v1/users/{id}", "", "", [401, 403, 404, 403]),
    ("GET", "/api/v1/audit", "", "", ADMIN),
    ("GET", "/healthz", "", "", ALL),
    ("GET", "/health", "", "", ALL),
    ("GET", "/readyz", "", "", ALL),
    ("GET", "/ready", "", "", ALL),
    ("GET", "/metrics", "", "", ALL),
    ("GET", "/api/v1/openapi.json", "", "", ALL),
];

/// What is there.
const BROWSING: [Row; 24] = [
    ("GET", "/api/v1/tracks", "", "", READ),
    ("GET", "/api/v1/tracks/{id}", "", "", READ),
    ("GET", "/api/v1/tracks/{id}/file", "", "", READ),
    ("GET", "/api/v1/tracks/{id}/waveform", "", "", ABSENT),
    ("GET", "/api/v1/tracks/{id}/lyrics", "", "", ABSENT),
    ("GET", "/api/v1/tracks/{id}/loudness", "", "", ABSENT),
    ("GET", "/api/v1/tracks/{id}/similar", "", "", ABSENT),
    ("GET", "/api/v1/tracks/{id}/plan", "?preset=warm", "", READ),
    ("GET", "/api/v1/sonic-path", "?from=tr-1&to=tr-2", "", ABSENT),
    ("GET", "/api/v1/albums", "", "", READ),
    ("GET", "/api/v1/albums/{id}", "", "", READ),
    ("GET", "/api/v1/albums/{id}/tracks", "", "", READ),
    ("GET", "/api/v1/artists", "", "", READ),
    ("GET", "/api/v1/artists/{id}", "", "", READ),
    ("GET", "/api/v1/artists/{id}/albums", "", "", READ),
    ("GET", "/api/v1/genres", "", "", READ),
    ("GET", "/api/v1/folders/{id}", "", "", READ),
    ("GET", "/api/v1/search", "?q=one", "", READ),
    ("GET", "/api/v1/covers/{id}", "", "", ABSENT),
    ("GET", "/api/v1/statistics", "", "", READ),
    ("GET", "/api/v1/statistics/most-played", "", "", READ),
    ("GET", "/api/v1/duplicates", "?by=words", "", READ),
    ("GET", "/api/v1/scan", "", "", READ),
    ("GET", "/api/v1/events", "", "", READ),
];

/// What a listener does with it.
const LISTENING: [Row; 35] = [
    ("PUT", "/api/v1/favourites/{id}", "", "", DONE),
    ("DELETE", "/api/v1/favourites/{id}", "", "", DONE),
    ("PUT", "/api/v1/ratings/{id}", "", r#"{"stars":3}"#, DONE),
    ("DELETE", "/api/v1/ratings/{id}", "", "", DONE),
    ("GET", "/api/v1/plays", "", "", READ),
    ("POST", "/api/v1/plays", "", r#"{"track":"tr-1","outcome":"played"}"#, DONE),
    ("GET", "/api/v1/bookmarks", "", "", READ),
    ("DELETE", "/api/v1/bookmarks/{track}", "", "", OWN_DONE),
    ("PUT", "/api/v1/bookmarks/{track}", "", r#"{"position_ms":1}"#, DONE),
    ("GET", "/api/v1/queue", "", "", READ),
    ("POST", "/api/v1/queue/undo", "", "", OWN),
    ("GET", "/api/v1/queue/past", "", "", READ),
    ("PUT", "/api/v1/queue", "", r#"{"tracks":["tr-1"]}"#, DONE),
    ("GET", "/api/v1/streams", "", "", READ),
    ("GET", "/api/v1/streams/{id}", "", "", OWN),
    ("GET", "/api/v1/streams/{id}/{file}", "", "", OWN),
    ("PATCH", "/api/v1/streams/{id}", "", r#"{"level":"off"}"#, OWN),
    ("POST", "/api/v1/streams/{id}/tickets", "", "", [401, 404, 404, 201]),
    ("GET", "/api/v1/streams/{id}/socket", "", "", [401, 426, 426, 426]),
    ("DELETE", "/api/v1/streams/{id}", "", "", OWN_DONE),
    ("GET", "/api/v1/presets", "", "", READ),
    ("GET", "/api/v1/enhancements", "", "", READ),
    ("PUT", "/api/v1/enhancements/{scope}", "", r#"{"enhance":{"preset":"warm"}}"#, DONE),
    ("DELETE", "/api/v1/enhancements/{scope}", "", "", DONE),
    ("POST", "/api/v1/streams", "", r#"{"tracks":["tr-1"],"current":1}"#, [401, 422, 422, 422]),
    ("GET", "/api/v1/playlists", "", "", READ),
    ("POST", "/api/v1/playlists", "", r#"{"name":"a"}"#, [401, 201, 201, 201]),
    ("GET", "/api/v1/playlists/{id}", "", "", OWN),
    ("PATCH", "/api/v1/playlists/{id}", "", r#"{"comment":"x"}"#, OWN),
    ("GET", "/api/v1/playlists/{id}/entries", "", "", OWN),
    ("GET", "/api/v1/playlists/{id}/export", "?format=m3u", "", OWN),
    ("DELETE", "/api/v1/playlists/{id}", "", "", OWN_DONE),
    ("POST", "/api/v1/playlists/import", "?format=m3u", "a.flac", [401, 201, 201, 201]),
    ("POST", "/api/v1/playlists/preview", "", r#"{"rules":{"all":[{"is":{"title":"x"}}]}}"#, READ),
    ("GET", "/api/v1/playlists/{id}", "?", "", ABSENT),
];

/// What keeps it in order, and what is composed. What takes things away comes last.
const KEEPING: [Row; 28] = [
    ("GET", "/api/v1/roots", "", "", READ),
    ("POST", "/api/v1/roots", "", r#"{"path":"/etc"}"#, [401, 403, 422, 403]),
    ("GET", "/api/v1/unreadable", "", "", ADMIN),
    ("GET", "/api/v1/warnings", "", "", ADMIN),
    ("POST", "/api/v1/tags/preview", "", r#"{"tracks":["tr-1"],"changes":{"title":["x"]}}"#, ADMIN),
    (
        "POST",
        "/api/v1/tags/batches",
        "",
        r#"{"edits":[{"track":"tr-1","seen":"1-1","changes":{"title":["x"]}}]}"#,
        [401, 403, 409, 403],
    ),
    ("GET", "/api/v1/tags/batches", "", "", ADMIN),
    ("POST", "/api/v1/tags/batches/{batch}/undo", "", "", [401, 403, 404, 403]),
    ("POST", "/api/v1/uploads", "?name=a.flac", "no sound", [401, 403, 422, 403]),
    ("GET", "/api/v1/studio", "", "", READ),
    ("GET", "/api/v1/songs", "", "", READ),
    ("POST", "/api/v1/songs/starter", "", "", [401, 409, 409, 409]),
    ("GET", "/api/v1/songs/{id}", "", "", OWN),
    ("GET", "/api/v1/songs/{id}/files/{artifact}", "", "", OWN),
    (
        "POST",
        "/api/v1/songs/{id}/versions",
        "",
        r#"{"of":1,"order":{"sentence":"a song"}}"#,
        [401, 404, 404, 202],
    ),
    ("DELETE", "/api/v1/songs/{id}", "", "", OWN_DONE),
    ("POST", "/api/v1/songs/{id}/restore", "", "", OWN),
    ("GET", "/api/v1/jobs", "", "", READ),
    ("GET", "/api/v1/jobs/{id}", "", "", OWN),
    ("GET", "/api/v1/jobs/{id}/files", "", "", OWN),
    ("GET", "/api/v1/jobs/{id}/files/{artifact}", "", "", OWN),
    // It made a song, which is deleted as one.
    ("DELETE", "/api/v1/jobs/{id}/files", "", "", [401, 404, 404, 422]),
    ("POST", "/api/v1/tracks/{id}/masters", "", r#"{"bits":8}"#, [401, 422, 422, 422]),
    ("DELETE", "/api/v1/jobs/{id}", "", "", OWN),
    ("POST", "/api/v1/songs", "", r#"{"sentence":"no song","bpm":9}"#, [401, 422, 422, 422]),
    ("DELETE", "/api/v1/roots/{id}", "", "", [401, 403, 204, 403]),
    ("POST", "/api/v1/scan", "", r#"{"nonsense":1}"#, [401, 403, 422, 403]),
    ("POST", "/api/v1/scan", "", r#"{}"#, [401, 403, 202, 403]),
];

/// The things of Anna that the routes speak of.
struct Things {
    playlist: String,
    track: String,
    stream: u64,
    song: i64,
    job: i64,
    artifact: i64,
}

fn things(server: &Server) -> Things {
    let anna = &server.anna;
    let track = track(server, "One");
    let made = server.ask(anna, "POST", "/api/v1/playlists", Some(json!({ "name": "Mine" })));
    let playlist = made.json()["id"].as_str().unwrap().to_owned();
    let place = Some(json!({ "position_ms": 1 }));
    server.ask(anna, "PUT", &format!("/api/v1/bookmarks/{track}"), place);
    for tracks in [json!([track]), json!([])] {
        server.ask(anna, "PUT", "/api/v1/queue", Some(json!({ "tracks": tracks })));
    }
    let stream = server.ask(anna, "POST", "/api/v1/streams", Some(json!({ "tracks": [track] })));
    let stream = stream.json()["id"].as_u64().unwrap();
    let (song, job) = composed(server, anna);
    let told = server.get(anna, &format!("/api/v1/songs/{song}"));
    let artifact = told["versions"][0]["files"][0]["id"].as_i64().unwrap();
    Things { playlist, track, stream, song, job, artifact }
}

impl Things {
    fn place(&self, route: &str) -> String {
        let id = match route.split('/').nth(3).unwrap_or_default() {
            "tracks" | "favourites" | "ratings" | "covers" => self.track.clone(),
            "albums" => "al-1".to_owned(),
            "artists" => "ar-1".to_owned(),
            "folders" => "fo-1".to_owned(),
            "roots" => "ro-2".to_owned(),
            "playlists" => self.playlist.clone(),
            "songs" => self.song.to_string(),
            "jobs" => self.job.to_string(),
            "streams" => self.stream.to_string(),
            _ => "99".to_owned(),
        };
        route
            .replace("{id}", &id)
            .replace("{track}", &self.track)
            .replace("{scope}", &self.track)
            .replace("{batch}", "99")
            .replace("{file}", "live.wav")
            .replace("{artifact}", &self.artifact.to_string())
    }
}

/// The status alone: a stream of events has no end.
fn status(server: &Server, who: &str, (method, route, query, body, _): Row, place: &str) -> u16 {
    if route.ends_with("/events") && !who.is_empty() {
        let mut head = [0; 12];
        server.listen(who).read_exact(&mut head).unwrap();
        return std::str::from_utf8(&head[9..]).unwrap().parse().unwrap();
    }
    let path = format!("{place}{query}");
    let headers = [("content-type", "application/json")];
    server.send(who, method, &path, &headers, body.as_bytes()).status
}

#[test]
fn every_route_answers_everybody_as_it_should() {
    let server = Server::furnished(With::Writing);
    let things = things(&server);
    let rows: Vec<Row> =
        SHELL.into_iter().chain(BROWSING).chain(LISTENING).chain(KEEPING).collect();
    let described: BTreeSet<(String, String)> = server.document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(|method| (method.to_ascii_uppercase(), path.clone()))
        })
        .collect();
    let held: BTreeSet<_> =
        rows.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned())).collect();
    let missing: Vec<_> = described.symmetric_difference(&held).collect();
    assert!(missing.is_empty(), "routes without a row, or rows without a route: {missing:?}");
    let asking = ["", &server.bert, &server.admin, &server.anna];
    let mut wrong = Vec::new();
    for row in rows {
        let place = things.place(row.1);
        // A scan that a row before has begun would answer in place of this one's.
        while server.library.scan_status().is_running() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let found: Vec<u16> = asking.iter().map(|who| status(&server, who, row, &place)).collect();
        if found != row.4 {
            wrong.push(format!("{} {place}{}: {found:?} and not {:?}", row.0, row.2, row.4));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
