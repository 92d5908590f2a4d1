//! A whole server for one test: real songs on a disk, a database, a desk that composes, and a client.

use std::io::{Cursor, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::{Nanos, Seed};
use fault::Cancel;
use gateway::{Accounts, Drain, Now, Program, Role, Settings, Shell};
use library::scan::Options;
use library::tagging::Tagger;
use library::uploads::Uploads;
use library::{Allowed, Library};
use ops::telemetry::Warnings;
use serde_json::Value;
use server::{House, Parts};
use store::Store;
use studio::artifact::{Artifacts, SealKey};
use studio::desk::{Desk, Limits};
use studio::plans::Plans;
use tempfile::TempDir;

const PROGRAM: Program =
    Program { name: "auralistest", title: "Auralis", version: "1.2.3", key_prefix: "aur_" };
/// No answer of a test takes longer: a song is composed within it.
const PATIENCE: Duration = Duration::from_secs(300);
/// Each look at the clock is a second later than the one before: nothing happens twice at one time.
static CLOCK: AtomicI64 = AtomicI64::new(1_700_000_000_000);

fn now() -> Nanos {
    Nanos(CLOCK.fetch_add(1, Ordering::Relaxed) * 1_000_000)
}

fn random() -> [u8; 16] {
    (now().0.unsigned_abs() as u128)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_0c6e_1234_5677)
        .to_be_bytes()
}

fn plans(library: &Library) -> Plans {
    let open = server::opener(library.clone());
    Plans::new(library.store().clone(), open, 1, Cancel::new()).unwrap()
}

/// What a server has beside its songs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// Neither write-back nor uploads.
    Nothing,
    /// Both.
    Writing,
}

pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    pub(crate) folder: TempDir,
    pub(crate) library: Library,
    pub(crate) accounts: Accounts,
    pub(crate) drain: Drain,
    pub(crate) document: Value,
    /// Keys of an admin, a listener and another listener, as headers.
    pub(crate) admin: String,
    pub(crate) anna: String,
    pub(crate) bert: String,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with three songs that were scanned: two on the album "Alpha", one on "Beta".
    pub(crate) fn furnished(with: With) -> Self {
        let server = Self::empty(with);
        let music = server.music();
        song(&music.join("Alpha/1.flac"), 200, "One", "Ada", "Alpha");
        song(&music.join("Alpha/2.flac"), 300, "Two", "Ada", "Alpha");
        song(&music.join("Beta/1.flac"), 400, "Three", "Bo", "Beta");
        server.scan();
        server
    }

    /// A server whose folder of music is empty.
    pub(crate) fn empty(with: With) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let (library, accounts, desk) = rooms(&path);
        let writing = with == With::Writing;
        let tagger = writing.then(|| Tagger::new(library.clone(), &path.join("backups")).unwrap());
        let uploads =
            writing.then(|| Uploads::new(library.clone(), &path.join("music"), random).unwrap());
        let drain = Drain::new();
        let house = House::new(Parts {
            library: library.clone(),
            accounts: accounts.clone(),
            desk,
            plans: plans(&library),
            tagger,
            uploads,
            allowed: Allowed { home: None, parents: Some(vec![path.clone()]) },
            scan: Options { full: false, threads: 2 },
            stop: Cancel::new(),
            drain: drain.clone(),
            warnings: Warnings::default(),
        });
        let mut settings = Settings::default();
        // A test asks faster than anybody does, and means to be answered.
        settings.limits.rate_per_second = 1_000_000;
        settings.limits.rate_burst = 1_000_000;
        let shell = Shell::new(settings.clone(), accounts.clone(), drain.clone());
        let wrapped = shell.wrap(server::router(house)).unwrap();
        let document = serde_json::to_value(&wrapped.openapi).unwrap();
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
        let key = |name: &str, role| {
            let user = accounts.create(name, "a long password", role).unwrap();
            format!("Bearer {}", accounts.make_key(user.id, "a test", false).unwrap().1)
        };
        let admin = key("Ida", Role::Admin);
        let (anna, bert) = (key("Anna", Role::Listener), key("Bert", Role::Listener));
        let thread = Some(thread);
        Self { at, folder, library, accounts, drain, document, admin, anna, bert, thread }
    }

    pub(crate) fn music(&self) -> PathBuf {
        self.folder.path().join("music")
    }

    pub(crate) fn scan(&self) {
        let options = Options { full: false, threads: 2 };
        loop {
            // A scan that a route has begun may be going on.
            match self.library.scan(options, &Cancel::new()) {
                Err(library::Error::Scanning) => std::thread::sleep(Duration::from_millis(20)),
                outcomes => {
                    let found: Result<Vec<_>, _> =
                        outcomes.unwrap().into_iter().map(|outcome| outcome.found).collect();
                    found.unwrap();
                    return;
                }
            }
        }
    }

    /// Asks as somebody, with a body in JSON where there is one.
    pub(crate) fn ask(&self, who: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let text = body.map(|body| body.to_string()).unwrap_or_default();
        self.send(who, method, path, &[("content-type", "application/json")], text.as_bytes())
    }

    pub(crate) fn send(
        &self,
        who: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut text =
            format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        if !who.is_empty() {
            text.push_str(&format!("authorization: {who}\r\n"));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
        stream.write_all(text.as_bytes()).unwrap();
        // A server that refuses a body may close before it has all of it.
        let _ = stream.write_all(body);
        Answer::read(&mut stream)
    }

    pub(crate) fn get(&self, who: &str, path: &str) -> Value {
        let answer = self.ask(who, "GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// What a listener is told of under `/events`, while a test goes on.
    pub(crate) fn listen(&self, who: &str) -> TcpStream {
        self.begin(who, "/api/v1/events")
    }

    /// Asks for something that may have no end.
    pub(crate) fn begin(&self, who: &str, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let text = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {who}\r\n\
             connection: close\r\n\r\n"
        );
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    /// What the audit log says, the oldest first.
    pub(crate) fn audit(&self) -> Vec<String> {
        let mut lines = self.accounts.audit(None, 500).unwrap();
        lines.reverse();
        lines
            .into_iter()
            .map(|line| format!("{} {} {}", line.name, line.action, line.subject))
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.drain.begin();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn rooms(path: &Path) -> (Library, Accounts, Desk) {
    let chapters = [gateway::SCHEMA, library::SCHEMA, studio::SCHEMA, server::SCHEMA];
    let store = Store::open(&path.join("a.db"), &chapters, 4).unwrap();
    let accounts = Accounts::open(store.clone(), path, PROGRAM, Now::new(now)).unwrap();
    let library = Library::new(store.clone(), now);
    for folder in ["music", "composed"] {
        std::fs::create_dir(path.join(folder)).unwrap();
        library.add_root(&path.join(folder)).unwrap();
    }
    let key = SealKey::new([7; 32]);
    let artifacts = studio::artifact::Limits::default();
    let artifacts =
        Artifacts::open(store.clone(), &path.join("artifacts"), key, now, artifacts).unwrap();
    let sounds = server::sounds(library.clone());
    let desk = Desk::new(store, artifacts, &path.join("composed"), sounds, now, Limits::default())
        .unwrap();
    (library, accounts, desk)
}

/// An answer with its bytes.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or("0");
        let pair = |line: &str| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers: Vec<_> = lines.filter_map(pair).collect();
        let body = bytes.get(end + 4..).unwrap_or_default();
        let is_chunked = headers.iter().any(|(name, _)| name == "transfer-encoding");
        let body = if is_chunked { unchunked(body) } else { body.to_vec() };
        Self { status: status.parse().unwrap(), headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn text_lossy(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The first field a problem complains of.
    pub(crate) fn field(&self) -> String {
        assert_eq!(self.status, 422, "{}", self.text());
        self.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&body[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        let rest = &body[end + 2..];
        if length == 0 || rest.len() < length + 2 {
            break;
        }
        whole.extend_from_slice(&rest[..length]);
        body = &rest[length + 2..];
    }
    whole
}

/// Four seconds of a tone as FLAC, so that it has a fingerprint.
pub(crate) fn song(path: &Path, hz: u32, title: &str, artist: &str, album: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, flac(hz, title, artist, album)).unwrap();
}

pub(crate) fn flac(hz: u32, title: &str, artist: &str, album: &str) -> Vec<u8> {
    let tags = Tags {
        title: title.to_owned(),
        artist: artist.to_owned(),
        album: album.to_owned(),
        ..Tags::default()
    };
    let rate = SampleRate::CD;
    // A triangle: it needs no sine.
    let wave = |n: usize| {
        let turns = f64::from(hz) * n as f64 / f64::from(rate.hz());
        (0.5 * (turns.fract() - 0.5).abs() - 0.125) as f32
    };
    let plane: Vec<f32> = (0..4 * rate.hz() as usize).map(wave).collect();
    let buffer = Buffer::from_planes(rate, vec![plane.clone(), plane]).unwrap();
    let pcm = Pcm::quantise(&buffer, Depth::Sixteen, Seed(1));
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &pcm, &tags).unwrap();
    bytes.into_inner()
}
