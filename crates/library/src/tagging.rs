//! Words of files, changed: a preview first, then a batch that is written as a whole or not at all.
//!
//! Nothing writes to a collection but a [`Tagger`], and none is made unless its owner has said so.
//! A batch is staged in hidden files beside those it replaces, heard and read again, and its originals
//! are copied to the backup folder. Only then a journal says that it counts, and the files are
//! renamed. Whatever stops it, [`Tagger::recover`] makes the batch all old or all new.

mod backups;
mod commit;
mod journal;
mod place;
mod stage;
mod why;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use audio_file::edit::{self, Changes, EditField};
use fault::Progress;
use serde::{Deserialize, Serialize};

use crate::{Error, Library, RootId, TrackId};

pub use why::Why;

use journal::{Journal, State};
use place::Target;

/// More tracks are no album and no box of them; a whole collection is edited in pieces that can be
/// looked through.
pub const MAX_TRACKS: usize = 1_000;
/// Originals that are kept: some five hundred tracks of FLAC. A batch of more is refused.
pub const MAX_BACKUP_BYTES: u64 = 16 << 30;

/// Writes words to the files of a collection.
#[derive(Debug)]
pub struct Tagger {
    library: Library,
    folder: PathBuf,
    most: u64,
    writing: Mutex<()>,
}

/// A file as a preview saw it: a batch is refused where it is another by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Its bytes.
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: i64,
}

/// What would become of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The track.
    pub track: TrackId,
    /// Its title, as the library knows it.
    pub title: String,
    /// Its file.
    pub seen: Seen,
    /// Fields that would get another value.
    pub fields: Vec<FieldChange>,
}

/// A field that gets another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: EditField,
    /// What it says; empty for nothing.
    pub before: Vec<String>,
    /// What it would say; empty for nothing.
    pub after: Vec<String>,
}

/// One track of a batch.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The track.
    pub track: TrackId,
    /// Its file, as the preview saw it.
    pub seen: Seen,
    /// What to change.
    pub changes: Changes,
}

/// The number of a batch. Later ones are higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BatchId(pub u64);

/// A batch that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// By this it can be undone, as long as its originals are kept.
    pub batch: BatchId,
    /// Tracks whose files are others now.
    pub tracks: Vec<TrackId>,
    /// The folders they are in. The library knows their new words after a scan, which reads only
    /// these again if nothing else has changed.
    pub rescan: Vec<(RootId, String)>,
}

/// What was found of batches that were cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Batches that counted already, and are written now.
    pub finished: Vec<BatchId>,
    /// Batches of which nothing is left.
    pub undone: Vec<BatchId>,
    /// Batches whose folders are away: they wait for their disk.
    pub waiting: Vec<BatchId>,
}

