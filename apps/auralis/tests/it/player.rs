//! A player that is not ours, at the socket of the program itself.

use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::serving::{Place, Server};

/// A player at the socket of a stream.
pub(crate) struct Player(WebSocket<TcpStream>);

impl Player {
    /// Opens a stream of one track and wants its first second.
    pub(crate) fn play(server: &Server, key: &str, track: &str) -> Self {
        let asked = json!({ "tracks": [track] }).to_string();
        let (status, _, body) = server.ask_as(key, "POST /api/v1/streams", &asked);
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        let made: Value = serde_json::from_slice(&body).unwrap();
        let url = format!("ws://{}/api/v1/streams/{}/socket", server.host(), made["id"]);
        let mut request = url.into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "triad.stream.v1".parse().unwrap());
        headers.insert("authorization", format!("Bearer {key}").parse().unwrap());
        let tcp = TcpStream::connect(server.host()).unwrap();
        tcp.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        let mut player = Self(tungstenite::client(request, tcp).unwrap().0);
        for said in [
            json!({ "op": "hello", "rate": 44_100, "format": "pcm_s16" }),
            json!({ "op": "play", "epoch": 1, "place": 0 }),
            json!({ "op": "credit", "epoch": 1, "played": 0, "until": 44_100 }),
        ] {
            player.0.send(Message::text(said.to_string())).unwrap();
        }
        player
    }

    /// Whether sound comes; else why not, as it is told, and with which code it is closed.
    pub(crate) fn hears(&mut self) -> Result<(), (Value, u16)> {
        let mut told = Value::Null;
        loop {
            match self.0.read().unwrap() {
                Message::Binary(_) => return Ok(()),
                Message::Text(text) => {
                    let event: Value = serde_json::from_str(text.as_str()).unwrap();
                    if event["event"] == "error" || event["event"] == "ended" {
                        told = event;
                    }
                }
                Message::Close(frame) => {
                    return Err((told, frame.map_or(1005, |frame| u16::from(frame.code))));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn whoever_plays_is_told_that_the_server_stops() {
    let place = Place::new();
    let key = place.key();
    let server = place.start();
    let songs = server.songs(&key, 2);
    let players =
        songs.iter().map(|song| Player::play(&server, &key, song["id"].as_str().unwrap()));
    let mut players: Vec<Player> = players.collect();
    assert!(players.iter_mut().all(|player| player.hears().is_ok()));
    assert!(server.stop());
    for player in &mut players {
        let (told, code) = std::iter::repeat_with(|| player.hears()).find_map(Result::err).unwrap();
        assert_eq!((&told["event"], &told["reason"]), (&json!("ended"), &json!("closing")));
        assert_eq!(code, 1001);
    }
}
