use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::Duration;

use clock::Nanos;
use gateway::{Drain, Now, Settings, Shell};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::house::{House, PROGRAM, open};

#[test]
fn health_names_what_is_not_well_and_fails_with_what_is_critical() {
    let house = House::empty();
    let found = |report: &serde_json::Value| -> BTreeMap<String, String> {
        let probes = report["probes"].as_array().unwrap().iter();
        let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
        probes.map(|p| (text(&p["name"]), text(&p["status"]))).collect()
    };
    for path in ["/healthz", "/health"] {
        let well = house.get(path, &[]);
        assert_eq!(well.status, 200);
        let report = well.json();
        assert_eq!(report["status"], "degraded");
        assert_eq!(found(&report)["database"], "ok");
        assert_eq!(found(&report)["mood"], "failed");
    }
    house.is_ill.store(true, Ordering::SeqCst);
    std::thread::sleep(Duration::from_millis(1_100));
    let ill = house.get("/healthz", &[]);
    assert_eq!(ill.status, 503);
    assert_eq!(ill.json()["status"], "failed");
    assert_eq!(found(&ill.json())["heart"], "failed");
    assert!(ill.body.contains("no pulse"));
    assert_eq!(house.get("/readyz", &[]).status, 503);
}

#[test]
fn ready_means_that_requests_are_served() {
    let house = House::empty();
    for path in ["/readyz", "/ready"] {
        let ready = house.get(path, &[]);
        assert_eq!((ready.status, &ready.json()["ready"]), (200, &true.into()));
    }
}

#[test]
fn figures_are_for_this_machine_and_for_admins() {
    let house = House::furnished();
    assert_eq!(house.get("/metrics", &[]).status, 200);
    let through = ("x-forwarded-for", "1.2.3.4");
    house.get("/metrics", &[through]).problem(401);
    let (anna, ben) = (house.key("Anna"), house.key("Ben"));
    house.get("/metrics", &[through, ("authorization", &ben)]).problem(403);
    assert_eq!(house.get("/metrics", &[through, ("authorization", &anna)]).status, 200);
}

