use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::contest::{Contestant, Turn};
use super::peer::Peer;

/// Where the drivers are, below the root: one a peer.
const DRIVERS: &str = "scripts/peers";

/// A peer in Python that stays for a whole contest: its driver loads and compiles once and then
/// takes a turn for every line, so that contestants take turns and nobody is timed while starting.
pub(super) struct Guest {
    /// Name, and version where it is installed.
    name: String,
    /// None when it is not installed.
    process: Option<RefCell<Process>>,
    /// What it said of its start.
    ready: Value,
}

struct Process {
    child: Child,
    /// None once it was told that nothing more comes.
    jobs: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    complaints: PathBuf,
}

impl Guest {
    /// Starts the driver of a package and waits until it is ready.
    pub(super) fn invite(
        package: &str,
        driver: &str,
        arguments: &[String],
        folder: &Path,
    ) -> Result<Self> {
        let Some(peer) = Peer::python(package) else {
            return Ok(Self { name: package.to_owned(), process: None, ready: Value::Null });
        };
        super::progress(&format!("{}: loads and compiles", peer.name));
        let complaints = folder.join(driver).with_extension("log");
        let mut command = peer.command();
        command.arg(crate::workspace::root().join(DRIVERS).join(driver)).args(arguments);
        // Nothing of theirs is left in the repository.
        command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(File::create(&complaints)?).spawn()?;
        let jobs = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("a pipe was asked for")?);
        let mut process = Process { child, jobs, answers, complaints };
        let ready = process.answer().with_context(|| peer.name.clone())?;
        Ok(Self { name: peer.name, process: Some(RefCell::new(process)), ready })
    }

    /// A row that does one of its jobs; `row` is given its name.
    pub(super) fn row(
        &self,
        row: impl FnOnce(&str) -> String,
        job: impl Into<String>,
    ) -> Contestant<'_> {
        let (row, job) = (row(&self.name), job.into());
        match &self.process {
            Some(process) => Contestant::new(row, move || process.borrow_mut().turn(&job)),
            None => Contestant::missing(row),
        }
    }

    /// A number it gave when it was ready, if it is installed.
    pub(super) fn said(&self, key: &str) -> Option<f64> {
        self.ready[key].as_f64()
    }
}

impl Process {
    fn turn(&mut self, job: &str) -> Result<Turn> {
        if let Some(jobs) = &mut self.jobs {
            writeln!(jobs, "{job}")?;
            jobs.flush()?;
        }
        let answer = self.answer().with_context(|| job.to_owned())?;
        let seconds = answer["seconds"].as_f64().context("an answer without seconds")?;
        Ok((seconds, answer["said"].as_str().unwrap_or_default().to_owned()))
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            let said = std::fs::read(&self.complaints)?;
            bail!("it ended: {}", String::from_utf8_lossy(&said));
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Without more lines it ends; its figures are in, so how it ends is of no account.
        self.jobs = None;
        drop(self.child.wait());
    }
}
