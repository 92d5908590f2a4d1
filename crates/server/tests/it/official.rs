//! Every answer against the description OpenSubsonic publishes.

use std::collections::BTreeMap;

use server::subsonic::catalogue::{Answer, METHODS};
use server::subsonic::{Code, Failure, Format, Node, elements, envelope};

use crate::samples::answers;
use crate::schema::{Fields, Published};

/// The document of JSON, with its root.
fn document(response: &Node) -> serde_json::Value {
    serde_json::from_str(&Format::Json.render(response).body).unwrap()
}

/// What is sent of an answer where its schema begins: one of them begins within the envelope.
fn described(method: &str, payload: &Node) -> serde_json::Value {
    let mut document = document(&envelope::ok(payload.clone()));
    match method {
        "getTranscodeDecision" => {
            let decision = document["subsonic-response"]["transcodeDecision"].take();
            serde_json::json!({ "transcodeDecision": decision })
        }
        _ => document,
    }
}

#[test]
fn every_answer_full_and_minimal_is_what_is_published() {
    let test = "every_answer_full_and_minimal_is_what_is_published";
    let Some(published) = Published::find(test) else { return };
    let answers: BTreeMap<_, _> =
        answers().into_iter().map(|(method, full, least)| (method, [full, least])).collect();
    for method in METHODS {
        if !matches!(method.answer, Answer::Document | Answer::Open) {
            continue;
        }
        let schema = published.answer(method.name);
        // What has no answer of its own is answered by the envelope alone.
        let empty = [Node::new(), Node::new()];
        for payload in answers.get(method.name).unwrap_or(&empty) {
            published.check(&schema, &described(method.name, payload), method.name);
        }
    }
    for name in answers.keys() {
        assert!(METHODS.iter().any(|method| method.name == *name), "{name}");
    }
}

#[test]
fn every_failure_is_what_is_published() {
    let Some(published) = Published::find("every_failure_is_what_is_published") else { return };
    let schema = published.answer("ping");
    for code in Code::ALL {
        let failures = [
            Failure::new(code),
            Failure::saying(code, "<no>"),
            Failure::new(code).with_help("https://music.example/help?a=1&b=2".to_owned()),
        ];
        for failure in failures {
            let document = document(&envelope::failed(&failure));
            published.check(&schema, &document, &failure.message());
            assert_eq!(document["subsonic-response"]["error"]["code"], code.number());
        }
    }
}

/// What is published and never sent, with the reason; in the order of names.
const NEVER_SENT: [(&str, &str, &str); 8] = [
    ("AlbumID3", "song", "described once more, and sent, with AlbumID3WithSongs"),
    ("Child", "bookmarkPosition", "servers disagree about its unit"),
    ("Child", "originalHeight", "there are no videos"),
    ("Child", "originalWidth", "there are no videos"),
    ("License", "email", "nobody is licensed by name"),
    ("License", "licenseExpires", "it does not expire"),
    ("License", "trialExpires", "there is no trial"),
    ("SubsonicFailureResponse", "error", "these are no failures"),
];

#[test]
fn every_published_field_is_sent_and_no_other() {
    let test = "every_published_field_is_sent_and_no_other";
    let Some(published) = Published::find(test) else { return };
    let mut fields = Fields::default();
    for (method, full, _) in answers() {
        published.fields(&published.answer(method), &described(method, &full), &mut fields);
    }
    assert!(fields.unknown.is_empty(), "{:?}", fields.unknown);
    let missing: Vec<_> = fields.described.difference(&fields.seen).collect();
    let never: Vec<_> =
        NEVER_SENT.iter().map(|(file, name, _)| ((*file).to_owned(), (*name).to_owned())).collect();
    assert_eq!(missing, never.iter().collect::<Vec<_>>());
}

#[test]
fn the_description_refuses_the_shapes_that_broke_clients() {
    let test = "the_description_refuses_the_shapes_that_broke_clients";
    let Some(published) = Published::find(test) else { return };
    for (method, pointer) in [
        ("getGenres", "/genres/genre/0/value"),
        ("getAlbum", "/album/created"),
        ("getAlbum", "/serverVersion"),
        ("getUser", "/user/scrobblingEnabled"),
        ("getPlayQueue", "/playQueue/changedBy"),
    ] {
        let (_, full, _) = answers().into_iter().find(|(name, ..)| *name == method).unwrap();
        let schema = published.answer(method);
        let mut document = described(method, &full);
        assert!(published.accepts(&schema, &document), "{method}");
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = document.pointer_mut(&format!("/subsonic-response{parent}")).unwrap();
        assert!(parent.as_object_mut().unwrap().remove(key).is_some());
        assert!(!published.accepts(&schema, &document), "{method} without {pointer}");
    }
    let schema = published.answer("getMusicFolders");
    let mut document = described("getMusicFolders", &elements::music_folders(&[]));
    document["subsonic-response"]["musicFolders"]["musicFolder"] = serde_json::json!({ "id": 1 });
    assert!(!published.accepts(&schema, &document));
}
