use gateway::Principal;
use store::rusqlite::Connection;

use crate::client::Answer;
use crate::house::{ADMIN, House};

/// What no stranger may read: paths, types, statements, the words of libraries.
fn assert_says_nothing(answer: &Answer, what: &str) {
    for secret in [
        "/etc",
        "/tmp",
        "shadow",
        ".rs",
        ".db",
        "SELECT",
        "select ",
        "sqlite",
        "no such table",
        "std::",
        "Error(",
        "gateway",
        "serde",
        "panicked",
        "Thing",
        "Principal",
        "at line",
        "user(",
    ] {
        assert!(!answer.body.contains(secret), "{what}: {secret} in {answer:?}");
    }
    let values: Vec<_> = answer.headers.iter().map(|(_, value)| value.as_str()).collect();
    assert!(!values.join(" ").contains("/etc"), "{what}: {answer:?}");
}

#[test]
fn a_panic_in_a_handler_is_a_500_and_the_next_request_is_served() {
    let house = House::empty();
    for _ in 0..3 {
        let answer = house.get("/panic", &[("x-correlation-id", "mine")]);
        assert_eq!(answer.problem(500)["correlation_id"], "mine");
        assert_says_nothing(&answer, "panic");
        assert_eq!(house.get("/readyz", &[]).status, 200);
    }
}

#[test]
fn an_error_is_its_class_and_nothing_else() {
    let house = House::empty();
    for (path, status) in
        [("/user", 400), ("/transient", 503), ("/permanent", 500), ("/bug", 500), ("/plain", 400)]
    {
        let answer = house.get(path, &[]);
        answer.problem(status);
        assert_eq!(answer.header("retry-after").is_some(), status == 503, "{path}");
        assert_says_nothing(&answer, path);
    }
}

/// The tables are taken away under a server that runs: every route fails, none says how.
#[test]
fn no_route_says_how_it_failed() {
    let house = House::furnished();
    let (cookie, key) = (house.login(ADMIN).cookie(), house.key("Anna"));
    let file = Connection::open(house.folder.path().join("a.db")).unwrap();
    file.execute_batch(
        "ALTER TABLE user RENAME TO gone_user; ALTER TABLE audit RENAME TO gone_audit;",
    )
    .unwrap();
    let paths = house.openapi["paths"].as_object().unwrap();
    let mut failed = 0;
    for (path, methods) in paths {
        let path = path.replace("{id}", "1");
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_ascii_uppercase();
            for body in ["", "{", r#"{"name":"a","password":"0123456789","role":"admin"}"#] {
                for headers in [
                    [("cookie", cookie.as_str()), ("origin", "http://localhost")].as_slice(),
                    [("authorization", key.as_str())].as_slice(),
                    [].as_slice(),
                ] {
                    let answer = house.ask(&method, &path, headers, body);
                    failed += usize::from(answer.status == 500);
                    let is_text = path == "/metrics" || path.ends_with("openapi.json");
                    if !is_text || answer.status != 200 {
                        assert_says_nothing(&answer, &path);
                    }
                    if answer.status >= 400 && !path.contains("health") && !path.contains("ready") {
                        answer.problem(answer.status);
                    }
                }
            }
        }
    }
    assert!(failed > 20, "{failed}");
}

#[test]
fn a_request_outside_the_shell_is_refused_and_not_served() {
    fn is_extractor<T: axum::extract::FromRequestParts<()>>() {}
    is_extractor::<Principal>();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let status = runtime.block_on(async {
        use tower::ServiceExt;
        let router: axum::Router =
            axum::Router::new().route("/", axum::routing::get(|who: Principal| async { who.name }));
        let request = axum::http::Request::new(axum::body::Body::empty());
        router.oneshot(request).await.unwrap().status()
    });
    assert_eq!(status, 500);
}
