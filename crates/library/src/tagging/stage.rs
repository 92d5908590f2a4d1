use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use audio_file::edit::{self, Changes};
use fault::Progress;
use sha2::{Digest, Sha256};

use super::journal::{Entry, Journal};
use super::place::{Opened, Stamp, Target};
use super::{Seen, Why};
use crate::{Error, hearing};

/// One file and what becomes of it.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) target: Target,
    pub(super) seen: Seen,
    pub(super) change: Change<'a>,
}

#[derive(Debug)]
pub(super) enum Change<'a> {
    /// Other words.
    Words(&'a Changes),
    /// What it was, from where that is kept.
    Back(PathBuf, &'a Entry),
}

/// Keeps every original, and makes what takes its place. Files that are as they are asked already
/// leave the batch.
pub(super) fn all(
    folder: &Path,
    journal: &mut Journal,
    jobs: &[Job<'_>],
    progress: &dyn Progress,
) -> Result<(), Error> {
    let share = |steps: usize| steps as f64 / (2 * jobs.len()) as f64;
    for (n, job) in jobs.iter().enumerate() {
        let Some(entry) = journal.entries.get(n) else { break };
        let backup = journal.backup(folder, entry);
        let one = || {
            let mut opened = job.target.open()?;
            if opened.stamp.seen() != job.seen {
                return Err(job.target.name.refused(Why::Changed));
            }
            let digest = keep(&mut opened, &backup)?;
            progress.advance(share(2 * n + 1));
            let new = make(job, &mut opened, entry.staged())?;
            if new.is_none() {
                fs::remove_file(entry.staged()).map_err(Error::io("remove", entry.staged()))?;
                fs::remove_file(&backup).map_err(Error::io("remove", &backup))?;
            }
            Ok((opened.stamp, digest, new))
        };
        let (old, digest, new) = one().map_err(|error| job.target.name.refuse(error))?;
        if let Some(entry) = journal.entries.get_mut(n) {
            (entry.old, entry.digest, entry.new) = (old, digest, new.unwrap_or_default());
        }
        progress.advance(share(2 * n + 2));
    }
    journal.entries.retain(|entry| entry.new != Stamp::default());
    Ok(())
}

/// Copies the original to where it is kept; returns its digest.
fn keep(opened: &mut Opened, backup: &Path) -> Result<String, Error> {
    let mut copied = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(backup)?;
        let digest = copy(&mut opened.file, &mut file)?;
        file.sync_all()?;
        Ok(digest)
    };
    copied().map_err(Error::io("write", backup))
}

/// Makes what takes the file's place; none where that would be the same.
fn make(job: &Job<'_>, opened: &mut Opened, staged: &Path) -> Result<Option<Stamp>, Error> {
    let mut file = create(staged)?;
    match &job.change {
        Change::Words(changes) => {
            if !edit::apply(&mut opened.file, &mut file, changes)? {
                return Ok(None);
            }
            if hearing::ends(&opened.file)? != hearing::ends(&file)? {
                return Err(job.target.name.refused(Why::Sound));
            }
        }
        Change::Back(backup, entry) => fill(&mut file, backup, entry)?,
    }
    let new = finish(&file, opened.data.uid(), opened.data.gid(), opened.data.permissions());
    let new = new.map_err(Error::io("write", staged))?;
    let stamp = opened.file.metadata().map(|data| Stamp::of(&data));
    if stamp.map_err(Error::io("look at", &job.target.path))? != opened.stamp {
        return Err(job.target.name.refused(Why::Changed));
    }
    Ok(Some(new))
}

/// A new file that nobody else reads yet.
pub(super) fn create(staged: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create_new(true).mode(0o600).open(staged);
    file.map_err(Error::io("make", staged))
}

/// Writes a kept original, with the time it had.
pub(super) fn fill(file: &mut File, backup: &Path, entry: &Entry) -> Result<(), Error> {
    let mut fill = || {
        if copy(&mut File::open(backup)?, file)? != entry.digest {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the original was altered"));
        }
        file.set_modified(entry.old.time())
    };
    fill().map_err(Error::io("copy", backup))
}

/// Gives a file the owner and the permissions of the one it replaces, and writes it to the disk.
pub(super) fn finish(
    file: &File,
    owner: u32,
    group: u32,
    permissions: fs::Permissions,
) -> io::Result<Stamp> {
    let data = file.metadata()?;
    if (data.uid(), data.gid()) != (owner, group) {
        fchown(file, Some(owner), Some(group))?;
    }
    file.set_permissions(permissions)?;
    file.sync_all()?;
    file.metadata().map(|data| Stamp::of(&data))
}

/// Copies a file from its beginning; returns its digest.
fn copy(from: &mut File, to: &mut File) -> io::Result<String> {
    const BLOCK: usize = 256 << 10;
    let mut digest = Sha256::new();
    let mut block = vec![0; BLOCK];
    from.rewind()?;
    loop {
        let read = match from.read(&mut block) {
            Ok(0) => break,
            Ok(read) => block.get(..read).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(read);
        to.write_all(read)?;
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
