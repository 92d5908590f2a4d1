//! Songs, from the sentence to the file that plays.

use serde_json::{Value, json};

use crate::api_house::{Server, With};
use crate::api_keeping::until;

/// Orders the shortest song and waits for it; the number of the song and the job.
pub(crate) fn composed(server: &Server, who: &str) -> (i64, i64) {
    let mut events = server.listen(who);
    until(&mut events, "scan", |_| true);
    let order =
        json!({ "sentence": "slow ambient pad in C major", "seed": 3, "duration_seconds": 15 });
    let job = server.ask(who, "POST", "/api/v1/songs", Some(order));
    assert_eq!(job.status, 202, "{}", job.text());
    let job = job.json()["id"].as_i64().unwrap();
    let is_over = |event: &Value| {
        let is = event["state"]["is"].as_str().unwrap().to_owned();
        assert!(is != "failed", "{event}");
        event["id"] == job && is == "finished"
    };
    let event = until(&mut events, "job", is_over);
    (event["state"]["song"].as_i64().unwrap(), job)
}

#[test]
fn a_song_is_ordered_composed_played_deleted_and_taken_back() {
    let server = Server::empty(With::Nothing);
    let (song, job) = composed(&server, &server.anna);
    let job = server.get(&server.anna, &format!("/api/v1/jobs/{job}"));
    assert_eq!(job["state"]["song"], song);
    let path = format!("/api/v1/songs/{song}");
    let told = server.get(&server.anna, &path);
    let files = told["versions"][0]["files"].as_array().unwrap();
    let master = files.iter().find(|file| file["name"] == "master.flac").unwrap();
    let file = format!("{path}/files/{}", master["id"]);
    let part = server.send(&server.anna, "GET", &file, &[("range", "bytes=0-3")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, b"fLaC".as_slice()));
    let head = server.send(&server.anna, "HEAD", &file, &[], b"");
    assert_eq!(head.header("content-length").unwrap(), master["bytes"].to_string());
    assert_eq!(head.header("content-disposition").unwrap(), "attachment; filename=\"master.flac\"");
    for path in [&path, &file] {
        assert_eq!(server.ask(&server.bert, "GET", path, None).status, 404);
        assert_eq!(server.ask(&server.admin, "GET", path, None).status, 404);
    }
    server.scan();
    let tracks = server.get(&server.bert, "/api/v1/tracks");
    let track = tracks["items"][0]["id"].as_str().unwrap();
    let played = format!("/api/v1/tracks/{track}/file");
    let played = server.send(&server.bert, "GET", &played, &[("range", "bytes=0-3")], b"");
    assert_eq!(played.body, b"fLaC");
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask(&server.anna, "GET", &file, None).status, 404);
    assert_eq!(
        server.get(&server.anna, "/api/v1/songs")["items"][0]["versions"][0]["kept"],
        "deleted"
    );
    assert_eq!(server.ask(&server.anna, "POST", &format!("{path}/restore"), None).status, 200);
    assert_eq!(server.ask(&server.anna, "GET", &file, None).status, 200);
    assert!(server.audit().iter().any(|line| line.contains("Anna song.deleted")));
}

