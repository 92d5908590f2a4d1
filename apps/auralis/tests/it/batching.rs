//! A folder is mastered once, whatever it holds, and its originals stay what they are.

use std::fs;

use serde_json::Value;

use crate::bench::{Bench, number, tree};

fn music_folder(bench: &Bench) {
    bench.music("music/one.wav", 5.0, 0.6);
    bench.music("music/more/two.wav", 4.0, 0.3);
    // Known by what is in it, not by its name.
    bench.music("music/more/three.dat", 4.0, 0.9);
    fs::write(bench.path("music/cover.jpg"), b"\xff\xd8\xff\xe0 a picture").unwrap();
}

fn outcomes(json: &Value) -> Vec<(String, bool)> {
    let files = json["files"].as_array().unwrap().iter();
    files.map(|f| (f["output"].as_str().unwrap().to_owned(), f["skipped"] == true)).collect()
}

#[test]
fn a_second_run_does_nothing_and_threads_change_nothing() {
    let bench = Bench::new();
    music_folder(&bench);
    let originals = tree(&bench.path("music"));
    let one = bench.json(&["batch", "music", "--out", "a", "--threads", "1"]);
    assert_eq!(
        (&one["done"], &one["failed"], &one["passed_over"]),
        (&3.into(), &0.into(), &1.into())
    );
    let two = bench.json(&["batch", "music", "--out", "b", "--threads", "2"]);
    assert_eq!(two["done"], 3);
    assert_eq!(tree(&bench.path("a")), tree(&bench.path("b")));
    let masters = tree(&bench.path("a"));
    for name in ["one.flac", "more/two.flac", "more/three.flac", "batch.jsonl", "summary.html"] {
        assert!(masters.contains_key(name), "{name} in {:?}", masters.keys());
    }
    let again = bench.json(&["batch", "music", "--out", "a"]);
    assert_eq!((&again["done"], &again["skipped"]), (&0.into(), &3.into()));
    assert!(outcomes(&again).iter().all(|(_, skipped)| *skipped));
    // What is gone, and what comes from a changed original, is made again.
    fs::remove_file(bench.path("a/one.flac")).unwrap();
    fs::remove_file(bench.path("a/more/two.flac")).unwrap();
    let third = bench.json(&["batch", "music", "--out", "a"]);
    assert_eq!((&third["done"], &third["skipped"]), (&2.into(), &1.into()));
    assert_eq!(tree(&bench.path("a"))["more/two.flac"], masters["more/two.flac"]);
    let other = bench.json(&["batch", "music", "--out", "a", "--loudness", "-18"]);
    assert_eq!(other["done"], 3);
    assert_eq!(tree(&bench.path("music")), originals);
}

#[test]
fn what_cannot_be_read_is_listed_and_stops_nothing() {
    let bench = Bench::new();
    music_folder(&bench);
    fs::write(bench.path("music/broken.flac"), "fLaC and then nothing of it").unwrap();
    fs::write(bench.path("music/empty.mp3"), "").unwrap();
    let ended = bench.run(&["--json", "batch", "music", "--out", "a", "--report"]);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    let json = ended.json();
    assert_eq!((&json["done"], &json["failed"]), (&3.into(), &2.into()));
    let broken = json["files"].as_array().unwrap().iter().find(|f| f["input"] == "broken.flac");
    let reason = broken.unwrap()["outcome"]["failed"]["reason"].as_str().unwrap();
    assert!(reason.contains("broken.flac"), "{reason}");
    assert!(fs::read_to_string(bench.path("a/summary.html")).unwrap().contains("FAILED"));
    assert!(bench.path("a/more/two.html").exists());
}

#[test]
fn what_others_put_where_a_master_goes_stays() {
    let bench = Bench::new();
    bench.music("music/one.wav", 4.0, 0.6);
    fs::create_dir(bench.path("a")).unwrap();
    fs::write(bench.path("a/one.flac"), "another's").unwrap();
    let ended = bench.run(&["batch", "music", "--out", "a"]);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    assert!(ended.stdout.contains("one.flac exists already"), "{ended:#?}");
    assert_eq!(fs::read(bench.path("a/one.flac")).unwrap(), b"another's");
    assert_eq!(bench.json(&["batch", "music", "--out", "a", "--force"])["done"], 1);
    // A master that somebody changed since is theirs.
    let master = fs::read(bench.path("a/one.flac")).unwrap();
    fs::write(bench.path("a/one.flac"), "another's again").unwrap();
    let ended = bench.run(&["batch", "music", "--out", "a", "--loudness", "-18"]);
    assert!(ended.stdout.contains("one.flac exists already"), "{ended:#?}");
    assert_eq!(fs::read(bench.path("a/one.flac")).unwrap(), b"another's again");
    fs::write(bench.path("a/one.flac"), master).unwrap();
    // A run that was killed between the master and its line: begun, so ours. Bytes that are no text
    // are a damaged line.
    let state = fs::read_to_string(bench.path("a/batch.jsonl")).unwrap();
    assert!(state.contains("\"output\":\"one.flac\""), "{state}");
    let begun = "{\"schema\":1,\"begun\":\"one.flac\"}\n{\"schema\":1,\"output\":\"one.fl";
    let damaged = [b"\xff\xfe\n".as_slice(), begun.as_bytes()].concat();
    fs::write(bench.path("a/batch.jsonl"), damaged).unwrap();
    assert_eq!(bench.json(&["batch", "music", "--out", "a"])["done"], 1);
    assert_eq!(fs::read_to_string(bench.path("a/batch.jsonl")).unwrap(), state);
}

