//! What surrounds every answer.

use super::{Failure, Node};

/// The version of the protocol: the last one of Subsonic, which clients compare with theirs.
pub const PROTOCOL: &str = "1.16.1";

/// The name of this server among OpenSubsonic's.
pub const SERVER: &str = "auralis";

/// The envelope of an answer; `payload`'s members stand directly in it.
pub fn ok(payload: Node) -> Node {
    envelope("ok").and(payload)
}

/// The envelope of a failure, which travels with the HTTP status 200 like any answer.
pub fn failed(failure: &Failure) -> Node {
    let error = Node::new()
        .attribute("code", failure.code().number())
        .attribute("message", &failure.message())
        .maybe("helpUrl", failure.help_url());
    envelope("failed").child("error", error)
}

fn envelope(status: &str) -> Node {
    Node::new()
        .attribute("status", status)
        .attribute("version", PROTOCOL)
        .attribute("type", SERVER)
        .attribute("serverVersion", crate::VERSION)
        .attribute("openSubsonic", true)
}
