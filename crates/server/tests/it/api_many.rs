//! Many streams at once, each of sounds that say in every sample which they are and where one is in them.

use std::io::Cursor;
use std::time::Duration;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::{Chance, Seed};
use serde_json::{Value, json};

use crate::api_flows::track;
use crate::api_house::{Server, With};
use crate::api_socket::{Player, greeted};

const STREAMS: usize = 10;
/// Tracks of a stream, and frames of a track.
const TRACKS: usize = 3;
const FRAMES: usize = 60_000;
/// What each listener does.
const WISHES: u32 = 25;

/// The sample at a frame of a sound, in steps of 16 bits: where on the left, which on the right.
fn sample(sound: usize, frame: usize) -> [i16; 2] {
    let place = (frame * 7 + sound * 1_009) % 60_013;
    [(place as i32 - 30_000) as i16, (sound as i16 + 1) * 500]
}

fn write(server: &Server, sound: usize) {
    let plane = |channel: usize| -> Vec<f32> {
        (0..FRAMES).map(|frame| f32::from(sample(sound, frame)[channel]) / 32_768.0).collect()
    };
    let buffer = Buffer::from_planes(SampleRate::CD, vec![plane(0), plane(1)]).unwrap();
    let tags = Tags {
        title: format!("Sound {sound}"),
        artist: "Ann".to_owned(),
        album: "Tagged".to_owned(),
        ..Tags::default()
    };
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &Pcm::exact(&buffer, Depth::Sixteen), &tags).unwrap();
    let folder = server.music().join("Tagged");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{sound}.flac")), bytes.into_inner()).unwrap();
}

/// One who clicks, seeks and pauses at random, and knows every sample that has to come.
struct Listener {
    player: Player,
    number: usize,
    epoch: u32,
    chance: Chance,
}

impl Listener {
    /// No faster than a player may: twenty messages a second.
    fn say(&mut self, message: Value) {
        std::thread::sleep(Duration::from_millis(50));
        self.player.say(message);
    }

    fn wish(&mut self) {
        // Of some clicks only the last one counts.
        let clicks = 1 + self.chance.below(3);
        let (mut place, mut frame) = (0, 0);
        for _ in 0..clicks {
            self.epoch += 1;
            (place, frame) = (self.chance.below(TRACKS), self.chance.below(FRAMES - 1));
            self.say(json!({ "op": "play", "epoch": self.epoch, "place": place, "frame": frame }));
        }
        let mut from = 0;
        for _ in 0..1 + self.chance.below(3) {
            let to = from + 1 + self.chance.below(9_000);
            let left = (TRACKS - place) * FRAMES - frame;
            let to = to.min(left);
            if to == from {
                break;
            }
            let is_paused = self.chance.below(3) == 0;
            if is_paused {
                self.say(json!({ "op": "pause", "paused": true }));
            }
            let credit =
                json!({ "op": "credit", "epoch": self.epoch, "played": from, "until": to });
            self.say(credit);
            if is_paused {
                self.say(json!({ "op": "pause", "paused": false }));
            }
            let (planes, _) = self.player.hear(self.epoch, from as u64, to as u64);
            let [left, right] = planes.as_slice() else { panic!("two channels") };
            for (n, (left, right)) in left.iter().zip(right).enumerate() {
                let at = place * FRAMES + frame + from + n;
                let sound = self.number * TRACKS + at / FRAMES;
                let heard = [left, right].map(|sample| (sample * 32_768.0) as i16);
                assert_eq!(heard, sample(sound, at % FRAMES), "listener {}", self.number);
            }
            from = to;
        }
    }
}

#[test]
fn ten_streams_under_random_clicks_never_mix() {
    let server = Server::furnished(With::Nothing);
    (0..STREAMS * TRACKS).for_each(|sound| write(&server, sound));
    server.scan();
    let id = |sound: usize| track(&server, &format!("Sound {sound}"));
    let ids: Vec<String> = (0..STREAMS * TRACKS).map(id).collect();
    std::thread::scope(|scope| {
        for number in 0..STREAMS {
            let (server, ids) = (&server, &ids);
            scope.spawn(move || {
                let own = &ids[number * TRACKS..(number + 1) * TRACKS];
                let body = json!({ "tracks": own, "level": "off" });
                // Two people, five streams each.
                let who = if number % 2 == 0 { &server.anna } else { &server.bert };
                let made = server.ask(who, "POST", "/api/v1/streams", Some(body));
                assert_eq!(made.status, 201, "{}", made.text());
                let path = format!("/api/v1/streams/{}", made.json()["id"]);
                let player = greeted(server, who, &path, "pcm_s16");
                let chance = Seed(number as u64).stream("listener");
                let mut listener = Listener { player, number, epoch: 0, chance };
                (0..WISHES).for_each(|_| listener.wish());
            });
        }
    });
}
