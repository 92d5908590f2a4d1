//! Streams heard over a socket, by a client that is not ours: every sample, and what is told of them.

use std::collections::VecDeque;
use std::io::Cursor;
use std::net::TcpStream;
use std::time::Duration;

use audio_file::decode;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::api_flows::track;
use crate::api_house::{Server, With};

/// A piece of sound as it arrived.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    flags: u8,
    epoch: u32,
    number: u32,
    first: u64,
    place: u32,
    /// A plane for each channel.
    planes: Vec<Vec<f32>>,
}

fn piece(bytes: &[u8]) -> Piece {
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let frames = u32_at(12) as usize;
    assert_eq!(bytes[2..4], [32, 0]);
    assert!(frames <= 4_800);
    assert_eq!(u32_at(28), crc32fast::hash(&bytes[32..]));
    let channels = if bytes[1] & 4 == 0 { 2 } else { 4 };
    let samples: Vec<f32> = match bytes[0] {
        1 => {
            let whole = bytes[32..].chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]));
            whole.map(|sample| f32::from(sample) / 32_768.0).collect()
        }
        2 => bytes[32..]
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect(),
        kind => panic!("kind {kind}"),
    };
    assert_eq!(samples.len(), frames * channels, "whole frames");
    let plane = |channel| samples.iter().skip(channel).step_by(channels).copied().collect();
    Piece {
        flags: bytes[1],
        epoch: u32_at(4),
        number: u32_at(8),
        first: u64::from_le_bytes(bytes[16..24].try_into().unwrap()),
        place: u32_at(24),
        planes: (0..channels).map(plane).collect(),
    }
}

/// A player.
pub(crate) struct Player {
    socket: WebSocket<TcpStream>,
    events: VecDeque<Value>,
    pieces: VecDeque<Piece>,
}

fn dial(server: &Server, who: &str, path: &str, headers: &[(&str, &str)]) -> Result<Player, u16> {
    let mut request = format!("ws://localhost{path}/socket").into_client_request().unwrap();
    let all = request.headers_mut();
    all.insert("sec-websocket-protocol", "triad.stream.v1".parse().unwrap());
    if !who.is_empty() {
        all.insert("authorization", who.parse().unwrap());
    }
    for (name, value) in headers {
        let name: tungstenite::http::HeaderName = name.parse().unwrap();
        all.insert(name, value.parse().unwrap());
    }
    let tcp = TcpStream::connect(server.at).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    match tungstenite::client(request, tcp) {
        Ok((socket, _)) => Ok(Player { socket, events: VecDeque::new(), pieces: VecDeque::new() }),
        Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
            Err(answer.status().as_u16())
        }
        Err(other) => panic!("{other}"),
    }
}

impl Player {
    pub(crate) fn say(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).unwrap();
    }

    /// Takes what comes next; the code of the end.
    fn take(&mut self) -> Result<(), u16> {
        match self.socket.read() {
            Ok(Message::Text(text)) => {
                self.events.push_back(serde_json::from_str(text.as_str()).unwrap());
            }
            Ok(Message::Binary(bytes)) => self.pieces.push_back(piece(&bytes)),
            Ok(Message::Close(frame)) => return Err(frame.map_or(1005, |f| u16::from(f.code))),
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
        Ok(())
    }

    fn event(&mut self) -> Value {
        while self.events.is_empty() {
            self.take().unwrap();
        }
        self.events.pop_front().unwrap()
    }

    /// The next event of a name.
    pub(crate) fn until(&mut self, name: &str) -> Value {
        loop {
            let event = self.event();
            if event["event"] == name {
                return event;
            }
        }
    }

    /// Sound of an epoch up to a frame, and what was told meanwhile.
    pub(crate) fn hear(&mut self, epoch: u32, from: u64, to: u64) -> (Vec<Vec<f32>>, Vec<Value>) {
        let (mut planes, mut next) = (Vec::new(), from);
        while next < to {
            while self.pieces.is_empty() {
                self.take().unwrap();
            }
            let piece = self.pieces.pop_front().unwrap();
            if piece.epoch < epoch {
                continue;
            }
            assert_eq!((piece.epoch, piece.first), (epoch, next), "no hole, nothing twice");
            planes.resize(piece.planes.len(), Vec::new());
            for (heard, plane) in planes.iter_mut().zip(&piece.planes) {
                heard.extend(plane);
            }
            next += piece.planes[0].len() as u64;
        }
        assert_eq!(next, to, "no more than was granted");
        (planes, self.events.drain(..).collect())
    }

    fn closed(mut self) -> u16 {
        loop {
            if let Err(code) = self.take() {
                return code;
            }
        }
    }

    /// Nothing comes for a while.
    fn is_silent(&mut self) {
        self.socket.get_ref().set_read_timeout(Some(Duration::from_millis(400))).unwrap();
        let heard = self.socket.read();
        assert!(heard.is_err(), "{heard:?}");
        self.socket.get_ref().set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    }
}

