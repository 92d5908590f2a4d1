//! Text as the words for a song: a brief that reads back as itself, or an error.

#![no_main]

use compose::Brief;
use libfuzzer_sys::fuzz_target;
use studio::genre::Genres;

fuzz_target!(|text: &str| {
    let genres = Genres::embedded().expect("embedded genres parse");
    if let Ok(brief) = Brief::read(text, &genres.names()) {
        let json = serde_json::to_string(&brief).expect("a brief becomes JSON");
        assert_eq!(serde_json::from_str::<Brief>(&json).expect("and comes back"), brief);
    }
});
