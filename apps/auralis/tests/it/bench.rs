//! A temporary folder to work in, sounds made for it, and runs of the program inside it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const RATE: f64 = 48_000.0;

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
        let mut command = Command::new(env!("CARGO_BIN_EXE_auralis"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AURALIS_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.folder.path());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Ended {
        Ended::of(self.program().args(arguments).output().unwrap())
    }

    /// Runs it and expects exit code 0.
    pub(crate) fn done<A: AsRef<OsStr> + std::fmt::Debug>(&self, arguments: &[A]) -> Ended {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.stderr);
        ended
    }

    /// Runs it with `--json` and gives the answer.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        self.done(&[&["--json"], arguments].concat()).json()
    }

    /// A 24-bit stereo WAV at 48 kHz; left and right by frame.
    pub(crate) fn wav(&self, name: &str, seconds: f64, sound: impl Fn(usize) -> [f64; 2]) {
        let frames = (seconds * RATE) as usize;
        let whole = |sample: f64| ((sample * 8_388_607.0) as i32).to_le_bytes();
        let data: Vec<u8> = (0..frames)
            .flat_map(|n| sound(n).into_iter().flat_map(|sample| whole(sample)[..3].to_vec()))
            .collect();
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + data.len() as u32).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
        bytes.extend(48_000_u32.to_le_bytes());
        bytes.extend(288_000_u32.to_le_bytes());
        bytes.extend(6_u16.to_le_bytes());
        bytes.extend(24_u16.to_le_bytes());
        bytes.extend(b"data");
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Chords, a bass, and drums of noise: music enough for every stage to have work.
    pub(crate) fn music(&self, name: &str, seconds: f64, level: f64) {
        self.wav(name, seconds, |n| music(n).map(|sample| level * sample));
    }
}

/// One frame of the music, within +-1.
pub(crate) fn music(n: usize) -> [f64; 2] {
    let t = n as f64 / RATE;
    let tone = |hz: f64| libm::sin(std::f64::consts::TAU * hz * t);
    let beat = (t * 2.0).fract() * 0.5;
    // Every other stroke the other way round: a drum has no mean.
    let stroke = if ((t * 2.0) as usize).is_multiple_of(2) { 0.35 } else { -0.35 };
    let decay = |speed: f64| libm::exp(-speed * beat);
    let root = [220.0, 174.6, 261.6, 196.0][(t * 0.5) as usize % 4];
    let chord = |shift: f64| {
        tone(root * shift) + 0.6 * tone(root * 1.2 * shift) + 0.5 * tone(root * 1.5 * shift)
    };
    let noise = |seed: u32| {
        f64::from((n as u32 ^ seed).wrapping_mul(2_654_435_761) >> 8) / 8_388_608.0 - 1.0
    };
    let drums = stroke * decay(9.0) * tone(60.0) + 0.05 * decay(30.0) * noise(7);
    let swell = 0.8 + 0.2 * libm::sin(t);
    let bass = 0.15 * tone(root / 4.0);
    [
        swell * (0.09 * chord(1.0) + 0.03 * chord(2.0)) + bass + drums + 0.004 * noise(1),
        swell * (0.09 * chord(1.002) + 0.03 * chord(4.0)) + bass + drums + 0.004 * noise(2),
    ]
}

impl Ended {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What went wrong, without the stages that went before it.
    pub(crate) fn error(&self) -> &str {
        self.stderr.find("error: ").map_or("", |at| &self.stderr[at..])
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// Every file below a folder by its path, and its bytes; folders end in `/`.
pub(crate) fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                found.insert(format!("{name}/"), Vec::new());
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A number in an answer.
pub(crate) fn number(json: &Value, pointer: &str) -> f64 {
    let value = json.pointer(pointer).and_then(Value::as_f64);
    value.unwrap_or_else(|| panic!("no number at {pointer} in {json}"))
}
