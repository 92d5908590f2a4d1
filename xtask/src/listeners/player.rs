use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::crowd::Client;

/// Frames a second.
const RATE: u64 = 48_000;
/// What a player holds ahead.
const AHEAD: u64 = 3 * RATE;
/// Between two grants.
const TURN: Duration = Duration::from_millis(100);
/// Between two clicks of a listener, seconds.
const CLICKS_S: u64 = 9;
/// Sound begins once so much is there.
const STARTS: u64 = RATE / 20;

/// What a listener met with.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Seconds from a click on a track, and within one, to sound.
    pub(super) first: Vec<f64>,
    pub(super) sought: Vec<f64>,
    pub(super) underruns: u64,
    /// How much was heard.
    pub(super) seconds: f64,
}

impl Heard {
    pub(super) fn add(&mut self, other: Heard) {
        self.first.extend(other.first);
        self.sought.extend(other.sought);
        self.underruns += other.underruns;
        self.seconds += other.seconds;
    }
}

/// One listener.
pub(super) struct Player {
    socket: WebSocket<TcpStream>,
    /// Its stream.
    path: String,
    epoch: u32,
    /// The first frame that was not received.
    there: u64,
    heard: Heard,
    tracks: usize,
}

impl Player {
    pub(super) fn open(client: &Client, tracks: &[&String]) -> Result<Self> {
        let body = json!({ "tracks": tracks, "enhance": { "preset": "adaptive" } });
        let made: Value = serde_json::from_slice(&client.post("/api/v1/streams", &body)?)?;
        let path = format!("/api/v1/streams/{}", made["id"]);
        let mut request = format!("ws://{}{path}/socket", client.at()).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "triad.stream.v1".parse()?);
        headers.insert("authorization", format!("Bearer {}", client.key()).parse()?);
        let tcp = TcpStream::connect(client.at())?;
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(Duration::from_secs(10)))?;
        let (socket, _) = tungstenite::client(request, tcp).context("no socket")?;
        let mut player = Self {
            socket,
            path,
            epoch: 0,
            there: 0,
            heard: Heard::default(),
            tracks: tracks.len(),
        };
        player.say(&json!({ "op": "hello", "rate": RATE, "format": "pcm_f32" }))?;
        player.take()?;
        Ok(player)
    }

    /// Goes, with its stream.
    pub(super) fn leave(self, client: &Client) -> Result<Heard> {
        client.delete(&self.path)?;
        Ok(self.heard)
    }

    /// Clicks now and then, and hears what comes at the pace at which it is heard.
    #[expect(clippy::disallowed_methods, reason = "a listener hears by the clock")]
    pub(super) fn listen(mut self, seed: u64, goes_on: impl Fn() -> bool) -> Result<Self> {
        let mut chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        // Nobody clicks when all others do.
        std::thread::sleep(Duration::from_millis(seed * 137 % 2_000));
        let mut clicks = 0_u64;
        while goes_on() {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = (chance >> 33) as usize % self.tracks;
            let frame = if clicks.is_multiple_of(2) { 0 } else { (chance >> 20) % (20 * RATE) };
            let after = self.click(place, frame)?;
            if frame == 0 { &mut self.heard.first } else { &mut self.heard.sought }.push(after);
            let begun = Instant::now();
            let until = Duration::from_secs(CLICKS_S + (chance >> 40) % 5);
            while begun.elapsed() < until && goes_on() {
                let played = (begun.elapsed().as_secs_f64() * RATE as f64) as u64;
                if !self.sip(played)? {
                    break;
                }
            }
            self.heard.seconds += begun.elapsed().as_secs_f64();
            clicks += 1;
        }
        Ok(self)
    }

    /// Seconds until the sound of a place is there.
    #[expect(clippy::disallowed_methods, reason = "how long somebody waits is told by the clock")]
    fn click(&mut self, place: usize, frame: u64) -> Result<f64> {
        let begun = Instant::now();
        self.epoch += 1;
        self.there = 0;
        let epoch = self.epoch;
        self.say(&json!({ "op": "play", "epoch": epoch, "place": place, "frame": frame }))?;
        self.say(&json!({ "op": "credit", "epoch": epoch, "played": 0, "until": AHEAD }))?;
        while self.there < STARTS {
            if self.take()? {
                break;
            }
        }
        Ok(begun.elapsed().as_secs_f64())
    }

    /// Takes what comes within a turn, and grants what was played; false at the end.
    #[expect(clippy::disallowed_methods, reason = "a listener hears by the clock")]
    fn sip(&mut self, played: u64) -> Result<bool> {
        if played > self.there {
            self.heard.underruns += 1;
        }
        let played = played.min(self.there);
        let (epoch, until) = (self.epoch, played + AHEAD);
        self.say(&json!({ "op": "credit", "epoch": epoch, "played": played, "until": until }))?;
        let turn = Instant::now();
        while self.there < until && turn.elapsed() < TURN {
            if self.take()? {
                return Ok(false);
            }
        }
        std::thread::sleep(TURN.saturating_sub(turn.elapsed()));
        Ok(true)
    }

    fn say(&mut self, message: &Value) -> Result<()> {
        self.socket.send(Message::text(message.to_string())).context("the socket is closed")
    }

    /// Takes one message; whether it is the end of the timeline.
    fn take(&mut self) -> Result<bool> {
        match self.socket.read().context("nothing comes")? {
            Message::Binary(bytes) => {
                let field = |at: usize| -> Result<u32> {
                    let four = bytes.get(at..at + 4).context("a piece without a head")?;
                    Ok(u32::from_le_bytes(four.try_into()?))
                };
                if field(4)? == self.epoch {
                    self.there += u64::from(field(12)?);
                }
                Ok(false)
            }
            Message::Text(text) => {
                let event: Value = serde_json::from_str(text.as_str())?;
                ensure!(event["event"] != "refused", "{event}");
                Ok(event["event"] == "ended" && event["epoch"] == self.epoch)
            }
            Message::Close(_) => bail!("the server closed the socket"),
            _ => Ok(false),
        }
    }
}
