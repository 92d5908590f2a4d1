//! A list of tracks heard as one.

use std::io::{Cursor, Read};
use std::time::Duration;

use audio::SampleRate;
use audio_file::{decode, resample};
use serde_json::{Value, json};

use crate::api_flows::track;
use crate::api_house::{Server, With};
use crate::rest_media::likeness;

fn made(server: &Server, who: &str, body: Value) -> (String, Value) {
    let made = server.ask(who, "POST", "/api/v1/streams", Some(body));
    assert_eq!(made.status, 201, "{}", made.text());
    (format!("/api/v1/streams/{}", made.json()["id"]), made.json())
}

#[test]
fn tracks_are_one_file_without_a_gap_and_every_sample_is_theirs() {
    let server = Server::furnished(With::Nothing);
    let titles = ["One", "Three", "Two"].map(|title| track(&server, title));
    let (path, told) = made(&server, &server.anna, json!({ "tracks": titles }));
    assert_eq!((&told["current"], &told["ended"]), (&json!(0), &json!(false)));
    let mut wanted: Vec<f32> = Vec::new();
    for title in &titles {
        let file = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{title}/file"), None);
        wanted.extend(decode(Cursor::new(file.body)).unwrap().0.plane(0));
    }
    for (file, kind, magic) in
        [("live.flac", "audio/flac", b"fLaC"), ("live.wav", "audio/wav", b"RIFF")]
    {
        let (path, _) = made(&server, &server.anna, json!({ "tracks": titles }));
        let heard = server.ask(&server.anna, "GET", &format!("{path}/{file}"), None);
        assert_eq!((heard.status, heard.header("content-type")), (200, Some(kind)));
        assert_eq!(&heard.body[..4], magic);
        let told = server.get(&server.anna, &path);
        assert_eq!((&told["current"], &told["ended"]), (&json!(2), &json!(true)));
        assert_eq!((&told["position_ms"], &told["failed"]), (&json!(4_000), &json!([])));
        let heard = decode(Cursor::new(heard.body));
        // A file that never said how long it would be ends where it ends.
        assert_eq!(heard.unwrap().0.plane(0), &wanted[..], "{file}");
    }
    assert_eq!(server.ask(&server.anna, "GET", &format!("{path}/live.ogg"), None).status, 404);
    assert_eq!(server.ask(&server.bert, "GET", &format!("{path}/live.flac"), None).status, 404);
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask(&server.anna, "GET", &path, None).status, 404);
}

/// Opus is 48 kHz whatever the tracks are.
#[test]
fn opus_is_the_same_sound_at_its_own_rate() {
    let server = Server::furnished(With::Nothing);
    let titles = ["One", "Two"].map(|title| track(&server, title));
    let of = |file: &str| {
        let (path, _) = made(&server, &server.anna, json!({ "tracks": titles, "level": "off" }));
        let heard = server.ask(&server.anna, "GET", &format!("{path}/{file}"), None);
        let told = server.get(&server.anna, &path);
        assert_eq!((&told["position_ms"], &told["ended"]), (&json!(4_000), &json!(true)));
        let kind = heard.header("content-type").unwrap().to_owned();
        (kind, decode(Cursor::new(heard.body)).unwrap().0)
    };
    let (kind, heard) = of("live.opus");
    assert_eq!(kind, "audio/ogg; codecs=opus");
    let (rate, length) = (heard.rate(), heard.length().0);
    assert_eq!((rate, length), (SampleRate::STUDIO, 8 * 48_000));
    let wanted = resample(&of("live.wav").1, SampleRate::STUDIO).unwrap();
    assert!(likeness(&wanted, &heard) > 300.0, "{}", likeness(&wanted, &heard));
}

#[test]
fn a_stream_begins_where_it_is_told_and_goes_on_without_what_cannot_be_played() {
    let server = Server::furnished(With::Nothing);
    let titles = ["One", "Two", "Three"].map(|title| track(&server, title));
    std::fs::write(server.music().join("Alpha/2.flac"), b"fLaC and nothing").unwrap();
    let body = json!({ "tracks": titles, "position_ms": 2_000, "crossfade_seconds": 1 });
    let (path, _) = made(&server, &server.anna, body);
    let heard = server.ask(&server.anna, "GET", &format!("{path}/live.flac"), None);
    let told = server.get(&server.anna, &path);
    assert_eq!((&told["failed"], &told["current"]), (&json!([1]), &json!(2)));
    let (sound, _) = decode(Cursor::new(heard.body)).unwrap();
    // Two seconds of the first are left, and the second of them is the fade.
    assert_eq!(sound.length().0, 5 * 44_100);
}

#[test]
fn who_plays_a_stream_last_has_it() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let (path, _) = made(&server, &server.anna, json!({ "tracks": vec![one; 500] }));
    let mut first = server.begin(&server.anna, &format!("{path}/live.wav"));
    let mut piece = [0; 4_096];
    first.read_exact(&mut piece).unwrap();
    let mut second = server.begin(&server.anna, &format!("{path}/live.wav"));
    second.read_exact(&mut piece).unwrap();
    // It ends, though half an hour of sound is left.
    let rest = first.read_to_end(&mut Vec::new());
    assert!(rest.is_ok(), "{rest:?}");
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert!(second.read_to_end(&mut Vec::new()).is_ok());
}