/// A stream of the three songs, its path, and all its sound.
fn stream(server: &Server, more: Value) -> (String, Vec<String>, Vec<f32>) {
    let titles = ["One", "Two", "Three"].map(|title| track(server, title)).to_vec();
    let mut body = json!({ "tracks": titles, "level": "off" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body));
    assert_eq!(made.status, 201, "{}", made.text());
    let mut whole = Vec::new();
    for title in &titles {
        let file = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{title}/file"), None);
        whole.extend(decode(Cursor::new(file.body)).unwrap().0.plane(0));
    }
    (format!("/api/v1/streams/{}", made.json()["id"]), titles, whole)
}

pub(crate) fn greeted(server: &Server, who: &str, path: &str, format: &str) -> Player {
    let mut player = dial(server, who, path, &[]).unwrap();
    player.say(json!({ "op": "hello", "rate": 44_100, "format": format, "id": "h" }));
    let welcome = player.event();
    assert_eq!((&welcome["event"], &welcome["re"]), (&json!("welcome"), &json!("h")));
    player
}

#[test]
fn all_tracks_are_heard_to_the_sample_and_what_begins_is_told() {
    let server = Server::furnished(With::Nothing);
    for format in ["pcm_s16", "pcm_f32"] {
        let (path, titles, whole) = stream(&server, json!({}));
        let mut player = greeted(&server, &server.anna, &path, format);
        player.say(json!({ "op": "play", "epoch": 1, "place": 0, "id": "p" }));
        let end = whole.len() as u64;
        player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": end + 1 }));
        let (planes, events) = player.hear(1, 0, end);
        assert_eq!(planes[0], whole, "{format}");
        let begun: Vec<&Value> =
            events.iter().filter(|event| event.get("track").is_some()).collect();
        let length = end / 3;
        for (n, event) in begun.iter().enumerate() {
            assert_eq!(event["event"], ["started", "boundary", "boundary"][n]);
            assert_eq!(event["frame"], length * n as u64);
            assert_eq!((&event["track"], &event["place"]), (&json!(titles[n]), &json!(n)));
            assert_eq!((&event["at"], &event["length"]), (&json!(0), &json!(length)));
        }
        assert_eq!((begun.len(), &begun[0]["re"]), (3, &json!("p")));
        let ended = player.until("ended");
        assert_eq!((&ended["frame"], &ended["reason"]), (&json!(end), &json!("end")));
    }
}

