//! What cannot be done is refused in one line that names what is wrong and what would be right,
//! and nothing is left behind.

use std::fs;

use crate::bench::Bench;

/// Runs in a folder that the test prepared; expects the words in the one line, the exit code, and
/// a folder as it was.
fn check_in(bench: &Bench, arguments: &[&str], words: &[&str], code: i32) {
    let before = bench.names();
    let ended = bench.run(arguments);
    let shown: Vec<String> = arguments.iter().map(|a| a.chars().take(60).collect()).collect();
    assert_eq!(ended.code, Some(code), "{shown:?}: {ended:#?}");
    let error = ended.error();
    let one_line = error.ends_with('\n') && error.lines().count() == 1;
    assert!(one_line, "{shown:?}: {ended:#?}");
    for word in words {
        assert!(error.contains(word), "{shown:?}: no \"{word}\" in {error}");
    }
    assert_eq!(bench.names(), before, "{shown:?} left something behind");

    let json = bench.run(&[&["--json"], arguments].concat()).json();
    let class = if code == 2 { "user" } else { "permanent" };
    assert_eq!(json["error"]["class"], class, "{shown:?}");
    let message = json["error"]["message"].as_str().unwrap();
    assert_eq!(format!("error: {message}\n"), error, "{shown:?}");
}

fn check(arguments: &[&str], words: &[&str], code: i32) {
    check_in(&Bench::new(), arguments, words, code);
}

/// A song with one more pair of arguments that is refused.
fn check_song(flag: &str, value: &str, words: &[&str]) {
    check(&["make", "calm house", "--out", "song", flag, value], words, 2);
}

#[test]
fn sentences() {
    check(&["make", "", "--out", "song"], &["sentence is empty"], 2);
    check(&["make", " \n\t ", "--out", "song"], &["sentence is empty"], 2);
    let long = "calm ".repeat(20_000);
    check(&["make", &long, "--out", "song"], &["100000 characters", "at most 2000"], 2);
    check(&["make", "a song of 3 hours", "--out", "song"], &["duration", "15 seconds to 15"], 2);
}

#[test]
fn wishes() {
    check_song("--genre", "polka", &["genre \"polka\"", "cinematic", "synthwave"]);
    check_song("--genre", "two\nlines", &["there is no genre", "lo-fi-hip-hop"]);
    check_song("--key", "H#", &["\"H#\" is not a key", "A to G"]);
    check_song("--key", "", &["is not a key"]);
    for duration in ["5", "0", "20000", "14.9", "15:01"] {
        check_song("--duration", duration, &["duration", "15 seconds to 15 minutes"]);
    }
    for duration in ["5h", "nonsense", "", "nan", "1:75", "inf", "90ss", "1e400"] {
        check_song("--duration", duration, &["duration is", duration, "1:30"]);
    }
    for bpm in ["0", "1000", "nan", "inf", "19.9"] {
        check_song("--bpm", bpm, &["bpm", "20 to 300"]);
    }
    for empty in ["", "   "] {
        check_song("--title", empty, &["title is", "1 to 200 characters"]);
    }
    check_song("--title", &"x".repeat(201), &["title is 201 characters", "1 to 200"]);
    check_song("--artist", &"x".repeat(201), &["artist is 201 characters", "200"]);
}

#[test]
fn deliveries() {
    for formats in ["ogg", "wav,wav", "", "wav,", "WAV"] {
        check_song("--formats", formats, &["make.formats", "wav, flac and mp3"]);
    }
    for rate in ["1", "1000000000", "22050", "fast", "-48000"] {
        check_song(&format!("--rate={rate}"), "--force", &["rate", "44100, 48000, 88200 or 96000"]);
    }
    check_song("--rate", "96000", &["rate is 96000", "44100 or 48000 Hz for MP3"]);
    check_song("--bit-depth", "32", &["master.bit-depth is \"32\"", "16 or 24"]);
    check_song("--mp3-quality", "128", &["master.mp3-quality", "320, V0, V2 or V4"]);
    check_song("--target", "radio", &["master.target", "spotify", "cd"]);
    check_song("--threads", "257", &["make.threads", "0 to 256"]);
}

#[test]
fn places() {
    let bench = Bench::new();
    fs::write(bench.path("file"), "a file").unwrap();
    fs::create_dir(bench.path("full")).unwrap();
    fs::write(bench.path("full/old"), "old").unwrap();
    let song = |out| ["make", "calm house", "--duration", "15", "--out", out];
    check_in(&bench, &song("full"), &["full is not empty", "--force"], 2);
    check_in(&bench, &song("file"), &["file exists and is not a folder"], 2);
    check_in(&bench, &song("file/below"), &["file/below"], 2);
    for around in [".", "..", "full/..", "/"] {
        let words = ["holds the current folder"];
        check_in(&bench, &[song(around).as_slice(), &["--force"]].concat(), &words, 2);
    }
    let long = "x".repeat(300);
    check_in(&bench, &song(&long), &["cannot create", "too long"], 2);
    if cfg!(target_os = "linux") {
        check_in(&bench, &song("/proc/nope"), &["cannot create /proc/nope"], 2);
    }
    check_in(&bench, &["regenerate", "nowhere.json", "--out", "a"], &["nowhere.json"], 2);
    check_in(&bench, &["regenerate", "file", "--out", "a"], &["recipe: file"], 2);
    check_in(&bench, &["regenerate", "full", "--out", "a"], &["full"], 2);
}

