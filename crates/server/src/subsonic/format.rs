use super::json::Document;
use super::{Failure, Node, Parameters, xml};

/// Callbacks are names of functions, perhaps within objects; none is longer.
const LONGEST_CALLBACK: usize = 64;

/// The root element's name.
const ROOT: &str = "subsonic-response";

/// In what an answer is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// What a client gets that asks for nothing else.
    #[default]
    Xml,
    /// JSON.
    Json,
    /// A script that calls a function with the JSON.
    Jsonp(Callback),
}

/// The name of the function a JSONP answer calls: letters, digits, `_`, `.` and `$` only, or the
/// answer would be a script of the asker's making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback(String);

/// A written answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// For the header of that name.
    pub content_type: &'static str,
    /// UTF-8.
    pub body: String,
}

impl Format {
    /// The format of a request. Where this fails the failure is told in XML.
    ///
    /// # Errors
    /// Code 0 for an unknown format, code 10 for JSONP without a
    /// callback that is a name.
    pub fn of(parameters: &Parameters) -> Result<Self, Failure> {
        match parameters.first("f") {
            None | Some("" | "xml") => Ok(Self::Xml),
            Some("json") => Ok(Self::Json),
            Some("jsonp") => Ok(Self::Jsonp(Callback::of(parameters)?)),
            Some(_) => Err(Failure::invalid("f")),
        }
    }

    /// Writes the envelope `response`.
    pub fn render(&self, response: &Node) -> Rendered {
        match self {
            Self::Xml => Rendered {
                content_type: "application/xml; charset=utf-8",
                body: written(xml::document(ROOT, response).ok()),
            },
            Self::Json => {
                Rendered { content_type: "application/json; charset=utf-8", body: json(response) }
            }
            Self::Jsonp(Callback(name)) => Rendered {
                content_type: "text/javascript; charset=utf-8",
                body: format!("{name}({});", script_safe(&json(response))),
            },
        }
    }
}

impl Callback {
    fn of(parameters: &Parameters) -> Result<Self, Failure> {
        let name = parameters.required("callback")?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.$".contains(&byte);
        if name.len() > LONGEST_CALLBACK || !name.bytes().all(plain) {
            return Err(Failure::missing("callback"));
        }
        Ok(Self(name.to_owned()))
    }
}

fn json(response: &Node) -> String {
    written(serde_json::to_vec(&Document(ROOT, response)).ok())
}

fn written(document: Option<Vec<u8>>) -> String {
    document
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .expect("a tree of text and finite numbers is written into memory")
}

/// Old scripts end a line at two characters that JSON lets through.
fn script_safe(json: &str) -> String {
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
