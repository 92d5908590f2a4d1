//! A whole server for one test: a database, a clock that is set by hand, routes that misbehave.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use clock::Nanos;
use gateway::{
    Accounts, Drain, Json, Now, Principal, Probe, Problem, Program, Role, RouteRules, Settings,
    Shell, SocketPrincipal, Unwell,
};
use serde::{Deserialize, Serialize};
use store::Store;
use tempfile::TempDir;
use utoipa_axum::router::OpenApiRouter;

use crate::client::{Answer, Header, ask};

pub(crate) const PROGRAM: Program =
    Program { name: "triadtest", title: "A test", version: "1.2.3", key_prefix: "tst_" };
pub(crate) const ADMIN: (&str, &str) = ("Anna", "a long password");
pub(crate) const LISTENER: (&str, &str) = ("Ben", "another password");
pub(crate) const SECOND: i64 = 1_000_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

pub(crate) struct House {
    pub(crate) at: SocketAddr,
    pub(crate) accounts: Accounts,
    pub(crate) drain: Drain,
    pub(crate) openapi: serde_json::Value,
    pub(crate) folder: TempDir,
    /// Makes the critical probe fail.
    pub(crate) is_ill: Arc<AtomicBool>,
    clock: Arc<AtomicI64>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) fn open(folder: &Path, now: Now) -> Result<Accounts, gateway::Error> {
    let store = Store::open(&folder.join("a.db"), &[gateway::SCHEMA], 4).unwrap();
    Accounts::open(store, folder, PROGRAM, now)
}

impl House {
    /// A server nobody has an account on.
    pub(crate) fn empty() -> Self {
        Self::with(|_, _| {})
    }

    /// A server with an admin and a listener.
    pub(crate) fn furnished() -> Self {
        Self::furnished_with(|_, _| {})
    }

    pub(crate) fn furnished_with(set: impl FnOnce(&mut Settings, &Path)) -> Self {
        let house = Self::with(set);
        house.accounts.create(ADMIN.0, ADMIN.1, Role::Admin).unwrap();
        house.accounts.create(LISTENER.0, LISTENER.1, Role::Listener).unwrap();
        house
    }

    pub(crate) fn with(set: impl FnOnce(&mut Settings, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(20_000 * DAY));
        let read = Arc::clone(&clock);
        let now = Now::new(move || Nanos(read.load(Ordering::SeqCst)));
        let accounts = open(folder.path(), now).unwrap();
        let mut settings = Settings::default();
        set(&mut settings, folder.path());
        let (drain, is_ill) = (Drain::new(), Arc::new(AtomicBool::new(false)));
        let ill = Arc::clone(&is_ill);
        let heart =
            move || if ill.load(Ordering::SeqCst) { Err(Unwell("no pulse")) } else { Ok(()) };
        let shell = Shell::new(settings.clone(), accounts.clone(), drain.clone())
            .probe(Probe::critical("heart", heart))
            .probe(Probe::helpful("mood", || Err(Unwell("it rains"))));
        let wrapped = shell.wrap(routes()).unwrap();
        let openapi = serde_json::to_value(&wrapped.openapi).unwrap();
        let (said, told) = std::sync::mpsc::sync_channel(1);
        let stop = drain.clone();
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build();
            runtime.unwrap().block_on(async move {
                let listener = gateway::listen(&settings).await.unwrap();
                said.send(listener.local_addr().unwrap()).unwrap();
                gateway::serve(listener, wrapped.router, &settings, stop).await.unwrap();
            });
        });
        let at = told.recv().unwrap();
        drain.ready();
        Self { at, accounts, drain, openapi, folder, is_ill, clock, thread: Some(thread) }
    }

    pub(crate) fn pass(&self, nanos: i64) {
        self.clock.fetch_add(nanos, Ordering::SeqCst);
    }

    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[Header<'_>],
        body: &str,
    ) -> Answer {
        ask(self.at, method, path, headers, body)
    }

    pub(crate) fn get(&self, path: &str, headers: &[Header<'_>]) -> Answer {
        self.ask("GET", path, headers, "")
    }

    pub(crate) fn login(&self, who: (&str, &str)) -> Answer {
        let body = serde_json::json!({ "name": who.0, "password": who.1 }).to_string();
        self.ask("POST", "/api/v1/login", &[], &body)
    }

    /// A request of our own page, with the cookie of a session.
    pub(crate) fn as_page(&self, cookie: &str, method: &str, path: &str, body: &str) -> Answer {
        let headers = [("cookie", cookie), ("origin", "http://localhost")];
        self.ask(method, path, &headers, body)
    }

    /// A key of somebody, as a header.
    pub(crate) fn key(&self, who: &str) -> String {
        let user = self.accounts.user_named(who).unwrap();
        format!("Bearer {}", self.accounts.make_key(user.id, "a test", false).unwrap().1)
    }

    /// Waits for the server to end.
    pub(crate) fn ended(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }

    /// What the audit log says, the oldest first.
    pub(crate) fn audit(&self) -> Vec<String> {
        let mut lines = self.accounts.audit(None, 500).unwrap();
        lines.reverse();
        let line = |line: gateway::Audited| {
            let outcome = if line.outcome == gateway::Outcome::Done { "" } else { " refused" };
            format!("{} {} {}{outcome}", line.name, line.action, line.subject)
        };
        lines.into_iter().map(line).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.drain.begin();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    word: String,
    count: u32,
    #[serde(default)]
    inner: Option<Inner>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inner {
    role: Role,
}

#[derive(Debug, thiserror::Error)]
#[error("cannot open /etc/shadow: SELECT * FROM user; std::io::Error")]
struct Leaky(fault::Class);

impl fault::Fault for Leaky {
    fn class(&self) -> fault::Class {
        self.0
    }
}

fn routes() -> OpenApiRouter {
    let keyed = axum::Router::new()
        .route("/rest/ping", get(|who: Principal| async move { who.name }))
        .layer(RouteRules::new().key_only());
    let large = axum::Router::new()
        .route("/upload", post(|body: Json<Thing>| async move { body.0.word.len().to_string() }))
        .layer(RouteRules::new().body_bytes(8 << 20));
    let unhurried = axum::Router::new()
        .route("/patient", get(|| sleep(700)))
        .layer(RouteRules::new().unhurried());
    OpenApiRouter::new()
        .route("/thing", post(|thing: Json<Thing>| async move { thing }))
        .route("/panic", get(panics))
        .route("/slow", get(|| sleep(1_000)))
        .route("/hurried", get(|| sleep(700)))
        .route("/dots", get(dots))
        .route("/socket", get(|who: SocketPrincipal| async move { who.0.name }))
        .route("/plain", get(|| async { (StatusCode::BAD_REQUEST, "at /etc/shadow: Thing") }))
        .route("/user", get(|| leak(fault::Class::User)))
        .route("/transient", get(|| leak(fault::Class::Transient)))
        .route("/permanent", get(|| leak(fault::Class::Permanent)))
        .route("/bug", get(|| leak(fault::Class::Bug)))
        .merge(OpenApiRouter::from(keyed.merge(large).merge(unhurried)))
}

async fn leak(class: fault::Class) -> Problem {
    Problem::of(&Leaky(class))
}

async fn panics() -> String {
    panic!("at /etc/shadow")
}

async fn sleep(milliseconds: u64) -> &'static str {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    "whole"
}

/// A body that comes for a second.
async fn dots() -> Response {
    let dots = futures_util::stream::unfold(0, |n| async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (n < 10).then(|| (Ok::<_, std::io::Error>("."), n + 1))
    });
    Response::new(Body::from_stream(dots))
}
