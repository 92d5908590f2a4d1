use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

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
        let mut command = peer.command();
        command.arg(crate::workspace::root().join(DRIVERS).join(driver)).args(arguments);
        // Nothing of theirs is left in the repository.
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        let mut process = Process::start(command, folder.join(driver).with_extension("log"))
            .with_context(|| peer.name.clone())?;
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
    /// What it complains of goes to a file, which is shown if it ends before its time.
    fn start(mut command: Command, complaints: PathBuf) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(File::create(&complaints)?);
        let mut child = command.spawn()?;
        let jobs = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("a pipe was asked for")?);
        Ok(Self { child, jobs, answers, complaints })
    }

    fn turn(&mut self, job: &str) -> Result<Turn> {
        if let Some(jobs) = &mut self.jobs {
            // One that has ended is found out by its missing answer.
            drop(writeln!(jobs, "{job}").and_then(|()| jobs.flush()));
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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::Process;

    fn script(text: &str) -> (tempfile::TempDir, Process) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        let process = Process::start(command, folder.path().join("log")).unwrap();
        (folder, process)
    }

    #[test]
    fn a_guest_says_when_it_is_ready_and_answers_line_by_line() {
        let (_folder, mut process) = script(
            r#"echo '{"warm": 1.5}'
            while read -r job; do echo "{\"seconds\": 0.25, \"said\": \"$job done\"}"; done"#,
        );
        assert_eq!(process.answer().unwrap()["warm"], 1.5);
        for job in ["ema", "ema stream"] {
            assert_eq!(process.turn(job).unwrap(), (0.25, format!("{job} done")));
        }
    }

    #[test]
    fn a_guest_that_ends_before_its_time_is_quoted() {
        let (_folder, mut process) = script("echo '{}'; read -r job; echo no $job here >&2");
        process.answer().unwrap();
        let said = format!("{:#}", process.turn("cross").unwrap_err());
        assert_eq!(said, "cross: it ended: no cross here\n");
        assert!(process.turn("cross").is_err());
    }
}
