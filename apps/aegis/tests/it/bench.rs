//! A folder, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) struct Bench {
    folder: TempDir,
}

pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn of(Output { status, stdout, stderr }: Output) -> Self {
        Self {
            code: status.code().unwrap(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }
}

/// The program while it runs; it does not outlast its test.
pub(crate) struct Running(Option<Child>);

impl Running {
    /// Ends it as nothing can be ended that puts its things away.
    pub(crate) fn kill(&mut self) {
        let child = self.0.as_mut().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub(crate) fn wait(mut self) -> Ended {
        Ended::of(self.0.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        name.to_owned()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// Starts the program and does not wait for its end.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Running(Some(child))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aegis"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }
}

/// So many flat minutes of BTCUSDT, a hundred dollars up and down in turn.
pub(crate) fn minutes(count: i64) -> String {
    let mut text = "open_time,open,high,low,close,volume\n".to_owned();
    for n in 0..count {
        let time = 1_746_372_780_000 + n * 60_000;
        let (open, close) =
            if n / 30 % 2 == 0 { (95_000 + n, 95_001 + n) } else { (95_100 - n, 95_099 - n) };
        let (high, low) = (open.max(close) + 5, open.min(close) - 5);
        text.push_str(&format!("{time},{open}.0,{high}.0,{low}.0,{close}.0,1.5\n"));
    }
    text
}