#[test]
fn settings() {
    let bench = Bench::new();
    for (name, text) in [
        ("unknown.toml", "[make]\nspeed = 3\n"),
        ("value.toml", "[make]\nrate = \"fast\"\n"),
        ("broken.toml", "make = [\n\n"),
    ] {
        fs::write(bench.path(name), text).unwrap();
    }
    let show = |file| ["--config", file, "config", "show"];
    check_in(&bench, &show("unknown.toml"), &["unknown.toml", "make.speed", "make.rate"], 2);
    check_in(&bench, &show("value.toml"), &["value.toml", "make.rate is \"fast\"", "48000"], 2);
    check_in(&bench, &show("broken.toml"), &["broken.toml is not valid TOML"], 2);
    check_in(&bench, &show("nowhere.toml"), &["cannot read nowhere.toml"], 2);
    check_in(&bench, &show("."), &["cannot read ."], 2);
    if cfg!(target_os = "linux") {
        check_in(&bench, &show("/dev/zero"), &["/dev/zero"], 2);
        check_in(&bench, &["regenerate", "/dev/zero", "--out", "a"], &["/dev/zero"], 2);
        check_in(&bench, &["measure", "/dev/zero"], &["/dev/zero"], 2);
    }
}

#[test]
fn sounds() {
    let bench = Bench::new();
    fs::write(bench.path("text.wav"), "Dear diary, this is no sound. ".repeat(100)).unwrap();
    fs::write(bench.path("empty.wav"), "").unwrap();
    fs::create_dir(bench.path("folder.wav")).unwrap();
    bench.wav("none.wav", 0, |_| 0.0);
    bench.wav("silent.wav", 96_000, |_| 0.0);
    bench.wav("tone.wav", 96_000, |n| 0.3 * libm::sin(n as f64 / 15.0));
    bench.riff("nan.wav", 3, 32, &f32::NAN.to_le_bytes().repeat(96_000));
    let formats = ["WAV", "FLAC", "Opus"];
    for (name, words) in [
        ("text.wav", formats.as_slice()),
        ("empty.wav", &formats),
        ("folder.wav", &["cannot read", "directory"]),
        ("none.wav", &["0 samples"]),
        ("nan.wav", &["NaN", "frame 0"]),
        ("missing.wav", &["cannot read"]),
    ] {
        let words = [&[name], words].concat();
        check_in(&bench, &["measure", name], &words, 2);
        check_in(&bench, &["master", name, "-o", "out.wav"], &words, 2);
    }
    check_in(&bench, &["master", "silent.wav", "-o", "o.wav"], &["silent.wav", "not measur"], 2);
    for output in ["out.ogg", "out", "wav", "/dev/full", "out.wav.", "..", "."] {
        check_in(&bench, &["master", "tone.wav", "-o", output], &[".wav, .flac or .mp3"], 2);
    }
    check_in(&bench, &["master", "tone.wav", "-o", "no/such/out.wav"], &["no/such/out.wav"], 2);
}

#[test]
fn a_flac_cut_short() {
    let bench = Bench::new();
    let Some(path) = bench.sound("cut.flac", &["-c:a", "flac"], "a_flac_cut_short") else { return };
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    check_in(&bench, &["measure", "cut.flac"], &["cut.flac", "the file is"], 2);
    check_in(&bench, &["master", "cut.flac", "-o", "out.wav"], &["cut.flac", "the file is"], 2);
}

#[test]
fn what_a_format_cannot_hold_leaves_nothing() {
    let bench = Bench::new();
    let options = ["-ar", "96000"];
    let test = "what_a_format_cannot_hold_leaves_nothing";
    if bench.sound("high.wav", &options, test).is_some() {
        let words = ["out.mp3", "96000 Hz", "48000"];
        check_in(&bench, &["master", "high.wav", "-o", "out.mp3"], &words, 2);
    }
}

#[test]
fn an_unknown_variable() {
    let bench = Bench::new();
    for (name, words) in [
        ("AETHER_SPEED", ["AETHER_SPEED", "AETHER_MAKE_RATE"]),
        ("AETHER_MAKE_RATE", ["environment AETHER_MAKE_RATE", "48000"]),
    ] {
        let output = bench.program().args(["config", "show"]).env(name, "3").output().unwrap();
        let ended = crate::bench::Ended::of(output);
        assert_eq!(ended.code, Some(2), "{ended:#?}");
        assert!(words.iter().all(|word| ended.error().contains(word)), "{ended:#?}");
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let bench = Bench::new();
    let odd = OsStr::from_bytes(b"\xff");
    let output =
        bench.program().args(["config", "show"]).env("AETHER_MAKE_ARTIST", odd).output().unwrap();
    let ended = crate::bench::Ended::of(output);
    assert_eq!(ended.code, Some(2), "{ended:#?}");
    assert!(ended.error().contains("AETHER_MAKE_ARTIST"), "{ended:#?}");
}

#[test]
fn what_clap_refuses_is_named() {
    let bench = Bench::new();
    for (arguments, word) in [
        (&["make", "calm house"][..], "--out"),
        (&["make", "calm house", "--out", "a", "--seed=-1"], "--seed"),
        (&["make", "calm house", "--out", ""], "--out"),
        (&["make", "calm house", "--out", "a", "--speed"], "--speed"),
        (&["measure"], "FILE"),
        (&["sing"], "sing"),
    ] {
        let ended = bench.run(arguments);
        assert_eq!(ended.code, Some(2), "{ended:#?}");
        assert!(ended.error().contains(word), "{arguments:?}: {ended:#?}");
    }
    assert_eq!(bench.names(), [""; 0]);
}