#[test]
fn nothing_is_sent_beyond_the_credit_or_while_it_is_paused() {
    let server = Server::furnished(With::Nothing);
    let (path, _, whole) = stream(&server, json!({}));
    let mut player = greeted(&server, &server.anna, &path, "pcm_f32");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    player.is_silent();
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 7_000 }));
    let (mut heard, _) = player.hear(1, 0, 7_000);
    player.say(json!({ "op": "pause", "paused": true, "id": "q" }));
    assert_eq!(player.until("state")["paused"], true);
    player.say(json!({ "op": "credit", "epoch": 1, "played": 7_000, "until": 20_000 }));
    player.is_silent();
    player.say(json!({ "op": "pause", "paused": false }));
    heard[0].extend(&player.hear(1, 7_000, 20_000).0[0]);
    assert_eq!(heard[0], whole[..20_000]);
    for wrong in [
        json!({ "op": "credit", "epoch": 1, "played": 30_000, "until": 40_000 }),
        json!({ "op": "credit", "epoch": 1, "played": 10, "until": 9 }),
        json!({ "op": "credit", "epoch": 1, "played": u64::MAX, "until": u64::MAX }),
    ] {
        player.say(wrong);
        assert_eq!(player.until("refused")["code"], "invalid");
    }
    // Of another epoch it means nothing, however much it is.
    player.say(json!({ "op": "credit", "epoch": 9, "played": 0, "until": u64::MAX }));
    player.is_silent();
}

#[test]
fn the_last_wish_wins_and_lands_on_the_frame() {
    let server = Server::furnished(With::Nothing);
    let (path, titles, whole) = stream(&server, json!({}));
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    let length = whole.len() / 3;
    for epoch in 1..=12_u64 {
        let (place, frame) = (epoch % 3, epoch * 997 % length as u64);
        player.say(json!({ "op": "play", "epoch": epoch, "place": place, "frame": frame }));
        player.say(json!({ "op": "credit", "epoch": epoch, "played": 0, "until": 5_000 }));
    }
    let (heard, events) = player.hear(12, 0, 5_000);
    let from = 12 * 997 % length;
    assert_eq!(heard[0], whole[from..from + 5_000]);
    let started = events.iter().find(|e| e["event"] == "started" && e["epoch"] == 12).unwrap();
    assert_eq!((&started["track"], &started["at"]), (&json!(titles[0]), &json!(from)));
    player.say(json!({ "op": "play", "epoch": 12, "place": 0 }));
    assert_eq!(player.until("refused")["code"], "stale_epoch");
    player.say(json!({ "op": "go_on", "epoch": 13, "from": 9_000 }));
    assert_eq!(player.until("refused")["code"], "unknown_frame");
    // Two changes in a row: the second may lie where the first has sent nothing yet.
    player.say(json!({ "op": "go_on", "epoch": 20, "from": 4_000 }));
    player.say(json!({ "op": "go_on", "epoch": 21, "from": 4_100 }));
    player.say(json!({ "op": "credit", "epoch": 21, "played": 3_000, "until": 5_000 }));
    let (heard, _) = player.hear(21, 4_100, 5_000);
    assert_eq!(heard[0], whole[from + 4_100..from + 5_000]);
    player.say(json!({ "op": "play", "epoch": 22, "place": 0, "frame": u64::MAX }));
    assert_eq!(player.until("refused")["code"], "invalid");
    // Behind the end of the last one there is nothing.
    player.say(
        json!({ "op": "play", "epoch": 22, "place": 2, "frame": 4_000_000_000_u64, "id": "e" }),
    );
    player.say(json!({ "op": "credit", "epoch": 22, "played": 0, "until": 100 }));
    let ended = player.until("ended");
    assert_eq!((&ended["epoch"], &ended["frame"]), (&json!(22), &json!(0)));
}

