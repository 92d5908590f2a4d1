//! Every answer against the description OpenSubsonic publishes.

use std::collections::BTreeMap;

use server::subsonic::catalogue::{Answer, METHODS};
use server::subsonic::{Code, Failure, Format, Node, envelope};

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

/// What is published and never sent, with the reason.
const NEVER_SENT: [(&str, &str, &str); 8] = [
    ("Child", "bookmarkPosition", "servers disagree about its unit"),
    ("Child", "originalWidth", "there are no videos"),
    ("Child", "originalHeight", "there are no videos"),
    ("License", "email", "nobody is licensed by name"),
    ("License", "licenseExpires", "it does not expire"),
    ("License", "trialExpires", "there is no trial"),
    ("Artist", "albumCount", "not published for folders"),
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
    assert_eq!(fields.unknown, [String::new(); 0]);
    let missing: Vec<_> = fields
        .described
        .difference(&fields.seen)
        .filter(|(file, name)| !NEVER_SENT.iter().any(|(of, field, _)| of == file && field == name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
