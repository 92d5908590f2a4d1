use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::place::Stamp;
use super::stage::Job;
use super::why::Name;
use super::{BatchId, sync_folder};
use crate::{Error, TrackId};

/// What is known of a batch, on the disk before anything depends on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) batch: BatchId,
    pub(super) state: State,
    pub(super) entries: Vec<Entry>,
}

/// What a batch that is cut off becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// Nothing: no file of the collection was touched.
    Staging,
    /// All new: every staged file is whole and checked.
    Ready,
    /// All old: something refused on the way.
    Undoing,
    /// It is all new.
    Done,
}

/// One file of a batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) track: i64,
    pub(super) title: String,
    pub(super) target: String,
    pub(super) staged: String,
    /// The name its original is kept by, in the folder of the batch.
    kept: String,
    /// The original.
    pub(super) old: Stamp,
    /// SHA-256 of the original.
    pub(super) digest: String,
    /// What takes its place.
    pub(super) new: Stamp,
}

const NAME: &str = "journal.json";

impl Entry {
    pub(super) fn name(&self) -> Name {
        Name { track: TrackId(self.track), title: self.title.clone() }
    }

    pub(super) fn target(&self) -> &Path {
        Path::new(&self.target)
    }

    pub(super) fn staged(&self) -> &Path {
        Path::new(&self.staged)
    }
}

impl Journal {
    /// Makes the folder of a batch, and writes down which files it will make.
    pub(super) fn begin(folder: &Path, batch: BatchId, jobs: &[Job<'_>]) -> Result<Self, Error> {
        let own = own(folder, batch);
        fs::DirBuilder::new().mode(0o700).create(&own).map_err(Error::io("make", &own))?;
        let entries = jobs.iter().enumerate().map(|(n, job)| {
            let path = &job.target.path;
            // The ending goes along: readers of tags look at it where the beginning says nothing.
            let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy()));
            let hidden = format!(".triad-{}-{n}{}", batch.0, ending.unwrap_or_default());
            let name = &job.target.name;
            Entry {
                track: name.track.0,
                title: name.title.clone(),
                target: path.to_string_lossy().into_owned(),
                staged: path.with_file_name(hidden).to_string_lossy().into_owned(),
                kept: n.to_string(),
                old: Stamp::default(),
                digest: String::new(),
                new: Stamp::default(),
            }
        });
        let journal = Self { batch, state: State::Staging, entries: entries.collect() };
        journal.save(folder)?;
        sync_folder(folder).map_err(Error::io("write", folder))?;
        Ok(journal)
    }

    /// What is known of a batch; none where not even its beginning was written.
    pub(super) fn load(folder: &Path, batch: BatchId) -> Result<Option<Self>, Error> {
        let path = own(folder, batch).join(NAME);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &path)(error)),
        };
        let parsed = serde_json::from_slice(&text).map_err(io::Error::from);
        parsed.map(Some).map_err(Error::io("understand", &path))
    }

    pub(super) fn enter(&mut self, folder: &Path, state: State) -> Result<(), Error> {
        self.state = state;
        self.save(folder)
    }

    /// Replaces it as a whole.
    fn save(&self, folder: &Path) -> Result<(), Error> {
        let own = own(folder, self.batch);
        let (path, new) = (own.join(NAME), own.join("journal.new"));
        let write = || -> io::Result<()> {
            let text = serde_json::to_vec(self)?;
            let mut options = fs::OpenOptions::new();
            let mut file: File =
                options.create(true).truncate(true).write(true).mode(0o600).open(&new)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            sync_folder(&own)
        };
        write().map_err(Error::io("write", &path))
    }

    /// Where the original of an entry is kept.
    pub(super) fn backup(&self, folder: &Path, entry: &Entry) -> PathBuf {
        own(folder, self.batch).join(&entry.kept)
    }

    pub(super) fn tracks(&self) -> Vec<TrackId> {
        self.entries.iter().map(|entry| TrackId(entry.track)).collect()
    }
}

/// The folder of a batch.
pub(super) fn own(folder: &Path, batch: BatchId) -> PathBuf {
    folder.join(format!("{:010}", batch.0))
}