#[test]
fn a_timeline_goes_on_after_the_list_was_changed_and_after_the_socket_broke() {
    let server = Server::furnished(With::Nothing);
    let (path, titles, whole) = stream(&server, json!({}));
    let length = whole.len() / 3;
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    player.say(json!({ "op": "play", "epoch": 1, "place": 1 }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 30_000 }));
    player.hear(1, 0, 30_000);
    player.say(json!({ "op": "credit", "epoch": 1, "played": 20_000, "until": 30_000 }));
    // The track that is heard is the first now, and the first one comes behind it.
    let tracks = json!({ "tracks": [titles[1], titles[0]], "current": 0 });
    assert_eq!(server.ask(&server.anna, "PATCH", &path, Some(tracks)).status, 200);
    player.say(json!({ "op": "go_on", "epoch": 2, "from": 24_000, "place": 0, "id": "g" }));
    let end = (2 * length) as u64;
    player.say(json!({ "op": "credit", "epoch": 2, "played": 24_000, "until": end }));
    let (heard, events) = player.hear(2, 24_000, end);
    let wanted: Vec<f32> =
        whole[length + 24_000..2 * length].iter().chain(&whole[..length]).copied().collect();
    assert_eq!(heard[0], wanted);
    let begun = |name: &str| events.iter().find(|event| event["event"] == name).unwrap().clone();
    let (started, boundary) = (begun("started"), begun("boundary"));
    assert_eq!((&started["re"], &started["at"]), (&json!("g"), &json!(24_000)));
    assert_eq!((&boundary["place"], &boundary["frame"]), (&json!(1), &json!(length)));
    player.say(json!({ "op": "credit", "epoch": 2, "played": length + 1_000, "until": end }));
    player.say(json!({ "op": "ping", "id": "z" }));
    assert_eq!(player.until("pong")["re"], "z");
    drop(player);
    // Cut off: the next one knows where it was.
    let mut player = dial(&server, &server.anna, &path, &[]).unwrap();
    let resume = path.rsplit('/').next().unwrap();
    player.say(json!({ "op": "hello", "rate": 44_100, "format": "pcm_s16", "resume": resume }));
    let welcome = player.event();
    assert_eq!((&welcome["resumed"], &welcome["place"]), (&json!(true), &json!(1)));
    assert!(welcome["frame"].as_u64().unwrap().abs_diff(length as u64 + 1_000) <= 1, "{welcome}");
    player.say(json!({ "op": "go_on", "epoch": 3, "from": length + 1_500 }));
    player.say(json!({ "op": "credit", "epoch": 3, "played": length + 1_500, "until": end }));
    let (heard, _) = player.hear(3, length as u64 + 1_500, end);
    assert_eq!(heard[0], whole[1_500..length]);
}

#[test]
fn a_fade_goes_on_though_the_timeline_is_made_anew_in_the_midst_of_it() {
    let server = Server::furnished(With::Nothing);
    let [one, two, three] = ["One", "Two", "Three"].map(|title| track(&server, title));
    let body = json!({ "tracks": [two, three], "level": "off", "crossfade_seconds": 1 });
    let made = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body)).json();
    let path = format!("/api/v1/streams/{}", made["id"]);
    let mut player = greeted(&server, &server.anna, &path, "pcm_f32");
    // Begun less than two fades before its end: half of what is heard of it fades.
    player.say(json!({ "op": "play", "epoch": 1, "place": 0, "frame": 2 * 44_100 + 10_000 }));
    let fades = (2 * 44_100 - 10_000) / 2;
    let end = fades + 4 * 44_100;
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": end }));
    let (whole, events) = player.hear(1, 0, end);
    let boundary = events.iter().find(|event| event["event"] == "boundary").unwrap();
    assert_eq!(boundary["frame"], fades);
    // Again and again: before the fade, in it by other lists, without fades from now on, and at last without the
    // one that leaves.
    for (from, list, current, crossfade_s, is_the_same) in [
        (fades - 9_000, json!([two, three]), 0, 1, true),
        (fades + 500, json!([two, three]), 1, 1, true),
        (fades + 11_000, json!([one, two, one, three]), 3, 0, true),
        (fades + 22_000, json!([one, two, three]), 2, 0, true),
        (fades + 33_000, json!([one, three]), 1, 0, false),
    ] {
        let epoch = from as u32;
        let body = json!({ "tracks": list, "current": current, "crossfade_seconds": crossfade_s });
        assert_eq!(server.ask(&server.anna, "PATCH", &path, Some(body)).status, 200);
        player.say(json!({ "op": "go_on", "epoch": epoch, "from": from, "place": current }));
        player.say(json!({ "op": "credit", "epoch": epoch, "played": from, "until": end }));
        let (heard, events) = player.hear(epoch, from, end);
        let started = events.iter().find(|event| event["event"] == "started").unwrap();
        assert_eq!((&started["frame"], &started["place"]), (&json!(from), &json!(current)));
        assert_eq!(started["track"], list[current]);
        assert_eq!(heard[0] == whole[0][from as usize..], is_the_same, "from {from}");
    }
}

