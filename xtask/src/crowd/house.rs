use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::client::Client;

/// Clock ticks a second in `/proc`, on every Linux there is.
const TICKS: f64 = 100.0;

/// A server with its music read, running.
pub(crate) struct House {
    server: Child,
    /// One for each user.
    clients: Vec<Client>,
    /// From its start until it said where it is.
    pub(crate) ready: Duration,
    data: TempDir,
    /// Where it puts what is temporary.
    scratch: TempDir,
}

impl House {
    #[expect(clippy::disallowed_methods, reason = "start-up is measured by the wall clock")]
    pub(crate) fn furnish(program: &Path, music: &Path, users: usize) -> Result<Self> {
        let (data, scratch) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let auralis = |arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).env("AURALIS_DATA_FOLDER", data.path());
            command.env("TMPDIR", scratch.path());
            command.env("AURALIS_LIBRARY_ROOTS", music).env("AURALIS_SERVER_LISTEN", "127.0.0.1:0");
            // All of the crowd comes from one address.
            command.env("AURALIS_SERVER_REQUESTS_PER_SECOND", "10000");
            command.env("AURALIS_SERVER_REQUESTS_AT_A_TIME", "512");
            command
        };
        let keys: Vec<String> = (0..users).map(|n| admit(auralis, n)).collect::<Result<_>>()?;
        ensure!(auralis(&["scan"]).stdout(Stdio::null()).status()?.success(), "the scan failed");
        let begin = Instant::now();
        let mut serve = auralis(&["serve", "--json"]);
        let mut server = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut said = String::new();
        BufReader::new(server.stdout.take().context("no standard output")?).read_line(&mut said)?;
        let said: Value = serde_json::from_str(&said).context("the server said nothing")?;
        let url = said["url"].as_str().context("no address")?;
        let at = url.trim_start_matches("http://").trim_end_matches('/').parse()?;
        let clients: Vec<Client> = keys.into_iter().map(|key| Client::new(at, key)).collect();
        clients[0].get("/readyz")?;
        Ok(Self { server, clients, ready: begin.elapsed(), data, scratch })
    }

    /// One that asks as a user, of whom there are as many as were wanted.
    pub(crate) fn client(&self, user: usize) -> Client {
        self.clients[user].clone()
    }

    /// Bytes of memory, as the kernel names them.
    pub(crate) fn held(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib: f64 =
            line.and_then(|line| line.split_whitespace().next()).context("no memory")?.parse()?;
        Ok(kib * 1024.0)
    }

    /// What it has open: files and sockets, and threads.
    pub(crate) fn open(&self) -> Result<(usize, usize)> {
        let count = |what: &str| -> Result<usize> {
            Ok(fs::read_dir(format!("/proc/{}/{what}", self.server.id()))?.count())
        };
        Ok((count("fd")?, count("task")?))
    }

    /// Files of its own that stand somewhere: in its folder, but for the database and what is kept on
    /// purpose, and where temporary files go.
    pub(crate) fn temporary(&self) -> Result<usize> {
        let mut folders = vec![self.data.path().to_owned()];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                let is_database =
                    path.file_name().is_some_and(|name| name.to_string_lossy().contains(".db"));
                match path.is_dir() {
                    true => folders.push(path),
                    false => count += usize::from(!is_database),
                }
            }
        }
        Ok(count + fs::read_dir(self.scratch.path())?.count())
    }

    /// User and system.
    pub(crate) fn processor_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.server.id()))?;
        // The name in brackets may have spaces; the state follows it.
        let (_, behind) = stat.rsplit_once(") ").context("no name")?;
        let ticks = behind.split(' ').skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? / TICKS)
    }
}

/// Makes a user, and a key for them.
fn admit(auralis: impl Fn(&[&str]) -> Command, number: usize) -> Result<String> {
    let name = format!("crowd{number}");
    let mut user = auralis(&["user", "add", &name, "--admin"]);
    let mut user = user.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    user.stdin.take().context("no standard input")?.write_all(b"a password of a crowd\n")?;
    ensure!(user.wait()?.success(), "no user could be added");
    let key = auralis(&["key", "make", &name, "crowd"]).output()?;
    ensure!(key.status.success(), "no key could be made");
    Ok(String::from_utf8(key.stdout)?.trim().to_owned())
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
