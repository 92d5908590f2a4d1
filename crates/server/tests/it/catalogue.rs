use std::collections::BTreeSet;

use server::subsonic::catalogue::{Answer, EXTENSIONS, METHODS, method};

#[test]
fn every_published_method_is_in_the_table_and_no_other() {
    let test = "every_published_method_is_in_the_table_and_no_other";
    let Some(path) = testkit::data("opensubsonic/openapi/openapi.json", test) else { return };
    let api: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let published: BTreeSet<&str> = api["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(|path| path.strip_prefix("/rest/").unwrap())
        .collect();
    assert_eq!(METHODS.iter().map(|method| method.name).collect::<BTreeSet<_>>(), published);
}

#[test]
fn what_will_not_come_is_gone_and_what_is_not_made_says_so() {
    let refusal = |name| method(name).unwrap().answer.refusal();
    for name in ["search", "getChatMessages", "addChatMessage", "getVideos", "hls.m3u8"] {
        assert_eq!(refusal(name), Some(410), "{name}");
    }
    for name in ["jukeboxControl", "createPodcastChannel", "createShare"] {
        assert_eq!(refusal(name), Some(200), "{name}");
    }
    for name in ["ping", "search3", "stream", "getPodcasts", "getTranscodeDecision"] {
        assert_eq!(refusal(name), None, "{name}");
    }
    assert_eq!(method("nothing"), None);
}

#[test]
fn only_the_extensions_are_told_to_everyone() {
    let open: Vec<&str> =
        METHODS.iter().filter(|row| row.answer == Answer::Open).map(|row| row.name).collect();
    assert_eq!(open, ["getOpenSubsonicExtensions"]);
}

#[test]
fn an_extension_is_told_only_with_the_methods_it_needs() {
    let needs = [
        ("apiKeyAuthentication", "tokenInfo"),
        ("indexBasedQueue", "savePlayQueueByIndex"),
        ("indexBasedQueue", "getPlayQueueByIndex"),
        ("playbackReport", "reportPlayback"),
        ("songLyrics", "getLyricsBySongId"),
        ("sonicSimilarity", "findSonicPath"),
        ("sonicSimilarity", "getSonicSimilarTracks"),
        ("topSongsByArtistId", "getTopSongs"),
        ("transcodeOffset", "stream"),
        ("transcoding", "getTranscodeDecision"),
        ("transcoding", "getTranscodeStream"),
    ];
    for (extension, needed) in needs {
        assert!(EXTENSIONS.iter().any(|known| known.name == extension), "{extension}");
        assert_eq!(method(needed).unwrap().answer.refusal(), None, "{needed}");
    }
}