#[test]
fn ten_players_at_random_never_hear_each_other() {
    let server = Server::furnished(With::Nothing);
    let titles = ["One", "Two", "Three"].map(|title| track(&server, title));
    let sounds = titles.each_ref().map(|title| {
        let file = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{title}/file"), None);
        decode(Cursor::new(file.body)).unwrap().0.plane(0).to_vec()
    });
    let listen = |number: usize| {
        let who = [&server.anna, &server.bert, &server.admin][number % 3];
        let list = [number % 3, (number + 1) % 3].map(|n| titles[n].clone());
        let body = json!({ "tracks": list, "level": "off" });
        let made = server.ask(who, "POST", "/api/v1/streams", Some(body)).json();
        let path = format!("/api/v1/streams/{}", made["id"]);
        let mut player = dial(&server, who, &path, &[]).unwrap();
        player.say(json!({ "op": "hello", "rate": 44_100, "format": "pcm_s16" }));
        let mut chance = number as u64 + 1;
        for epoch in 1..=15_u64 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (place, from) = ((chance >> 33) as usize % 2, (chance >> 40) as usize % 60_000);
            player.say(json!({ "op": "play", "epoch": epoch, "place": place, "frame": from }));
            if chance & 1 == 1 {
                player.say(json!({ "op": "pause", "paused": true }));
                player.say(json!({ "op": "pause", "paused": false }));
            }
            let until = 2_000 + (chance >> 50) % 9_000;
            player.say(json!({ "op": "credit", "epoch": epoch, "played": 0, "until": until }));
            // Now and then it changes its mind before anything is heard.
            if chance & 6 != 6 {
                let (heard, _) = player.hear(epoch as u32, 0, until);
                let sound = &sounds[(number + place) % 3];
                assert_eq!(heard[0], sound[from..from + until as usize], "player {number}");
            }
            // No more is said than may be.
            std::thread::sleep(Duration::from_millis(150));
        }
    };
    std::thread::scope(|scope| {
        for number in 0..10 {
            let listen = &listen;
            scope.spawn(move || listen(number));
        }
    });
}

#[test]
fn who_opens_a_stream_last_has_it_and_the_other_is_told() {
    let server = Server::furnished(With::Nothing);
    let (path, _, _) = stream(&server, json!({}));
    let first = greeted(&server, &server.anna, &path, "pcm_s16");
    let second = greeted(&server, &server.anna, &path, "pcm_s16");
    let mut first = first;
    assert_eq!(first.until("ended")["reason"], "replaced");
    assert_eq!(first.closed(), 4_001);
    assert_eq!(server.ask(&server.anna, "DELETE", &path, None).status, 204);
    let mut second = second;
    assert_eq!(second.until("ended")["reason"], "forgotten");
    assert_eq!(second.closed(), 1_000);
}

#[test]
fn only_who_owns_a_stream_opens_it_and_no_foreign_page() {
    let server = Server::furnished(With::Nothing);
    let (path, _, _) = stream(&server, json!({}));
    let refused = |who: &str, headers: &[(&str, &str)]| dial(&server, who, &path, headers).err();
    assert_eq!(refused("", &[]), Some(401));
    assert_eq!(refused(&server.bert, &[]), Some(404));
    let foreign = [("origin", "https://elsewhere.example")];
    assert_eq!(refused(&server.anna, &foreign), Some(403));
    assert_eq!(server.ask(&server.anna, "GET", &format!("{path}/socket"), None).status, 426);
    assert!(dial(&server, &server.anna, &path, &[("origin", "http://localhost")]).is_ok());
}

