//! The server as a person meets it: started, set up, played, stopped, killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::Seed;
use tempfile::TempDir;

/// A server with a folder of its own.
pub(crate) struct Server {
    child: Child,
    url: String,
    token: Option<String>,
}

pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("music")).unwrap();
        let place = Self { dir };
        place.song("a/1.flac", 440, "One");
        place.song("a/2.flac", 550, "Two");
        place
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn song(&self, name: &str, hz: u32, title: &str) {
        let path = self.dir.path().join("music").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let wave = |n: usize| {
            let turns = f64::from(hz) * n as f64 / f64::from(SampleRate::CD.hz());
            (0.25 * libm::sin(turns * std::f64::consts::TAU)) as f32
        };
        let plane: Vec<f32> = (0..SampleRate::CD.hz() as usize * 2).map(wave).collect();
        let sound = Buffer::from_planes(SampleRate::CD, vec![plane.clone(), plane]).unwrap();
        let tags = Tags {
            title: title.to_owned(),
            artist: "Somebody".to_owned(),
            album: "First".to_owned(),
            ..Tags::default()
        };
        let pcm = Pcm::quantise(&sound, Depth::Sixteen, Seed(1));
        let mut bytes = std::io::Cursor::new(Vec::new());
        write_flac(&mut bytes, &pcm, &tags).unwrap();
        std::fs::write(path, bytes.into_inner()).unwrap();
    }

    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_auralis"));
        command
            .env_remove("AURALIS_CONFIG")
            .env("HOME", self.dir.path().join("home"))
            .env("XDG_CONFIG_HOME", self.dir.path().join("config"))
            .env("AURALIS_DATA_FOLDER", self.dir.path().join("data"))
            .env("AURALIS_LIBRARY_ROOTS", self.dir.path().join("music"))
            .env("AURALIS_SERVER_LISTEN", "127.0.0.1:0");
        command
    }

    fn run(&self, args: &[&str], input: &str) -> String {
        let mut child = self
            .program()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn key(&self) -> String {
        self.run(&["user", "add", "ann", "--admin"], "a long enough password\n");
        self.run(&["key", "make", "ann", "test"], "")
    }

    /// Starts the server; it has said where it is.
    pub(crate) fn start(&self) -> Server {
        self.start_with("AURALIS_SERVER_BASE_PATH", "")
    }

    /// The same with one setting.
    fn start_with(&self, name: &str, value: &str) -> Server {
        let mut serve = self.program();
        serve.env(name, value);
        Server::begin(serve)
    }
}

impl Server {
    /// Of a program that is ready to be run.
    pub(crate) fn begin(mut program: Command) -> Self {
        let serve = program.args(["serve", "--json"]).stdout(Stdio::piped());
        let mut child = serve.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let token = said["setup_token"].as_str().map(str::to_owned);
        Self { child, url: said["url"].as_str().unwrap().to_owned(), token }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn host(&self) -> &str {
        let at = self.url.trim_start_matches("http://");
        at.split('/').next().unwrap_or(at)
    }

    /// One request, and all of its answer: status, headers, body.
    pub(crate) fn ask(&self, request: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.send(request, "", body)
    }

    /// The same with a key.
    pub(crate) fn ask_as(&self, key: &str, request: &str, body: &str) -> (u16, String, Vec<u8>) {
        self.send(request, &format!("Authorization: Bearer {key}\r\n"), body)
    }

    fn send(&self, request: &str, headers: &str, body: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let host = self.host();
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, answer[end + 4..].to_vec())
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.ask(&format!("GET {path}"), "")
    }

    fn rest(&self, method: &str, key: &str, more: &str) -> serde_json::Value {
        let (status, _, body) = self.get(&format!("/rest/{method}?f=json&apiKey={key}&{more}"));
        assert_eq!(status, 200);
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        body["subsonic-response"].clone()
    }

