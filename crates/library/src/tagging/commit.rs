use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use fault::Progress;

use super::journal::{Entry, Journal, State, own};
use super::place::Stamp;
use super::{BatchId, Why, stage, sync_folder};
use crate::Error;

/// What became of a batch that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was whole.
    Was,
    Finished,
    Undone,
    /// Its folders are away.
    Waits,
}

/// What stands where a file was or shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Old,
    New,
    /// Another file, or none: somebody was faster.
    Other,
    /// Not even its folder is there: a disk that is not mounted.
    Away,
}

/// Puts the staged files where they belong; where one refuses, all are as they were.
pub(super) fn commit(
    folder: &Path,
    journal: &mut Journal,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let ready = sync_folders(journal).and_then(|()| journal.enter(folder, State::Ready));
    if let Err(error) = ready {
        discard(folder, journal)?;
        return Err(error);
    }
    progress.stage("Replace");
    progress.advance(0.0);
    let count = journal.entries.len().max(1) as f64;
    if let Err(error) = forward(journal, |done| progress.advance(done as f64 / count)) {
        journal.enter(folder, State::Undoing)?;
        back(folder, journal)?;
        return Err(error);
    }
    journal.enter(folder, State::Done)?;
    progress.advance(1.0);
    Ok(())
}

/// Finishes or undoes a batch that was cut off.
pub(super) fn recover(folder: &Path, batch: BatchId) -> Result<End, Error> {
    let Some(mut journal) = Journal::load(folder, batch)? else {
        let own = own(folder, batch);
        fs::remove_dir_all(&own).map_err(Error::io("remove", &own))?;
        return Ok(End::Undone);
    };
    if journal.state == State::Done {
        return Ok(End::Was);
    }
    for entry in &journal.entries {
        if stands(entry)? == Stands::Away {
            return Ok(End::Waits);
        }
    }
    match journal.state {
        State::Ready => {
            if forward(&journal, |_| ()).is_ok() {
                journal.enter(folder, State::Done)?;
                return Ok(End::Finished);
            }
            journal.enter(folder, State::Undoing)?;
            back(folder, &journal)?;
        }
        State::Undoing => back(folder, &journal)?,
        State::Staging | State::Done => discard(folder, &journal)?,
    }
    Ok(End::Undone)
}

/// Forgets a batch that has touched no file, or touches none any more.
pub(super) fn discard(folder: &Path, journal: &Journal) -> Result<(), Error> {
    for entry in &journal.entries {
        match fs::remove_file(entry.staged()) {
            Err(error) if !is_absent(&error) => {
                return Err(Error::io("remove", entry.staged())(error));
            }
            _ => {}
        }
    }
    let own = own(folder, journal.batch);
    fs::remove_dir_all(&own).map_err(Error::io("remove", &own))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn stands(entry: &Entry) -> Result<Stands, Error> {
    let at = Stamp::at(entry.target()).map_err(Error::io("look at", entry.target()))?;
    Ok(match at {
        Some(stamp) if stamp == entry.old => Stands::Old,
        Some(stamp) if stamp == entry.new => Stands::New,
        None if !entry.target().parent().is_some_and(Path::is_dir) => Stands::Away,
        _ => Stands::Other,
    })
}

/// Renames what is not renamed yet.
fn forward(journal: &Journal, done: impl Fn(usize)) -> Result<(), Error> {
    for (n, entry) in journal.entries.iter().enumerate() {
        let named = |error| entry.name().refuse(error);
        match stands(entry).map_err(named)? {
            Stands::Old => {
                let staged = Stamp::at(entry.staged()).map_err(Error::io("find", entry.staged()));
                if staged.map_err(named)? != Some(entry.new) {
                    return Err(entry.name().refused(Why::Changed));
                }
                let renamed = fs::rename(entry.staged(), entry.target());
                renamed.map_err(Error::io("replace", entry.target())).map_err(named)?;
            }
            Stands::New => {}
            Stands::Other => return Err(entry.name().refused(Why::Changed)),
            Stands::Away => return Err(entry.name().refused(Why::Missing)),
        }
        done(n + 1);
    }
    sync_folders(journal)
}

/// Brings back what was renamed, from where the originals are kept. A file that somebody else has
/// put there meanwhile stays.
fn back(folder: &Path, journal: &Journal) -> Result<(), Error> {
    for entry in &journal.entries {
        if stands(entry)? == Stands::New {
            restore(folder, journal, entry).map_err(|error| entry.name().refuse(error))?;
        }
    }
    sync_folders(journal)?;
    discard(folder, journal)
}

fn restore(folder: &Path, journal: &Journal, entry: &Entry) -> Result<(), Error> {
    let (staged, target) = (entry.staged(), entry.target());
    match fs::remove_file(staged) {
        Err(error) if !is_absent(&error) => return Err(Error::io("remove", staged)(error)),
        _ => {}
    }
    let data = fs::symlink_metadata(target).map_err(Error::io("look at", target))?;
    let mut file = stage::create(staged)?;
    stage::fill(&mut file, &journal.backup(folder, entry), entry)?;
    let finished = stage::finish(&file, data.uid(), data.gid(), data.permissions());
    finished.map(|_| ()).map_err(Error::io("write", staged))?;
    fs::rename(staged, target).map_err(Error::io("replace", target))
}

fn sync_folders(journal: &Journal) -> Result<(), Error> {
    let folders: BTreeSet<&Path> =
        journal.entries.iter().filter_map(|entry| entry.target().parent()).collect();
    folders.into_iter().try_for_each(|f| sync_folder(f).map_err(Error::io("write", f)))
}