#[test]
fn what_is_no_message_is_refused_and_what_is_too_much_is_closed() {
    let server = Server::furnished(With::Nothing);
    let (path, _, _) = stream(&server, json!({}));
    let mut player = dial(&server, &server.anna, &path, &[]).unwrap();
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    assert_eq!(player.closed(), 1_002);
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    let hello = json!({ "op": "hello", "rate": 44_100, "format": "pcm_s16", "id": "again" });
    for (wrong, code) in [
        (hello, "hello_first"),
        (json!([1, 2]), "malformed"),
        (json!({ "op": "sing" }), "unknown_op"),
        (json!({ "op": "play", "epoch": 1, "place": 3 }), "invalid"),
        (json!({ "op": "sleep", "after_s": 1.0 }), "invalid"),
        (json!({ "op": "sleep", "after_s": 60.0, "end_of_track": true }), "invalid"),
        (json!({ "op": "go_on", "epoch": 1, "from": 0 }), "unknown_frame"),
    ] {
        player.say(wrong.clone());
        assert_eq!(player.until("refused")["code"], code, "{wrong}");
    }
    player.say(json!({ "op": "ping", "id": "x".repeat(5_000) }));
    assert_eq!(player.closed(), 1_009);
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    for _ in 0..100 {
        if player.socket.send(Message::text(r#"{"op":"ping"}"#)).is_err() {
            break;
        }
    }
    assert_eq!(player.closed(), 1_008);
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    player.socket.send(Message::binary(vec![1, 2, 3])).unwrap();
    assert_eq!(player.closed(), 1_003);
}

#[test]
fn a_timer_fades_the_sound_out_and_ends_it() {
    let server = Server::furnished(With::Nothing);
    let (path, _, whole) = stream(&server, json!({}));
    let mut player = greeted(&server, &server.anna, &path, "pcm_f32");
    player.say(json!({ "op": "sleep", "after_s": 5.5, "id": "s" }));
    let state = player.until("state");
    assert_eq!((&state["re"], &state["sleep_s"]), (&json!("s"), &json!(5.5)));
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    let (begins, ends) = (22_050, 22_050 + 220_500);
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 300_000 }));
    let (heard, _) = player.hear(1, 0, whole.len().min(ends) as u64);
    assert_eq!(heard[0][..begins], whole[..begins]);
    for (n, (heard, sample)) in heard[0].iter().zip(&whole).enumerate().skip(begins) {
        let gain = 1.0 - (n - begins) as f32 / 220_500.0;
        assert!((heard - sample * gain).abs() < 1e-6, "{n}");
    }
    player.until("ended");
    let mut player = greeted(&server, &server.anna, &path, "pcm_f32");
    player.say(json!({ "op": "sleep", "end_of_track": true }));
    player.say(json!({ "op": "play", "epoch": 1, "place": 0, "frame": 1_000 }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 300_000 }));
    let ended = player.until("ended");
    let length = whole.len() / 3 - 1_000;
    assert_eq!((&ended["reason"], &ended["frame"]), (&json!("sleep"), &json!(length)));
}

/// What there is within a minute.
pub(crate) fn awaited<T>(look: impl Fn() -> Option<T>) -> T {
    for _ in 0..1_200 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("not within a minute");
}

