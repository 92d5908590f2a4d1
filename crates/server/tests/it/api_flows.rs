//! The native API: each resource from its making to its end, over a real server.

use serde_json::{Value, json};

use crate::api_house::{Answer, Server, With};

fn titles(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

fn done(answer: &Answer) {
    assert_eq!(answer.status, 204, "{answer:?}");
}

/// The id of the track of a title.
pub(crate) fn track(server: &Server, title: &str) -> String {
    let page = server.get(&server.anna, "/api/v1/tracks");
    let items = page["items"].as_array().unwrap();
    let found = items.iter().find(|one| one["title"] == title);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn pages_of_tracks_albums_and_artists_follow_one_another_by_their_keys() {
    let server = Server::furnished(With::Nothing);
    for (path, expected) in [
        ("/api/v1/tracks?", vec!["One", "Three", "Two"]),
        ("/api/v1/tracks?reverse=true&", vec!["Two", "Three", "One"]),
        ("/api/v1/tracks?order=artist&", vec!["One", "Two", "Three"]),
        ("/api/v1/tracks?order=year&", vec!["One", "Three", "Two"]),
        ("/api/v1/albums?", vec!["Alpha", "Beta"]),
        ("/api/v1/albums?order=artist&reverse=true&", vec!["Beta", "Alpha"]),
    ] {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = server.get(&server.anna, &format!("{path}limit=1{after}"));
            found.extend(titles(&page).into_iter().map(str::to_owned));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(found, expected, "{path}");
    }
    let artists = server.get(&server.anna, "/api/v1/artists");
    assert_eq!(artists["items"][1]["name"], "Bo");
    let ada = artists["items"][0]["id"].as_str().unwrap();
    let of_ada = server.get(&server.anna, &format!("/api/v1/tracks?artist={ada}"));
    assert_eq!(titles(&of_ada), ["One", "Two"]);
    let albums = server.get(&server.anna, &format!("/api/v1/artists/{ada}/albums"));
    assert_eq!(titles(&albums), ["Alpha"]);
    let album = albums["items"][0]["id"].as_str().unwrap();
    let tracks = server.get(&server.anna, &format!("/api/v1/albums/{album}/tracks"));
    assert_eq!(titles(&tracks), ["One", "Two"]);
    let folder = server.get(&server.anna, "/api/v1/roots")["items"][1]["folder_id"].clone();
    let folder = server.get(&server.anna, &format!("/api/v1/folders/{}", folder.as_str().unwrap()));
    assert_eq!(folder["folders"][0]["name"], "Alpha");
}

#[test]
fn a_page_of_one_order_is_no_place_in_another() {
    let server = Server::furnished(With::Nothing);
    let next = server.get(&server.anna, "/api/v1/tracks?limit=1")["next"].clone();
    let path = format!("/api/v1/tracks?order=artist&after={}", next.as_str().unwrap());
    assert_eq!(server.ask(&server.anna, "GET", &path, None).field(), "after");
}

#[test]
fn what_is_sought_is_found_and_counted() {
    let server = Server::furnished(With::Nothing);
    let found = server.get(&server.anna, "/api/v1/search?q=thr");
    assert_eq!(found["tracks"][0]["title"], "Three");
    let figures = server.get(&server.anna, "/api/v1/statistics");
    assert_eq!((figures["tracks"].as_u64(), figures["albums"].as_u64()), (Some(3), Some(2)));
    let long = format!("/api/v1/search?q={}", "a".repeat(201));
    assert_eq!(server.ask(&server.anna, "GET", &long, None).field(), "q");
}

#[test]
fn a_file_comes_whole_in_parts_and_as_a_head() {
    let server = Server::furnished(With::Nothing);
    let path = format!("/api/v1/tracks/{}/file", track(&server, "One"));
    let whole = server.send(&server.anna, "GET", &path, &[], b"");
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("audio/flac")));
    assert!(whole.body.starts_with(b"fLaC"));
    let part = server.send(&server.anna, "GET", &path, &[("range", "bytes=1-3")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, b"LaC".as_slice()));
    let head = server.send(&server.anna, "HEAD", &path, &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length").unwrap(), whole.body.len().to_string());
    let beyond = server.send(&server.anna, "GET", &path, &[("range", "bytes=99999999-")], b"");
    assert_eq!(beyond.status, 416);
    let etag = whole.header("etag").unwrap();
    let same = server.send(&server.anna, "GET", &path, &[("if-none-match", etag)], b"");
    assert_eq!(same.status, 304);
}

#[test]
fn what_is_measured_is_answered_once_it_was_heard() {
    let server = Server::furnished(With::Nothing);
    let (one, two) = (track(&server, "One"), track(&server, "Two"));
    for what in ["waveform", "loudness"] {
        let answer = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{one}/{what}"), None);
        assert_eq!(answer.status, 404);
        assert_eq!(answer.json()["type"], "urn:problem:not-analysed");
    }
    let pace = library::analysis::Pace {
        between_tracks: std::time::Duration::ZERO,
        within: std::time::Duration::ZERO,
    };
    server.library.analyse(pace, &fault::Cancel::new()).unwrap();
    let waveform = server.get(&server.anna, &format!("/api/v1/tracks/{one}/waveform"));
    assert_eq!(waveform["peaks"].as_array().unwrap().len(), library::analysis::POINTS);
    let loudness = server.get(&server.anna, &format!("/api/v1/tracks/{one}/loudness"));
    assert!(loudness["integrated_lufs"].as_f64().unwrap() < -10.0);
    let similar = server.get(&server.anna, &format!("/api/v1/tracks/{one}/similar?limit=2"));
    assert_eq!(similar["items"].as_array().unwrap().len(), 2);
    let way = server.get(&server.anna, &format!("/api/v1/sonic-path?from={one}&to={two}"));
    assert_eq!(way["items"].as_array().unwrap().last().unwrap()["track"]["id"], json!(two));
    let none = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{one}/lyrics"), None);
    assert_eq!(none.status, 404);
}

#[test]
fn favourites_stars_and_plays_are_of_who_gave_them() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    done(&server.ask(&server.anna, "PUT", &format!("/api/v1/favourites/{one}"), None));
    let stars = format!("/api/v1/ratings/{one}");
    done(&server.ask(&server.anna, "PUT", &stars, Some(json!({ "stars": 4 }))));
    let play = json!({ "track": one, "outcome": "played", "client": "test" });
    done(&server.ask(&server.anna, "POST", "/api/v1/plays", Some(play)));
    let skip = json!({ "track": one, "outcome": "skipped" });
    done(&server.ask(&server.anna, "POST", "/api/v1/plays", Some(skip)));
    let mark = server.get(&server.anna, &format!("/api/v1/tracks/{one}"))["mark"].clone();
    assert_eq!((mark["stars"].as_u64(), mark["plays"].as_u64()), (Some(4), Some(1)));
    let of_bert = server.get(&server.bert, &format!("/api/v1/tracks/{one}"))["mark"].clone();
    assert_eq!((&of_bert["stars"], &of_bert["favourite"]), (&Value::Null, &Value::Null));
    assert_eq!(titles(&server.get(&server.anna, "/api/v1/tracks?favourite=true")), ["One"]);
    assert_eq!(titles(&server.get(&server.anna, "/api/v1/tracks?favourite=false")).len(), 2);
    let plays = server.get(&server.anna, "/api/v1/plays");
    assert_eq!((&plays["items"][0]["client"], &plays["next"]), (&json!("test"), &Value::Null));
    let most = server.get(&server.anna, "/api/v1/statistics/most-played");
    assert_eq!(most["items"][0]["plays"], 1);
    assert_eq!(server.get(&server.bert, "/api/v1/plays")["items"], json!([]));
    done(&server.ask(&server.anna, "DELETE", &format!("/api/v1/favourites/{one}"), None));
    done(&server.ask(&server.anna, "DELETE", &stars, None));
    let mark = server.get(&server.anna, &format!("/api/v1/tracks/{one}"))["mark"].clone();
    assert_eq!((&mark["stars"], &mark["favourite"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_history_goes_on_page_by_page() {
    let server = Server::furnished(With::Nothing);
    let (one, two) = (track(&server, "One"), track(&server, "Two"));
    for (at, id) in [(1_000, &one), (100_000, &two), (200_000, &one)] {
        let play = json!({ "track": id, "outcome": "played", "at": at });
        done(&server.ask(&server.anna, "POST", "/api/v1/plays", Some(play)));
    }
    let (mut at, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get(&server.anna, &format!("/api/v1/plays?limit=1{after}"));
        at.push(page["items"][0]["at"].as_i64().unwrap());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(at, [200_000, 100_000, 1_000]);
}

#[test]
fn a_bookmark_is_set_moved_and_taken_away() {
    let server = Server::furnished(With::Nothing);
    let path = format!("/api/v1/bookmarks/{}", track(&server, "One"));
    let place = |ms: u64| Some(json!({ "position_ms": ms, "comment": "here" }));
    done(&server.ask(&server.anna, "PUT", &path, place(10)));
    done(&server.ask(&server.anna, "PUT", &path, place(20)));
    let all = server.get(&server.anna, "/api/v1/bookmarks");
    assert_eq!(all["items"][0]["position_ms"], 20);
    assert_eq!(server.ask(&server.bert, "DELETE", &path, None).status, 404);
    done(&server.ask(&server.anna, "DELETE", &path, None));
    assert_eq!(server.get(&server.anna, "/api/v1/bookmarks")["items"], json!([]));
}

#[test]
fn a_queue_is_taken_up_and_the_one_before_brought_back() {
    let server = Server::furnished(With::Nothing);
    let (one, two) = (track(&server, "One"), track(&server, "Two"));
    assert_eq!(server.get(&server.anna, "/api/v1/queue")["entries"], json!([]));
    let first = json!({ "tracks": [one, two], "current": 1, "position_ms": 500 });
    done(&server.ask(&server.anna, "PUT", "/api/v1/queue", Some(first)));
    done(&server.ask(&server.anna, "PUT", "/api/v1/queue", Some(json!({ "tracks": [two] }))));
    assert_eq!(server.get(&server.anna, "/api/v1/queue/past")["items"][0]["entries"], 2);
    let back = server.ask(&server.anna, "POST", "/api/v1/queue/undo", None).json();
    assert_eq!((&back["current"], &back["position_ms"]), (&json!(1), &json!(500)));
    assert_eq!(server.ask(&server.anna, "POST", "/api/v1/queue/undo", None).status, 404);
    let beyond = json!({ "tracks": [one], "current": 1 });
    assert_eq!(server.ask(&server.anna, "PUT", "/api/v1/queue", Some(beyond)).status, 422);
}

#[test]
fn a_playlist_is_made_edited_read_by_others_and_deleted() {
    let server = Server::furnished(With::Nothing);
    let ids = ["One", "Two", "Three"].map(|title| track(&server, title));
    let new = json!({ "name": "Mine", "tracks": [ids[0], ids[1]] });
    let made = server.ask(&server.anna, "POST", "/api/v1/playlists", Some(new));
    assert_eq!(made.status, 201, "{made:?}");
    let path = format!("/api/v1/playlists/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(server.ask(&server.bert, "GET", &path, None).status, 404);
    let edits = json!({ "public": true, "edits": [
        { "op": "append", "tracks": [ids[2]] }, { "op": "move", "from": 2, "to": 0 },
        { "op": "insert", "at": 1, "tracks": [ids[2]] }, { "op": "remove", "places": [3] },
    ] });
    let changed = server.ask(&server.anna, "PATCH", &path, Some(edits));
    assert_eq!(changed.status, 200, "{}", changed.text());
    let entries = server.get(&server.bert, &format!("{path}/entries?from=1&limit=1"));
    assert_eq!((titles(&entries), &entries["of"]), (vec!["Three"], &json!(3)));
    let unknown = json!({ "edits": [{ "op": "append", "tracks": [], "more": 1 }] });
    assert_eq!(server.ask(&server.anna, "PATCH", &path, Some(unknown)).status, 422);
    let beyond = json!({ "edits": [{ "op": "move", "from": 9, "to": 0 }] });
    assert_eq!(server.ask(&server.anna, "PATCH", &path, Some(beyond)).status, 422);
    let taken = server.ask(&server.bert, "PATCH", &path, Some(json!({ "name": "Bert's" })));
    assert_eq!(taken.status, 404);
    assert_eq!(server.ask(&server.bert, "DELETE", &path, None).status, 404);
    done(&server.ask(&server.anna, "DELETE", &path, None));
}

#[test]
fn rules_are_tried_kept_and_go_out_and_in_as_a_file() {
    let server = Server::furnished(With::Nothing);
    let rules = json!({ "all": [{ "is": { "artist": "Ada" } }], "sort": "title" });
    let tried = Some(json!({ "rules": rules }));
    let tried = server.ask(&server.anna, "POST", "/api/v1/playlists/preview", tried);
    assert_eq!(titles(&tried.json()), ["One", "Two"]);
    let made = Some(json!({ "name": "Ada", "rules": rules }));
    let made = server.ask(&server.anna, "POST", "/api/v1/playlists", made).json();
    assert_eq!((&made["tracks"], &made["rules"]["sort"]), (&json!(2), &json!("title")));
    let id = made["id"].as_str().unwrap();
    let file =
        server.ask(&server.anna, "GET", &format!("/api/v1/playlists/{id}/export?format=nsp"), None);
    let import = "/api/v1/playlists/import?format=nsp";
    let back =
        server.send(&server.bert, "POST", import, &[("content-type", "text/plain")], &file.body);
    assert_eq!((back.status, &back.json()["playlist"]["name"]), (201, &json!("Ada")));
    let wrong = json!({ "name": "x", "rules": { "all": [{ "is": { "nothing": 1 } }] } });
    assert_eq!(server.ask(&server.anna, "POST", "/api/v1/playlists", Some(wrong)).field(), "rules");
}

#[test]
fn a_list_of_paths_comes_in_with_what_it_misses_and_goes_out_again() {
    let server = Server::furnished(With::Nothing);
    let text = "#EXTM3U\n#PLAYLIST:Mix\n/elsewhere/Alpha/2.flac\nnothing.flac\n";
    let import = "/api/v1/playlists/import?format=m3u";
    let made = server.send(&server.anna, "POST", import, &[], text.as_bytes());
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    assert_eq!(
        (&made["playlist"]["name"], &made["unmatched"][0]["line"]),
        (&json!("Mix"), &json!(4))
    );
    let id = made["playlist"]["id"].as_str().unwrap();
    let path = format!("/api/v1/playlists/{id}/export?format=m3u");
    let file = server.ask(&server.anna, "GET", &path, None);
    assert!(file.text().ends_with("Alpha/2.flac\n"), "{}", file.text());
    assert!(!file.text().contains(server.folder.path().to_str().unwrap()));
    let large = vec![b'a'; (5 << 20) + 1];
    assert_eq!(server.send(&server.anna, "POST", import, &[], &large).status, 413);
}

#[test]
fn duplicates_are_told_in_groups() {
    let server = Server::furnished(With::Nothing);
    let music = server.music();
    std::fs::copy(music.join("Beta/1.flac"), music.join("copy.flac")).unwrap();
    server.scan();
    let groups = server.get(&server.anna, "/api/v1/duplicates?by=sound");
    assert_eq!(groups["items"][0]["tracks"].as_array().unwrap().len(), 2);
    assert_eq!(server.ask(&server.anna, "GET", "/api/v1/duplicates", None).field(), "by");
}

#[test]
fn a_track_without_a_picture_has_no_cover_and_sizes_are_bounded() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let cover =
        |size: &str| server.ask(&server.anna, "GET", &format!("/api/v1/covers/{one}{size}"), None);
    assert_eq!(cover("?size=100").status, 404);
    for size in ["?size=0", "?size=4097", "?size=-1", "?size=99999999999"] {
        assert_eq!(cover(size).status, 422, "{size}");
    }
    let picture = image();
    std::fs::write(server.music().join("Alpha/cover.png"), picture).unwrap();
    server.scan();
    let found = cover("?size=100");
    assert_eq!(found.status, 200, "{found:?}");
    assert!(found.header("content-type").unwrap().starts_with("image/"));
}

/// The smallest PNG: one grey pixel.
fn image() -> Vec<u8> {
    let hex = "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55\
               0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082";
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |two: &[u8]| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
