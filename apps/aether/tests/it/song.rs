//! The same words and seed are the same song; the recipe proves it, and says when it is not so.

use std::collections::BTreeSet;
use std::fs;

use crate::bench::{Bench, read_json, tree};

const SENTENCE: &str = "rainy night lo-fi with a rhodes";

#[test]
fn a_song_is_the_same_on_any_threads_and_comes_back_from_its_recipe() {
    let bench = Bench::new();
    let make = ["make", SENTENCE, "--seed", "7", "--duration", "20"];
    let one = ["--out", "one", "--threads", "1", "--no-simd"];
    let four = ["--out", "four", "--threads", "4"];
    bench.done(&[make.as_slice(), one.as_slice()].concat());
    bench.done(&[make.as_slice(), four.as_slice()].concat());
    let (first, second) = (tree(&bench.path("one")), tree(&bench.path("four")));
    for (name, bytes) in &first {
        assert!(second.get(name) == Some(bytes), "{name} differs");
    }
    assert_eq!(first.len(), second.len());

    let report = read_json(&bench.path("one/report.json"));
    assert_eq!(report["passed"], true);
    let mut promised: BTreeSet<String> = ["song.mid", "master.wav", "master.flac", "master.mp3"]
        .into_iter()
        .chain(["report.html", "report.json", "recipe.json", "stems/"])
        .chain(["stems/return-echo.wav", "stems/return-room.wav"])
        .map(str::to_owned)
        .collect();
    for part in report["parts"].as_array().unwrap() {
        let name = part["name"].as_str().unwrap().to_lowercase().replace(' ', "-");
        promised.insert(format!("stems/{name}.wav"));
    }
    assert_eq!(first.keys().cloned().collect::<BTreeSet<_>>(), promised);

    let again = bench.done(&["regenerate", "one/recipe.json", "--out", "again"]);
    assert!(again.stdout.contains("are the same, byte for byte"), "{}", again.stdout);
    assert_eq!(tree(&bench.path("again")), first);
}

#[test]
fn another_seed_is_another_song() {
    let bench = Bench::new();
    let small = ["make", SENTENCE, "--duration", "15", "--no-stems", "--formats", "wav"];
    for seed in ["1", "2"] {
        bench.done(&[small.as_slice(), &["--seed", seed, "--out", seed]].concat());
    }
    let midi = |seed: &str| fs::read(bench.path(seed).join("song.mid")).unwrap();
    assert_ne!(midi("1"), midi("2"));
}

#[test]
fn a_recipe_that_is_not_kept_is_reported() {
    let bench = Bench::new();
    let small = ["--duration", "15", "--no-stems", "--formats", "wav", "--out", "a"];
    bench.done(&[&["make", SENTENCE], small.as_slice()].concat());
    let mut recipe = read_json(&bench.path("a/recipe.json"));
    recipe["files"]["song.mid"] = "0".repeat(64).into();
    fs::write(bench.path("hash.json"), recipe.to_string()).unwrap();
    let ended = bench.run(&["regenerate", "hash.json", "--out", "b"]);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    assert!(ended.stdout.contains("differs: song.mid"), "{}", ended.stdout);
    assert!(ended.error().contains("1 of 4 files differ; though the engine is the same"));

    recipe["engine"]["version"] = "0.0.1".into();
    fs::write(bench.path("version.json"), recipe.to_string()).unwrap();
    let ended = bench.run(&["regenerate", "version.json", "--out", "c", "--json"]);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    assert!(ended.error().contains("the engine is another: version was 0.0.1"), "{ended:#?}");
    assert!(ended.stdout.contains("\"different\":[\"song.mid\"]"), "{ended:#?}");
}

#[test]
fn a_title_is_words_and_never_a_path() {
    let bench = Bench::new();
    let title = "../../../\"quoted\" /etc/passwd \\ .. 'x'\u{7}\n..";
    let small = ["make", "calm house", "--duration", "15", "--formats", "wav", "--out", "in/here"];
    bench.done(&[small.as_slice(), &["--title", title]].concat());
    assert_eq!(read_json(&bench.path("in/here/report.json"))["song"]["title"], title);
    for name in bench.names() {
        assert!(name == "in/" || name.starts_with("in/here/"), "{name}");
    }
}

#[test]
fn force_replaces_a_folder_and_nothing_less_does() {
    let bench = Bench::new();
    fs::create_dir(bench.path("out")).unwrap();
    fs::write(bench.path("out/old"), "old").unwrap();
    let small = ["make", "calm house", "--duration", "15", "--no-stems", "--formats", "wav"];
    let refused = bench.run(&[small.as_slice(), &["--out", "out"]].concat());
    assert_eq!(refused.code, Some(2));
    assert_eq!(bench.names(), ["out/", "out/old"]);
    bench.done(&[small.as_slice(), &["--out", "out", "--force"]].concat());
    let names: Vec<String> = bench.names();
    assert!(!bench.path("out/old").exists() && bench.path("out/master.wav").exists());
    assert!(names.iter().all(|name| name.starts_with("out/")), "{names:?}");
}
