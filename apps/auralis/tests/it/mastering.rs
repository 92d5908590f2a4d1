//! A track is mastered by what it is, lands where it should, and the page says why.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::bench::{Bench, number};

/// Masters with `--json`; the level above 5 kHz over the level from 200 Hz to 2 kHz comes along.
fn mastered(bench: &Bench, output: &str, options: &[&str]) -> (Value, f64) {
    let json = bench.json(&[&["master", "in.wav", "-o", output], options].concat());
    let bands = json["character_after"]["third_octaves"].as_array().unwrap();
    let mean = |low: f64, high: f64| {
        let inside = bands.iter().filter(|band| (low..high).contains(&number(band, "/centre_hz")));
        let levels: Vec<f64> = inside.map(|band| number(band, "/level_db")).collect();
        levels.iter().sum::<f64>() / levels.len() as f64
    };
    let treble = mean(5_000.0, 15_000.0) - mean(200.0, 2_000.0);
    (json, treble)
}

#[test]
fn every_preset_lands_and_leans_where_its_name_says() {
    let bench = Bench::new();
    bench.music("in.wav", 10.0, 0.7);
    let mut treble = Vec::new();
    for preset in ["adaptive", "warm", "bright", "gentle", "punchy", "plain"] {
        let output = format!("{preset}.wav");
        let (json, height) = mastered(&bench, &output, &["--preset", preset, "--target", "apple"]);
        let wanted = if preset == "gentle" { -17.0 } else { -16.0 };
        assert!((number(&json, "/target_lufs") - wanted).abs() < 1e-9, "{preset}");
        let loudness = number(&json, "/after/integrated_lufs");
        assert!((loudness - wanted).abs() <= 0.1, "{preset}: {loudness} LUFS");
        assert!(number(&json, "/after/true_peak_dbtp") <= -1.0, "{preset}");
        let reasons = json["reasons"].as_array().unwrap();
        assert!(!reasons.is_empty() && reasons.iter().all(|r| r["why"] != ""), "{preset}");
        assert!(json["checks"].as_array().unwrap().iter().all(|check| check["passed"] == true));
        treble.push(height);
    }
    let [adaptive, warm, bright, ..] = treble[..] else { panic!("{treble:?}") };
    assert!(warm < adaptive - 0.5 && bright > adaptive + 0.5, "{treble:?}");
}

#[test]
fn a_chain_is_carried_out_as_written() {
    let bench = Bench::new();
    bench.music("in.wav", 6.0, 0.5);
    let stages = "eq = [{ shape = \"high_shelf\", hz = 6000.0, gain_db = -6.0 }]\n\
                  loudness = { lufs = -20 }\nlimiter = { ceiling_dbtp = -3.0 }\ndither = { bits = 16 }\n";
    fs::write(bench.path("mine.toml"), stages).unwrap();
    let (_, plain) = mastered(&bench, "plain.wav", &["--preset", "plain"]);
    let (json, treble) = mastered(&bench, "out.wav", &["--chain", "mine.toml"]);
    assert!((treble - plain + 5.5).abs() < 1.5, "{plain} and {treble}");
    assert!((number(&json, "/after/integrated_lufs") + 20.0).abs() <= 0.1);
    assert!(number(&json, "/after/true_peak_dbtp") <= -3.0);
    assert_eq!(json["treatment"], "chain mine.toml");
    assert_eq!(json["chain"]["eq"][0]["gain_db"], -6.0);
    // Rounded to 16 bits by the chain and not a second time: the last byte of every sample is 0.
    let bytes = fs::read(bench.path("out.wav")).unwrap();
    let data = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
    assert!(bytes[data..].chunks_exact(3).all(|sample| sample[0] == 0));
}

