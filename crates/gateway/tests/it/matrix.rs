use std::collections::BTreeSet;

use crate::house::{ADMIN, House, LISTENER};

/// What nobody, a listener and an admin are answered by each route: a number for each.
const MATRIX: [(&str, &str, &str, [u16; 3]); 25] = [
    ("GET", "/api/v1/setup", "", [200, 200, 200]),
    ("POST", "/api/v1/setup", r#"{"token":"0","name":"a","password":"0123456789"}"#, [409; 3]),
    ("POST", "/api/v1/login", r#"{"name":"a","password":"b"}"#, [401, 401, 401]),
    ("POST", "/api/v1/logout", "", [401, 204, 204]),
    ("GET", "/api/v1/session", "", [401, 200, 200]),
    ("POST", "/api/v1/password", r#"{"old":"a","new":"0123456789"}"#, [401, 403, 403]),
    ("GET", "/api/v1/sessions", "", [401, 200, 200]),
    ("DELETE", "/api/v1/sessions/{id}", "", [401, 404, 404]),
    ("GET", "/api/v1/keys", "", [401, 200, 200]),
    ("POST", "/api/v1/keys", r#"{"name":"a"}"#, [401, 201, 201]),
    ("DELETE", "/api/v1/keys/{id}", "", [401, 404, 404]),
    ("GET", "/api/v1/users", "", [401, 403, 200]),
    (
        "POST",
        "/api/v1/users",
        r#"{"name":"Ben","password":"0123456789","role":"admin"}"#,
        [401, 403, 409],
    ),
    ("GET", "/api/v1/users/{id}", "", [401, 403, 404]),
    ("PATCH", "/api/v1/users/{id}", r#"{"role":"admin"}"#, [401, 403, 404]),
    ("DELETE", "/api/v1/users/{id}", "", [401, 403, 404]),
    ("GET", "/api/v1/audit", "", [401, 403, 200]),
    ("GET", "/healthz", "", [200, 200, 200]),
    ("GET", "/health", "", [200, 200, 200]),
    ("GET", "/readyz", "", [200, 200, 200]),
    ("GET", "/ready", "", [200, 200, 200]),
    ("GET", "/metrics", "", [200, 200, 200]),
    ("GET", "/api/v1/openapi.json", "", [200, 200, 200]),
    // Through a proxy nobody is on this machine.
    ("GET", "/metrics?proxied", "", [401, 403, 200]),
    ("GET", "/api/v1/users?proxied", "", [401, 403, 200]),
];

#[test]
fn every_route_answers_everybody_as_it_should() {
    let house = House::furnished();
    let described: BTreeSet<(String, String)> = house.openapi["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(|method| (method.to_ascii_uppercase(), path.clone()))
        })
        .collect();
    let held = MATRIX.iter().filter(|(_, path, ..)| !path.contains('?'));
    let held: BTreeSet<_> = held.map(|(m, p, ..)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(described, held);
    for (method, path, body, expected) in MATRIX {
        for (who, expected) in [None, Some(LISTENER), Some(ADMIN)].into_iter().zip(expected) {
            // A session for each request: some of them end it.
            let cookie = who.map(|who| house.login(who).cookie());
            let mut headers = vec![("origin", "http://localhost")];
            headers.extend(cookie.as_ref().map(|cookie| ("cookie", cookie.as_str())));
            if path.contains("proxied") {
                headers.push(("x-forwarded-for", "8.8.8.8"));
            }
            let answer = house.ask(method, &path.replace("{id}", "99"), &headers, body);
            let name = who.map_or("nobody", |who| who.0);
            assert_eq!(answer.status, expected, "{method} {path} by {name}: {answer:?}");
            house.pass(21 * crate::house::SECOND);
        }
    }
}
