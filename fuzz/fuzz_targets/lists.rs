//! Bytes as a playlist, the rules of a smart one, lyrics, and words to search for.

#![no_main]

use library::rules::Smart;
use library::{Lyrics, folding, m3u};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    drop(m3u::parse(bytes));
    let text = String::from_utf8_lossy(bytes);
    if let Ok(rules) = Smart::from_nsp(bytes) {
        let again = Smart::from_nsp(rules.to_nsp().as_bytes()).expect("what we write we read");
        assert_eq!(rules, again);
    }
    let lyrics = Lyrics::parse(&text);
    assert!(!lyrics.synced || lyrics.lines.iter().all(|line| line.start_ms.is_some()));
    if let Some(query) = folding::query(&text) {
        assert!(!folding::words(&text).is_empty(), "{query}");
    }
});