    /// Waits until the library has so many songs.
    pub(crate) fn songs(&self, key: &str, count: usize) -> Vec<serde_json::Value> {
        for _ in 0..200 {
            let found = self.rest("search3", key, "query=%22%22&songCount=500");
            let songs = found["searchResult3"]["song"].as_array().cloned().unwrap_or_default();
            if songs.len() == count {
                return songs;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{count} songs did not come");
    }

    /// Asks it to stop, and returns whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(self.child.id().cast_signed()),
            nix::sys::signal::Signal::SIGTERM,
        )
        .unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_server_is_set_up_once_plays_and_stops_when_told() {
    let place = Place::new();
    let server = place.start();
    assert_eq!(server.get("/readyz").0, 200);
    let token = server.token.clone().unwrap();
    let wish = |token: &str| {
        serde_json::json!({ "token": token, "name": "ann", "password": "a long enough password" })
            .to_string()
    };
    assert_ne!(server.ask("POST /api/v1/setup", &wish("wrong")).0, 200);
    let (status, head, _) = server.ask("POST /api/v1/setup", &wish(&token));
    assert!(status < 300, "{head}");
    assert!(server.ask("POST /api/v1/setup", &wish(&token)).0 >= 400);
    let key = place.run(&["key", "make", "ann", "test"], "");
    let songs = server.songs(&key, 2);
    let id = songs[0]["id"].as_str().unwrap();
    let (status, head, whole) = server.get(&format!("/rest/stream?apiKey={key}&id={id}"));
    assert_eq!(status, 200, "{head}");
    assert!(whole.starts_with(b"fLaC") && head.contains("audio/flac"), "{head}");
    assert!(server.stop());
}

#[test]
fn under_a_path_of_its_own_the_page_and_what_it_needs_are_found() {
    let place = Place::new();
    let server = place.start_with("AURALIS_SERVER_BASE_PATH", "/music");
    assert!(server.url.ends_with("/music/"), "{}", server.url);
    // What is beside the document is found only if it is in a folder.
    let (status, head, _) = server.ask("GET /music", "");
    assert!(status == 308 && head.contains("location: /music/\r\n"), "{status} {head}");
    let (status, _, page) = server.ask("GET /music/", "");
    let page = String::from_utf8(page).unwrap();
    assert!(status == 200 && page.contains("\"./app.js\""), "{status} {page}");
    for (path, wanted) in
        [("/music/app.js", 200), ("/music/healthz", 200), ("/", 404), ("/musics", 404)]
    {
        assert_eq!(server.ask(&format!("GET {path}"), "").0, wanted, "{path}");
    }
}

#[test]
fn one_version_stands_everywhere() {
    let place = Place::new();
    let key = place.key();
    let server = place.start();
    let version = place.run(&["--version"], "");
    let version = version.strip_prefix("auralis ").unwrap();
    assert_eq!(server.rest("ping", &key, "")["serverVersion"], version);
    let (_, _, openapi) = server.get("/api/v1/openapi.json");
    let openapi: serde_json::Value = serde_json::from_slice(&openapi).unwrap();
    assert_eq!(openapi["info"]["version"], version);
}

#[test]
fn plays_and_stars_outlive_a_kill_and_a_file_that_moves() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.start();
    let songs = server.songs(&key, 2);
    let one = songs.iter().find(|song| song["title"] == "One").unwrap();
    let id = one["id"].as_str().unwrap().to_owned();
    server.rest("star", &key, &format!("id={id}"));
    server.rest("scrobble", &key, &format!("id={id}"));
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let music = place.dir.path().join("music");
    std::fs::create_dir(music.join("b")).unwrap();
    std::fs::rename(music.join("a/1.flac"), music.join("b/renamed.flac")).unwrap();
    place.run(&["scan"], "");
    let server = place.start();
    let song = server.rest("getSong", &key, &format!("id={id}"))["song"].clone();
    assert_eq!(song["path"], "b/renamed.flac");
    assert_eq!(song["playCount"], 1);
    assert!(song["starred"].is_string());
}

#[test]
fn a_scan_that_is_killed_again_and_again_leaves_a_sound_database_and_ends() {
    let place = Place::new();
    for n in 0..150 {
        place.song(&format!("many/{}/{n}.flac", n % 10), 200 + n, &format!("Song {n}"));
    }
    for pause in [1, 5, 10, 20, 40, 80] {
        let mut scan = place.program().arg("scan").stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        drop(scan.kill());
        scan.wait().unwrap();
    }
    place.run(&["scan"], "");
    let told = place.run(&["scan", "--full", "--json"], "");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let music = told.as_array().unwrap().iter().find(|root| root["files"] == 152).unwrap();
    assert_eq!((&music["added"], &music["missing"]), (&0.into(), &0.into()));
    place.run(&["user", "add", "ann", "--admin"], "a long enough password\n");
    place.run(&["doctor"], "");
}

#[test]
fn a_backup_is_restored_and_what_is_wrong_is_told() {
    let place = Place::new();
    place.run(&["user", "add", "ann", "--admin"], "a long enough password\n");
    let copy = place.dir.path().join("copy.db");
    place.run(&["backup", copy.to_str().unwrap()], "");
    place.run(&["user", "add", "bob"], "a long enough password\n");
    place.run(&["restore", copy.to_str().unwrap()], "");
    let users: serde_json::Value =
        serde_json::from_str(&place.run(&["user", "list", "--json"], "")).unwrap();
    assert_eq!(users.as_array().unwrap().len(), 1);
    std::fs::write(&copy, "no database".repeat(1_000)).unwrap();
    let refused = place.program().args(["restore", copy.to_str().unwrap()]).output().unwrap();
    assert_eq!(refused.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("damaged"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_a_clear_error() {
    use std::os::unix::fs::PermissionsExt;
    // Nothing is forbidden to root.
    if nix::unistd::geteuid().is_root() && Path::new("/proc/self").exists() {
        let place = Place::new();
        let file = place.dir.path().join("data");
        std::fs::write(&file, "a file where the folder should be").unwrap();
        let refused = place.program().arg("serve").output().unwrap();
        assert_eq!(refused.status.code(), Some(4));
        return;
    }
    let place = Place::new();
    let data = place.dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o500)).unwrap();
    let refused = place.program().arg("serve").output().unwrap();
    assert_eq!(refused.status.code(), Some(4));
}

/// A file that may not grow is what a disk without room is to who writes it.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_in_a_scan_is_a_clear_error_and_the_next_scan_goes_on() {
    let place = Place::new();
    place.run(&["scan"], "");
    for n in 0..150 {
        place.song(&format!("many/{}/{n}.flac", n % 10), 200 + n, &format!("Song {n}"));
    }
    let mut full = Command::new("sh");
    full.args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" scan"]);
    let program = place.program();
    full.arg(program.get_program());
    full.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let refused = full.output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(4), "{said}");
    assert!(said.contains("disk"), "{said}");
    place.run(&["scan"], "");
    let told: serde_json::Value =
        serde_json::from_str(&place.run(&["scan", "--full", "--json"], "")).unwrap();
    assert!(told.as_array().unwrap().iter().any(|root| root["files"] == 152), "{told}");
    place.run(&["user", "add", "ann", "--admin"], "a long enough password\n");
    place.run(&["doctor"], "");
}