#[test]
fn files_that_differ_by_their_ending_alone_keep_it() {
    let bench = Bench::new();
    bench.music("music/a.wav", 2.0, 0.5);
    bench.music("music/a.dat", 2.0, 0.5);
    bench.music("music/b.wav", 2.0, 0.5);
    let ended = bench.run(&["batch", "music", "--out", "o", "--format", "flac"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for name in ["a.wav.flac", "a.dat.flac", "b.flac"] {
        assert!(bench.path("o").join(name).is_file(), "{name}");
    }
}

#[test]
fn nothing_is_written_among_the_originals() {
    let bench = Bench::new();
    music_folder(&bench);
    let before = tree(&bench.path("music"));
    for out in ["music", "music/masters", "music/more/../x", "./music/a/b"] {
        let ended = bench.run(&["batch", "music", "--out", out]);
        assert_eq!(ended.code, Some(2), "{out}: {ended:#?}");
        assert!(ended.error().contains("lies inside"), "{out}: {ended:#?}");
    }
    // The same file by another name.
    fs::create_dir_all(bench.path("a")).unwrap();
    fs::hard_link(bench.path("music/one.wav"), bench.path("a/one.wav")).unwrap();
    let ended = bench.run(&["batch", "music", "--out", "a", "--format", "wav"]);
    assert_eq!(ended.code, Some(2), "{ended:#?}");
    assert!(ended.error().contains("is the input itself"), "{ended:#?}");
    assert_eq!(tree(&bench.path("music")), before);
}

#[test]
#[cfg(unix)]
fn no_link_leads_a_batch_back_among_the_originals() {
    let bench = Bench::new();
    bench.music("in/y/b.wav", 2.0, 0.5);
    let before = tree(&bench.path("in"));
    fs::create_dir(bench.path("out")).unwrap();
    std::os::unix::fs::symlink(bench.path("in/y"), bench.path("out/y")).unwrap();
    let order = ["batch", "in", "--out", "out", "--format", "wav", "--force"];
    let ended = bench.run(&order);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(tree(&bench.path("in")), before);
}

#[test]
fn an_album_keeps_the_levels_between_its_tracks() {
    let bench = Bench::new();
    bench.music("album/1.wav", 5.0, 0.30);
    bench.music("album/2.wav", 4.0, 0.10);
    bench.music("album/3.wav", 4.3, 0.25);
    let json = bench.json(&[
        "batch",
        "album",
        "--out",
        "a",
        "--album",
        "--preset",
        "plain",
        "--loudness",
        "-20",
    ]);
    assert_eq!(json["done"], 3);
    let figure = |track: usize, name: &str| {
        number(&json, &format!("/files/{track}/outcome/mastered/{name}"))
    };
    let raised = |track| figure(track, "after_lufs") - figure(track, "before_lufs");
    assert!((raised(0) - raised(1)).abs() < 0.1, "{} {}", raised(0), raised(1));
    assert!((raised(0) - raised(2)).abs() < 0.1, "{} {}", raised(0), raised(2));
    // Apart they end up alike.
    let apart =
        bench.json(&["batch", "album", "--out", "b", "--preset", "plain", "--loudness", "-20"]);
    for track in 0..3 {
        let lufs = number(&apart, &format!("/files/{track}/outcome/mastered/after_lufs"));
        assert!((lufs + 20.0).abs() < 0.1, "{track}: {lufs}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_cleanly_and_the_next_run_goes_on() {
    use std::process::{Command, Stdio};

    let bench = Bench::new();
    bench.music("music/1.wav", 2.0, 0.5);
    bench.music("music/2.wav", 120.0, 0.5);
    let mut command = bench.program();
    command.args(["batch", "music", "--out", "a", "--threads", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let state = bench.path("a/batch.jsonl");
    while fs::read_to_string(&state).map_or(true, |text| !text.contains("output_sha256")) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    testkit::run(Command::new("kill").arg("-INT").arg(child.id().to_string()));
    let ended = crate::bench::Ended::of(child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.error()), (Some(3), "error: cancelled\n"), "{ended:#?}");
    assert_eq!(tree(&bench.path("a")).keys().collect::<Vec<_>>(), ["1.flac", "batch.jsonl"]);
    fs::remove_file(bench.path("music/2.wav")).unwrap();
    assert_eq!(bench.json(&["batch", "music", "--out", "a"])["skipped"], 1);
}