#[test]
fn a_player_that_asks_again_hears_what_it_had_no_time_to_hear() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let (path, _) = made(&server, &server.anna, json!({ "tracks": [one] }));
    let mut player = server.begin(&server.anna, &format!("{path}/live.flac"));
    let mut bytes = vec![0; 20_000];
    player.read_exact(&mut bytes).unwrap();
    drop(player);
    // All four seconds were sent at once; they take four seconds to be heard.
    let again = server.ask(&server.anna, "GET", &format!("{path}/live.flac"), None);
    let (sound, _) = decode(Cursor::new(again.body)).unwrap();
    assert!((44_100..=4 * 44_100).contains(&sound.length().0), "{}", sound.length().0);
}

#[test]
fn a_list_goes_on_behind_tracks_that_cannot_be_played_one_after_the_other() {
    let server = Server::furnished(With::Nothing);
    let titles = ["One", "Two", "Three"].map(|title| track(&server, title));
    std::fs::write(server.music().join("Alpha/2.flac"), b"fLaC and nothing").unwrap();
    let [one, two, three] = &titles;
    let list = json!({ "tracks": [two, "tr-999", two, one, two, "tr-999", two, three] });
    let (path, _) = made(&server, &server.anna, list);
    let heard = server.ask(&server.anna, "GET", &format!("{path}/live.flac"), None);
    assert_eq!(decode(Cursor::new(heard.body)).unwrap().0.length().0, 8 * 44_100);
    for _ in 0..2 {
        let told = server.get(&server.anna, &path);
        assert_eq!(told["failed"], json!([0, 1, 2, 4, 5, 6]));
        assert_eq!((&told["current"], &told["ended"]), (&json!(7), &json!(true)));
        server.ask(&server.anna, "GET", &format!("{path}/live.flac"), None);
    }
}

/// A page that was left open, again and again: what nobody takes is no longer made.
#[test]
fn players_that_stall_leave_their_places_to_those_that_come() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let (path, _) = made(&server, &server.anna, json!({ "tracks": vec![one; 5_000] }));
    let mut stalled = Vec::new();
    for _ in 0..40 {
        let mut player = server.begin(&server.anna, &format!("{path}/live.wav"));
        let mut head = [0; 12];
        player.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        stalled.push(player);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_stream_is_changed_while_it_is_played_and_begins_where_it_is_told() {
    let server = Server::furnished(With::Nothing);
    let [one, two, three] = ["One", "Two", "Three"].map(|title| track(&server, title));
    let body = json!({ "tracks": [one, one], "level": "off" });
    let (path, _) = made(&server, &server.anna, body);
    let change = |body: Value| server.ask(&server.anna, "PATCH", &path, Some(body));
    let told =
        change(json!({ "tracks": [three, two, one], "current": 1, "level": "track" })).json();
    assert_eq!((&told["tracks"], &told["current"]), (&json!([three, two, one]), &json!(1)));
    assert_eq!((&told["level"], &told["enhance"]), (&json!("track"), &Value::Null));
    let told = change(json!({ "current": 2, "position_ms": 1_500, "level": "off" })).json();
    assert_eq!((&told["current"], &told["position_ms"]), (&json!(2), &json!(1_500)));
    let heard = server.ask(&server.anna, "GET", &format!("{path}/live.wav"), None);
    let file = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{one}/file"), None);
    let whole = decode(Cursor::new(file.body)).unwrap().0;
    assert_eq!(decode(Cursor::new(heard.body)).unwrap().0.plane(0), &whole.plane(0)[66_150..]);
    let marks = server.get(&server.anna, &path)["marks"].clone();
    assert_eq!(marks, json!([{ "at_ms": 0, "place": 2, "from_ms": 1_500 }]));
    for wrong in [
        json!({ "current": 3 }),
        json!({ "tracks": [one], "current": 1 }),
        json!({ "tracks": [one], "position_ms": 1 }),
        json!({ "enhance": { "preset": "loud" } }),
        json!({ "nonsense": 1 }),
    ] {
        assert_eq!(change(wrong.clone()).status, 422, "{wrong}");
    }
}

#[test]
fn what_is_remembered_of_a_track_counts_more_than_its_album_and_that_more_than_the_player() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let album = server.get(&server.anna, &format!("/api/v1/tracks/{one}"))["album_id"].clone();
    let album = album.as_str().unwrap().to_owned();
    let put = |scope: &str, enhance: Value| {
        let path = format!("/api/v1/enhancements/{scope}");
        server.ask(&server.anna, "PUT", &path, Some(json!({ "enhance": enhance }))).status
    };
    assert_eq!(put("player:phone", json!({ "preset": "warm", "intensity": 0.5 })), 204);
    let body = |player: &str| json!({ "tracks": [one], "player": player });
    let (_, told) = made(&server, &server.anna, body("phone"));
    let warm = json!({ "preset": "warm", "intensity": 0.5, "loudness": -14.0 });
    assert_eq!((&told["enhance"], &told["player"]), (&warm, &json!("phone")));
    let (_, told) = made(&server, &server.anna, body("desk"));
    assert_eq!(told["enhance"], Value::Null);
    assert_eq!(put(&album, json!({ "preset": "bright" })), 204);
    assert_eq!(put(&one, Value::Null), 204);
    let all = server.get(&server.anna, "/api/v1/enhancements")["items"].clone();
    let scopes: Vec<&Value> = all.as_array().unwrap().iter().map(|item| &item["scope"]).collect();
    assert_eq!(scopes, [&json!(album), &json!("player:phone"), &json!(one)]);
    assert_eq!(server.get(&server.bert, "/api/v1/enhancements")["items"], json!([]));
    for (scope, status) in [("tr-999", 404), ("al-999", 404), ("ar-1", 404), ("player:", 404)] {
        assert_eq!(put(scope, json!({ "preset": "warm" })), status, "{scope}");
    }
    assert_eq!(put(&one, json!({ "preset": "loud" })), 422);
    let path = format!("/api/v1/enhancements/{one}");
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 404);
}

