//! What keeps a collection in order, over a real server: roots, scans, tags, uploads, events.

use std::io::Read;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::api_flows::track;
use crate::api_house::{Server, With, flac, song};

/// Reads events until one is as it is sought.
pub(crate) fn until(stream: &mut TcpStream, name: &str, sought: impl Fn(&Value) -> bool) -> Value {
    let (mut heard, mut piece) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut piece).unwrap();
        assert!(read > 0, "the stream ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..read]));
        let mut lines = heard.lines().peekable();
        while let Some(line) = lines.next() {
            let data = lines.peek().and_then(|next| next.strip_prefix("data: "));
            let (true, Some(data)) = (line == format!("event: {name}"), data) else { continue };
            if let Ok(data) = serde_json::from_str(data)
                && sought(&data)
            {
                return data;
            }
        }
    }
}

#[test]
fn a_scan_is_begun_by_an_admin_and_told_to_all_while_it_goes_on() {
    let server = Server::empty(With::Nothing);
    for n in 0..40 {
        song(&server.music().join(format!("a/{n}.flac")), 200 + n, &n.to_string(), "A", "B");
    }
    let mut events = server.listen(&server.bert);
    until(&mut events, "scan", |scan| scan["running"] == false && scan["ended"].is_null());
    assert_eq!(server.ask(&server.bert, "POST", "/api/v1/scan", Some(json!({}))).status, 403);
    assert_eq!(server.ask(&server.admin, "POST", "/api/v1/scan", Some(json!({}))).status, 202);
    let ended = until(&mut events, "scan", |scan| !scan["ended"].is_null());
    assert_eq!((&ended["seen"], &ended["read"]), (&json!(40), &json!(40)));
    assert_eq!(server.get(&server.bert, "/api/v1/scan")["read"], 40);
}

#[test]
fn streams_of_events_are_few_for_each_and_end_when_the_server_does() {
    let server = Server::empty(With::Nothing);
    let mut streams: Vec<_> = (0..8).map(|_| server.listen(&server.anna)).collect();
    for stream in &mut streams {
        until(stream, "scan", |_| true);
    }
    assert_eq!(server.ask(&server.anna, "GET", "/api/v1/events", None).status, 429);
    until(&mut server.listen(&server.bert), "scan", |_| true);
    server.drain.begin();
    for mut stream in streams {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
    }
}