#[test]
fn a_track_is_mastered_as_a_job_and_its_owner_takes_the_file_along() {
    let server = Server::furnished(With::Nothing);
    let track = crate::api_flows::track(&server, "One");
    let mut events = server.listen(&server.anna);
    until(&mut events, "scan", |_| true);
    let path = format!("/api/v1/tracks/{track}/masters");
    let order = json!({ "format": "wav", "bits": 16, "target": "club" });
    let job = server.ask(&server.anna, "POST", &path, Some(order));
    assert_eq!(job.status, 202, "{}", job.text());
    let (id, of) = (job.json()["id"].clone(), job.json()["track"].clone());
    assert_eq!(of.as_str(), Some(track.as_str()));
    until(&mut events, "job", |event| {
        assert!(event["state"]["is"] != "failed", "{event}");
        event["id"] == id && event["state"]["is"] == "mastered"
    });
    let path = format!("/api/v1/jobs/{id}/files");
    let files = server.get(&server.anna, &path);
    let file = |kind: &str| {
        let files = files["items"].as_array().unwrap();
        files.iter().find(|file| file["kind"] == kind).unwrap().clone()
    };
    let place = |file: &Value| format!("{path}/{}", file["id"]);
    let (master, report) = (file("master"), file("report"));
    let part = server.send(&server.anna, "GET", &place(&master), &[("range", "bytes=0-3")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, b"RIFF".as_slice()));
    assert_eq!(master["name"], "One.wav");
    let told = server.get(&server.anna, &place(&report));
    assert_eq!((&told["input"], &told["target"]), (&json!("One"), &json!("club")));
    assert!(!told.to_string().contains(server.folder.path().to_str().unwrap()));
    for who in [&server.bert, &server.admin] {
        for path in [&path, &place(&master)] {
            assert_eq!(server.ask(who, "GET", path, None).status, 404);
        }
        assert_eq!(server.ask(who, "DELETE", &path, None).status, 404);
    }
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert_eq!(server.get(&server.anna, &path)["items"], json!([]));
    assert_eq!(server.ask(&server.anna, "GET", &place(&master), None).status, 404);
}

#[test]
fn jobs_are_of_who_ordered_them_and_can_be_taken_back() {
    let server = Server::empty(With::Nothing);
    let started = server.ask(&server.anna, "POST", "/api/v1/songs/starter", None);
    assert_eq!(started.status, 202, "{}", started.text());
    assert_eq!(started.json()["items"].as_array().unwrap().len(), 3);
    assert_eq!(server.ask(&server.anna, "POST", "/api/v1/songs/starter", None).status, 409);
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get(&server.anna, &format!("/api/v1/jobs?limit=2{after}"));
        found.extend(
            page["items"].as_array().unwrap().iter().map(|job| job["id"].as_i64().unwrap()),
        );
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found.len(), 3);
    for id in found {
        let path = format!("/api/v1/jobs/{id}");
        assert_eq!(server.ask(&server.bert, "GET", &path, None).status, 404);
        assert_eq!(server.ask(&server.bert, "DELETE", &path, None).status, 404);
        assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 200);
    }
    assert_eq!(server.get(&server.bert, "/api/v1/jobs")["items"], json!([]));
}

#[test]
fn nobody_hears_of_the_jobs_of_others() {
    let server = Server::empty(With::Nothing);
    let mut of_anna = server.listen(&server.anna);
    until(&mut of_anna, "scan", |_| true);
    let order = |who: &str| {
        let order = json!({ "sentence": "quiet piano", "duration_seconds": 15 });
        server.ask(who, "POST", "/api/v1/songs", Some(order)).json()["id"].as_i64().unwrap()
    };
    let others = order(&server.bert);
    let own = order(&server.anna);
    let heard = until(&mut of_anna, "job", |_| true);
    assert_ne!(heard["id"], others);
    assert_eq!(heard["id"], own);
    for (who, id) in [(&server.bert, others), (&server.anna, own)] {
        server.ask(who, "DELETE", &format!("/api/v1/jobs/{id}"), None);
    }
}

#[test]
fn an_order_that_cannot_be_made_is_refused_at_once() {
    let server = Server::furnished(With::Nothing);
    for order in [
        json!({ "sentence": "a song", "key": "H flat major" }),
        json!({ "sentence": "a song", "duration_seconds": 3 }),
        json!({ "sentence": "a song", "bpm": 5000 }),
        json!({ "sentence": "a song", "target": "the moon" }),
        json!({ "sentence": "a".repeat(3000) }),
        json!({ "sentence": "a song", "out": "/etc" }),
    ] {
        let refused = server.ask(&server.anna, "POST", "/api/v1/songs", Some(order.clone()));
        assert_eq!(refused.status, 422, "{order}: {}", refused.text());
    }
    let full = server.ask(&server.anna, "POST", "/api/v1/songs/starter", None);
    assert_eq!(full.status, 409);
}
