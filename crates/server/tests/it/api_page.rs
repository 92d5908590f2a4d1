//! The first page, as a browser gets it.

use crate::api_house::{Server, With};

#[test]
fn the_page_and_its_files_come_under_a_strict_policy() {
    let server = Server::empty(With::Nothing);
    let page = server.send("", "GET", "/", &[], b"");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let policy = page.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    for (path, kind) in
        [("/app.css", "text/css"), ("/app.js", "text/javascript"), ("/icon.svg", "image/svg+xml")]
    {
        assert!(page.text().contains(&format!("\"{path}\"")), "{path}");
        let file = server.send("", "GET", path, &[], b"");
        assert_eq!(file.status, 200);
        assert!(file.header("content-type").unwrap().starts_with(kind));
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn every_route_the_page_asks_for_is_described() {
    let server = Server::empty(With::Nothing);
    let script = server.send("", "GET", "/app.js", &[], b"").text();
    let paths = server.document["paths"].as_object().unwrap();
    let mut asked = 0;
    for call in script.split("ask(\"").skip(1) {
        let mut words = call.split('"');
        let method = words.next().unwrap().to_ascii_lowercase();
        let path = call.split(['"', '`']).nth(2).unwrap();
        let path = path.split('?').next().unwrap();
        let path = path
            .replace("${job.id}", "{id}")
            .replace("${key.id}", "{id}")
            .replace("${album.id}", "{id}");
        let route = paths.get(&format!("/api/v1/{path}"));
        assert!(route.is_some_and(|route| route.get(&method).is_some()), "{method} {path}");
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
}
