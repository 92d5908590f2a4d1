//! A copy is found, however late, quiet and turned it is.

use std::fs;

use crate::bench::{Bench, music, number};

#[test]
fn a_late_quiet_turned_copy_is_found_and_nulls() {
    let bench = Bench::new();
    bench.music("a.wav", 12.0, 0.7);
    let late = 12_345;
    bench.wav("b.wav", 12.5, |n| match n.checked_sub(late) {
        Some(n) => music(n).map(|sample| -0.35 * sample),
        None => [0.0; 2],
    });
    let json = bench.json(&["compare", "a.wav", "b.wav", "--html", "page.html"]);
    assert_eq!(json["offset_frames"], late);
    assert_eq!(json["polarity_turned"], true);
    assert!((number(&json, "/gain_db") - 6.02).abs() < 0.1, "{}", json["gain_db"]);
    assert!((number(&json, "/null_gain_db") - 6.02).abs() < 0.01);
    assert!(number(&json, "/null_db") < -80.0, "{}", json["null_db"]);
    let page = fs::read_to_string(bench.path("page.html")).unwrap();
    assert_eq!(page.matches("data:audio/wav;base64,").count(), 2);
    assert!(!page.contains("http://") && !page.contains("https://"));
    let words = bench.done(&["compare", "b.wav", "a.wav"]).stdout;
    assert!(words.contains("B begins 12345 frames earlier"), "{words}");
    assert!(words.contains("polarity of B is turned"), "{words}");
}

#[test]
fn another_rate_is_brought_to_the_lower_one() {
    let bench = Bench::new();
    bench.music("a.wav", 8.0, 0.7);
    let test = "another_rate_is_brought_to_the_lower_one";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let mut command = std::process::Command::new(ffmpeg);
    command.args(["-v", "error", "-i"]).arg(bench.path("a.wav"));
    testkit::run(command.args(["-ar", "44100", "-c:a", "pcm_s24le"]).arg(bench.path("cd.wav")));
    let json = bench.json(&["compare", "a.wav", "cd.wav"]);
    assert_eq!(json["rate_hz"], 44_100);
    assert_eq!(json["offset_frames"], 0);
    assert!(number(&json, "/null_db") < -40.0, "{}", json["null_db"]);
}

#[test]
fn sounds_with_nothing_in_common_are_refused() {
    let bench = Bench::new();
    bench.music("a.wav", 6.0, 0.7);
    let noise = |n: usize| {
        let bits = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((bits ^ bits >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f64 / 8_388_608.0 - 1.0
    };
    bench.wav("b.wav", 6.0, |n| [0.3 * noise(n), 0.3 * noise(n + 7_777_777)]);
    let ended = bench.run(&["compare", "a.wav", "b.wav"]);
    assert_eq!(ended.code, Some(2), "{ended:#?}");
    assert!(ended.error().contains("nothing in common"), "{ended:#?}");
}

#[test]
fn the_nearest_track_is_found_with_what_sets_it_apart() {
    let bench = Bench::new();
    bench.music("query.wav", 5.0, 0.7);
    bench.music("all/quiet.wav", 5.0, 0.2);
    bench.music("all/more/long.wav", 6.0, 0.7);
    bench.wav("all/tone.wav", 5.0, |n| [0.3 * libm::sin(n as f64 / 9.0); 2]);
    bench.wav("all/short.wav", 1.0, |n| [0.3 * libm::sin(n as f64 / 9.0); 2]);
    let json = bench.json(&["similar", "query.wav", "all", "query.wav"]);
    let nearest = json["nearest"].as_array().unwrap();
    let names: Vec<_> = nearest.iter().map(|n| n["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["all/more/long.wav", "all/quiet.wav", "all/tone.wav"]);
    assert_eq!(nearest[1]["differs"][0]["value"], "lufs");
    assert_eq!(json["passed_over"][0]["file"], "all/short.wav");
    let words = bench.done(&["similar", "query.wav", "all", "--count", "1"]).stdout;
    assert!(words.contains("long.wav") && !words.contains("tone.wav"), "{words}");
}
