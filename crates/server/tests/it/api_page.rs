//! The pages of the browser, as it gets them.

use std::io::Read;

use crate::api_house::{Server, With};

#[test]
fn the_pages_come_under_a_strict_policy_and_only_when_they_are_new() {
    let server = Server::empty(With::Nothing);
    let page = server.send("", "GET", "/", &[], b"");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    for (path, kind) in [
        ("app.css", "text/css"),
        ("app.js", "text/javascript"),
        ("worklet.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let file = server.send("", "GET", &format!("/{path}"), &[], b"");
        assert_eq!(file.status, 200, "{path}");
        assert!(file.header("content-type").unwrap().starts_with(kind));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        let known = [("if-none-match", file.header("etag").unwrap())];
        let again = server.send("", "GET", &format!("/{path}"), &known, b"");
        assert_eq!((again.status, again.body.len()), (304, 0));
        let takes = [("accept-encoding", "br, gzip")];
        let small = server.send("", "GET", &format!("/{path}"), &takes, b"");
        assert_eq!(small.header("content-encoding"), Some("gzip"));
        assert!(small.body.len() < file.body.len());
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&small.body[..]).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, file.body, "{path}");
        assert_ne!(small.header("etag"), file.header("etag"));
    }
}

#[test]
fn what_the_document_names_is_there() {
    let server = Server::empty(With::Nothing);
    let page = server.send("", "GET", "/", &[], b"").text();
    let named: Vec<&str> = page.split("\"./").skip(1).filter_map(|n| n.split('"').next()).collect();
    assert!(named.len() >= 3, "{page}");
    for name in named {
        assert_eq!(server.send("", "GET", &format!("/{name}"), &[], b"").status, 200, "{name}");
    }
}
