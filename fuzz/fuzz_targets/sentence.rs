//! Text as the words for a song: a brief that reads back as itself, or an error.

#![no_main]

use std::sync::LazyLock;

use compose::Brief;
use libfuzzer_sys::fuzz_target;
use studio::genre::Genres;

/// Read once, for all sentences.
static GENRES: LazyLock<Genres> =
    LazyLock::new(|| Genres::embedded().expect("embedded genres parse"));

fuzz_target!(|text: &str| {
    if let Ok(brief) = Brief::read(text, &GENRES.names()) {
        let json = serde_json::to_string(&brief).expect("a brief becomes JSON");
        assert_eq!(serde_json::from_str::<Brief>(&json).expect("and comes back"), brief);
    }
});
