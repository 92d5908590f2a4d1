//! What is known of a sound is what is read in it.

use std::fs;

use crate::bench::{Bench, RATE, number};

fn sine(hz: f64, n: usize) -> f64 {
    libm::sin(std::f64::consts::TAU * hz * n as f64 / RATE)
}

#[test]
fn a_tone_reads_as_what_it_is() {
    let bench = Bench::new();
    bench.wav("tone.wav", 6.0, |n| [0.125_893 * sine(997.0, n); 2]);
    let all = bench.json(&["analyze", "tone.wav"]);
    let tone = &all[0];
    assert!((number(tone, "/figures/integrated_lufs") + 18.0).abs() < 0.1);
    assert!((number(tone, "/figures/true_peak_dbtp") + 18.0).abs() < 0.1);
    assert!((number(tone, "/character/crest_db") - 3.01).abs() < 0.05);
    assert!((number(tone, "/character/fingerprint/mid") - 1.0).abs() < 1e-3);
    assert!((number(tone, "/character/fingerprint/spectral_centroid") - 997.0).abs() < 3.0);
    assert_eq!(tone["character"]["fingerprint"].as_object().unwrap().len(), 25);
    assert!(tone["character"]["tempo"].is_null() && tone["schema"] == 1);
    let bands = tone["character"]["third_octaves"].as_array().unwrap();
    let level = |band: &serde_json::Value| band["level_db"].as_f64().unwrap();
    let loudest = bands.iter().max_by(|a, b| level(a).total_cmp(&level(b))).unwrap();
    assert!((number(loudest, "/centre_hz") - 1_000.0).abs() < 1.0);
}

#[test]
fn clicks_have_a_tempo_and_a_chord_has_a_key() {
    let bench = Bench::new();
    bench.wav("clicks.wav", 12.0, |n| [if n % 24_000 < 40 { 0.5 } else { 0.0 }; 2]);
    let chord = |n| 0.1 * (sine(220.0, n) + sine(261.63, n) + sine(329.63, n) + sine(440.0, n));
    bench.wav("chord.wav", 6.0, |n| [chord(n); 2]);
    let all = bench.json(&["analyze", "clicks.wav", "chord.wav"]);
    assert!((number(&all, "/0/character/tempo/bpm") - 120.0).abs() < 0.5);
    assert_eq!(all[1]["character"]["key"]["name"], "A minor");
    let words = bench.done(&["analyze", "chord.wav"]).stdout;
    assert!(words.contains("A minor") && words.contains("spectral_centroid"), "{words}");
}

#[test]
fn silence_is_null_and_a_page_is_written() {
    let bench = Bench::new();
    bench.wav("silent.wav", 4.0, |_| [0.0; 2]);
    let all = bench.json(&["analyze", "silent.wav", "--report", "pages/silent.html"]);
    assert!(all[0]["figures"]["integrated_lufs"].is_null());
    assert!(all[0]["character"]["fingerprint"].is_null());
    let page = fs::read_to_string(bench.path("pages/silent.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("not measurable"));
}