#[test]
fn a_ticket_opens_one_stream_to_a_player_that_has_nothing_else() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let (path, _) = made(&server, &server.anna, json!({ "tracks": [one] }));
    let (other, _) = made(&server, &server.anna, json!({ "tracks": [one] }));
    let made = server.ask(&server.anna, "POST", &format!("{path}/tickets"), None);
    assert_eq!(made.status, 201, "{}", made.text());
    let address = format!("/{}", made.json()["path"].as_str().unwrap());
    let query = address.split('?').nth(1).unwrap();
    let heard = server.ask("", "GET", &address, None);
    assert_eq!((heard.status, &heard.body[..4]), (200, &b"fLaC"[..]));
    for (path, status) in [
        (format!("{path}/live.flac"), 401),
        (format!("{path}/live.flac?ticket=0123"), 401),
        (format!("{path}/live.flac?word=0123"), 422),
        (format!("{other}/live.flac?{query}"), 401),
        (format!("{path}?{query}"), 401),
    ] {
        assert_eq!(server.ask("", "GET", &path, None).status, status, "{path}");
    }
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    assert_eq!(server.ask("", "GET", &address, None).status, 404);
}

#[test]
fn a_player_of_another_protocol_is_given_masters_where_that_is_remembered() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let enhance = json!({ "enhance": { "preset": "adaptive", "loudness": -23.0 } });
    let path = "/api/v1/enhancements/player:phone";
    assert_eq!(server.ask(&server.anna, "PUT", path, Some(enhance)).status, 204);
    let key = server.anna.strip_prefix("Bearer ").unwrap();
    let heard = |client: &str, more: &str| {
        let path = format!("/rest/stream?apiKey={key}&v=1.16.1&c={client}&id={one}{more}");
        let heard = server.ask("", "GET", &path, None);
        assert_eq!(heard.status, 200, "{}", heard.text());
        decode(Cursor::new(heard.body)).unwrap().0
    };
    let lufs = |sound: &audio::Buffer| audio::loudness::measure(sound).0.integrated.unwrap().0;
    let (mastered, original) = (heard("phone", ""), heard("desk", ""));
    assert!((lufs(&mastered) + 23.0).abs() < 0.5, "{}", lufs(&mastered));
    assert!((lufs(&original) + 23.0).abs() > 1.0, "{}", lufs(&original));
    assert_eq!(mastered.length(), original.length());
    assert_eq!(heard("phone", "&timeOffset=1").length().0, original.length().0 - 44_100);
}

#[test]
fn streams_that_cannot_be_are_refused_and_only_the_last_ones_are_kept() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    for (body, field) in [
        (json!({ "tracks": [] }), "tracks"),
        (json!({ "tracks": vec![&one; 50_001] }), "tracks"),
        (json!({ "tracks": [one], "current": 1 }), "current"),
        (json!({ "tracks": [one], "crossfade_seconds": 13 }), "crossfade_seconds"),
        (json!({ "tracks": [one], "crossfade_seconds": -1 }), "crossfade_seconds"),
        (json!({ "tracks": [one], "enhance": { "preset": "loud" } }), "preset"),
        (json!({ "tracks": [one], "enhance": { "preset": "warm", "intensity": 2 } }), "intensity"),
        (json!({ "tracks": [one], "player": "" }), "player"),
    ] {
        let refused = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body));
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.text().contains(field), "{}", refused.text());
    }
    let paths: Vec<String> =
        (0..9).map(|_| made(&server, &server.anna, json!({ "tracks": [one] })).0).collect();
    assert_eq!(server.ask(&server.anna, "GET", &paths[0], None).status, 404);
    let kept = server.get(&server.anna, "/api/v1/streams");
    assert_eq!(kept["items"].as_array().unwrap().len(), 8);
    assert_eq!(server.get(&server.bert, "/api/v1/streams")["items"], json!([]));
}
