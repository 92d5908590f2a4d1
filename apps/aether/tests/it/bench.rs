//! A temporary folder to work in, and runs of the program inside it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of its own for one test: the program sees no settings but those the test makes.
pub(crate) struct Bench {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// None if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, to be started in the folder.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aether"));
        self.surround(&mut command);
        command
    }

    /// Gives any command the folder and the empty settings of the program.
    pub(crate) fn surround(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AETHER_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.folder.path());
    }

    /// Runs the program to its end.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ended {
        Ended::of(self.program().args(arguments).output().unwrap())
    }

    /// Runs it and expects exit code 0.
    pub(crate) fn done<A: AsRef<OsStr> + std::fmt::Debug>(&self, arguments: &[A]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:#?}");
        ended
    }

    /// Every name below the folder.
    pub(crate) fn names(&self) -> Vec<String> {
        tree(self.folder.path()).into_keys().collect()
    }

    /// Makes a sound with ffmpeg from a programme whose level moves, or none where there is no
    /// ffmpeg. The ending of `name` says the container.
    pub(crate) fn sound(&self, name: &str, options: &[&str], test: &str) -> Option<PathBuf> {
        let ffmpeg = testkit::program("ffmpeg", test)?;
        let path = self.path(name);
        let programme = "aevalsrc=0.2*sin(440*t*6.2832)*(1.2+sin(t*3))+0.1*random(0)-0.05|\
                         0.2*sin(550*t*6.2832)*(1.2+cos(t*2))+0.1*random(1)-0.05:s=48000:d=6";
        let mut command = Command::new(ffmpeg);
        command.args(["-v", "error", "-y", "-f", "lavfi", "-i", programme]).args(options);
        testkit::run(command.arg(&path));
        Some(path)
    }

    /// A canonical 16-bit stereo WAV at 48 kHz, of any samples.
    pub(crate) fn wav(&self, name: &str, frames: usize, sample: impl Fn(usize) -> f64) -> PathBuf {
        let data: Vec<u8> = (0..frames)
            .flat_map(|n| {
                let bytes = ((sample(n) * 32_767.0) as i16).to_le_bytes();
                [bytes, bytes].concat()
            })
            .collect();
        self.riff(name, 1, 16, &data)
    }

    /// A stereo WAV at 48 kHz of any bytes; `kind` 1 is integers, 3 floats.
    pub(crate) fn riff(&self, name: &str, kind: u16, bits: u16, data: &[u8]) -> PathBuf {
        let frame = 2 * bits / 8;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + data.len() as u32).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0");
        bytes.extend(kind.to_le_bytes());
        bytes.extend(2_u16.to_le_bytes());
        bytes.extend(48_000_u32.to_le_bytes());
        bytes.extend((48_000 * u32::from(frame)).to_le_bytes());
        bytes.extend(frame.to_le_bytes());
        bytes.extend(bits.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What went wrong, without the stages that went before it. Everything after the word
    /// `error:` counts, so that a second line is noticed.
    pub(crate) fn error(&self) -> &str {
        self.stderr.find("error: ").map_or("", |at| &self.stderr[at..])
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// Every file below a folder by its path, and its bytes; folders end in `/`, links are not followed.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(name, target.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A JSON file.
pub(crate) fn read_json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
