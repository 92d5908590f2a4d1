use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Brief, SCHEMA};
use crate::Error;

/// What is remembered of a master: enough to know that it would come out the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) schema: u32,
    /// Below the folder of masters.
    pub(super) output: String,
    /// SHA-256 of the original, and of all originals of its album.
    pub(super) input_sha256: String,
    /// SHA-256 of terms and engine revisions.
    pub(super) terms_sha256: String,
    /// SHA-256 of the master.
    pub(super) output_sha256: String,
    /// What the summary says of it.
    pub(super) brief: Brief,
}

/// A master that is being made: what stands in its place is ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Begun {
    schema: u32,
    begun: String,
}

/// More than the state of a million files.
const MAX_BYTES: u64 = 1 << 30;
/// Bytes read at a time to hash.
const BLOCK: usize = 1 << 20;

/// The state of a folder of masters.
pub(super) struct State {
    path: PathBuf,
    records: BTreeMap<String, Record>,
    begun: BTreeSet<String>,
    out: File,
}

impl State {
    /// Reads what is remembered. A line that was cut off is forgotten, and so is one of another
    /// version.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let (mut records, mut begun) = (BTreeMap::new(), BTreeSet::new());
        if path.exists() {
            let mut bytes = Vec::new();
            let read = ops::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes);
            read.map_err(ops::Error::io("read", path))?;
            // A damaged line is none; the others stand.
            for line in String::from_utf8_lossy(&bytes).lines() {
                if let Ok(record) = serde_json::from_str::<Record>(line)
                    && record.schema == SCHEMA
                {
                    records.insert(record.output.clone(), record);
                } else if let Ok(line) = serde_json::from_str::<Begun>(line) {
                    begun.insert(line.begun);
                }
            }
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(ops::Error::io("create", folder))?;
        }
        let out = OpenOptions::new().create(true).append(true).open(path);
        let mut out = out.map_err(ops::Error::io("write", path))?;
        // Held until the state is dropped: two batches would undo each other's work.
        out.try_lock().map_err(|_| Error::InUse(path.to_owned()))?;
        // A line cut off by a kill ends here, so that the next one stands alone.
        out.write_all(b"\n").map_err(ops::Error::io("write", path))?;
        Ok(Self { path: path.to_owned(), records, begun, out })
    }

    pub(super) fn of(&self, output: &str) -> Option<&Record> {
        self.records.get(output)
    }

    /// Whether a batch began to make what stands there, and was stopped.
    pub(super) fn is_begun(&self, output: &str) -> bool {
        self.begun.contains(output)
    }

    /// Forgets what was begun and came to nothing.
    pub(super) fn give_up(&mut self, output: &str) {
        self.begun.remove(output);
    }

    /// Remembers that a master is about to be written: should the run be killed right after, the
    /// next one knows whose it is.
    pub(super) fn begin(&mut self, output: &str) -> Result<(), Error> {
        let line = Begun { schema: SCHEMA, begun: output.to_owned() };
        self.append(&json(&line)?)?;
        self.begun.insert(line.begun);
        Ok(())
    }

    /// Remembers a master at once: a run that is killed later need not do it again.
    pub(super) fn remember(&mut self, record: Record) -> Result<(), Error> {
        self.append(&json(&record)?)?;
        self.begun.remove(&record.output);
        self.records.insert(record.output.clone(), record);
        Ok(())
    }

    fn append(&mut self, line: &str) -> Result<(), Error> {
        let written = self.out.write_all(format!("{line}\n").as_bytes());
        let written = written.and_then(|()| self.out.flush());
        Ok(written.map_err(ops::Error::io("write", &self.path))?)
    }

    /// Puts the lines in order: the file does not depend on who was done first.
    pub(super) fn settle(&self) -> Result<(), Error> {
        let begun = self.begun.iter().filter(|output| !self.records.contains_key(*output));
        let begun = begun.map(|output| json(&Begun { schema: SCHEMA, begun: output.clone() }));
        let lines = self.records.values().map(json).chain(begun).collect::<Result<Vec<_>, _>>()?;
        crate::publish_text(&self.path, &(lines.join("\n") + "\n"))
    }
}

/// SHA-256 of files, one after another, in hexadecimal.
pub(super) fn hash_files(paths: &[&Path]) -> Result<String, Error> {
    let mut hash = Sha256::new();
    let mut block = vec![0; BLOCK];
    for path in paths {
        let mut file = ops::open(path)?;
        loop {
            let read = file.read(&mut block).map_err(ops::Error::io("read", path))?;
            if read == 0 {
                break;
            }
            hash.update(&block[..read]);
        }
    }
    Ok(hex(hash))
}

/// SHA-256 of a text, in hexadecimal.
pub(super) fn hash_text(text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(text);
    hex(hash)
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json(line: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(line).map_err(|error| Error::Unwritable(error.to_string()))
}
