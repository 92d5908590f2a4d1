//! An album that is mastered while it is heard, against the same sound in one file.

use std::io::Cursor;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::Seed;
use serde_json::{Value, json};

use crate::api_flows::track;
use crate::api_house::{Server, With};
use crate::api_socket::{awaited, greeted};

/// Frames of each part of the album: no whole number of anything.
const PARTS: [usize; 3] = [150_001, 99_777, 130_003];

/// Noise that swells, so that every part is another sound.
fn music() -> Vec<Vec<f32>> {
    let mut chance = Seed(5).stream("music");
    let length = PARTS.iter().sum::<usize>();
    let mut plane = || -> Vec<f32> {
        let mut low = 0.0;
        let swell = |n: usize| 0.05 + 0.4 * (n % 61_000) as f64 / 61_000.0;
        let mut sample = |n: usize| {
            low += 0.2 * (chance.between(-1.0, 1.0) - low);
            (swell(n) * low) as f32
        };
        (0..length).map(&mut sample).collect()
    };
    vec![plane(), plane()]
}

fn write(server: &Server, name: &str, (title, album): (&str, &str), planes: Vec<Vec<f32>>) {
    let buffer = Buffer::from_planes(SampleRate::CD, planes).unwrap();
    let (title, album) = (title.to_owned(), album.to_owned());
    let tags = Tags { title, album, artist: "Ann".to_owned(), ..Tags::default() };
    let mut bytes = Cursor::new(Vec::new());
    // Both are cut from the same steps, so that they are the same sound.
    let pcm = Pcm::exact(&buffer, Depth::TwentyFour);
    write_flac(&mut bytes, &pcm, &tags).unwrap();
    let path = server.music().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes.into_inner()).unwrap();
}

/// Tells a track which one of its album it is.
fn number(server: &Server, track: &str, number: usize) {
    let changes = json!({ "track": [number.to_string()] });
    let asked = json!({ "tracks": [track], "changes": changes });
    let preview = server.ask(&server.admin, "POST", "/api/v1/tags/preview", Some(asked)).json();
    let seen = &preview["items"][0]["seen"];
    let edits = json!({ "edits": [{ "track": track, "seen": seen, "changes": changes }] });
    let done = server.ask(&server.admin, "POST", "/api/v1/tags/batches", Some(edits));
    assert_eq!(done.status, 200, "{}", done.text());
}

