//! What a player says and is told over its socket: docs/protocol.md, as types.

use library::TrackId;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::mastered::Stage;
use crate::ids::Id;
use crate::tastes::Wanted;

/// A longer message is refused: the longest that means anything has some 300 bytes.
pub(super) const MAX_BYTES: usize = 4 << 10;
/// Of an id that is given back.
const MAX_ID_CHARS: usize = 64;

/// What a player says, and the id under which it is answered.
#[derive(Debug, PartialEq)]
pub(super) struct Asked {
    pub(super) op: Op,
    pub(super) id: Option<String>,
}

/// What a player may say.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Op {
    Hello {
        rate: u32,
        format: Format,
        #[serde(default)]
        resume: Option<String>,
    },
    Play {
        epoch: u32,
        place: u32,
        #[serde(default)]
        frame: u64,
        #[serde(default)]
        pairs: bool,
    },
    GoOn {
        epoch: u32,
        from: u64,
        #[serde(default)]
        pairs: Option<bool>,
        #[serde(default)]
        place: Option<u32>,
        #[serde(default, deserialize_with = "given")]
        enhance: Option<Option<Wanted>>,
    },
    Credit {
        epoch: u32,
        played: u64,
        until: u64,
        #[serde(default)]
        underruns: Option<u32>,
    },
    Pause {
        paused: bool,
    },
    Sleep {
        #[serde(default)]
        after_s: Option<f64>,
        #[serde(default)]
        end_of_track: bool,
    },
    Ping {},
}

/// What stands there is meant, `null` too.
pub(crate) fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// How samples travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    PcmS16,
    PcmF32,
}

/// What a player is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event {
    Welcome {
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<String>,
        stream: u64,
        rate: u32,
        format: Format,
        channels: u8,
        resume: String,
        resumed: bool,
        epoch: u32,
        frame: u64,
        place: usize,
        at: u64,
        max_ahead_s: u32,
    },
    Started {
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<String>,
        #[serde(flatten)]
        begun: Begun,
    },
    Boundary(Begun),
    Plan {
        epoch: u32,
        place: usize,
        frame: u64,
        state: Stage,
        album: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        enhance: Option<Wanted>,
    },
    State {
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<String>,
        paused: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        sleep_s: Option<f64>,
        sleep_at_end: bool,
    },
    Error {
        code: Code,
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<usize>,
        #[serde(skip_serializing_if = "Option::is_none")]
        epoch: Option<u32>,
        retry: bool,
        message: &'static str,
    },
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<String>,
        code: Refused,
        message: &'static str,
    },
    Ended {
        epoch: u32,
        frame: u64,
        reason: Reason,
    },
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<String>,
    },
}

/// From a frame on a track is heard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Begun {
    pub(super) epoch: u32,
    pub(super) frame: u64,
    pub(super) place: usize,
    pub(super) track: Id<TrackId>,
    pub(super) at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) length: Option<u64>,
}

/// Why a track is not heard, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// There is no such file any more.
    Gone,
    /// Its bytes are no sound, or not to the end.
    Unreadable,
    /// The filters broke down, or do not go with it; it is heard as it came.
    Mastering,
    /// Its disk does not answer.
    Stalled,
    /// We are wrong.
    Internal,
}

impl Code {
    /// What is said about it.
    pub(super) fn event(self, place: Option<usize>, epoch: Option<u32>) -> Event {
        let (retry, message) = match self {
            Code::Gone => (false, "The file is not there any more; the next track follows."),
            Code::Unreadable => {
                (false, "The file does not play to its end; the next track follows.")
            }
            Code::Mastering => (false, "This track cannot be enhanced; it is heard as it came."),
            Code::Stalled => (true, "The disk or the machine does not answer; try again."),
            Code::Internal => (true, "Something went wrong here; try again."),
        };
        Event::Error { code: self, place, epoch, retry, message }
    }
}

