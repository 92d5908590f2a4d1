//! A disk that does not answer, put under the program itself: whoever hears a file of it is told and gives
//! up their place, and nobody else notices.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::player::Player;
use crate::serving::{Place, Server};

/// The library that is loaded before all others.
fn shim(dir: &Path) -> PathBuf {
    let (source, library) =
        (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/stall.c"), dir.join("stall.so"));
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status();
    assert!(built.unwrap().success());
    library
}

/// Songs and sockets that are open, and threads. How many files of the database are depends on how many asked at once.
fn held(server: &Server) -> (usize, usize) {
    let all = |what| std::fs::read_dir(format!("/proc/{}/{what}", server.pid())).unwrap();
    let links = all("fd").filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
    let names = links.map(|link| link.to_string_lossy().into_owned());
    let held = names.filter(|name| name.starts_with("socket:") || name.ends_with(".flac"));
    (held.count(), all("task").count())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long others wait is told by the clock")]
fn who_waits_for_a_disk_is_told_gives_up_the_place_and_keeps_nobody_waiting() {
    let place = Place::new();
    place.song("stalls/1.flac", 660, "Stalls");
    let (library, flag) = (shim(place.path()), place.path().join("stall-now"));
    let key = place.key();
    let mut serve = place.program();
    serve.env("LD_PRELOAD", library).env("STALL_WHILE", &flag);
    let server = Server::begin(serve);
    let songs = server.songs(&key, 3);
    let id = |title: &str| {
        let song = songs.iter().find(|song| song["title"] == title).unwrap();
        song["id"].as_str().unwrap().to_owned()
    };
    assert_eq!(Player::play(&server, &key, &id("Stalls")).hears(), Ok(()));
    let before = held(&server);
    std::fs::write(&flag, "").unwrap();
    let begun = Instant::now();
    let mut waiting: Vec<Player> =
        (0..3).map(|_| Player::play(&server, &key, &id("Stalls"))).collect();
    // A scan that reads the file meanwhile, and everybody else.
    assert_eq!(server.ask_as(&key, "POST /api/v1/scan", r#"{"full":true}"#).0, 202);
    while begun.elapsed() < Duration::from_secs(8) {
        let asked = Instant::now();
        assert_eq!(server.get("/healthz").0, 200);
        assert_eq!(Player::play(&server, &key, &id("One")).hears(), Ok(()));
        let took = asked.elapsed();
        assert!(took < Duration::from_secs(3), "others wait for {took:?}");
        std::thread::sleep(Duration::from_millis(500));
    }
    for player in &mut waiting {
        let (told, code) = player.hears().unwrap_err();
        assert_eq!((&told["code"], &told["retry"], code), (&json!("stalled"), &json!(true), 1011));
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(30), "told after {took:?}");
    drop(waiting);
    std::fs::remove_file(&flag).unwrap();
    assert_eq!(Player::play(&server, &key, &id("Stalls")).hears(), Ok(()));
    // What waited goes on, finds nobody there, and ends.
    let is_free = |_: &u32| {
        std::thread::sleep(Duration::from_secs(1));
        let (files, threads) = held(&server);
        files <= before.0 + 2 && threads <= before.1 + 2
    };
    let freed = (0..40).find(is_free);
    assert!(freed.is_some(), "{before:?} before, {:?} in the end", held(&server));
    let (_, _, body) = server.ask_as(&key, "GET /api/v1/unreadable", "");
    assert!(String::from_utf8_lossy(&body).contains("stalls/1.flac"), "the scan kept it");
}