#[test]
fn roots_are_named_to_all_and_their_places_to_admins() {
    let server = Server::furnished(With::Nothing);
    let seen = server.get(&server.anna, "/api/v1/roots");
    assert!(seen["items"][0].get("path").is_none());
    let seen = server.get(&server.admin, "/api/v1/roots");
    assert!(seen["items"][1]["path"].as_str().unwrap().ends_with("/music"));
    let add = |path: &str| {
        server.ask(&server.admin, "POST", "/api/v1/roots", Some(json!({ "path": path })))
    };
    for path in ["/etc", "/", "music", "/nowhere/at/all", "/tmp", "/home", "/a\u{0}b"] {
        let refused = add(path);
        assert_eq!(refused.field(), "path", "{path}");
        assert!(!refused.text().contains("os error"), "{}", refused.text());
    }
    let more = server.folder.path().join("more");
    song(&more.join("1.flac"), 500, "Four", "Cy", "Gamma");
    let added = add(more.to_str().unwrap());
    assert_eq!(added.status, 201, "{added:?}");
    server.scan();
    track(&server, "Four");
    while server.library.scan_status().is_running() {
        std::thread::yield_now();
    }
    let path = format!("/api/v1/roots/{}", added.json()["id"].as_str().unwrap());
    assert_eq!(server.ask(&server.admin, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask(&server.admin, "DELETE", &path, None).status, 404);
    assert_eq!(server.get(&server.anna, "/api/v1/statistics")["tracks"], 3);
    assert!(more.join("1.flac").exists());
    let audit = server.audit();
    let said = |action: &str| audit.iter().any(|line| line.contains(action));
    assert!(said("Ida root.added") && said("Ida root.removed"), "{audit:?}");
}

#[test]
fn files_that_cannot_be_read_are_told_to_admins_below_their_root() {
    let server = Server::furnished(With::Nothing);
    std::fs::write(server.music().join("Alpha/broken.flac"), b"fLaC but no more").unwrap();
    server.scan();
    let found = server.get(&server.admin, "/api/v1/unreadable");
    assert_eq!(found["items"][0]["path"], "Alpha/broken.flac");
    assert!(!found.to_string().contains(server.folder.path().to_str().unwrap()));
    assert_eq!(server.ask(&server.anna, "GET", "/api/v1/unreadable", None).status, 403);
}

#[test]
fn tags_are_looked_at_written_and_brought_back() {
    let server = Server::furnished(With::Writing);
    let one = track(&server, "One");
    let wish = json!({ "title": ["Won"], "genres": ["Folk", "Blues"] });
    let asked = Some(json!({ "tracks": [one], "changes": wish }));
    assert_eq!(server.ask(&server.anna, "POST", "/api/v1/tags/preview", asked.clone()).status, 403);
    let preview = server.ask(&server.admin, "POST", "/api/v1/tags/preview", asked);
    assert_eq!(preview.status, 200, "{}", preview.text());
    let preview = preview.json()["items"][0].clone();
    let title = preview["fields"].as_array().unwrap().iter().find(|f| f["field"] == "title");
    assert_eq!(title.unwrap()["before"], json!(["One"]));
    let batch = json!({ "edits": [{ "track": one, "seen": preview["seen"], "changes": wish }] });
    let path = "/api/v1/tags/batches";
    let written = server.ask(&server.admin, "POST", path, Some(batch.clone()));
    assert_eq!(written.status, 200, "{}", written.text());
    let again = server.ask(&server.admin, "POST", path, Some(batch));
    assert_eq!(again.status, 409, "{}", again.text());
    server.scan();
    assert_eq!(track(&server, "Won"), one);
    let number = server.get(&server.admin, path)["items"][0]["batch"].clone();
    assert_eq!(number, written.json()["batch"]);
    let undo = format!("{path}/{number}/undo");
    assert_eq!(server.ask(&server.admin, "POST", &undo, None).status, 200);
    server.scan();
    assert_eq!(track(&server, "One"), one);
    assert_eq!(server.ask(&server.admin, "POST", &format!("{path}/99/undo"), None).status, 404);
    assert!(server.audit().iter().any(|line| line.contains("Ida tags.changed")));
}

#[test]
fn wishes_that_no_file_takes_are_refused_before_any_is_read() {
    let server = Server::furnished(With::Writing);
    let one = track(&server, "One");
    for (changes, field) in [
        (json!({ "colour": ["red"] }), "changes"),
        (json!({ "track": ["many"] }), "track"),
        (json!({ "date": ["yesterday"] }), "date"),
    ] {
        let asked = Some(json!({ "tracks": [one], "changes": changes }));
        let refused = server.ask(&server.admin, "POST", "/api/v1/tags/preview", asked);
        assert_eq!(refused.field(), field, "{}", refused.text());
    }
    let edit = json!({ "edits": [{ "track": one, "seen": "x", "changes": {} }] });
    let refused = server.ask(&server.admin, "POST", "/api/v1/tags/batches", Some(edit));
    assert_eq!(refused.field(), "seen");
}

#[test]
fn without_write_back_and_uploads_both_say_so() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let asked = Some(json!({ "tracks": [one], "changes": { "title": ["x"] } }));
    let off = server.ask(&server.admin, "POST", "/api/v1/tags/preview", asked);
    assert_eq!((off.status, &off.json()["type"]), (404, &json!("urn:problem:write-back-off")));
    let off = server.send(&server.admin, "POST", "/api/v1/uploads?name=a.flac", &[], b"fLaC");
    assert_eq!((off.status, &off.json()["type"]), (404, &json!("urn:problem:uploads-off")));
}

#[test]
fn a_good_file_is_taken_once_and_bad_ones_leave_nothing() {
    let server = Server::furnished(With::Writing);
    let good = flac(600, "", "Dee", "Delta");
    let send = |name: &str, body: &[u8]| {
        server.send(&server.admin, "POST", &format!("/api/v1/uploads?name={name}"), &[], body)
    };
    let taken = send("A_new%20one.flac", &good);
    assert_eq!(taken.status, 201, "{}", taken.text());
    assert_eq!(taken.json()["taken"], "new");
    server.scan();
    let title = taken.json()["title"].as_str().unwrap().to_owned();
    track(&server, &title);
    let files = || std::fs::read_dir(server.music()).unwrap().count();
    let before = files();
    let noise: Vec<u8> = (0..10_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    let named = [b"fLaC".as_slice(), &noise].concat();
    for (name, body) in [
        ("a.txt", good.as_slice()),
        ("a.flac", noise.as_slice()),
        ("a.flac", named.as_slice()),
        ("..%2Fa.flac", good.as_slice()),
        ("a.mp3", good.as_slice()),
        ("a.flac", b"".as_slice()),
    ] {
        let refused = send(name, body);
        assert_eq!(refused.field(), "file", "{name}");
        assert_eq!(files(), before, "{name}");
    }
    let staging = server.music().join(".incoming");
    assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0);
    assert!(server.audit().iter().any(|line| line.contains("Ida file.uploaded")));
    let listener = server.send(&server.anna, "POST", "/api/v1/uploads?name=a.flac", &[], &good);
    assert_eq!(listener.status, 403);
}

#[test]
fn a_file_that_is_here_already_is_told_and_not_kept() {
    let server = Server::furnished(With::Writing);
    let here = std::fs::read(server.music().join("Alpha/1.flac")).unwrap();
    let known = server.send(&server.admin, "POST", "/api/v1/uploads?name=b.flac", &[], &here);
    assert_eq!(known.status, 200, "{}", known.text());
    assert_eq!(known.json()["track"], json!(track(&server, "One")));
}
