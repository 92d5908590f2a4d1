use crate::house::{ADMIN, DAY, House, LISTENER, SECOND};

fn setup(token: &str, name: &str) -> String {
    serde_json::json!({ "token": token, "name": name, "password": "a long password" }).to_string()
}

#[test]
fn the_setup_token_makes_one_admin_once() {
    let house = House::empty();
    assert_eq!(house.get("/api/v1/setup", &[]).json()["needed"], true);
    let token = house.accounts.setup_token().unwrap();
    assert_eq!(token.len(), 32);
    house.ask("POST", "/api/v1/setup", &[], &setup("0".repeat(32).as_str(), "Eve")).problem(401);
    let made = house.ask("POST", "/api/v1/setup", &[], &setup(&token, "Anna"));
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["role"], "admin");
    assert_eq!(house.get("/api/v1/session", &[("cookie", &made.cookie())]).status, 200);
    assert_eq!(house.accounts.setup_token(), None);
    house.ask("POST", "/api/v1/setup", &[], &setup(&token, "Eve")).problem(409);
    assert_eq!(house.get("/api/v1/setup", &[]).json()["needed"], false);
    assert_eq!(house.accounts.users().unwrap().len(), 1);
    assert_eq!(house.audit(), ["Eve setup.done  refused", "Anna setup.done Anna"]);
}

#[test]
fn an_admin_made_on_the_command_line_ends_the_setup() {
    let house = House::empty();
    let token = house.accounts.setup_token().unwrap();
    house.accounts.create(ADMIN.0, ADMIN.1, gateway::Role::Admin).unwrap();
    house.ask("POST", "/api/v1/setup", &[], &setup(&token, "Eve")).problem(409);
    assert_eq!(house.accounts.setup_token(), None);
}

#[test]
fn a_session_begins_with_a_cookie_no_script_reads_and_ends_when_told() {
    let house = House::furnished();
    let login = house.login(("aNNa", ADMIN.1));
    assert_eq!(login.status, 200, "{login:?}");
    let cookie = login.header("set-cookie").unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=15552000"] {
        assert!(cookie.split("; ").any(|a| a == attribute), "{cookie}");
    }
    assert!(cookie.starts_with("triadtest_session=") && !cookie.contains("Secure"));
    let cookie = login.cookie();
    let me = house.get("/api/v1/session", &[("cookie", &cookie)]).json();
    assert_eq!((me["name"].as_str(), me["via"].as_str()), (Some("Anna"), Some("session")));
    let gone = house.as_page(&cookie, "POST", "/api/v1/logout", "");
    assert_eq!(gone.status, 204, "{gone:?}");
    assert!(gone.header("set-cookie").unwrap().contains("Max-Age=0"));
    house.get("/api/v1/session", &[("cookie", &cookie)]).problem(401);
    assert_eq!(house.audit(), ["Anna session.begun ", "Anna session.ended 1"]);
}

#[test]
fn behind_a_proxy_that_speaks_tls_the_cookie_is_for_tls_alone_and_under_the_base_path() {
    let house = House::furnished_with(|settings, _| {
        settings.proxies = gateway::Settings::parse_proxies("127.0.0.1").unwrap();
        settings.hosts = gateway::Settings::parse_hosts("music.example").unwrap();
        settings.base_path = gateway::BasePath::parse("/music/").unwrap();
    });
    let body = serde_json::json!({ "name": ADMIN.0, "password": ADMIN.1 }).to_string();
    let headers = [
        ("host", "music.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "1.2.3.4"),
        ("origin", "https://music.example"),
    ];
    let login = house.ask("POST", "/music/api/v1/login", &headers, &body);
    assert_eq!(login.status, 200, "{login:?}");
    let cookie = login.header("set-cookie").unwrap();
    assert!(cookie.contains("; Secure") && cookie.contains("Path=/music/;"), "{cookie}");
    assert_eq!(house.accounts.audit(None, 1).unwrap()[0].client, "1.2.3.4");
    house.get("/api/v1/session", &[]).problem(404);
    assert_eq!(house.get("/music/healthz", &[]).status, 200);
    assert_eq!(house.openapi["servers"][0]["url"], "/music");
}

#[test]
fn a_cookie_counts_for_our_own_page_alone() {
    let house = House::furnished();
    let cookie = house.login(ADMIN).cookie();
    let post = |headers: &[(&str, &str)]| {
        let headers = [&[("cookie", cookie.as_str())], headers].concat();
        house.ask("POST", "/api/v1/keys", &headers, r#"{"name":"a"}"#).status
    };
    assert_eq!(post(&[("origin", "http://localhost")]), 201);
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]), 201);
    for foreign in [
        "http://evil.example",
        "http://localhost:1",
        "http://localhost.evil.example",
        "null",
        "file://",
    ] {
        assert_eq!(post(&[("origin", foreign)]), 403, "{foreign}");
        let asked = [("cookie", cookie.as_str()), ("origin", foreign)];
        house.get("/api/v1/keys", &asked).problem(403);
    }
    assert_eq!(post(&[]), 403);
    assert_eq!(post(&[("sec-fetch-site", "same-site")]), 403);
    assert_eq!(post(&[("origin", "http://localhost"), ("origin", "http://evil.example")]), 403);
    let cross = [("cookie", cookie.as_str()), ("sec-fetch-site", "cross-site")];
    house.get("/api/v1/keys", &cross).problem(403);
}