#[test]
fn at_intensity_0_every_sample_is_what_it_was() {
    let bench = Bench::new();
    bench.music("in.wav", 4.0, 0.9);
    let (json, _) = mastered(&bench, "out.wav", &["--intensity", "0"]);
    assert!(json["chain"].is_null());
    let data = |name: &str| {
        let bytes = fs::read(bench.path(name)).unwrap();
        let at = bytes.windows(4).position(|four| four == b"data").unwrap() + 8;
        bytes[at..].to_vec()
    };
    assert!(data("in.wav") == data("out.wav"));
    let (half, _) = mastered(&bench, "half.wav", &["--intensity", "0.5", "--loudness", "-11"]);
    let (full, _) = mastered(&bench, "full.wav", &["--loudness", "-11"]);
    let gain = |json: &Value| number(json, "/gain_db");
    assert!((gain(&half) - 0.5 * gain(&full)).abs() < 0.05, "{} {}", gain(&half), gain(&full));
}

#[test]
fn a_reference_draws_the_track_towards_it() {
    let bench = Bench::new();
    bench.music("in.wav", 8.0, 0.7);
    let dull = ["--preset", "warm", "--loudness", "-20"];
    let (_, dark) = mastered(&bench, "dark.wav", &dull);
    let (_, plain) = mastered(&bench, "plain.wav", &["--preset", "plain"]);
    let (json, like) = mastered(&bench, "like.wav", &["--reference", "dark.wav"]);
    assert!((like - dark).abs() < (plain - dark).abs(), "{plain} {like} {dark}");
    assert!((number(&json, "/after/integrated_lufs") + 20.0).abs() < 0.2);
}

#[test]
fn the_page_shows_before_and_after() {
    let bench = Bench::new();
    bench.music("in.wav", 6.0, 0.7);
    mastered(&bench, "out.flac", &["--report", "pages"]);
    let page = fs::read_to_string(bench.path("pages/report.html")).unwrap();
    for words in ["Pass", "Signal path", "bypassed", "before", "True peak", "Limiter"] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(page.matches("<svg").count(), 5);
}

#[test]
fn a_target_out_of_reach_is_exit_4_with_the_reason() {
    let bench = Bench::new();
    // A quiet bed under a few clicks at full scale.
    bench.wav("in.wav", 6.0, |n| {
        let bed = 0.002 * libm::sin(n as f64 / 20.0);
        [if n % 20_000 < 3 { 0.99 } else { bed }; 2]
    });
    let ended = bench.run(&["master", "in.wav", "-o", "out.wav", "--loudness", "-8"]);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    assert!(ended.error().contains("limiter take off"), "{ended:#?}");
    assert!(bench.path("out.wav").exists());
}

#[test]
fn six_channels_become_two_for_mp3_and_tags_are_carried() {
    let test = "six_channels_become_two_for_mp3_and_tags_are_carried";
    let (Some(ffmpeg), Some(ffprobe)) =
        (testkit::program("ffmpeg", test), testkit::program("ffprobe", test))
    else {
        return;
    };
    let bench = Bench::new();
    bench.music("two.wav", 5.0, 0.5);
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-i"]).arg(bench.path("two.wav"));
    command.args(["-af", "pan=5.1|FL=FL|FR=FR|FC=0.5*FL|LFE=0.1*FL|BL=0.3*FR|BR=0.3*FL"]);
    command.args(["-metadata", "title=Six", "-metadata", "artist=Nobody"]);
    testkit::run(command.arg(bench.path("in.flac")));
    let json = bench.json(&["master", "in.flac", "-o", "out.mp3", "--report", "p.html"]);
    assert_eq!((&json["mixed_down_from"], &json["after"]["channels"]), (&6.into(), &2.into()));
    assert!((number(&json, "/after/integrated_lufs") + 14.0).abs() <= 0.2);
    assert!(number(&json, "/after/true_peak_dbtp") <= -1.0);
    assert!(fs::read_to_string(bench.path("p.html")).unwrap().contains("6 channels were mixed"));
    let all = bench.json(&["master", "in.flac", "-o", "out.flac"]);
    assert_eq!((&all["mixed_down_from"], &all["after"]["channels"]), (&Value::Null, &6.into()));
    for name in ["out.mp3", "out.flac"] {
        let mut command = Command::new(&ffprobe);
        command.args(["-v", "error", "-show_entries", "format_tags"]).arg(bench.path(name));
        let tags = testkit::run(&mut command);
        assert!(tags.contains("Six") && tags.contains("Nobody"), "{name}: {tags}");
    }
}
