//! What errors of the library and the studio are to a stranger: one place, and never their texts where
//! these could name a path.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use fault::Fault;
use gateway::Problem;

/// Why a route does not do as it was asked.
#[derive(Debug)]
pub(super) struct Refusal(Problem);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<gateway::Error> for Refusal {
    fn from(error: gateway::Error) -> Self {
        Self(error.into())
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self(Problem::internal().with_private(fault::Class::Permanent, error.to_string()))
    }
}

/// 404 under a kind of its own: what would do it is switched off here.
pub(super) fn off(kind: &'static str, detail: &'static str) -> Refusal {
    Refusal(Problem::new(StatusCode::NOT_FOUND, kind, detail))
}

/// The field a word of the library speaks of.
fn field(what: &str) -> &'static str {
    let known = [
        ("rating", "stars"),
        ("playlist named", "name"),
        ("comment", "comment"),
        ("current place", "current"),
        ("queue", "tracks"),
        ("place", "edits"),
        ("edit", "edits"),
        ("entries", "edits"),
        ("batch", "edits"),
        ("after", "after"),
        ("rule", "rules"),
        ("group", "rules"),
        ("condition", "rules"),
        ("operator", "rules"),
        ("value", "rules"),
        ("field", "rules"),
        ("smart", "rules"),
        ("order", "rules"),
    ];
    known.iter().find(|(word, _)| what.contains(word)).map_or("body", |(_, field)| field)
}

impl From<library::Error> for Refusal {
    fn from(error: library::Error) -> Self {
        use library::Error::{
            Absent, Analysing, Asked, Editing, NotARoot, NotEdited, Picture, Scanning, Upload,
            Vanished,
        };
        let (class, said) = (error.class(), error.to_string());
        let problem = match error {
            Absent(_) => Problem::not_found(),
            Asked { what, accepted, .. } => Problem::invalid(field(what), accepted),
            NotARoot { reason, .. } => Problem::invalid("path", reason),
            Scanning => Problem::conflict("A scan is going on."),
            Analysing => Problem::conflict("An analysis is going on."),
            Editing => Problem::conflict("Another batch of edits is being written."),
            Vanished { .. } => Problem::conflict("The folder of a root is gone or empty."),
            Picture(_) => Problem::not_found(),
            NotEdited { track, why, .. } => {
                Problem::conflict("A file was not edited; nothing was changed.")
                    .with_field(track.to_string(), spoken(&why))
            }
            Upload(refused) => Problem::invalid("file", uploaded(&refused)),
            library::Error::Store(full @ store::Error::Full) => {
                return Self(Problem::disk_full().with_private(class, full.to_string()));
            }
            library::Error::Sound(audio_file::Error::Value { field, accepted, .. }) => {
                Problem::invalid(field, accepted)
            }
            other => return Self(Problem::of(&other)),
        };
        Self(problem.with_private(class, said))
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        library::Error::from(error).into()
    }
}

impl From<audio_file::Error> for Refusal {
    fn from(error: audio_file::Error) -> Self {
        library::Error::from(error).into()
    }
}

/// Why a file was not edited. What a reader of files said besides is for the log.
fn spoken(why: &library::tagging::Why) -> String {
    match why {
        library::tagging::Why::Refused(_) => "its format does not take that".to_owned(),
        why => why.to_string(),
    }
}

fn uploaded(refused: &library::uploads::Refused) -> String {
    match refused {
        library::uploads::Refused::Sound(_) => "it does not play".to_owned(),
        refused => refused.to_string(),
    }
}

impl From<studio::Error> for Refusal {
    fn from(error: studio::Error) -> Self {
        use studio::Error::{
            Absent, Altered, Composition, Damaged, NoRoom, Order, OutOfRange, Store, TooMany,
            Unfinished,
        };
        /// When somebody who has enough waiting may ask again: a song takes about that.
        const COME_BACK_S: u64 = 60;
        let (class, said) = (error.class(), error.to_string());
        let problem = match error {
            Absent(_) => Problem::not_found(),
            // These speak of the order in its own words and of nothing else.
            Order(_) | Composition(_) => Problem::invalid("order", said.clone()),
            OutOfRange { setting, accepted, .. } => Problem::invalid(setting, accepted),
            TooMany { .. } => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "enough-ordered",
                "As much is ordered as may be; wait until some of it is done.",
            )
            .retry_after(COME_BACK_S),
            NoRoom { .. } => Problem::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "no-room",
                "Your songs have no room left: delete some for good.",
            ),
            Unfinished => Problem::conflict("The job has not finished."),
            Altered { .. } => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "altered",
                "A record was altered outside this program; nothing is served from it.",
            ),
            Damaged(_) => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "damaged",
                "The stored file is damaged or gone; its operator must look.",
            ),
            Store(store::Error::Full) => Problem::disk_full(),
            other => return Self(Problem::of(&other)),
        };
        Self(problem.with_private(class, said))
    }
}
