//! The protocol half of OpenSubsonic: what is asked, what is answered, and against what the
//! project publishes of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its case has failed")]

mod api_albums;
mod api_document;
mod api_flows;
mod api_hostile;
mod api_house;
mod api_keeping;
mod api_many;
mod api_matrix;
mod api_page;
mod api_socket;
mod api_songs;
mod api_streams;
mod catalogue;
mod credentials;
mod official;
mod parameters;
mod ranges;
mod rendering;
mod rest_media;
mod rest_roots;
mod samples;
mod schema;
mod shapes;

use server::subsonic::{Format, Node, Parameters, envelope};

/// The parameters of a query.
fn parameters(query: &str) -> Parameters {
    Parameters::parse(query.as_bytes(), b"").unwrap()
}

/// What stands in the envelope of JSON around `payload`.
fn json(payload: Node) -> serde_json::Value {
    let body = Format::Json.render(&envelope::ok(payload)).body;
    let mut document: serde_json::Value = serde_json::from_str(&body).unwrap();
    document["subsonic-response"].take()
}

/// The document of XML around `payload`.
fn xml(payload: Node) -> String {
    Format::Xml.render(&envelope::ok(payload)).body
}
