use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

use super::cpu;

/// A program of others, as `scripts/peers.sh` installs it.
pub(super) struct Peer {
    program: PathBuf,
    /// Name and version, for the table.
    pub(super) name: String,
}

impl Peer {
    pub(super) fn ffmpeg() -> Option<Self> {
        Self::find("ffmpeg".into(), &["-version"], |said| {
            Some(format!("ffmpeg {}", said.split_whitespace().nth(2)?))
        })
    }

    pub(super) fn fluidsynth() -> Option<Self> {
        Self::find("fluidsynth".into(), &["--version"], |said| {
            Some(format!("FluidSynth {}", said.split_whitespace().nth(3)?))
        })
    }

    /// The Python that has a package of the side of sound.
    pub(super) fn sound(package: &str) -> Option<Self> {
        Self::package("venv", package)
    }

    /// The Python that has a package of the market side.
    pub(super) fn python(package: &str) -> Option<Self> {
        Self::package("markets", package)
    }

    fn package(environment: &str, package: &str) -> Option<Self> {
        let python = folder()?.join(environment).join("bin/python");
        let ask = format!("from importlib.metadata import version; print(version('{package}'))");
        Self::find(python, &["-c", &ask], |said| Some(format!("{package} {}", said.trim())))
    }

    fn find(
        program: PathBuf,
        ask: &[&str],
        name: impl FnOnce(&str) -> Option<String>,
    ) -> Option<Self> {
        let output = Command::new(&program).args(ask).output().ok()?;
        let name = name(&String::from_utf8_lossy(&output.stdout))?;
        output.status.success().then_some(Self { program, name })
    }

    /// The program, ready to be started.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // A numerical library that spins on every core would only count against its owner.
        command.env("OPENBLAS_NUM_THREADS", "1").env("OMP_NUM_THREADS", "1");
        command
    }

    /// Runs it to its end: CPU seconds, and what it wrote to the terminal.
    pub(super) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Result<(f64, String)> {
        let mut command = self.command();
        command.args(arguments);
        let (seconds, output): (f64, Output) =
            cpu::of_children(|| command.output().context("a peer cannot be started"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "{}: {said}", self.name);
        Ok((seconds, said))
    }
}

/// Where `scripts/peers.sh` puts what is no package of the system.
fn folder() -> Option<PathBuf> {
    let chosen = std::env::var_os("TRIAD_PEERS").map(PathBuf::from);
    chosen.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/triad-peers")))
}