#[test]
fn a_session_opens_nothing_where_a_key_is_asked_for() {
    let house = House::furnished();
    let cookie = house.login(ADMIN).cookie();
    house.as_page(&cookie, "GET", "/rest/ping", "").problem(401);
    assert_eq!(house.get("/rest/ping", &[("authorization", &house.key("Anna"))]).body, "Anna");
}

#[test]
fn a_socket_is_opened_by_our_page_or_by_a_key() {
    let house = House::furnished();
    let (cookie, key) = (house.login(ADMIN).cookie(), house.key("Ben"));
    let with = |headers: &[(&str, &str)]| house.get("/socket", headers).status;
    assert_eq!(with(&[("cookie", &cookie), ("origin", "http://localhost")]), 200);
    assert_eq!(with(&[("cookie", &cookie)]), 403);
    assert_eq!(with(&[("cookie", &cookie), ("origin", "http://evil.example")]), 403);
    assert_eq!(with(&[("authorization", &key)]), 200);
    assert_eq!(with(&[("authorization", &key), ("origin", "http://evil.example")]), 403);
    assert_eq!(with(&[]), 401);
}

#[test]
fn five_wrong_passwords_and_the_door_is_shut_for_a_while() {
    let house = House::furnished();
    for _ in 0..5 {
        house.login((ADMIN.0, "not her password")).problem(401);
    }
    let shut = house.login(ADMIN);
    shut.problem(429);
    let wait: i64 = shut.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(house.login(LISTENER).status, 200);
    house.pass(wait * SECOND);
    assert_eq!(house.login(ADMIN).status, 200);
    house.login(("nobody", ADMIN.1)).problem(401);
    assert_eq!(house.audit()[0], "Anna session.begun  refused");
}

#[test]
fn sessions_end_unused_after_thirty_days_and_anyway_after_half_a_year() {
    let house = House::furnished();
    let cookie = house.login(ADMIN).cookie();
    let status = || house.get("/api/v1/session", &[("cookie", &cookie)]).status;
    for _ in 0..6 {
        house.pass(29 * DAY);
        assert_eq!(status(), 200);
    }
    house.pass(7 * DAY);
    assert_eq!(status(), 401);
    let cookie = house.login(ADMIN).cookie();
    house.pass(30 * DAY);
    house.get("/api/v1/session", &[("cookie", &cookie)]).problem(401);
}

#[test]
fn a_new_password_ends_the_other_sessions_and_a_wrong_old_one_changes_nothing() {
    let house = House::furnished();
    let (here, there) = (house.login(LISTENER).cookie(), house.login(LISTENER).cookie());
    let change = |old: &str, new: &str| {
        let body = serde_json::json!({ "old": old, "new": new }).to_string();
        house.as_page(&here, "POST", "/api/v1/password", &body)
    };
    change("not his password", "a third password").problem(403);
    assert_eq!(change(LISTENER.1, "short").problem(422)["errors"][0]["field"], "password");
    assert_eq!(change(LISTENER.1, "a third password").status, 204);
    assert_eq!(house.get("/api/v1/session", &[("cookie", &here)]).status, 200);
    house.get("/api/v1/session", &[("cookie", &there)]).problem(401);
    house.login(LISTENER).problem(401);
    assert_eq!(house.login((LISTENER.0, "a third password")).status, 200);
    assert!(house.audit().contains(&"Ben user.password Ben".to_owned()));
    assert!(house.audit().contains(&"Ben user.password  refused".to_owned()));
}

#[test]
fn sessions_are_listed_and_ended_by_their_owner_alone() {
    let house = House::furnished();
    let (anna, ben) = (house.login(ADMIN).cookie(), house.login(LISTENER).cookie());
    let listed = house.as_page(&ben, "GET", "/api/v1/sessions", "").json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["current"], true);
    let path = format!("/api/v1/sessions/{}", listed["items"][0]["id"]);
    house.as_page(&anna, "DELETE", &path, "").problem(404);
    assert_eq!(house.as_page(&ben, "DELETE", &path, "").status, 204);
    house.as_page(&ben, "GET", "/api/v1/sessions", "").problem(401);
}

#[test]
fn passwords_and_tokens_are_nowhere_in_the_database() {
    let house = House::furnished();
    let cookie = house.login(ADMIN).cookie();
    let key = house.key("Anna");
    let token = cookie.split('=').nth(1).unwrap();
    let copy = house.folder.path().join("copy.db");
    house.accounts.store().backup(&copy).unwrap();
    let bytes = std::fs::read(copy).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$argon2id$v=19$m=19456,t=2,p=1$"));
    for secret in [ADMIN.1, token, key.strip_prefix("Bearer ").unwrap()] {
        assert!(!holds(secret));
    }
}