#[test]
fn original_and_master_come_side_by_side_and_equally_loud() {
    let server = Server::furnished(With::Nothing);
    let enhance = json!({ "preset": "warm", "loudness": -23.0 });
    let (path, titles, whole) = stream(&server, json!({ "enhance": enhance }));
    let plan = format!("/api/v1/tracks/{}/plan?preset=warm&loudness=-23", titles[0]);
    let plan = awaited(|| {
        let plan = server.get(&server.anna, &plan);
        assert_ne!(plan["state"], "failed", "{plan}");
        (plan["state"] == "measured").then_some(plan)
    });
    assert!((plan["after"]["integrated_lufs"].as_f64().unwrap() + 23.0).abs() < 0.5, "{plan}");
    let mut player = greeted(&server, &server.anna, &path, "pcm_f32");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0, "pairs": true }));
    let length = whole.len() / 3;
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": length }));
    let (planes, events) = player.hear(1, 0, length as u64);
    let told = events.iter().find(|event| event["event"] == "plan").unwrap();
    assert_eq!((&told["state"], &told["enhance"]["preset"]), (&json!("measured"), &json!("warm")));
    let gain = plan["matched"]["original_db"].as_f64().unwrap();
    let gain = audio::Decibels(gain).amplitude() as f32;
    for (n, (heard, sample)) in planes[2].iter().zip(&whole).enumerate() {
        assert!((heard - sample * gain).abs() < 1e-6, "frame {n} of the original");
    }
    let loud = |left: usize| {
        let pair = vec![planes[left].clone(), planes[left + 1].clone()];
        let buffer = audio::Buffer::from_planes(audio::SampleRate::CD, pair).unwrap();
        audio::loudness::measure(&buffer).0.integrated.unwrap().0
    };
    assert!((loud(0) - loud(2)).abs() < 0.1, "{} and {}", loud(0), loud(2));
    // Another preset from here on: told with where it begins, and not the sound it was.
    let change =
        json!({ "op": "go_on", "epoch": 2, "from": 4_000, "pairs": false, "enhance": null });
    player.say(change);
    player.say(json!({ "op": "credit", "epoch": 2, "played": 4_000, "until": length }));
    let (planes, events) = player.hear(2, 4_000, length as u64);
    assert_eq!(planes[0], whole[4_000..length]);
    let told = events.iter().find(|event| event["event"] == "plan").unwrap();
    assert_eq!(told["state"], "none");
    assert_eq!(server.get(&server.anna, &path)["enhance"], Value::Null);
}

#[test]
fn whoever_has_lost_their_key_hears_no_more() {
    let server = Server::furnished(With::Nothing);
    let (path, ..) = stream(&server, json!({}));
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 4_000 }));
    player.until("started");
    let key = server.get(&server.anna, "/api/v1/keys")["items"][0]["id"].clone();
    let revoked = server.ask(&server.anna, "DELETE", &format!("/api/v1/keys/{key}"), None);
    assert_eq!(revoked.status, 204, "{}", revoked.text());
    assert_eq!(player.closed(), 1008);
}

#[test]
fn a_track_that_is_gone_is_told_and_the_next_one_is_heard() {
    let server = Server::furnished(With::Nothing);
    let (path, _, whole) = stream(&server, json!({}));
    std::fs::remove_file(server.music().join("Alpha/1.flac")).unwrap();
    std::fs::write(server.music().join("Alpha/2.flac"), b"fLaC and nothing").unwrap();
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    let length = whole.len() / 3;
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": length }));
    let (heard, events) = player.hear(1, 0, length as u64);
    assert_eq!(heard[0], whole[2 * length..]);
    let errors: Vec<&Value> = events.iter().filter(|event| event["event"] == "error").collect();
    let codes: Vec<&Value> = errors.iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["gone", "unreadable"]);
    assert!(!events.iter().any(|event| event.to_string().contains(".flac")), "no path is told");
}

#[test]
fn plays_are_counted_by_what_was_heard() {
    let server = Server::furnished(With::Nothing);
    let (path, titles, whole) = stream(&server, json!({ "player": "kitchen" }));
    let length = whole.len() / 3;
    let mut player = greeted(&server, &server.anna, &path, "pcm_s16");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 2 * length }));
    player.hear(1, 0, 2 * length as u64);
    let plays = || server.get(&server.anna, "/api/v1/plays")["items"].as_array().unwrap().clone();
    assert!(plays().is_empty(), "what was sent was not heard yet");
    // What is passed over is not heard; what is heard is told a second at a time.
    for played in [length * 9 / 10, 0, 44_100, 88_200] {
        player.say(json!({ "op": "credit", "epoch": 1, "played": played, "until": 2 * length }));
        std::thread::sleep(Duration::from_millis(1_200));
    }
    awaited(|| (!plays().is_empty()).then_some(()));
    assert_eq!(plays()[0]["track"]["id"], json!(titles[0]));
    assert_eq!(plays()[0]["client"], "kitchen");
}
