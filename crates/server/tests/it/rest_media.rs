//! Sound made anew for players of Subsonic.

use std::io::Cursor;

use audio::{Buffer, Frames, SampleRate};
use audio_file::{decode, resample};
use serde_json::{Value, json};

use crate::api_flows::track;
use crate::api_house::{Answer, Server, With};

fn asked(server: &Server, method: &str, query: &str, body: Option<Value>) -> Answer {
    let key = server.anna.trim_start_matches("Bearer ");
    let path = format!("/rest/{method}?apiKey={key}&v=1.16.1&c=test&f=json&{query}");
    let verb = if body.is_some() { "POST" } else { "GET" };
    server.ask("", verb, &path, body)
}

fn heard(answer: &Answer) -> Buffer {
    assert_eq!(answer.header("content-type"), Some("audio/ogg; codecs=opus"));
    decode(Cursor::new(answer.body.clone())).unwrap().0
}

/// The power of a sound over that of what another differs by.
pub(crate) fn likeness(sound: &Buffer, other: &Buffer) -> f64 {
    let power = |samples: &mut dyn Iterator<Item = f32>| -> f64 {
        samples.map(|sample| f64::from(sample) * f64::from(sample)).sum()
    };
    let (a, b) = (sound.plane(0), other.plane(0));
    let apart = power(&mut a.iter().zip(b).map(|(a, b)| a - b));
    power(&mut a.iter().copied()) / apart
}

#[test]
fn opus_is_sent_at_the_rate_and_from_the_second_asked_for() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let file = server.ask(&server.anna, "GET", &format!("/api/v1/tracks/{one}/file"), None);
    let whole = decode(Cursor::new(file.body)).unwrap().0;
    let mut whole = resample(&whole, SampleRate::STUDIO).unwrap();
    let usual = asked(&server, "stream", &format!("id={one}&format=opus"), None);
    let sound = heard(&usual);
    assert_eq!((sound.rate(), sound.length()), (SampleRate::STUDIO, Frames(4 * 48_000)));
    assert!(likeness(&whole, &sound) > 300.0, "{}", likeness(&whole, &sound));
    for kbps in [48, 160] {
        let query = format!("id={one}&format=opus&maxBitRate={kbps}&estimateContentLength=true");
        let answer = asked(&server, "stream", &query, None);
        assert_eq!(heard(&answer).length(), Frames(4 * 48_000));
        let stated: usize = answer.header("x-estimated-content-length").unwrap().parse().unwrap();
        let bytes = answer.body.len();
        assert!(bytes.abs_diff(kbps * 500) < kbps * 50, "{bytes} bytes at {kbps} kbit/s");
        assert!(bytes.abs_diff(stated) < stated / 10, "{bytes} of {stated} bytes");
    }
    let late = asked(&server, "stream", &format!("id={one}&format=opus&timeOffset=3"), None);
    whole.skip(Frames(3 * 48_000));
    assert_eq!(heard(&late).length(), whole.length());
    assert!(likeness(&whole, &heard(&late)) > 300.0);
}

#[test]
fn who_plays_opus_alone_is_told_to_come_for_it() {
    let server = Server::furnished(With::Nothing);
    let one = track(&server, "One");
    let decided = |container: &str, codec: &str| {
        let client = json!({ "name": "test", "platform": "test",
            "maxTranscodingAudioBitrate": 96_000,
            "directPlayProfiles": [],
            "transcodingProfiles": [
                { "container": container, "audioCodec": codec, "protocol": "http" },
            ] });
        let query = format!("mediaId={one}&mediaType=song");
        let answer = asked(&server, "getTranscodeDecision", &query, Some(client));
        answer.json()["subsonic-response"]["transcodeDecision"].take()
    };
    let decision = decided("ogg", "opus");
    assert_eq!(decision["canTranscode"], true, "{decision}");
    let stream = &decision["transcodeStream"];
    assert_eq!((&stream["container"], &stream["codec"]), (&json!("ogg"), &json!("opus")));
    let figures = (&stream["audioBitrate"], &stream["audioSamplerate"]);
    assert_eq!(figures, (&json!(96_000), &json!(48_000)));
    let params = decision["transcodeParams"].as_str().unwrap();
    let query = format!("mediaId={one}&mediaType=song&transcodeParams={params}&offset=1");
    let answer = asked(&server, "getTranscodeStream", &query, None);
    assert_eq!(heard(&answer).length(), Frames(3 * 48_000));
    assert_eq!(decided("ogg", "vorbis")["canTranscode"], false);
}