#[test]
fn figures_are_what_prometheus_reads() {
    let house = House::furnished();
    house.get("/nothing/of/ours", &[]);
    house.get("/api/v1/session", &[]);
    house.ask("BREW", "/api/v1/session", &[], "");
    house.get("/readyz", &[("host", "localhost"), ("origin", "http://evil.example")]);
    house.ask("POST", "/thing", &[("origin", "http://evil.example")], "{}");
    let page = house.get("/metrics", &[]);
    assert_eq!(page.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let samples = parse(&page.body);
    let of = |name: &str, label: &str| -> f64 {
        let matching = samples.iter().filter(|((n, l), _)| n == name && l.contains(label));
        matching.map(|(_, value)| value).sum()
    };
    assert_eq!(of("http_requests_total", r#"route="unmatched""#), 1.0);
    assert_eq!(of("http_requests_total", r#"method="other",status="4xx""#), 1.0);
    assert_eq!(
        of("http_requests_total", r#"route="/api/v1/session",method="GET",status="4xx""#),
        1.0
    );
    assert_eq!(of("http_requests_refused_total", r#"reason="origin""#), 1.0);
    assert_eq!(of("triadtest_build_info", r#"version="1.2.3""#), 1.0);
    assert!(of("http_requests_in_flight", "") >= 1.0);
    if cfg!(target_os = "linux") {
        assert!(of("process_resident_memory_bytes", "") > 1e6);
        assert!(of("process_open_fds", "") > 3.0);
    }
    check_with_prometheus(&page.body);
}

/// Prometheus's own client reads the page, where it is installed.
#[expect(clippy::print_stderr, reason = "a test says what it did not check")]
fn check_with_prometheus(page: &str) {
    let script = "import sys; from prometheus_client.parser import text_string_to_metric_families \
                  as p; n = len(list(p(sys.stdin.read()))); assert n > 5, n";
    let is_there = Command::new("python3").args(["-c", "import prometheus_client"]).output();
    if !is_there.is_ok_and(|done| done.status.success()) {
        eprintln!("not run: the figures are not read by Prometheus's own client: it is not here");
        return;
    }
    let mut child =
        Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

type Samples = BTreeMap<(String, String), f64>;

/// Reads the text format 0.0.4 and refuses whatever it does not allow: names, escapes, a family told
/// twice or in pieces, a sample before its type, the same sample twice, histograms that do not add up.
fn parse(page: &str) -> Samples {
    assert!(page.ends_with('\n'));
    let (mut samples, mut families) = (Samples::new(), BTreeMap::new());
    let mut current: Option<(String, String)> = None;
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(is_name(name) && !help.is_empty(), "{line}");
            assert!(!families.contains_key(name), "twice: {line}");
            current = Some((name.to_owned(), String::new()));
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(current.as_ref().unwrap().0, name, "{line}");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(kind != "counter" || name.ends_with("_total"), "{line}");
            families.insert(name.to_owned(), kind.to_owned());
            current = Some((name.to_owned(), kind.to_owned()));
        } else {
            let (name, labels, value) = sample(line);
            let (family, kind) = current.as_ref().unwrap();
            let suffix = name.strip_prefix(family.as_str()).unwrap_or_else(|| panic!("{line}"));
            let allowed: &[&str] =
                if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(allowed.contains(&suffix), "{line}");
            assert!(samples.insert((name, labels), value).is_none(), "twice: {line}");
        }
    }
    for (family, kind) in &families {
        if kind == "histogram" {
            check_histogram(family, &samples);
        }
    }
    samples
}

fn check_histogram(family: &str, samples: &Samples) {
    for ((name, labels), count) in samples {
        if name == &format!("{family}_count") {
            let buckets: Vec<_> = samples
                .iter()
                .filter(|((n, l), _)| {
                    n == &format!("{family}_bucket") && l.starts_with(&format!("{labels},le="))
                })
                .map(|((_, l), value)| {
                    let edge = l.rsplit("le=\"").next().unwrap().trim_end_matches('"');
                    (if edge == "+Inf" { f64::INFINITY } else { edge.parse().unwrap() }, *value)
                })
                .collect();
            let mut sorted = buckets.clone();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(sorted.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{labels}");
            assert_eq!(sorted.last(), Some(&(f64::INFINITY, *count)), "{labels}");
            assert!(samples.contains_key(&(format!("{family}_sum"), labels.clone())));
        }
    }
}

/// `name{label="value",...} number`.
fn sample(line: &str) -> (String, String, f64) {
    let end = line.find(['{', ' ']).unwrap();
    let name = &line[..end];
    assert!(is_name(name), "{line}");
    let (labels, value) = match line[end..].strip_prefix('{') {
        None => (String::new(), &line[end + 1..]),
        Some(rest) => {
            let (mut at, mut names) = (0, Vec::new());
            loop {
                let equals = at + rest[at..].find("=\"").unwrap();
                assert!(is_name(&rest[at..equals]) && !rest[at..equals].contains(':'), "{line}");
                names.push(&rest[at..equals]);
                at = equals + 2;
                while !rest[at..].starts_with('"') {
                    let escaped = rest[at..].starts_with('\\');
                    assert!(!escaped || rest[at + 1..].starts_with(['\\', '"', 'n']), "{line}");
                    at += if escaped { 2 } else { rest[at..].chars().next().unwrap().len_utf8() };
                }
                at += 1;
                if let Some(value) = rest[at..].strip_prefix("} ") {
                    let unique = names.iter().collect::<std::collections::BTreeSet<_>>().len();
                    assert_eq!(unique, names.len(), "{line}");
                    break (rest[..at].to_owned(), value);
                }
                assert!(rest[at..].starts_with(','), "{line}");
                at += 1;
            }
        }
    };
    let value = match value {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        other => other.parse().unwrap_or_else(|_| panic!("{line}")),
    };
    (name.to_owned(), labels, value)
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}

#[test]
fn the_api_describes_itself_with_one_version() {
    let house = House::empty();
    let served = house.get("/api/v1/openapi.json", &[]);
    assert_eq!(served.header("content-type"), Some("application/json"));
    let api = served.json();
    assert_eq!(api, house.openapi);
    assert_eq!(api["info"]["version"], PROGRAM.version);
    assert_eq!(api["info"]["title"], PROGRAM.title);
    assert!(!served.body.contains("://cdn"));
    let defined = api["components"]["schemas"].as_object().unwrap();
    let mut rest = served.body.as_str();
    while let Some(at) = rest.find("#/components/schemas/") {
        rest = &rest[at + "#/components/schemas/".len()..];
        let name = rest.split('"').next().unwrap();
        assert!(defined.contains_key(name), "{name} is named and not described");
    }
}

#[test]
fn what_is_sent_as_a_problem_is_described_as_one() {
    let house = House::empty();
    let mut problems = 0;
    for (path, methods) in house.openapi["paths"].as_object().unwrap() {
        for (method, route) in methods.as_object().unwrap() {
            let responses = route["responses"].as_object().unwrap();
            let contents = responses.values().filter_map(|answer| answer["content"].as_object());
            for (kind, body) in contents.flatten() {
                let is_problem = body["schema"]["$ref"] == "#/components/schemas/Problem";
                assert_eq!(is_problem, kind == "application/problem+json", "{method} {path}");
                problems += usize::from(is_problem);
            }
            let takes_json = route["requestBody"]["content"]["application/json"].is_object();
            for status in ["400", "413", "415"] {
                assert!(!takes_json || responses.contains_key(status), "{method} {path} {status}");
            }
        }
    }
    assert!(problems > 0);
}

#[test]
fn a_program_that_calls_another_thing_by_the_name_of_one_of_ours_is_refused() {
    #[derive(utoipa::ToSchema)]
    #[schema(as = Readiness)]
    #[expect(dead_code, reason = "it is described and never made")]
    struct Other {
        mood: String,
    }
    #[utoipa::path(get, path = "/mood", responses((status = 200, body = Other)))]
    async fn mood() {}

    let folder = tempfile::tempdir().unwrap();
    let accounts = open(folder.path(), Now::new(|| Nanos(0))).unwrap();
    let shell = Shell::new(Settings::default(), accounts, Drain::new());
    let routes = OpenApiRouter::new().routes(routes!(mood));
    let said = shell.wrap(routes).unwrap_err().to_string();
    assert!(said.contains("Readiness"), "{said}");
}
