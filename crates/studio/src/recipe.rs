//! The recipe: all that is needed to make the same song again, and the proof that it is the same.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;

/// The version of recipe files.
pub const SCHEMA: u32 = 1;
/// Larger than any recipe: what is longer is none.
const MAX_BYTES: u64 = 1 << 20;

/// `recipe.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Version of this structure.
    pub schema: u32,
    /// What made the song; another version may make another one.
    pub engine: Engine,
    /// What was asked.
    pub ask: Ask,
    /// Every other file of the folder by its path, and its SHA-256.
    pub files: BTreeMap<String, String>,
}

/// Versions of everything that decides a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    /// The program.
    pub version: String,
    /// The composer's revision.
    pub compose: u32,
    /// The instruments' revision.
    pub instruments: u32,
    /// The mix's revision.
    pub studio: u32,
    /// Mastering's revision.
    pub mastering: u32,
    /// SHA-256 of the genre as it was read.
    pub genre_sha256: String,
}

/// What was asked: the sentence, the flags, the seed and the delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The sentence.
    pub sentence: String,
    /// All chance comes from it.
    pub seed: u64,
    /// `--genre`
    pub genre: Option<String>,
    /// `--bpm`
    pub bpm: Option<f64>,
    /// `--key`
    pub key: Option<String>,
    /// `--duration` in seconds
    pub duration_seconds: Option<f64>,
    /// `--title`
    pub title: Option<String>,
    /// `--artist`
    pub artist: String,
    /// `--album`
    pub album: String,
    /// `--target`
    pub target: String,
    /// `--formats`
    pub formats: Vec<String>,
    /// `--bit-depth`
    pub bit_depth: u32,
    /// `--rate` in Hz
    pub rate_hz: u32,
    /// `--mp3-quality`
    pub mp3_quality: String,
    /// Whether stems are delivered.
    pub stems: bool,
}

impl Recipe {
    /// Reads and checks a recipe.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let broken = |reason: String| Error::Recipe(format!("{}: {reason}", path.display()));
        let text = ops::text(path, MAX_BYTES)?;
        let recipe: Self =
            serde_json::from_str(&text).map_err(|error| broken(error.to_string()))?;
        if recipe.schema != SCHEMA {
            return Err(broken(format!("schema is {}; this build reads {SCHEMA}", recipe.schema)));
        }
        Ok(recipe)
    }
}

/// SHA-256 of bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The path below `root` and SHA-256 of every file in it, folders followed.
pub(crate) fn digest_folder(root: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut names = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(ops::Error::io("read", &folder))? {
            let path = entry.map_err(ops::Error::io("read", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                names.push(path);
            }
        }
    }
    // Two readers keep two processors busy; more would only wait for the disk.
    let (first, second) = names.split_at(names.len() / 2);
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| digest_all(root, first));
        let second = digest_all(root, second);
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    });
    let mut digests = first?;
    digests.extend(second?);
    Ok(digests)
}

fn digest_all(root: &Path, paths: &[PathBuf]) -> Result<BTreeMap<String, String>, Error> {
    let digest = |path: &PathBuf| {
        let below = path.strip_prefix(root).unwrap_or(path);
        Ok((below.to_string_lossy().replace('\\', "/"), digest_file(path)?))
    };
    paths.iter().map(digest).collect()
}

fn digest_file(path: &Path) -> Result<String, Error> {
    let mut file = fs::File::open(path).map_err(ops::Error::io("read", path))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        match file.read(&mut block).map_err(ops::Error::io("read", path))? {
            0 => break,
            count => hash.update(&block[..count]),
        }
    }
    Ok(hexadecimal(&hash.finalize()))
}