/// Why a message changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refused {
    Malformed,
    UnknownOp,
    Invalid,
    StaleEpoch,
    HelloFirst,
    UnknownFrame,
}

impl Refused {
    pub(super) fn event(self, re: Option<String>) -> Event {
        let message = match self {
            Refused::Malformed => "The message is no JSON object.",
            Refused::UnknownOp => "There is no such op.",
            Refused::Invalid => "A field is missing, unknown or out of range.",
            Refused::StaleEpoch => "The epoch is not larger than the last one.",
            Refused::HelloFirst => "Say hello first, and once.",
            Refused::UnknownFrame => "No such frame was sent.",
        };
        Event::Refused { re, code: self, message }
    }
}

/// Why nothing more comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    End,
    Sleep,
    Replaced,
    Forgotten,
    Closing,
}

/// The names of ops.
const OPS: [&str; 7] = ["hello", "play", "go_on", "credit", "pause", "sleep", "ping"];

/// Reads a message.
///
/// # Errors
/// Why it is none, with its id where it has one.
pub(super) fn parse(text: &str) -> Result<Asked, (Refused, Option<String>)> {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(text) else {
        return Err((Refused::Malformed, None));
    };
    let id = match fields.remove("id") {
        None => None,
        Some(Value::String(id)) if id.chars().count() <= MAX_ID_CHARS => Some(id),
        Some(_) => return Err((Refused::Invalid, None)),
    };
    let is_known = fields.get("op").and_then(Value::as_str).is_some_and(|op| OPS.contains(&op));
    if !is_known {
        return Err((Refused::UnknownOp, id));
    }
    match Op::deserialize(Value::Object(fields)) {
        Ok(op) => Ok(Asked { op, id }),
        Err(_) => Err((Refused::Invalid, id)),
    }
}

/// Whether a player may say this at its socket: docs/protocol.md.
pub fn understands(text: &str) -> bool {
    parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Asked, Op, Refused, parse};
    use crate::tastes::Wanted;

    #[test]
    fn messages_are_read_or_refused_with_their_id() {
        let asked = parse(r#"{"op":"play","epoch":3,"place":1,"id":"a"}"#).unwrap();
        let op = Op::Play { epoch: 3, place: 1, frame: 0, pairs: false };
        assert_eq!(asked, Asked { op, id: Some("a".to_owned()) });
        let enhance = |text: &str| match parse(text).unwrap().op {
            Op::GoOn { enhance, .. } => enhance,
            op => panic!("{op:?}"),
        };
        let head = r#"{"op":"go_on","epoch":1,"from":9"#;
        assert_eq!(enhance(&format!("{head}}}")), None);
        assert_eq!(enhance(&format!(r#"{head},"enhance":null}}"#)), Some(None));
        let warm = Wanted {
            preset: Some("warm".to_owned()),
            reference: None,
            intensity: 1.0,
            loudness: -14.0,
        };
        assert_eq!(
            enhance(&format!(r#"{head},"enhance":{{"preset":"warm"}}}}"#)),
            Some(Some(warm))
        );
        let refused = |text: &str| parse(text).unwrap_err();
        for text in ["", "[]", "7", "{", "null", "\"op\""] {
            assert_eq!(refused(text), (Refused::Malformed, None), "{text}");
        }
        assert_eq!(
            refused(r#"{"op":"dance","id":"x"}"#),
            (Refused::UnknownOp, Some("x".to_owned()))
        );
        assert_eq!(refused(r#"{"op":7}"#).0, Refused::UnknownOp);
        for text in [
            r#"{"op":"ping","id":7}"#,
            r#"{"op":"ping","more":1}"#,
            r#"{"op":"play","epoch":-1,"place":0}"#,
            r#"{"op":"play","epoch":4294967296,"place":0}"#,
            r#"{"op":"credit","epoch":1,"played":0}"#,
            r#"{"op":"hello","rate":44100,"format":"mp3"}"#,
        ] {
            assert_eq!(refused(text).0, Refused::Invalid, "{text}");
        }
    }
}