/// All that is heard of tracks in a way, from a frame of the first of them on, and what was told.
fn heard(server: &Server, tracks: &[String], frame: usize) -> (Vec<Vec<f32>>, Vec<Value>) {
    let body = json!({ "tracks": tracks, "enhance": { "preset": "punchy", "loudness": -16.0 } });
    let made = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body)).json();
    let mut player =
        greeted(server, &server.anna, &format!("/api/v1/streams/{}", made["id"]), "pcm_f32");
    let end = (PARTS.iter().sum::<usize>() - frame) as u64;
    player.say(json!({ "op": "play", "epoch": 1, "place": 0, "frame": frame }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": end }));
    player.hear(1, 0, end)
}

#[test]
fn an_album_is_mastered_as_one_sound_and_joined_to_the_sample() {
    let server = Server::furnished(With::Writing);
    let planes = music();
    let step = |sample: &f32| (sample * 8_388_608.0).round() / 8_388_608.0;
    let planes: Vec<Vec<f32>> = planes.iter().map(|p| p.iter().map(step).collect()).collect();
    write(&server, "Whole/whole.flac", ("Whole", "Whole"), planes.clone());
    let mut from = 0;
    for (n, length) in PARTS.into_iter().enumerate() {
        let cut = planes.iter().map(|plane| plane[from..from + length].to_vec()).collect();
        write(&server, &format!("Cut/{n}.flac"), (&format!("Part {n}"), "Cut"), cut);
        from += length;
    }
    server.scan();
    let whole = track(&server, "Whole");
    let parts = [0, 1, 2].map(|n| track(&server, &format!("Part {n}")));
    (0..3).for_each(|n| number(&server, &parts[n], n + 1));
    server.scan();
    let plan = |track: &str, album: bool| {
        let path = format!("/api/v1/tracks/{track}/plan?preset=punchy&loudness=-16&album={album}");
        awaited(|| {
            let plan = server.get(&server.anna, &path);
            assert_ne!(plan["state"], "failed", "{plan}");
            (plan["state"] == "measured").then_some(plan)
        })
    };
    let (of_whole, of_album) = (plan(&whole, false), plan(&parts[1], true));
    for figure in ["before", "after", "gain_db", "limiting", "stages"] {
        assert_eq!(of_whole[figure], of_album[figure], "{figure}");
    }
    let alone =
        server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{whole}/plan?album=true"), None);
    assert_eq!((alone.status, alone.field()), (422, "album".to_owned()));
    // From the beginning, and from the middle of the first part.
    for frame in [0, 40_000] {
        let (wanted, _) = heard(&server, std::slice::from_ref(&whole), frame);
        let (got, events) = heard(&server, &parts, frame);
        for channel in 0..2 {
            let differs = got[channel].iter().zip(&wanted[channel]).position(|(a, b)| a != b);
            assert_eq!(differs, None, "from frame {frame} on, channel {channel}");
        }
        let told: Vec<&Value> = events.iter().filter(|event| event["event"] == "plan").collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().all(|plan| plan["album"] == true && plan["state"] == "measured"));
    }
    // Where each track is to have its own level, none is part of anything.
    let body = json!({ "tracks": parts, "level": "track", "enhance": { "preset": "punchy" } });
    let made = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body)).json();
    let mut player =
        greeted(&server, &server.anna, &format!("/api/v1/streams/{}", made["id"]), "pcm_f32");
    player.say(json!({ "op": "play", "epoch": 1, "place": 0 }));
    player.say(json!({ "op": "credit", "epoch": 1, "played": 0, "until": 10 }));
    assert_eq!(player.until("plan")["album"], false);
}

#[test]
fn tracks_are_made_like_one_that_is_there_and_in_one_manner() {
    let server = Server::furnished(With::Nothing);
    let (one, two) = (track(&server, "One"), track(&server, "Two"));
    let like = json!({ "reference": two, "loudness": -20.0 });
    let body = json!({ "tracks": [one], "enhance": like });
    let made = server.ask(&server.anna, "POST", "/api/v1/streams", Some(body));
    assert_eq!((made.status, &made.json()["enhance"]["reference"]), (201, &json!(two)));
    let path = format!("/api/v1/streams/{}", made.json()["id"]);
    let plan = format!("/api/v1/tracks/{one}/plan?reference={two}&loudness=-20");
    let plan = awaited(|| {
        let plan = server.get(&server.anna, &plan);
        assert_ne!(plan["state"], "failed", "{plan}");
        (plan["state"] == "measured").then_some(plan)
    });
    let loudness = plan["after"]["integrated_lufs"].as_f64().unwrap();
    assert!((loudness + 20.0).abs() < 0.5, "{plan}");
    let remembered = "/api/v1/enhancements/player:kitchen";
    let asked = |enhance: &Value| Some(json!({ "enhance": enhance }));
    assert_eq!(server.ask(&server.anna, "PUT", remembered, asked(&like)).status, 204);
    let known = server.get(&server.anna, "/api/v1/enhancements")["items"][0].clone();
    assert_eq!(
        (&known["enhance"]["reference"], &known["enhance"]["preset"]),
        (&json!(two), &Value::Null)
    );
    for wrong in [json!({ "reference": "tr-99999" }), json!({ "reference": two, "preset": "warm" })]
    {
        for (method, path) in [("PUT", remembered), ("PATCH", path.as_str())] {
            let refused = server.ask(&server.anna, method, path, asked(&wrong));
            assert_eq!((refused.status, refused.field()), (422, "reference".to_owned()), "{path}");
        }
    }
}