impl Tagger {
    /// A writer over a library. Originals are kept in `backups`, which is made where it is not there.
    /// Call [`Self::recover`] before anything else is done with the files.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn new(library: Library, backups: &Path) -> Result<Self, Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(backups).map_err(Error::io("make", backups))?;
        let folder = backups.canonicalize().map_err(Error::io("find", backups))?;
        Ok(Self { library, folder, most: MAX_BACKUP_BYTES, writing: Mutex::new(()) })
    }

    /// The same, keeping so many bytes of originals instead of [`MAX_BACKUP_BYTES`].
    #[must_use]
    pub fn keeping(self, bytes: u64) -> Self {
        Self { most: bytes, ..self }
    }

    /// What would become of these tracks. Reads the files and changes nothing.
    ///
    /// # Errors
    /// [`Error::NotEdited`] with the first track that could not be edited, [`Error::Absent`] without
    /// any.
    pub fn preview(&self, asked: &[(TrackId, Changes)]) -> Result<Vec<Preview>, Error> {
        refuse_count(asked.len())?;
        asked.iter().map(|(track, changes)| self.preview_one(*track, changes)).collect()
    }

    fn preview_one(&self, track: TrackId, changes: &Changes) -> Result<Preview, Error> {
        let target = Target::of(&self.library, track)?;
        let named = |error: Error| target.name.refuse(error);
        let mut opened = target.open().map_err(named)?;
        let before = edit::read(&mut opened.file).map_err(|error| named(error.into()))?;
        let fields = changes.against(&before).into_iter().map(|(field, after)| {
            let before = before.get(&field).cloned().unwrap_or_default();
            FieldChange { field, before, after }
        });
        let (seen, fields) = (opened.stamp.seen(), fields.collect());
        Ok(Preview { track, title: target.name.title, seen, fields })
    }

    /// Writes a batch: all of it or nothing.
    ///
    /// # Errors
    /// [`Error::NotEdited`] with the track it failed for; [`Error::Editing`] while another batch is
    /// written; [`Error::Asked`] for too many tracks or bytes.
    pub fn apply(&self, edits: &[Edit], progress: &dyn Progress) -> Result<Applied, Error> {
        refuse_count(edits.len())?;
        let _one = self.lock()?;
        let mut jobs = Vec::new();
        for edit in edits {
            let target = Target::of(&self.library, edit.track)?;
            jobs.push(stage::Job {
                target,
                seen: edit.seen,
                change: stage::Change::Words(&edit.changes),
            });
        }
        self.run(jobs, progress)
    }

    /// Brings back the files that a batch has changed, as a batch of its own, which can be undone
    /// again.
    ///
    /// # Errors
    /// [`Error::Absent`] where its originals are not kept any more; [`Error::NotEdited`] where a file
    /// was changed since, and as [`Self::apply`].
    pub fn undo(&self, batch: BatchId, progress: &dyn Progress) -> Result<Applied, Error> {
        let _one = self.lock()?;
        let journal = Journal::load(&self.folder, batch)?.filter(|j| j.state == State::Done);
        let Some(journal) = journal else { return Err(Error::Absent("the batch")) };
        let mut jobs = Vec::new();
        for entry in &journal.entries {
            let target = Target::of(&self.library, TrackId(entry.track))?;
            if target.path != Path::new(&entry.target) {
                return Err(target.name.refused(Why::Changed));
            }
            let change = stage::Change::Back(journal.backup(&self.folder, entry), entry);
            jobs.push(stage::Job { target, seen: entry.new.seen(), change });
        }
        self.run(jobs, progress)
    }

    /// Batches that can be undone, the latest first, with their tracks.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn batches(&self) -> Result<Vec<(BatchId, Vec<TrackId>)>, Error> {
        let mut found = Vec::new();
        for batch in backups::all(&self.folder)?.into_iter().rev() {
            let journal = Journal::load(&self.folder, batch)?.filter(|j| j.state == State::Done);
            found.extend(journal.map(|journal| (batch, journal.tracks())));
        }
        Ok(found)
    }

    /// Finishes or undoes what was cut off.
    ///
    /// # Errors
    /// [`Error::Editing`] while a batch is written, by this process or another; [`Error::Io`] where
    /// the world still refuses: nothing is lost, and it can be called again.
    pub fn recover(&self) -> Result<Recovered, Error> {
        let _one = self.lock()?;
        let mut recovered = Recovered::default();
        for batch in backups::all(&self.folder)? {
            match commit::recover(&self.folder, batch)? {
                commit::End::Was => {}
                commit::End::Finished => recovered.finished.push(batch),
                commit::End::Undone => recovered.undone.push(batch),
                commit::End::Waits => recovered.waiting.push(batch),
            }
        }
        Ok(recovered)
    }

    fn run(&self, jobs: Vec<stage::Job<'_>>, progress: &dyn Progress) -> Result<Applied, Error> {
        refuse_twice(&jobs)?;
        let bytes: u64 = jobs.iter().map(|job| job.seen.size).sum();
        if bytes > self.most {
            return Err(Error::Asked {
                what: "batch",
                given: format!("{bytes} bytes"),
                accepted: "no more than the originals that are kept",
            });
        }
        let batch = backups::next(&self.folder)?;
        let mut journal = Journal::begin(&self.folder, batch, &jobs)?;
        progress.stage("Copy, change and check");
        progress.advance(0.0);
        let staged = stage::all(&self.folder, &mut journal, &jobs, progress);
        if staged.is_err() || journal.entries.is_empty() {
            commit::discard(&self.folder, &journal)?;
            return staged.map(|()| Applied { batch, tracks: Vec::new(), rescan: Vec::new() });
        }
        commit::commit(&self.folder, &mut journal, progress)?;
        backups::prune(&self.folder, batch, self.most)?;
        let tracks = journal.tracks();
        let changed = jobs.iter().filter(|job| tracks.contains(&job.target.name.track));
        let rescan: BTreeSet<(RootId, String)> =
            changed.map(|job| (job.target.root, job.target.folder.clone())).collect();
        Ok(Applied { batch, tracks, rescan: rescan.into_iter().collect() })
    }

    /// One batch at a time, in this process and in others.
    fn lock(&self) -> Result<(MutexGuard<'_, ()>, File), Error> {
        let Ok(one) = self.writing.try_lock() else { return Err(Error::Editing) };
        let path = self.folder.join("lock");
        let mut options = fs::OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok((one, file)),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Editing),
            Err(fs::TryLockError::Error(error)) => Err(Error::io("lock", &path)(error)),
        }
    }
}

fn refuse_count(count: usize) -> Result<(), Error> {
    if (1..=MAX_TRACKS).contains(&count) {
        return Ok(());
    }
    Err(Error::Asked {
        what: "batch",
        given: format!("{count} tracks"),
        accepted: "1 to 1000 tracks",
    })
}

/// A link and the file it leads to are one file.
fn refuse_twice(jobs: &[stage::Job<'_>]) -> Result<(), Error> {
    let mut paths = BTreeSet::new();
    match jobs.iter().find(|job| !paths.insert(&job.target.path)) {
        Some(job) => Err(job.target.name.refused(Why::Twice)),
        None => Ok(()),
    }
}

/// What is renamed or made in a folder lasts once the folder is written.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
