use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{ask, read, request};
use crate::house::House;

#[test]
fn a_host_that_is_not_ours_is_sent_away() {
    let house = House::with(|settings, _| {
        settings.hosts = gateway::Settings::parse_hosts("music.example, nas.local").unwrap();
    });
    let port = house.at.port();
    for ours in
        ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8765", "music.example", "nas.local:80"]
    {
        assert_eq!(house.get("/readyz", &[("host", ours)]).status, 200, "{ours}");
    }
    assert_eq!(house.get("/readyz", &[("host", &format!("127.0.0.1:{port}"))]).status, 200);
    for other in ["evil.example", "music.example.evil.example", "192.168.1.2", "localhost.evil"] {
        house.get("/readyz", &[("host", other)]).problem(421);
    }
    for broken in ["", "a b", "user@localhost", "localhost:x", "127.1"] {
        house.get("/readyz", &[("host", broken)]).problem(400);
    }
    house.get("/readyz", &[("host", "localhost"), ("host", "localhost")]).problem(400);
    house.get("http://evil.example/readyz", &[("host", "localhost")]).problem(400);
}

#[test]
fn what_a_proxy_does_not_write_cannot_make_another_host_ours() {
    let house = House::with(|settings, _| {
        settings.proxies = gateway::Settings::parse_proxies("127.0.0.0/8").unwrap();
        settings.hosts = gateway::Settings::parse_hosts("music.example").unwrap();
    });
    let get =
        |host, said| house.get("/readyz", &[("host", host), ("x-forwarded-host", said)]).status;
    assert_eq!(get("127.0.0.1", "music.example"), 200);
    assert_eq!(get("127.0.0.1", "evil.example"), 421);
    assert_eq!(get("evil.example", "music.example"), 421);
}

#[test]
fn cors_grants_exactly_the_list_and_never_credentials() {
    let house = House::furnished_with(|settings, _| {
        settings.origins = gateway::Settings::parse_origins("https://player.example").unwrap();
    });
    assert!(gateway::Settings::parse_origins("*").is_err());
    let first = |origin: &str| {
        let asks = [("origin", origin), ("access-control-request-method", "POST")];
        house.ask("OPTIONS", "/api/v1/keys", &asks, "")
    };
    let granted = first("https://player.example");
    assert_eq!(granted.status, 204);
    assert_eq!(granted.header("access-control-allow-origin"), Some("https://player.example"));
    assert!(granted.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(granted.header("access-control-allow-headers").unwrap().contains("authorization"));
    assert_eq!(granted.header("access-control-allow-credentials"), None);
    let key = house.key("Ben");
    for other in ["http://player.example", "https://player.example:8443", "https://evil.example"] {
        let refused = first(other);
        assert!(!refused.headers.iter().any(|(name, _)| name.starts_with("access-control")));
        let post = house.ask("POST", "/thing", &[("origin", other)], r#"{"word":"a","count":1}"#);
        post.problem(403);
        assert_eq!(post.header("access-control-allow-origin"), None);
    }
    let asked = [("origin", "https://player.example"), ("authorization", key.as_str())];
    let answered = house.get("/api/v1/session", &asked);
    assert_eq!(answered.status, 200);
    assert_eq!(answered.header("access-control-allow-origin"), Some("https://player.example"));
    let cookie = house.login(crate::house::ADMIN).cookie();
    let asked = [("origin", "https://player.example"), ("cookie", cookie.as_str())];
    house.get("/api/v1/session", &asked).problem(403);
}

#[test]
fn every_answer_is_hardened() {
    let house = House::empty();
    for path in ["/healthz", "/nothing", "/panic", "/thing"] {
        let answer = house.get(path, &[]);
        let csp = answer.header("content-security-policy").unwrap();
        for rule in
            ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(csp.contains(rule) && !csp.contains("unsafe"), "{csp}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path}");
        }
        assert!(answer.header("server").is_none());
    }
}

#[test]
fn a_correlation_id_is_taken_when_it_is_plain_and_made_otherwise() {
    let house = House::empty();
    let id = |said: &str| {
        let answer = house.get("/nothing", &[("x-correlation-id", said)]);
        answer.problem(404)["correlation_id"].as_str().unwrap().to_owned()
    };
    assert_eq!(id("abc-123"), "abc-123");
    let too_long = "a".repeat(65);
    for other in ["a b", "a\"b", "<script>", "", &too_long] {
        let made = id(other);
        assert!(made.len() == 32 && made.bytes().all(|b| b.is_ascii_hexdigit()), "{made}");
    }
}

#[test]
fn too_many_requests_are_told_when_to_come_back_whatever_they_say_of_themselves() {
    let limit = |settings: &mut gateway::Settings| {
        settings.limits.rate_per_second = 1;
        settings.limits.rate_burst = 5;
    };
    let house = House::with(|settings, _| limit(settings));
    let spoofed = |house: &House, n: usize| {
        let address = format!("10.0.0.{n}");
        house.get("/readyz", &[("x-forwarded-for", &address), ("forwarded", "for=1.2.3.4")])
    };
    let refused =
        (0..12).map(|n| spoofed(&house, n)).filter(|a| a.status == 429).collect::<Vec<_>>();
    assert!(refused.len() >= 6, "{}", refused.len());
    refused[0].problem(429);
    let wait: u64 = refused[0].header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait));
    std::thread::sleep(Duration::from_secs(wait));
    assert_eq!(house.get("/readyz", &[]).status, 200);

    // Behind a proxy that is trusted every client has a rate of its own, and what a client wrote
    // before the proxy's word does not count.
    let house = House::with(|settings, _| {
        limit(settings);
        settings.proxies = gateway::Settings::parse_proxies("127.0.0.1").unwrap();
    });
    assert!((0..12).all(|n| spoofed(&house, n).status == 200));
    let behind = |n: usize| {
        let chain = format!("10.9.9.{n}, 8.8.8.8");
        house.get("/readyz", &[("x-forwarded-for", &chain)]).status
    };
    assert!((0..12).filter(|n| behind(*n) == 429).count() >= 6);
}

#[test]
fn more_clients_than_are_remembered_are_limited_all_the_same() {
    let house = House::with(|settings, _| {
        settings.proxies = gateway::Settings::parse_proxies("127.0.0.1").unwrap();
        settings.limits.clients = 8;
        settings.limits.rate_per_second = 1;
        settings.limits.rate_burst = 2;
    });
    for n in 0..20 {
        house.get("/readyz", &[("x-forwarded-for", &format!("8.8.{n}.1"))]);
    }
    let last = |_| house.get("/readyz", &[("x-forwarded-for", "9.9.9.9")]).status;
    assert!((0..8).map(last).filter(|status| *status == 429).count() >= 3);
}

#[test]
fn one_client_has_so_many_requests_at_a_time() {
    let house = House::with(|settings, _| settings.limits.concurrent_per_client = 2);
    let at = house.at;
    let slow: Vec<_> = (0..2)
        .map(|_| std::thread::spawn(move || ask(at, "GET", "/slow", &[], "").status))
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    house.get("/nothing", &[]).problem(429);
    assert!(slow.into_iter().all(|thread| thread.join().unwrap() == 200));
    house.get("/nothing", &[]).problem(404);
}

#[test]
fn all_together_have_so_many_requests_at_a_time() {
    let house = House::with(|settings, _| settings.limits.concurrent = 1);
    let at = house.at;
    // A body that is still being sent is a request in the house.
    let dots = std::thread::spawn(move || ask(at, "GET", "/dots", &[], "").body);
    std::thread::sleep(Duration::from_millis(300));
    let full = house.get("/nothing", &[]);
    full.problem(503);
    assert!(full.header("retry-after").is_some());
    assert_eq!(dots.join().unwrap(), "..........");
    house.get("/nothing", &[]).problem(404);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test bounds the time that is taken")]
fn who_sends_headers_slowly_or_none_is_cut_off() {
    let house = House::with(|settings, _| settings.limits.header_time = Duration::from_millis(300));
    for begun in ["", "GET / HTTP/1.1\r\nhost: lo"] {
        let mut stream = TcpStream::connect(house.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(begun.as_bytes()).unwrap();
        let began = Instant::now();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(began.elapsed() < Duration::from_secs(5), "{begun:?}");
    }
    // So is who keeps a connection and says nothing on it.
    let mut stream = TcpStream::connect(house.at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let began = Instant::now();
    assert_eq!(read(&mut stream).status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn headers_have_a_size_and_a_number() {
    let house = House::empty();
    let long = "a".repeat(64 << 10);
    let many = vec![("x-a", "b"); 100];
    assert_eq!(house.get("/readyz", &[("x-long", &long)]).status, 431);
    assert_eq!(house.get("/readyz", &many).status, 431);
    assert_eq!(house.get("/readyz", &[]).status, 200);
}

#[test]
fn an_answer_has_its_time_unless_its_route_needs_more() {
    let house =
        House::with(|settings, _| settings.limits.request_time = Duration::from_millis(300));
    let late = house.get("/hurried", &[]);
    late.problem(503);
    assert!(late.header("retry-after").is_some());
    assert_eq!(house.get("/patient", &[]).body, "whole");
    assert_eq!(house.get("/dots", &[]).body, "..........");
}

#[test]
fn a_body_has_a_size_told_or_not() {
    let house = House::empty();
    let word = "w".repeat(5 << 20);
    let body = format!(r#"{{"word":"{word}","count":1}}"#);
    house.ask("POST", "/thing", &[], &body).problem(413);
    assert_eq!(house.ask("POST", "/upload", &[], &body).body, (5 << 20).to_string());
    // Without a length the bytes are counted as they come.
    let mut stream = TcpStream::connect(house.at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = request("PUT", "/thing", &[("transfer-encoding", "chunked")], "");
    let head = head
        .replace("PUT", "POST")
        .replace("\r\n\r\n", "\r\ncontent-type: application/json\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "w".repeat(0x10000));
    for _ in 0..40 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
    assert_eq!(read(&mut stream).status, 413);
}

#[test]
fn a_body_that_does_not_fit_is_told_which_field_and_no_type() {
    let house = House::empty();
    let post = |body: &str| house.ask("POST", "/thing", &[], body);
    for (body, field, message) in [
        (r#"{"word":"a","count":1,"extra":2}"#, "extra", "one of word, count, inner"),
        (r#"{"word":"a"}"#, "count", "it must be there"),
        (r#"{"word":"a","count":"x"}"#, "count", "a whole number, 0 or more"),
        (r#"{"word":"a","count":-1}"#, "count", "a whole number, 0 or more"),
        (r#"{"word":7,"count":1}"#, "word", "text"),
        (r#"{"word":"a","word":"b","count":1}"#, "word", "it must be there once"),
        (
            r#"{"word":"a","count":1,"inner":{"role":"king"}}"#,
            "inner.role",
            "one of admin, listener",
        ),
        (r#"{"word":"a","count":1,"inner":{"role":{}}}"#, "inner.role", "another value"),
        (r#"{"word":"a","count":1,"inner":5}"#, "inner", "an object"),
        (r#"[1]"#, "[0]", "text"),
        (r#"7"#, "body", "an object"),
    ] {
        let problem = post(body).problem(422);
        assert_eq!(problem["errors"][0]["field"], field, "{body} {problem}");
        assert_eq!(problem["errors"][0]["message"], message, "{body}");
    }
    for broken in ["", "{", "{\"word\":}", "\u{0}"] {
        post(broken).problem(400);
    }
    let text = [("content-type", "text/plain")];
    house.ask("POST", "/thing", &text, r#"{"word":"a","count":1}"#).problem(415);
    let other = [("content-type", "application/vnd.thing+json; charset=utf-8")];
    assert_eq!(house.ask("POST", "/thing", &other, r#"{"word":"a","count":1}"#).status, 200);
}

#[test]
fn what_is_not_there_and_what_is_not_done_there_are_problems_too() {
    let house = House::empty();
    house.get("/nothing", &[]).problem(404);
    let wrong = house.ask("DELETE", "/api/v1/login", &[], "");
    wrong.problem(405);
    assert_eq!(wrong.header("allow"), Some("POST"));
}
